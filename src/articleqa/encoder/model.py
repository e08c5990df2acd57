"""The shipped encoder: question and passages into vectors, pairs of them into scores, by onnxruntime.

Two networks share one table of word pieces: `encoder.onnx` gives sentences vectors, `reader.onnx` reads a
question and a passage together. Both come from all-MiniLM-L6-v2; `docs/reader.md` says how.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa._worker import IN_WORKER
from articleqa.data import data_path, read_data
from articleqa.encoder.packing import Integers, Packed, packed
from articleqa.encoder.windows import Reading
from articleqa.encoder.wordpiece import WordPieces

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Reals = NDArray[np.float32]

PADDED = 1.25
"""Windows are run together while the longest is at most so many times as long as the shortest."""

RUN_TOGETHER = 2_048
"""Pieces that are run at once at most: more take memory and no less time."""


class Scores(NamedTuple):
    """What the reader makes of a window: a score for each sentence (s,), and start and end marks (t, 2)."""

    sentences: Reals
    marks: Reals


class EncoderModel:
    """The word pieces and the two networks; each network is opened when it is first used."""

    @cached_property
    def pieces(self) -> WordPieces:
        """What cuts text into word pieces."""
        return WordPieces(read_data("pieces.txt").split("\n")[:-1])

    @cached_property
    def _vectors(self) -> tuple[NDArray[np.int8], Reals, Reals]:
        """The pieces' vectors in 8 bits, memory-mapped, what to multiply each with, and those of places."""
        table = np.load(data_path("piece_vectors.npy"), mmap_mode="r", allow_pickle=False)
        scales = np.load(data_path("piece_scales.npy"), allow_pickle=False)
        places = np.load(data_path("place_vectors.npy"), allow_pickle=False)
        return table.view(np.ndarray), scales, places.astype(np.float32)

    @cached_property
    def _reader(self) -> InferenceSession:
        return _session("reader.onnx")

    @cached_property
    def _encoder(self) -> InferenceSession:
        return _session("encoder.onnx")

    def read(self, readings: Sequence[Reading]) -> list[Scores]:
        """Return the scores of each window."""
        found: dict[int, Scores] = {}
        for numbers in _together(readings):
            part = [readings[number] for number in numbers]
            batch = packed(part)
            sentences, marks = self._reader.run(
                None, {"embedded": self._embedded(batch), **_fed(batch, "kinds", "asked", "window_of")}
            )
            spans = _split(sentences, [len(reading.spans) for reading in part])
            lines = _split(marks, [len(reading.pieces) for reading in part])
            found.update(zip(numbers, map(Scores, spans, lines), strict=True))
        return [found[number] for number in range(len(readings))]

    def vectors(self, readings: Sequence[Reading]) -> list[Reals]:
        """Return, for each window, a unit vector for each of its sentences: (s, 384)."""
        found: dict[int, Reals] = {}
        for numbers in _together(readings):
            part = [readings[number] for number in numbers]
            batch = packed(part)
            kinds = np.zeros_like(batch.kinds)  # as the encoder was trained: all of one kind
            fed = {"embedded": self._embedded(batch), "kinds": kinds, **_fed(batch)}
            (rows,) = self._encoder.run(None, fed)
            found.update(zip(numbers, _split(rows, [len(reading.spans) for reading in part]), strict=True))
        return [found[number] for number in range(len(readings))]

    def _embedded(self, batch: Packed[Integers]) -> Reals:
        table, scales, places = self._vectors
        rows = table[batch.pieces] * scales[batch.pieces][:, None] + places[batch.places]
        return np.asarray(rows, dtype=np.float32)


def _fed(batch: Packed[Integers], *more: str) -> dict[str, Integers]:
    return {name: getattr(batch, name) for name in ("windows", "cells", "sentences", *more)}


def _split(rows: Reals, sizes: Sequence[int]) -> list[Reals]:
    return np.split(rows, np.cumsum(sizes)[:-1])


def _together(readings: Sequence[Reading]) -> Iterator[list[int]]:
    """Yield the numbers of windows that are run together: of about the same length."""
    group: list[int] = []
    pieces = 0
    for number in sorted(range(len(readings)), key=lambda number: len(readings[number].pieces)):
        size = len(readings[number].pieces)
        if group and (size > PADDED * len(readings[group[0]].pieces) + 16 or pieces + size > RUN_TOGETHER):
            yield group
            group, pieces = [], 0
        group.append(number)
        pieces += size
    if group:
        yield group


def _session(name: str) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Weights become 32 bits once, when the network is opened.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    options.intra_op_num_threads = 1 if IN_WORKER in os.environ else (os.cpu_count() or 1)
    return onnxruntime.InferenceSession(str(data_path(name)), options, providers=["CPUExecutionProvider"])


@cache
def encoder_model() -> EncoderModel | None:
    """Return the shipped encoder; None where onnxruntime is not installed."""
    try:
        import onnxruntime  # noqa: F401
    except ImportError:
        return None
    return EncoderModel()
