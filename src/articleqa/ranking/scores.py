"""What ranking makes of the candidates: their scores, and what each score comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from articleqa.answers import FeatureShare
from articleqa.arrays import Float64Array

PARTS = ("read_words", "read_terms", "read_features")
"""What the network's three parts add to a score, by the names that `Answer.explain` gives them."""

READER_PARTS = ("reader", "cosine")
"""What the reader's score and the cosine of the vectors add to a score."""

NOT_READ, NOT_READ_BY_READER = "not_read", "not_read_by_reader"
"""What is added instead to a sentence that the network, or the reader, did not read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network or the reader made of the sentences it read.

    `rows` are theirs among the candidates, the likeliest before reading first; `parts` (rows, names) is
    what each part, of these `names`, adds to their scores; `word_scores` holds for each row how surely
    each of its words answers (see `articleqa.ranking.word_features`), comparable within a sentence alone.
    `reader_scores` (rows,) are the reader's own, beside 0 for "none of these"; None of the network.
    """

    rows: NDArray[np.intp]
    parts: Float64Array
    word_scores: tuple[Float64Array, ...]
    names: tuple[str, ...] = PARTS
    reader_scores: Float64Array | None = None

    def place_of(self, row: int) -> int | None:
        """Return the place among `rows` of a candidate; None for one that was not read."""
        at = np.flatnonzero(self.rows == row)
        return int(at[0]) if len(at) else None

    def added(self, count: int) -> Float64Array:
        """Return what reading adds to the scores of `count` candidates.

        A sentence that was not read is given the least that any was, so that none comes before those that
        were.
        """
        return self.spread(self.parts.sum(axis=1), count)

    def spread(self, values: Float64Array, count: int) -> Float64Array:
        """Return `values` (rows,) at their rows among `count` candidates, the least of them elsewhere."""
        found = np.full(count, values.min())
        found[self.rows] = values
        return found

    def shares(self, row: int) -> list[FeatureShare]:
        """Return what each part adds to the score of a candidate."""
        at = self.place_of(row)
        if at is None:
            least = float(self.parts.sum(axis=1).min())
            name = NOT_READ if self.reader_scores is None else NOT_READ_BY_READER
            return [FeatureShare(name=name, value=least, share=least)]
        return [
            FeatureShare(name=name, value=value, share=value)
            for name, value in zip(self.names, self.parts[at].tolist(), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The score of each candidate, and what it came from: features, and readings.

    `stands_for` names for each row that was given the score of another, since that one leads in what it
    says (see `articleqa.ranking.lead_ins`), the row whose score it has.
    """

    scores: Float64Array
    table: Float64Array
    network: Reading | None = None
    reader: Reading | None = None
    stands_for: Mapping[int, int] = field(default_factory=dict)

    def word_scores(self, row: int) -> Float64Array | None:
        """Return how surely each word of a candidate answers, by the reader if it read it; None if unread."""
        for reading in (self.reader, self.network):
            at = None if reading is None else reading.place_of(row)
            if reading is not None and at is not None:
                return reading.word_scores[at]
        return None
