"""Scores of candidates: a weighted sum of the features, plus what reading the best sentences adds.

A small network reads sentences as terms. If onnxruntime is installed, the reader (`articleqa.ranking.reader`)
also reads passages.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from itertools import chain
from typing import Annotated, ClassVar, Self

import numpy as np
import regex
from numpy.typing import NDArray
from pydantic import Field, FiniteFloat, field_validator

from articleqa.arrays import Float32Array, Float64Array
from articleqa.data import read_data
from articleqa.encoder.model import EncoderModel, encoder_model
from articleqa.evidence.candidates import Candidates
from articleqa.models import Model
from articleqa.ranking.features import FEATURES, feature_table
from articleqa.ranking.lead_ins import with_led_in_first
from articleqa.ranking.model_file import Weights, demand_same
from articleqa.ranking.network_file import StoredNetwork
from articleqa.ranking.network_inputs import INPUTS, network_inputs
from articleqa.ranking.reader import ReadSentence, read
from articleqa.ranking.scores import READER_PARTS, Contribution, Ranking, Reading
from articleqa.ranking.word_features import words_of

RERANK_DEPTH = 16
"""How many sentences the network reads: the best by the weighted sum and, with the reader, the cosine."""

WORDS, READER = "words", "reader"
"""The names of the two rankings: by words alone, or with the reader too."""


_LETTER, _LATIN = regex.compile(r"\p{L}"), regex.compile(r"[\p{L}&&\p{Latin}]", regex.VERSION1)


class Joining(Model):
    """Weights of the reader's score and of the cosine of question and sentence, added to the words score.

    `cosine_first` is the weight of the cosine when the sentences to read are chosen.
    """

    reader: FiniteFloat
    cosine: FiniteFloat
    cosine_first: FiniteFloat


class Ranker(Weights):
    """Feature weights, the network, and the reader's weights; without the last two, the sum ranks alone.

    `inputs` has the names of the network's inputs in column order; see `Weights`.
    """

    own_features: ClassVar[tuple[str, ...]] = tuple(FEATURES)
    tied_to_code: ClassVar[tuple[str, ...]] = (*Weights.tied_to_code, "inputs")

    version: Annotated[int, Field(ge=3, le=3)] = 3
    features: tuple[str, ...] = own_features
    inputs: Mapping[str, tuple[str, ...]] = INPUTS
    network: StoredNetwork | None = None
    joining: Joining | None = None

    @field_validator("inputs")
    @classmethod
    def _have_the_columns_of_the_code(
        cls, value: Mapping[str, tuple[str, ...]]
    ) -> Mapping[str, tuple[str, ...]]:
        demand_same(_flat(value), _flat(INPUTS))
        return value

    def rank(self, candidates: Candidates) -> Ranking:
        """Return the scores of all candidates: the weighted sum, plus what the network and the reader add.

        The network and the reader read only the likeliest sentences; those for the reader are chosen with the
        network's scores. Both know words in Latin letters only, and read no question in other scripts.
        """
        table = self.table(candidates)
        scores = likely = self.weighted_sums(table)
        if not len(scores) or not _is_in_latin_letters(candidates.question.text):
            return Ranking(scores, table)
        if self.joining is not None:
            likely = scores + self.joining.cosine_first * candidates.cosines
        network = reader = None
        if self.network is not None:
            network = self.read(candidates, table, np.argsort(-likely, kind="stable")[:RERANK_DEPTH])
            added = network.added(len(scores))
            scores, likely = scores + added, likely + added
        if self.reader is not None:
            reader = self._read_passages(self.reader, candidates, likely)
            if reader is not None:
                scores = scores + reader.added(len(scores))
        scores, stands_for = with_led_in_first(candidates, scores)
        return Ranking(scores, table, network, reader, stands_for)

    def table(self, candidates: Candidates) -> Float64Array:
        """Return the features that this ranker uses."""
        return feature_table(candidates)

    def weighted_sums(self, table: Float64Array) -> Float64Array:
        """Return the weighted sum of each row of features; a feature without a weight counts 0."""
        # Not a matrix product: its last bits differ between processors.
        return np.asarray((table * np.array(self._in_order)).sum(axis=1))

    def read(self, candidates: Candidates, table: Float64Array, rows: NDArray[np.intp]) -> Reading:
        """Return the network's reading of the candidates in `rows`, at least one."""
        assert self.network is not None
        inputs = network_inputs(candidates, table, rows)
        found = self.network.network.read(inputs)
        # Rounded because the last bits differ between processors and must not decide anything.
        words = _announced(candidates, rows, found.words)
        parts = np.round(np.column_stack([words, found.terms, found.features]), 4).astype(np.float64)
        word_scores = np.round(found.word_scores, 4).astype(np.float64)
        return Reading(rows, parts, tuple(np.split(word_scores, inputs.starts[1:])))

    @property
    def reader(self) -> EncoderModel | None:
        """The reader's model; None if this ranker does not use the reader, or onnxruntime is missing."""
        return None if self.joining is None else encoder_model()

    @property
    def name(self) -> str:
        """The name of the ranking: "reader" or "words"."""
        return WORDS if self.reader is None else READER

    def without_reader(self) -> Self:
        """Return a copy of this ranker that ranks by words alone."""
        return self.model_copy(update={"joining": None})

    def _read_passages(
        self, model: EncoderModel, candidates: Candidates, likely: Float64Array
    ) -> Reading | None:
        """Return the reader's reading of the likeliest sentences; None if there is nothing to read."""
        assert self.joining is not None
        found = read(model, candidates, likely)
        if not found:
            return None
        rows = np.array(sorted(found, key=lambda row: -likely[row]), dtype=np.intp)
        read_scores = np.array([found[row].score for row in rows.tolist()])
        return Reading(
            rows,
            np.column_stack(
                [self.joining.reader * read_scores, self.joining.cosine * candidates.cosines[rows]]
            ),
            tuple(word_scores(candidates[row].plain, found[row]) for row in rows.tolist()),
            READER_PARTS,
            read_scores,
        )

    def shares(self, ranking: Ranking, row: int) -> tuple[Contribution, ...]:
        """Return what each non-zero feature and each part of the network and the reader adds to one score.

        The largest come first. For a row that has another row's score (see `articleqa.ranking.lead_ins`),
        they are the other row's.
        """
        found = ranking.reading_of(row)
        shares = found.features * np.array(self._in_order)
        every = zip(FEATURES, found.features.tolist(), shares.tolist(), strict=True)
        weighed = [Contribution(name, value, share) for name, value, share in every if value]
        readings = ((ranking.network, found.network), (ranking.reader, found.reader))
        added = chain.from_iterable(
            reading.contributions(read) for reading, read in readings if reading is not None
        )
        return tuple(sorted([*weighed, *added], key=lambda each: -abs(each.share)))

    @cached_property
    def _in_order(self) -> tuple[float, ...]:
        """The weights in the order of `FEATURES`; a tuple, because arrays do not compare as a whole."""
        return tuple(self.weights.get(name, 0.0) for name in FEATURES)


def word_scores(sentence: str, read_sentence: ReadSentence) -> Float64Array:
    """Return how likely each word of a sentence is to answer: the highest mark of any of its pieces."""
    words = words_of(sentence)
    marks = np.logaddexp(read_sentence.marks[:, 0], read_sentence.marks[:, 1])
    scores = np.full(len(words.terms), marks.min(initial=0.0))
    word = np.searchsorted(words.ends, np.array(read_sentence.starts), side="right")
    inside = word < len(words.terms)
    np.maximum.at(scores, word[inside], marks[inside])
    return np.round(scores, 3)


def _is_in_latin_letters(text: str) -> bool:
    """Return whether at least half of the letters in `text` are Latin; true if it has no letters."""
    return 2 * len(_LATIN.findall(text)) >= len(_LETTER.findall(text))


def _flat(inputs: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [f"{kind}: {name}" for kind, names in sorted(inputs.items()) for name in names]


def _announced(candidates: Candidates, rows: NDArray[np.intp], words: Float32Array) -> Float32Array:
    """Raise the word score of a line that ends in a colon to that of the next line, which it announces."""
    places = {row: at for at, row in enumerate(rows.tolist())}
    worth = words.copy()
    for row, at in places.items():
        following = places.get(row + 1)
        if (
            candidates[row].plain.rstrip().endswith(":")
            and following is not None
            and candidates.are_neighbours(row, row + 1)
        ):
            worth[at] = max(words[at], words[following])
    return worth


@cache
def shipped_ranker() -> Ranker:
    """Return the ranker that ships with the package."""
    return Ranker.from_json(read_data("ranker.json"), "ranker.json")
