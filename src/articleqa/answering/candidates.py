"""The sentences that could answer, those of the best passages, and how their terms meet the question's.

All in arrays, a row for each sentence and a column for each of the question's terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from articleqa.answering.mentions import Mention
from articleqa.answering.offers import offered
from articleqa.answering.question import Question
from articleqa.answering.surface import surface_of
from articleqa.answering.vocabulary import Floats, Vocabulary
from articleqa.models import Article, Span
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.bm25 import K1, blended_idf, length_norm
from articleqa.retrieval.contract import Statistics
from articleqa.text.terms import stop_terms
from articleqa.text.word_frequencies import english_share
from articleqa.text.word_vectors import vectors

BORROWED = {"person": 0.8, "thing": 0.5}
"""How surely a pronoun stands for a name that the sentence before it has, by what it stands for."""

LIKELIEST = 100
"""Sentences that are looked at for what they mention: patterns cost more than all else."""

FRAME_WEIGHT = 0.3
"""What a word such as "year" in "in which year" weighs beside the others: an answer rarely repeats it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a retrieved passage; `text` is the sentence as the article has it."""

    article: Article
    passage: AnalysedPassage
    number: int
    text: str

    @classmethod
    def of(cls, article: Article, passage: AnalysedPassage, number: int) -> Self:
        """Return the sentence with this number in the passage."""
        # Its text is taken out once: asked for anew, each would have to be hashed anew by what is cached.
        return cls(article, passage, number, passage.passage.sentences[number].of(article.text))

    @property
    def span(self) -> Span:
        """The sentence's place in its article."""
        return self.passage.passage.sentences[self.number]

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
    def terms(self) -> tuple[str, ...]:
        """The sentence's terms, stop words among them."""
        return self.passage.sentences[self.number]


class Candidates(Sequence[Candidate]):
    """Every sentence of some passages, in their order, against one question.

    n sentences and q terms of the question give arrays of (n, q); the terms' `weights` are their `idf`,
    less for those that only frame the question. Sums run in the question's order, whatever the hashes.
    """

    def __init__(
        self,
        question: Question,
        statistics: Statistics,
        passages: Sequence[AnalysedPassage],
        articles: Mapping[str, Article],
    ) -> None:
        """Gather the sentences of `passages`, best passage first, of which `articles` are the texts."""
        self.question = question
        self._offered: dict[int, tuple[Mention, ...]] = {}
        self.statistics = statistics
        self._passages = passages
        self._sentences = [
            Candidate.of(articles[passage.passage.article_id], passage, number)
            for passage in passages
            for number in range(len(passage.sentences))
        ]
        # The row of each passage's first sentence, and for each sentence the number of its passage.
        sizes = [len(passage.sentences) for passage in passages]
        self._firsts = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, dtype=np.intp)
        self.passage_of = np.repeat(np.arange(len(passages)), sizes)
        frequencies = statistics.document_frequencies
        self.idf: Floats = np.array(
            [
                blended_idf(frequencies[term], statistics.passages, english_share(term))
                for term in question.terms
            ]
        )
        framing = np.array([term in question.frame for term in question.terms], dtype=bool)
        self.weights: Floats = self.idf * np.where(framing, FRAME_WEIGHT, 1.0)
        self.mentioned = np.array([frequencies[term] > 0 for term in question.terms], dtype=bool)

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self._sentences)

    def __getitem__(self, number: int) -> Candidate:  # type: ignore[override]  # slices are not needed
        """Return one sentence."""
        return self._sentences[number]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The passages' terms, with those of their titles and headings."""
        terms = (term for passage in self._passages for term in passage.terms())
        return Vocabulary(terms, self.question.terms)

    @cached_property
    def counts(self) -> Floats:
        """How often each sentence has each of the question's terms: (n, q).

        A sentence that says "she" or "it" has the names of the sentence before it too, by the part of
        one that `BORROWED` says.
        """
        own = self._count([sentence.terms for sentence in self._sentences])
        pronouns = [surface_of(sentence.text).pronoun for sentence in self._sentences]
        parts = np.array([BORROWED.get(pronoun, 0.0) for pronoun in pronouns])
        return np.asarray(np.maximum(own, np.minimum(self.before(own), 1.0) * self.names * parts[:, None]))

    @cached_property
    def matched(self) -> Floats:
        """1 where a sentence has a term, less where it borrows a name, else 0: (n, q)."""
        return np.minimum(self.counts, 1.0)

    @cached_property
    def context(self) -> Floats:
        """1 where the title or the headings of a sentence's passage have a term: (n, q)."""
        return np.minimum(self._context_counts, 1.0)[self.passage_of]

    @cached_property
    def meant(self) -> Floats:
        """How nearly each sentence says each term, 1 where it has the term itself: (n, q)."""
        likeness = self.vocabulary.meant_by([sentence.terms for sentence in self._sentences])
        return np.asarray(np.maximum(likeness, self.matched))

    @cached_property
    def context_meant(self) -> Floats:
        """How nearly the title or the headings of each sentence's passage say each term."""
        return self.vocabulary.meant_by([passage.context for passage in self._passages])[self.passage_of]

    @cached_property
    def soft_counts(self) -> Floats:
        """`counts`, where a word like a term counts as a part of it: (n, q)."""
        return np.asarray(np.maximum(self.counts, self.meant))

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
        for row in np.flatnonzero((self.counts >= 1.0).sum(axis=1) >= 2):
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
    def likeliest(self) -> NDArray[np.intp]:
        """The rows, in order, of the `LIKELIEST` sentences, which say most of the question."""
        said = self.sentence_bm25(self.soft_counts) + self.passage_bm25(self.soft_counts)
        return np.sort(np.argsort(-said, kind="stable")[:LIKELIEST])

    @cached_property
    def meaning(self) -> Floats:
        """The cosine of each sentence's mean word vector with the question's weighted one: (n,)."""
        asked = (vectors(self.question.terms) * self.weights[:, None]).sum(axis=0)
        places, starts = self.vocabulary.places_in([tuple(dict.fromkeys(s.terms)) for s in self._sentences])
        sums = np.add.reduceat(self.vocabulary.vectors[places], starts, axis=0)
        lengths = np.sqrt((sums**2).sum(axis=1) * float((asked**2).sum()))
        products = (sums * asked).sum(axis=1)
        return np.asarray(np.divide(products, lengths, out=np.zeros(len(self)), where=lengths > 0))

    @cached_property
    def lengths(self) -> Floats:
        """How many terms each sentence has: (n,)."""
        return np.array([len(sentence.terms) for sentence in self._sentences], dtype=float)

    def before(self, values: Floats) -> Floats:
        """Return each sentence's row moved to the sentence after it in its passage, zeros for the first."""
        moved = np.zeros_like(values)
        moved[1:] = values[:-1]
        moved[self._firsts] = 0.0
        return moved

    def after(self, values: Floats) -> Floats:
        """Return each sentence's row moved to the sentence before it in its passage, zeros for the last."""
        moved = np.zeros_like(values)
        moved[:-1] = values[1:]
        moved[self._firsts[1:] - 1] = 0.0
        return moved

    def around(self, values: Floats) -> Floats:
        """Return, for each sentence, the greatest of its passage's rows, its own among them."""
        return np.maximum.reduceat(values, self._firsts, axis=0)[self.passage_of]

    def share(self, values: Floats) -> Floats:
        """Return the weight of an (n, q) of 0 to 1 as a share of the whole question's weight: (n,)."""
        total = float(self.weights.sum())
        return (values * self.weights).sum(axis=1) / total if total else np.zeros(len(values))

    def sentence_bm25(self, counts: Floats) -> Floats:
        """Return each sentence's BM25 score, as if it were a passage, from its (n, q) of counts."""
        return self._bm25(counts, self.lengths)

    def passage_bm25(self, counts: Floats) -> Floats:
        """Return the BM25 score of each sentence's passage, context included, from the same."""
        summed = np.add.reduceat(counts, self._firsts, axis=0) + self._context_counts
        context_lengths = [len(passage.context) for passage in self._passages]
        lengths = np.add.reduceat(self.lengths, self._firsts) + np.array(context_lengths, dtype=float)
        return self._bm25(summed, lengths)[self.passage_of]

    def _bm25(self, counts: Floats, lengths: Floats) -> Floats:
        norm = length_norm(lengths, self.statistics.average_length)
        return np.asarray((self.weights * counts * (K1 + 1) / (counts + norm[:, None])).sum(axis=1))

    @cached_property
    def _context_counts(self) -> Floats:
        return self._count([passage.context for passage in self._passages])

    def _count(self, texts: Sequence[Sequence[str]]) -> Floats:
        column = {term: number for number, term in enumerate(self.question.terms)}
        counts = np.zeros((len(texts), len(column)))
        for row, terms in enumerate(texts):
            for term in terms:
                if term in column:
                    counts[row, column[term]] += 1.0
        return counts

    def offered(self, row: int) -> tuple[Mention, ...]:
        """Return what the sentence in `row` offers as the answer."""
        if row not in self._offered:
            self._offered[row] = offered(self.question, self[row].text)
        return self._offered[row]
