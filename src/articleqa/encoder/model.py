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
        for numbers, part, batch in _batches(readings):
            fed = _fed(batch, "kinds", "asked", "window_of")
            sentences, marks = self._reader.run(None, {"embedded": self._embedded(batch), **fed})
            scores = map(Scores, _by_sentence(sentences, part), _split(marks, [len(r.pieces) for r in part]))
            found.update(zip(numbers, scores, strict=True))
        return [found[number] for number in range(len(readings))]

    def vectors(self, readings: Sequence[Reading]) -> list[Reals]:
        """Return, for each window, a unit vector for each of its sentences: (s, 384)."""
        found: dict[int, Reals] = {}
        for numbers, part, batch in _batches(readings):
            kinds = np.zeros_like(batch.kinds)  # as the encoder was trained: all of one kind
            (rows,) = self._encoder.run(
                None, {"embedded": self._embedded(batch), "kinds": kinds, **_fed(batch)}
            )
            found.update(zip(numbers, _by_sentence(rows, part), strict=True))
        return [found[number] for number in range(len(readings))]

    def _embedded(self, batch: Packed[Integers]) -> Reals:
        table, scales, places = self._vectors
        rows = table[batch.pieces] * scales[batch.pieces][:, None] + places[batch.places]
        return np.asarray(rows, dtype=np.float32)


def _fed(batch: Packed[Integers], *more: str) -> dict[str, Integers]:
    return {name: getattr(batch, name) for name in ("windows", "cells", "sentences", *more)}


def _by_sentence(rows: Reals, readings: Sequence[Reading]) -> list[Reals]:
    return _split(rows, [len(reading.spans) for reading in readings])


def _split(rows: Reals, sizes: Sequence[int]) -> list[Reals]:
    return np.split(rows, np.cumsum(sizes)[:-1])


def _batches(readings: Sequence[Reading]) -> Iterator[tuple[list[int], list[Reading], Packed[Integers]]]:
    """Yield the windows that are run together: their numbers, themselves, and themselves packed."""
    for numbers in _together(readings):
        part = [readings[number] for number in numbers]
        yield numbers, part, packed(part)


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
