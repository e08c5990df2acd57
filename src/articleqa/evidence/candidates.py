"""The candidate sentences of one question, with their near copies, neighbours and term positions."""

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
from articleqa.models import Span
from articleqa.passage_text import PassageText
from articleqa.passages import AnalysedPassage
from articleqa.question.analysis import Question
from articleqa.retrieval.bm25 import blended_idf
from articleqa.retrieval.protocol import Statistics
from articleqa.text.folding import fold
from articleqa.text.near_equal import NearlyEqual, Sentence
from articleqa.text.terms import stop_terms


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a retrieved passage; `number` is its index in the passage.

    `passage_text` is the text of its passage. `text` is the sentence exactly as in the article. `plain` has
    spaces in place of its markup, so that every other character keeps its offset.
    """

    passage_text: PassageText
    passage: AnalysedPassage
    number: int
    text: str
    plain: str

    @classmethod
    def of(cls, passage_text: PassageText, passage: AnalysedPassage, number: int) -> Self:
        """Return the candidate for the sentence with this number in the passage."""
        # Slice once: a new string would be re-hashed by every cache.
        span = passage.passage.sentence_spans[number]
        return cls(passage_text, passage, number, passage_text.of_span(span), passage_text.plain(span))

    @property
    def span(self) -> Span:
        """The sentence's span in its article."""
        return self.passage.passage.sentence_spans[self.number]

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.passage_text.article_id

    @property
    def start(self) -> int:
        """The offset of the sentence's first character in the article."""
        return self.span.start

    @property
    def end(self) -> int:
        """The offset just after the sentence's last character in the article."""
        return self.span.end

    @property
    def lead_ins(self) -> tuple[Span, ...]:
        """The lines that introduce the sentence if it is in an item of a list; see `Passage.lead_ins`."""
        return self.passage.passage.lead_ins_of(self.number)

    @property
    def terms(self) -> tuple[str, ...]:
        """The sentence's terms, including stop words."""
        return self.passage.sentence_terms[self.number]


@dataclass(frozen=True)
class Candidates(Sequence[Candidate]):
    """The candidate sentences of one question, in the order of their passages.

    With n sentences and q question terms, arrays have the shape (n, q). Sums run in the order of the
    question's terms, so that hash order does not affect them. `evidence.selection.select_candidates` creates
    these objects.

    - `passages`: the passages from which the sentences were chosen; `statistics`: the index's counts
    - `vocabulary`: the terms of all of `passages`
    - `idf`, `mentioned` (q,): the idf of each term, and whether any passage of the index has the term
    - `weights` (q,): `idf`, reduced for terms that only frame the question
    - `matches`: how each sentence matches the terms
    - `cosines` (n,): the cosine of each sentence's encoder vector with the question's, 0 if it has no vector
    - `first_of`: for the key of a passage, the key of the passage that it is a near copy of, or its own key
    - `repeats`: the sentences of near copies, by the key of the passage that they copy and by their folded
      text; each is a pair (index of its passage in `passages`, index of the sentence in the passage)
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
        """Return where near copies of the passage repeat this sentence; the repeats are not candidates."""
        sentence = self[row]
        first = self.first_passage_of(row)
        places = self.repeats.get((first, fold(sentence.text)), ())
        return [(self.passages[at], number) for at, number in places[1:]]

    def first_passage_of(self, row: int) -> str:
        """Return the key of the passage that the passage of `row` is a near copy of, or else its own key."""
        key = self[row].passage.key
        return self.first_of.get(key, key)

    @cached_property
    def duplicate_groups(self) -> NDArray[np.intp]:
        """The group number of each sentence; nearly equal sentences have the same number: (n,)."""
        known = NearlyEqual()
        return np.array([known.number_of(sentence) for sentence in self._compared], dtype=np.intp)

    def sorted_by_article(self, keys: Iterable[str]) -> list[str]:
        """Return those of `keys` that are in `first_of`, in its order: by article, best titles first."""
        wanted = set(keys)
        return [key for key in self.first_of if key in wanted]

    def articles_with_same_sentence(self, row: int) -> set[str]:
        """Return the ids of the articles that have a candidate nearly equal to the sentence in `row`."""
        return {
            self[same].article_id
            for same in np.flatnonzero(self.duplicate_groups == self.duplicate_groups[row]).tolist()
        }

    @cached_property
    def _compared(self) -> Sequence[Sentence]:
        return [Sentence(each.text, each.terms) for each in self.sentences]

    def distinct_rivals(self, row: int, rows: Places, scores: Float64Array) -> Places:
        """Return the positions in `rows`, ascending, of the sentence in `row` and of its rivals.

        Among nearly equal sentences only the one with the best of `scores` (rows,) is a rival, and a sentence
        nearly equal to `row` never is. Other sentences from a near copy of its passage are not rivals either,
        unless they contradict it.
        """
        order = np.argsort(-scores, kind="stable")
        own_first = np.concatenate([np.flatnonzero(rows == row), order])
        _, first = np.unique(self.duplicate_groups[rows[own_first]], return_index=True)
        told = np.sort(own_first[first])
        if not self.repeats:
            return told
        kept = [at for at in told.tolist() if not self._is_in_near_copy(int(rows[at]), row)]
        return np.array(kept, dtype=np.intp)

    def _is_in_near_copy(self, other: int, row: int) -> bool:
        """Return whether `other` is in a near copy of the passage of `row` and does not contradict `row`."""
        first = self.first_passage_of(row)
        key = self[other].passage.key
        return (
            self.first_passage_of(other) == first
            and key not in (first, self[row].passage.key)
            and not self._compared[other].contradicts(self._compared[row])
        )

    @cached_property
    def names(self) -> NDArray[np.bool_]:
        """Which of the question's terms belong to names or numbers: (q,)."""
        return np.array([term in self.question.names for term in self.question.terms], dtype=bool)

    @cached_property
    def focus(self) -> NDArray[np.bool_]:
        """Which of the question's terms belong to the noun asked for: (q,)."""
        return np.array([term in self.question.focus for term in self.question.terms], dtype=bool)

    @property
    def greatest_idf(self) -> float:
        """The idf of a term that occurs neither in a passage nor in everyday texts."""
        return blended_idf(0, self.statistics.passages, 0.0)

    @cached_property
    def places(self) -> Sequence[tuple[int, Mapping[str, Sequence[int]]]]:
        """The rows of sentences with two or more question terms, and the positions of these terms in each.

        Positions count the sentence's content words.
        """
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
        """The form traits of each sentence."""
        return [sentence_form(sentence.plain) for sentence in self.sentences]

    def are_neighbours(self, row: int, other: int) -> bool:
        """Return whether two rows are adjacent sentences of one passage; false if a row is out of range."""
        passages, numbers = self.matches.passage_of, self.matches.number
        return bool(
            min(row, other) >= 0
            and max(row, other) < len(self)
            and passages[row] == passages[other]
            and abs(numbers[row] - numbers[other]) == 1
        )

    def share(self, values: Float64Array, among: Set[str] | None = None) -> Float64Array:
        """Return the weighted sum of (n, q) values between 0 and 1 as a share of the question's weight: (n,).

        If `among` is given, only these terms count.
        """
        weights = self.weights
        if among is not None:
            weights = weights * np.array([term in among for term in self.question.terms], dtype=bool)
        total = float(weights.sum())
        return (values * weights).sum(axis=1) / total if total else np.zeros(len(values))

    def offered(self, row: int) -> tuple[Mention, ...]:
        """Return the mentions in the sentence in `row` that could be the answer."""
        if row not in self._offered:
            self._offered[row] = offered(self.question, self[row].plain)
        return self._offered[row]

    @cached_property
    def _offered(self) -> dict[int, tuple[Mention, ...]]:
        return {}
