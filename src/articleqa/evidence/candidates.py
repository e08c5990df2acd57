"""The candidate sentences of one question, and what they share: near copies, neighbours, term places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array, Places
from articleqa.evidence.answer_type_matching import offered
from articleqa.evidence.answer_type_patterns import Mention
from articleqa.evidence.sentence_form import SentenceForm, sentence_form
from articleqa.evidence.term_matching import TermMatches
from articleqa.evidence.vocabulary import Vocabulary
from articleqa.models import Article, Span
from articleqa.passages import AnalysedPassage, plain_text
from articleqa.question.analysis import Question
from articleqa.retrieval.bm25 import blended_idf
from articleqa.retrieval.protocol import Statistics
from articleqa.text.folding import fold
from articleqa.text.near_equal import NearlyEqual, Sentence
from articleqa.text.terms import stop_terms


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a retrieved passage.

    `text` is the sentence as the article has it; `plain` has spaces in place of its markup, so that each
    character left has its place.
    """

    article: Article
    passage: AnalysedPassage
    number: int
    text: str
    plain: str

    @classmethod
    def of(cls, article: Article, passage: AnalysedPassage, number: int) -> Self:
        """Return the sentence with this number in the passage."""
        # Its text is taken out once: asked for anew, each would have to be hashed anew by what is cached.
        span = passage.passage.sentence_spans[number]
        return cls(article, passage, number, span.of(article.text), plain_text(article, span))

    @property
    def span(self) -> Span:
        """The sentence's place in its article."""
        return self.passage.passage.sentence_spans[self.number]

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.article.id

    @property
    def start(self) -> int:
        """The offset of the first character in the article."""
        return self.span.start

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.span.end

    @property
    def lead_ins(self) -> tuple[Span, ...]:
        """What the sentence stands under where it is of an item of a list."""
        return self.passage.passage.lead_ins_of(self.number)

    @property
    def terms(self) -> tuple[str, ...]:
        """The sentence's terms, stop words among them."""
        return self.passage.sentence_terms[self.number]


@dataclass(frozen=True)
class Candidates(Sequence[Candidate]):
    """The candidate sentences of some passages, in their order, against one question.

    n sentences and q terms of the question give arrays of (n, q). Sums run in the question's order, whatever
    the hashes. `evidence.selection.select_candidates` makes them.

    - `passages`: those that the sentences were chosen from; `statistics`: the index's counts
    - `vocabulary`: the terms of all of `passages`
    - `idf`, `mentioned` (q,): of each term; whether any passage of the index has it
    - `weights` (q,): `idf`, less for terms that only frame the question
    - `matches`: how each sentence matches the terms
    - `cosines` (n,): how near each sentence is to the question by the encoder's vectors, 0 without one
    - `first_of`: for a passage's key, that of the passage it is a near copy of; its own where there is none
    - `repeats`: the sentences of near copies by what they are copies of, and by their folded text; each as
      (number of its passage in `passages`, its number in it)
    """

    question: Question
    statistics: Statistics
    passages: Sequence[AnalysedPassage]
    sentences: Sequence[Candidate]
    vocabulary: Vocabulary
    idf: Float64Array
    weights: Float64Array
    mentioned: NDArray[np.bool_]
    matches: TermMatches
    cosines: Float64Array
    first_of: Mapping[str, str] = field(default_factory=dict)
    repeats: Mapping[tuple[str, str], Sequence[tuple[int, int]]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.sentences)

    def __getitem__(self, number: int) -> Candidate:  # type: ignore[override]  # slices are not needed
        """Return one sentence."""
        return self.sentences[number]

    def repeated(self, row: int) -> Sequence[tuple[AnalysedPassage, int]]:
        """Return where near copies of the passage say the same, and are no candidates for that."""
        sentence = self[row]
        first = self.first_passage_of(row)
        places = self.repeats.get((first, fold(sentence.text)), ())
        return [(self.passages[at], number) for at, number in places[1:]]

    def first_passage_of(self, row: int) -> str:
        """Return the key of the passage that that of `row` is a near copy of; its own if of none."""
        key = self[row].passage.key
        return self.first_of.get(key, key)

    @cached_property
    def sayings(self) -> NDArray[np.intp]:
        """For each sentence the number of what it says; nearly equal ones have the same: (n,)."""
        known = NearlyEqual()
        return np.array([known.number_of(sentence) for sentence in self._compared], dtype=np.intp)

    def in_turn(self, keys: Iterable[str]) -> list[str]:
        """Return the keys of passages with near copies in the order of their articles, best titles first."""
        wanted = set(keys)
        return [key for key in self.first_of if key in wanted]

    def articles_saying(self, row: int) -> set[str]:
        """Return the ids of the articles of which a candidate nearly equals the sentence in `row`."""
        return {self[same].article_id for same in np.flatnonzero(self.sayings == self.sayings[row]).tolist()}

    @cached_property
    def _compared(self) -> Sequence[Sentence]:
        return [Sentence(each.text, each.terms) for each in self.sentences]

    def one_of_each(self, row: int, rows: Places, scores: Float64Array) -> Places:
        """Return the places among `rows`, in order, of the sentence in `row` and of its rivals.

        Of nearly equal sentences one is a rival, that with the best of `scores` (rows,), and none of those
        that are nearly equal to `row`. What a near copy of its passage says beside is none either, unless
        it contradicts.
        """
        order = np.argsort(-scores, kind="stable")
        own_first = np.concatenate([np.flatnonzero(rows == row), order])
        _, first = np.unique(self.sayings[rows[own_first]], return_index=True)
        told = np.sort(own_first[first])
        if not self.repeats:
            return told
        kept = [at for at in told.tolist() if not self._is_beside(int(rows[at]), row)]
        return np.array(kept, dtype=np.intp)

    def _is_beside(self, other: int, row: int) -> bool:
        """Say whether `other` is of a near copy of the passage of `row`, and does not contradict `row`."""
        first = self.first_passage_of(row)
        key = self[other].passage.key
        return (
            self.first_passage_of(other) == first
            and key not in (first, self[row].passage.key)
            and not self._compared[other].contradicts(self._compared[row])
        )

    @cached_property
    def names(self) -> NDArray[np.bool_]:
        """Which of the question's terms are names or numbers: (q,)."""
        return np.array([term in self.question.names for term in self.question.terms], dtype=bool)

    @cached_property
    def focus(self) -> NDArray[np.bool_]:
        """Which of the question's terms are of the noun asked for: (q,)."""
        return np.array([term in self.question.focus for term in self.question.terms], dtype=bool)

    @property
    def greatest_idf(self) -> float:
        """The idf of a term that no passage has, nor English."""
        return blended_idf(0, self.statistics.passages, 0.0)

    @cached_property
    def places(self) -> Sequence[tuple[int, Mapping[str, Sequence[int]]]]:
        """For each sentence with two or more of the terms, at which of its content words they stand."""
        asked = frozenset(self.question.terms)
        rows: list[tuple[int, Mapping[str, Sequence[int]]]] = []
        for row in np.flatnonzero((self.matches.counts >= 1.0).sum(axis=1) >= 2):
            places: dict[str, list[int]] = {}
            place = 0
            for term in self[int(row)].terms:
                if term in asked:
                    places.setdefault(term, []).append(place)
                elif term in stop_terms():
                    continue
                place += 1
            rows.append((int(row), places))
        return rows

    @cached_property
    def sentence_forms(self) -> Sequence[SentenceForm]:
        """What each sentence shows by its form."""
        return [sentence_form(sentence.plain) for sentence in self.sentences]

    def are_neighbours(self, row: int, other: int) -> bool:
        """Say whether two rows are sentences of one passage with none between them; rows may be none."""
        passages, numbers = self.matches.passage_of, self.matches.number
        return bool(
            min(row, other) >= 0
            and max(row, other) < len(self)
            and passages[row] == passages[other]
            and abs(numbers[row] - numbers[other]) == 1
        )

    def share(self, values: Float64Array, among: Set[str] | None = None) -> Float64Array:
        """Return the weight of an (n, q) of 0 to 1 as a share of the question's weight: (n,).

        Only the terms that are `among` these count, where they are given.
        """
        weights = self.weights
        if among is not None:
            weights = weights * np.array([term in among for term in self.question.terms], dtype=bool)
        total = float(weights.sum())
        return (values * weights).sum(axis=1) / total if total else np.zeros(len(values))

    def offered(self, row: int) -> tuple[Mention, ...]:
        """Return what the sentence in `row` offers as the answer."""
        if row not in self._offered:
            self._offered[row] = offered(self.question, self[row].plain)
        return self._offered[row]

    @cached_property
    def _offered(self) -> dict[int, tuple[Mention, ...]]:
        return {}
