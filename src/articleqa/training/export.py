"""The trained networks into the files that the package ships: `python -m articleqa.training.export`.

`pieces.txt` and `piece_vectors.npy` (with `piece_scales.npy`) are the vocabulary and its vectors in 8 bits,
`encoder.onnx` the layers of all-MiniLM-L6-v2 as they come, `reader.onnx` the fine-tuned ones with heads.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from articleqa.ranking.windows import Reading
from articleqa.training.encoder import Encoder, Reader, SentenceVectors, batch_of, load_base
from articleqa.training.vocabulary import read_vocabulary

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


USED_PLACES = 256
"""Places that a window's pieces can have; the others of the 512 are left out."""

PACKED = ("words", "kinds", "places", "windows", "cells", "sentences")


def main(arguments: list[str] | None = None) -> None:
    """Write the files to `--out`.

    Raises:
        OSError: a file cannot be read or written.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.export", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--pieces", type=Path, required=True, help="what training.vocabulary wrote")
    parser.add_argument("--reader", type=Path, required=True, help="reader.pt that training.reader wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    numbers = json.loads(options.pieces.read_text(encoding="utf-8"))
    pieces = read_vocabulary(options.base)
    lines = "".join(f"{pieces[number]}\n" for number in numbers)
    (options.out / "pieces.txt").write_text(lines, encoding="utf-8")
    base = load_base(options.base / "model.safetensors", numbers)
    rows = base.words.weight.detach().numpy()
    scales = np.abs(rows).max(axis=1) / 127
    np.save(options.out / "piece_vectors.npy", np.round(rows / scales[:, None]).astype(np.int8))
    np.save(options.out / "piece_scales.npy", scales.astype(np.float32))
    export(SentenceVectors(shortened(base)), PACKED, ["vectors"], options.out / "encoder.onnx")
    reader = Reader(len(numbers))
    reader.load_state_dict(torch.load(options.reader, weights_only=True))
    shortened(reader.encoder)
    reader.forward = reader.read  # type: ignore[method-assign,assignment]
    outputs = ["scores", "marks"]
    export(reader, [*PACKED, "asked", "window_of"], outputs, options.out / "reader.onnx")


def shortened(encoder: Encoder) -> Encoder:
    """Return the encoder with its first `USED_PLACES` places alone."""
    encoder.places = nn.Embedding.from_pretrained(encoder.places.weight[:USED_PLACES])
    return encoder


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
            whole,
            out,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gemm"],
        )


if __name__ == "__main__":
    main()
