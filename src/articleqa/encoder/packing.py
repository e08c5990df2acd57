"""Packing of windows into the encoder's input arrays, without padding between windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from articleqa.encoder.windows import WindowInput

Integers = NDArray[np.int64]


Array = TypeVar("Array")


class Packed(NamedTuple, Generic[Array]):
    """w windows with t pieces and s sentences, as arrays of numpy, or of torch in training.

    `pieces`, `kinds` (0 question, 1 text) and `places` (positions in the window) are (t,). Three tables hold
    the positions of pieces among all t, and t in their empty cells: `windows` (w, longest), `sentences` (s,
    longest) and `asked` (w, longest), the question of each window. `cells` (t,) is the position of each piece
    in the flattened `windows`, `window_of` (s,) the window of each sentence.
    """

    pieces: Array
    kinds: Array
    places: Array
    windows: Array
    cells: Array
    sentences: Array
    asked: Array
    window_of: Array


def packed(readings: Sequence[WindowInput]) -> Packed[Integers]:
    """Pack windows one after another."""
    sizes = np.array([len(reading.pieces) for reading in readings], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    total, longest = int(sizes.sum()), int(sizes.max())
    places = np.arange(total) - np.repeat(starts, sizes)
    ends = np.array([reading.question_end for reading in readings], dtype=np.int64)
    spans = np.array(
        [
            (start + first, start + end)
            for start, reading in zip(starts.tolist(), readings, strict=True)
            for first, end in reading.spans
        ],
        dtype=np.int64,
    ).reshape(-1, 2)
    return Packed(
        pieces=np.array([piece for reading in readings for piece in reading.pieces], dtype=np.int64),
        kinds=(places > np.repeat(ends, sizes)).astype(np.int64),
        places=places,
        windows=_table(starts, starts + sizes, total),
        cells=np.repeat(np.arange(len(readings)) * longest, sizes) + places,
        sentences=_table(spans[:, 0], spans[:, 1], total),
        asked=_table(starts + 1, starts + ends, total),
        window_of=np.repeat(np.arange(len(readings)), [len(reading.spans) for reading in readings]),
    )


def _table(starts: Integers, ends: Integers, empty: int) -> Integers:
    """Return a row of numbers from each start up to its end (exclusive), padded with `empty`."""
    longest = int((ends - starts).max(initial=1))
    numbers = starts[:, None] + np.arange(longest)
    return np.where(numbers < ends[:, None], numbers, empty)
