"""Candidates into scores: a weighted sum of the features, and a network that reads the best sentences."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from articleqa.answering.candidates import Candidates
from articleqa.answering.features import FEATURES, feature_table
from articleqa.answering.inputs import INPUTS, Reals, inputs_of
from articleqa.answering.network import SHAPES, Network
from articleqa.answering.vocabulary import Floats
from articleqa.answering.weights import Weights, demand_same
from articleqa.data import read_data
from articleqa.models import FeatureShare, Model

READ = 16
"""Sentences that the network reads: those that the weighted sum puts first."""

PARTS = ("read_words", "read_terms", "read_features")
"""What the network's three parts add to a score, by the names that `Answer.explain` gives them."""


class StoredNetwork(Model):
    """The network's arrays, in 16 bits, little-endian, as base64; `sha256` is that of all their bytes."""

    sha256: str
    arrays: Mapping[str, str]

    @classmethod
    def of(cls, network: Network) -> Self:
        """Store `network`, whose values must fit 16 bits as they are."""
        stored = {name: array.astype("<f2").tobytes() for name, array in network.arrays.items()}
        return cls(
            sha256=_checksum(stored),
            arrays={name: base64.b64encode(data).decode("ascii") for name, data in stored.items()},
        )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _ = self.network  # reading it checks it
        return self

    @cached_property
    def network(self) -> Network:
        """The network.

        Raises:
            ValueError: the arrays are damaged, or not those of this version's network.
        """
        try:
            stored = {name: base64.b64decode(text, validate=True) for name, text in self.arrays.items()}
        except ValueError as error:
            raise ValueError(f"the arrays are not base64 ({error})") from None
        if _checksum(stored) != self.sha256:
            raise ValueError("the arrays do not have the checksum that the file names")
        for name, shape in SHAPES.items():
            if name in stored and len(stored[name]) != 2 * int(np.prod(shape)):
                raise ValueError(f"{name} has {len(stored[name])} bytes, not {2 * int(np.prod(shape))}")
        return Network.from_arrays(
            {
                # An array that is not known is refused by its name, whatever its bytes are.
                name: np.frombuffer(data, dtype="<f2").reshape(SHAPES[name])
                if name in SHAPES
                else np.zeros(0)
                for name, data in stored.items()
            }
        )


def _checksum(stored: Mapping[str, bytes]) -> str:
    return hashlib.sha256(b"".join(stored[name] for name in sorted(stored))).hexdigest()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network made of the sentences it read.

    `rows` are theirs among the candidates, the best by the weighted sum first; `parts` (rows, 3) what
    each of `PARTS` adds to their scores; `word_scores` holds for each row how surely each of its words
    answers (see `articleqa.answering.words`), comparable within a sentence alone.
    """

    rows: NDArray[np.intp]
    parts: Floats
    word_scores: tuple[Floats, ...]

    def place_of(self, row: int) -> int | None:
        """Return the place among `rows` of a candidate; None for one that was not read."""
        at = np.flatnonzero(self.rows == row)
        return int(at[0]) if len(at) else None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The score of each candidate, and what it came from: the feature table, and the network's reading."""

    scores: Floats
    table: Floats
    reading: Reading | None


class Ranker(Weights):
    """A weight for each feature, and the network; without one, the weighted sum ranks alone.

    `inputs` has the names of the network's inputs in the order of their columns; see `Weights`.
    """

    own_features: ClassVar[tuple[str, ...]] = tuple(FEATURES)
    tied_to_code: ClassVar[tuple[str, ...]] = (*Weights.tied_to_code, "inputs")

    version: Annotated[int, Field(ge=3, le=3)] = 3
    features: tuple[str, ...] = own_features
    inputs: Mapping[str, tuple[str, ...]] = INPUTS
    network: StoredNetwork | None = None

    @field_validator("inputs")
    @classmethod
    def _have_the_columns_of_the_code(
        cls, value: Mapping[str, tuple[str, ...]]
    ) -> Mapping[str, tuple[str, ...]]:
        demand_same(_flat(value), _flat(INPUTS))
        return value

    def rank(self, candidates: Candidates) -> Ranking:
        """Return the scores of all candidates.

        A sentence that the network did not read is given the least that it gave to any, so that none
        comes before those it read.
        """
        table = self.table(candidates)
        scores = self.weighted_sums(table)
        if self.network is None or not len(scores):
            return Ranking(scores, table, None)
        reading = self.read(candidates, table, np.argsort(-scores, kind="stable")[:READ])
        added = reading.parts.sum(axis=1)
        total = scores + added.min()
        total[reading.rows] = scores[reading.rows] + added
        return Ranking(total, table, reading)

    def table(self, candidates: Candidates) -> Floats:
        """Return the features that this ranker goes by."""
        return feature_table(candidates)

    def weighted_sums(self, table: Floats) -> Floats:
        """Return the weighted sum of each row of features; one without a weight counts nothing."""
        # Not a matrix product: its last bits differ between processors.
        return np.asarray((table * np.array(self._in_order)).sum(axis=1))

    def read(self, candidates: Candidates, table: Floats, rows: NDArray[np.intp]) -> Reading:
        """Return what the network makes of the candidates in `rows`, at least one."""
        assert self.network is not None
        inputs = inputs_of(candidates, table, rows)
        found = self.network.network.read(inputs)
        # Rounded, so that the last bits, which differ between processors, decide nothing.
        words = _announced(candidates, rows, found.words)
        parts = np.round(np.column_stack([words, found.terms, found.features]), 4).astype(np.float64)
        word_scores = np.round(found.word_scores, 4).astype(np.float64)
        return Reading(rows, parts, tuple(np.split(word_scores, inputs.starts[1:])))

    def shares(self, ranking: Ranking, row: int) -> tuple[FeatureShare, ...]:
        """Return what each feature that is not 0, and each part of the network, adds to one score."""
        values, shares = ranking.table[row], ranking.table[row] * np.array(self._in_order)
        weighed = [
            FeatureShare(name=name, value=value, share=share)
            for name, value, share in zip(FEATURES, values.tolist(), shares.tolist(), strict=True)
            if value
        ]
        return tuple(sorted([*weighed, *_parts(ranking, row)], key=lambda share: -abs(share.share)))

    @cached_property
    def _in_order(self) -> tuple[float, ...]:
        """The weights in the order of `FEATURES`; a tuple, since arrays could not be compared."""
        return tuple(self.weights.get(name, 0.0) for name in FEATURES)


def _flat(inputs: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [f"{kind}: {name}" for kind, names in sorted(inputs.items()) for name in names]


def _announced(candidates: Candidates, rows: NDArray[np.intp], words: Reals) -> Reals:
    """Give a line that ends in a colon what the words of the next one are worth: it announces them."""
    places = {row: at for at, row in enumerate(rows.tolist())}
    worth = words.copy()
    for row, at in places.items():
        following = places.get(row + 1)
        if (
            candidates[row].text.endswith(":")
            and following is not None
            and candidates.are_neighbours(row, row + 1)
        ):
            worth[at] = max(words[at], words[following])
    return worth


def _parts(ranking: Ranking, row: int) -> list[FeatureShare]:
    if ranking.reading is None:
        return []
    at = ranking.reading.place_of(row)
    if at is None:
        least = float(ranking.reading.parts.sum(axis=1).min())
        return [FeatureShare(name="not_read", value=least, share=least)]
    values = ranking.reading.parts[at].tolist()
    return [
        FeatureShare(name=name, value=value, share=value) for name, value in zip(PARTS, values, strict=True)
    ]


@cache
def shipped_ranker() -> Ranker:
    """Return the ranker that the package ships."""
    return Ranker.from_json(read_data("ranker.json"), "ranker.json")
