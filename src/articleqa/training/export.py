"""Networks in torch into ONNX files with weights in 8 bits."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from articleqa.ranking.windows import Reading
from articleqa.training.encoder import batch_of

_AXES = {
    "words": {0: "pieces"},
    "kinds": {0: "pieces"},
    "places": {0: "pieces"},
    "windows": {0: "windows", 1: "longest"},
    "cells": {0: "pieces"},
    "sentences": {0: "sentences", 1: "longest_sentence"},
    "asked": {0: "windows", 1: "longest_question"},
    "window_of": {0: "sentences"},
}


def export(network: nn.Module, inputs: Sequence[str], outputs: Sequence[str], out: Path) -> None:
    """Write `network`, whose inputs are those of `Reader.read` with these names.

    Weights of dense layers are kept in 7 of 8 bits: with 8, processors without VNNI would cut sums off at
    16 bits, and give other scores than those that have it.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    readings = [
        Reading(list(range(20)), 5, [(8, 12), (12, 19)]),
        Reading(list(range(30)), 6, [(9, 20), (20, 29)]),
    ]
    batch = batch_of(readings)
    words = torch.randn(len(batch.pieces), 384)
    given = dict(zip(_AXES, (words, *batch[1:]), strict=True))
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            network.eval(),
            tuple(given[name] for name in inputs),
            whole,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: _AXES[name] for name in inputs},
            opset_version=20,
            dynamo=False,
        )
        quantize_dynamic(
            whole, out, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul", "Gemm"],
        )
