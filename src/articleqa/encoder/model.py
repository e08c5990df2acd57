"""The shipped networks, run by onnxruntime: the encoder computes vectors, the reader scores sentences.

They share one table of word-piece vectors: `encoder.onnx` computes the vectors of sentences and questions,
`reader.onnx` reads a question and a passage together. Both come from all-MiniLM-L6-v2; `docs/reader.md` says
how.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float32Array
from articleqa.data import data_path, read_data
from articleqa.encoder.packing import Integers, Packed, packed
from articleqa.encoder.threads import in_threads
from articleqa.encoder.windows import WindowInput
from articleqa.encoder.wordpiece import WordPieces

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


class Scores(NamedTuple):
    """The reader's output for a window: a score per sentence (s,), start and end marks per piece (t, 2)."""

    sentences: Float32Array
    marks: Float32Array


class EncoderModel:
    """The word pieces and the two networks; each network is loaded when it is first used."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._opening = Lock()
        self._sessions: dict[str, InferenceSession] = {}

    @cached_property
    def pieces(self) -> WordPieces:
        """The tokenizer that cuts text into word pieces."""
        return WordPieces(read_data("pieces.txt").split("\n")[:-1])

    @cached_property
    def _tables(self) -> tuple[NDArray[np.int8], Float32Array, Float32Array]:
        """The vectors of pieces (8 bits, memory-mapped), the scale of each, and the vectors of positions."""
        table = np.load(data_path("piece_vectors.npy"), mmap_mode="r", allow_pickle=False)
        scales = np.load(data_path("piece_scales.npy"), allow_pickle=False)
        places = np.load(data_path("place_vectors.npy"), allow_pickle=False)
        return table.view(np.ndarray), scales, places.astype(np.float32)

    def _session(self, name: str) -> InferenceSession:
        """Return the session for the network in this file; the first thread that needs it loads it."""
        with self._opening:
            if name not in self._sessions:
                self._sessions[name] = _opened(name)
            return self._sessions[name]

    def read(self, readings: Sequence[WindowInput]) -> list[Scores]:
        """Return the reader's scores for each window."""
        return list(in_threads(self._read, readings))

    def _read(self, reading: WindowInput) -> Scores:
        batch = packed([reading])
        fed = _input_arrays(batch, "kinds", "asked", "window_of")
        return Scores(*self._session("reader.onnx").run(None, {"embedded": self._embedded(batch), **fed}))

    def vectors(self, readings: Sequence[WindowInput]) -> list[Float32Array]:
        """Return, for each window, a unit vector for each of its sentences: (s, 384)."""
        return [self._vectors_of(reading) for reading in readings]

    def _vectors_of(self, reading: WindowInput) -> Float32Array:
        batch = packed([reading])
        kinds = np.zeros_like(batch.kinds)  # the encoder was trained with one kind only
        (rows,) = self._session("encoder.onnx").run(
            None, {"embedded": self._embedded(batch), "kinds": kinds, **_input_arrays(batch)}
        )
        return np.asarray(rows)

    def _embedded(self, batch: Packed[Integers]) -> Float32Array:
        table, scales, places = self._tables
        rows = table[batch.pieces] * scales[batch.pieces][:, None] + places[batch.places]
        return np.asarray(rows, dtype=np.float32)


def _input_arrays(batch: Packed[Integers], *more: str) -> dict[str, Integers]:
    return {name: getattr(batch, name) for name in ("windows", "cells", "sentences", *more)}


def _opened(name: str) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # The weights are converted to 32 bits once, when the network is loaded.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    options.intra_op_num_threads = 1  # windows run in parallel threads instead
    return onnxruntime.InferenceSession(str(data_path(name)), options, providers=["CPUExecutionProvider"])


@cache
def encoder_model() -> EncoderModel | None:
    """Return the shipped encoder; None if onnxruntime is not installed.

    onnxruntime reports its use to its makers unless it is told not to. It is told before it is imported, and
    again afterwards in case it had been imported already.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError:
        return None
    onnxruntime.disable_telemetry_events()
    return EncoderModel()
