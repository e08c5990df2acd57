"""Results of ranking: the score of each candidate, and the parts that the score consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array

PARTS = ("read_words", "read_terms", "read_features")
"""The names of the network's three parts in a score, as in `Answer.explain`."""

READER_PARTS = ("reader", "cosine")
"""The names of the other two parts of a score: the reader's score, and the cosine of the vectors."""

NOT_READ, NOT_READ_BY_READER = "not_read", "not_read_by_reader"
"""The names of what is added instead for a sentence that the network, or the reader, did not read."""


class Contribution(NamedTuple):
    """What a feature or a part of a reading adds to a score (`share`), and its own value."""

    name: str
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The results of the network or the reader for the sentences that it read.

    - `rows`: their rows among the candidates, the likeliest before reading first
    - `parts` (rows, names): what each of the parts in `names` adds to their scores
    - `word_scores`: for each row, how likely each word is to answer (see `articleqa.ranking.word_features`),
      comparable only within a sentence
    - `reader_scores` (rows,): the reader's own scores, relative to 0 for "none of these"; None for the
      network
    """

    rows: NDArray[np.intp]
    parts: Float64Array
    word_scores: tuple[Float64Array, ...]
    names: tuple[str, ...] = PARTS
    reader_scores: Float64Array | None = None

    def at(self, row: int) -> ReadRow | None:
        """Return the results for a candidate; None if it was not read."""
        at = np.flatnonzero(self.rows == row)
        return ReadRow(self, int(at[0])) if len(at) else None

    def added(self, count: int) -> Float64Array:
        """Return what reading adds to the scores of `count` candidates.

        A sentence that was not read gets the lowest value of those that were, so that it does not overtake
        them.
        """
        return self.spread(self.parts.sum(axis=1), count)

    def spread(self, values: Float64Array, count: int) -> Float64Array:
        """Return `values` (rows,) at their rows among `count` candidates, and their minimum elsewhere."""
        found = np.full(count, values.min())
        found[self.rows] = values
        return found

    def contributions(self, read: ReadRow | None) -> list[Contribution]:
        """Return what each part adds to the score of a candidate; None stands for one that was not read."""
        if read is None:
            least = float(self.parts.sum(axis=1).min())
            name = NOT_READ if self.reader_scores is None else NOT_READ_BY_READER
            return [Contribution(name, least, least)]
        return [Contribution(name, value, value) for name, value in zip(self.names, read.parts, strict=True)]


class ReadRow(NamedTuple):
    """A candidate that was read: the reading, and the candidate's position in its `rows`."""

    reading: Reading
    position: int

    @property
    def parts(self) -> list[float]:
        """What each part of the reading adds to the candidate's score, in the order of its `names`."""
        parts: list[float] = self.reading.parts[self.position].tolist()
        return parts

    @property
    def word_scores(self) -> Float64Array:
        """How likely each word of the candidate is to answer."""
        return self.reading.word_scores[self.position]


class RowReading(NamedTuple):
    """What the score of one candidate consists of; see `Ranking.reading_of`.

    - `row`: the candidate whose score it has, itself unless it swapped scores with another
    - `features`: that candidate's row of features
    - `network`, `reader`: what reading that candidate gave; None if it was not read
    """

    row: int
    features: Float64Array
    network: ReadRow | None
    reader: ReadRow | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The score of each candidate, and what it consists of: features (`table`) and readings.

    `stands_for` has each row that swapped scores with another row, because one of them introduces the other
    (see `articleqa.ranking.lead_ins`); it maps the row to the row whose score it has.
    """

    scores: Float64Array
    table: Float64Array
    network: Reading | None = None
    reader: Reading | None = None
    stands_for: Mapping[int, int] = field(default_factory=dict)

    def reading_of(self, row: int) -> RowReading:
        """Return what the score of a candidate consists of."""
        row = self.stands_for.get(row, row)
        return RowReading(row, self.table[row], _read_row(self.network, row), _read_row(self.reader, row))

    def word_scores(self, row: int) -> Float64Array | None:
        """Return how likely each word of a candidate is to answer; None if the candidate was not read.

        The scores are the reader's if it read the candidate, else the network's. Unlike scores, they are
        never another candidate's.
        """
        read = _read_row(self.reader, row) or _read_row(self.network, row)
        return None if read is None else read.word_scores


def _read_row(reading: Reading | None, row: int) -> ReadRow | None:
    return None if reading is None else reading.at(row)
