"""The sentences that could answer: those of the best passages, with what the features are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from articleqa.answering.question import Question
from articleqa.models import Article, Span
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.bm25 import bm25_score, idf
from articleqa.retrieval.contract import Statistics
from articleqa.text.terms import is_stop_term
from articleqa.text.word_vectors import similarities

Vector = NDArray[np.float64]
"""A number for each of the question's terms, in their order."""

FRAME_WEIGHT = 0.3
"""What a word such as "year" in "in which year" weighs beside the others: an answer rarely repeats it."""


class Weights:
    """The question's terms with their weights: their idf, less for those of its frame."""

    def __init__(self, question: Question, statistics: Statistics) -> None:
        self.statistics = statistics
        self.of = {
            term: idf(statistics.document_frequencies[term], statistics.passages)
            * (FRAME_WEIGHT if term in question.frame else 1.0)
            for term in question.terms
        }
        self.mentioned = frozenset(term for term in question.terms if statistics.document_frequencies[term])
        self.total = sum(self.of.values())
        self.total_mentioned = self.sum(self.mentioned)

        self.vector: Vector = np.array(list(self.of.values()))

    def share_meant(self, meant: Vector) -> float:
        """Return the weight of what is `meant` as a share of the whole question's (0 to 1)."""
        return float(self.vector @ meant) / self.total if self.total else 0.0

    def sum(self, terms: frozenset[str]) -> float:
        """Return the weight of `terms` together, in the question's order, so that sums are equal bytes."""
        return sum(weight for term, weight in self.of.items() if term in terms)

    def share(self, terms: frozenset[str]) -> float:
        """Return the weight of `terms` as a share of all that the articles mention (0 to 1)."""
        return self.sum(terms) / self.total_mentioned if self.total_mentioned else 0.0


@dataclass(frozen=True)
class PassageMatch:
    """A retrieved passage with its article and how its terms meet the question's."""

    question: Question
    weights: Weights
    article: Article
    passage: AnalysedPassage
    likeness: TermLikeness

    @cached_property
    def matched(self) -> frozenset[str]:
        """The question's terms in any of its sentences."""
        return frozenset().union(*(self.weights.mentioned.intersection(s) for s in self.passage.sentences))

    @cached_property
    def context(self) -> frozenset[str]:
        """The question's terms in the article's title and the passage's headings."""
        return self.weights.mentioned.intersection(self.passage.context)

    @cached_property
    def context_meant(self) -> Vector:
        """How nearly the title and the headings say each of the question's terms."""
        return self.likeness.of(self.passage.context)

    @cached_property
    def meant(self) -> tuple[Vector, ...]:
        """How nearly each sentence says each of the question's terms (0 to 1, 1 where it has the term)."""
        return tuple(self.likeness.of(sentence) for sentence in self.passage.sentences)

    @cached_property
    def bm25(self) -> float:
        """The passage's BM25 score, context included."""
        terms = self.passage.terms()
        return bm25_score(self.weights.mentioned, Counter(terms), len(terms), self.weights.statistics)


@dataclass(frozen=True)
class Candidate:
    """One sentence of a retrieved passage."""

    match: PassageMatch
    number: int

    @cached_property
    def span(self) -> Span:
        """The sentence's place in its article."""
        return self.match.passage.passage.sentences[self.number]

    @cached_property
    def text(self) -> str:
        """The sentence as the article has it."""
        return self.span.of(self.match.article.text)

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The sentence's terms, stop words among them."""
        return self.match.passage.sentences[self.number]

    @cached_property
    def matched(self) -> frozenset[str]:
        """The question's terms in the sentence."""
        return self.match.weights.mentioned.intersection(self.terms)

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The sentence's terms without stop words, other than those that the question is made of."""
        return tuple(term for term in self.terms if term in self.matched or not is_stop_term(term))

    @cached_property
    def bm25(self) -> float:
        """The sentence's BM25 score, as if it were a passage."""
        return bm25_score(self.matched, Counter(self.terms), len(self.terms), self.match.weights.statistics)

    @property
    def meant(self) -> Vector:
        """How nearly the sentence says each of the question's terms."""
        return self.match.meant[self.number]

    def neighbour(self, distance: int) -> frozenset[str]:
        """Return the question's terms in the sentence `distance` places on (none beyond the passage)."""
        number = self.number + distance
        if not 0 <= number < len(self.match.passage.sentences):
            return frozenset()
        return self.match.weights.mentioned.intersection(self.match.passage.sentences[number])

    def neighbour_meant(self, distance: int) -> Vector:
        """Return how nearly the sentence `distance` places on says each of the question's terms."""
        number = self.number + distance
        if not 0 <= number < len(self.match.passage.sentences):
            return np.zeros(len(self.match.question.terms))
        return self.match.meant[number]


class TermLikeness:
    """How alike the question's terms are to those of the passages, looked up once for all of them.

    Likeness is 1 for the same term, else 0 up to a cosine of 0.4 and 0.8 from one of 0.8 on, in a
    straight line between: below lie words of the same field, above words of the same meaning.
    """

    def __init__(self, question: Question, passages: Sequence[AnalysedPassage]) -> None:
        seen = dict.fromkeys(term for passage in passages for term in passage.terms())
        vocabulary = [term for term in seen if term in question.terms or not is_stop_term(term)]
        cosines = similarities(question.terms, vocabulary)
        self._column = {term: column for column, term in enumerate(vocabulary)}
        self._likeness = np.where(cosines >= 1.0, 1.0, 0.8 * np.clip((cosines - 0.4) / 0.4, 0.0, 1.0))
        self._none = np.zeros(len(question.terms))

    def of(self, terms: Sequence[str]) -> Vector:
        """Return, for each of the question's terms, its likeness to the most alike of `terms`."""
        columns = [self._column[term] for term in terms if term in self._column]
        return self._likeness[:, columns].max(axis=1) if columns else self._none


def candidates_of(
    question: Question,
    weights: Weights,
    passages: Sequence[AnalysedPassage],
    articles: Mapping[str, Article],
) -> list[Candidate]:
    """Return every sentence of `passages`, in their order."""
    likeness = TermLikeness(question, passages)
    return [
        Candidate(match, number)
        for passage in passages
        for match in [PassageMatch(question, weights, articles[passage.passage.article_id], passage, likeness)]
        for number in range(len(passage.sentences))
    ]
