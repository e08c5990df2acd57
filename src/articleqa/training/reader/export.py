"""Export the trained networks to the files we ship: `python -m articleqa.training.reader.export`.

`pieces.txt` is the vocabulary. `piece_vectors.npy` (with `piece_scales.npy`) and `place_vectors.npy` hold the
vectors that are added up for a piece at its position; training leaves them unchanged. `encoder.onnx` has the
layers of all-MiniLM-L6-v2 unchanged, `reader.onnx` has the fine-tuned layers with their heads.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from articleqa.encoder.windows import WindowInput
from articleqa.training.reader.encoder import SIZE, Reader, SentenceVectors, batch_of, load_base
from articleqa.training.reader.vocabulary import read_vocabulary

_AXES = {
    "embedded": {0: "pieces"},
    "kinds": {0: "pieces"},
    "windows": {0: "windows", 1: "longest"},
    "cells": {0: "pieces"},
    "sentences": {0: "sentences", 1: "longest_sentence"},
    "asked": {0: "windows", 1: "longest_question"},
    "window_of": {0: "sentences"},
}


USED_PLACES = 256
"""Number of positions that a window's pieces can have; the others of the 512 are left out."""

LARGE = 10_000
"""Arrays with at least this many weights are kept in 8 bits."""

PACKED = ("embedded", "kinds", "windows", "cells", "sentences")


def main(arguments: list[str] | None = None) -> None:
    """Write the files to `--out`.

    Raises:
        OSError: a file cannot be read or written.
    """
    parser = argparse.ArgumentParser(
        prog="python -m articleqa.training.reader.export", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument(
        "--pieces", type=Path, required=True, help="output of articleqa.training.reader.vocabulary"
    )
    parser.add_argument(
        "--reader", type=Path, required=True, help="reader.pt from articleqa.training.reader.train"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    numbers = json.loads(options.pieces.read_text(encoding="utf-8"))
    pieces = read_vocabulary(options.base)
    lines = "".join(f"{pieces[number]}\n" for number in numbers)
    (options.out / "pieces.txt").write_text(lines, encoding="utf-8")
    base = load_base(options.base / "model.safetensors", numbers)
    rows = base.words.weight.detach().numpy()
    whole, scales = _in_8_bits(rows)
    np.save(options.out / "piece_vectors.npy", whole)
    np.save(options.out / "piece_scales.npy", scales)
    places = base.places.weight.detach().numpy()[:USED_PLACES]
    np.save(options.out / "place_vectors.npy", places.astype(np.float16))
    words = base.words.weight
    export(SentenceVectors(base), PACKED, ["vectors"], options.out / "encoder.onnx")
    reader = Reader(len(numbers))
    trained = torch.load(options.reader, weights_only=True)
    # The vocabulary may differ from that of training; its vectors are those of the base model.
    trained["encoder.words.weight"] = words
    reader.load_state_dict(trained)
    reader.forward = reader.read  # type: ignore[method-assign,assignment]
    outputs = ["scores", "marks"]
    export(reader, [*PACKED, "asked", "window_of"], outputs, options.out / "reader.onnx")


def export(network: nn.Module, inputs: Sequence[str], outputs: Sequence[str], out: Path) -> None:
    """Write `network` in ONNX format; its inputs are those of `Reader.read` with these names.

    Dense layers keep their weights in 8 bits and compute in 32. On processors without VNNI, onnxruntime's
    8-bit products are slower, or scale each window by the windows that are run with it.
    """
    import onnx

    readings = [
        WindowInput(list(range(20)), 5, [(8, 12), (12, 19)]),
        WindowInput(list(range(30)), 6, [(9, 20), (20, 29)]),
    ]
    batch = batch_of(readings)
    given = {name: getattr(batch, name, None) for name in inputs}
    given["embedded"] = torch.randn(len(batch.pieces), SIZE)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            network.eval(),
            tuple(given.values()),
            whole,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: _AXES[name] for name in inputs},
            opset_version=20,
            dynamo=False,
        )
        model = onnx.load(whole)
    for weights in list(model.graph.initializer):
        if int(np.prod(weights.dims)) >= LARGE:
            _keep_in_8_bits(model.graph, weights)
    onnx.save(model, out)


def _in_8_bits(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return rows in 8 bits, and the scale that each must be multiplied by to restore it."""
    scales = np.abs(rows).max(axis=1) / 127
    return np.round(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def _keep_in_8_bits(graph: Any, weights: Any) -> None:
    """Replace `weights`, an array (outputs, inputs), with an 8-bit array and a scale for each output."""
    from onnx import helper, numpy_helper

    whole, scales = _in_8_bits(numpy_helper.to_array(weights))
    name = weights.name
    graph.initializer.remove(weights)
    graph.initializer.extend(
        [
            numpy_helper.from_array(whole, f"{name}_8_bits"),
            numpy_helper.from_array(scales, f"{name}_scales"),
        ]
    )
    names = [f"{name}_8_bits", f"{name}_scales"]
    graph.node.insert(0, helper.make_node("DequantizeLinear", names, [name], axis=0))


if __name__ == "__main__":
    main()
