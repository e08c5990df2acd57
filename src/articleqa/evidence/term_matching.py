"""Sentence by question-term match matrices: one row per sentence, one column per term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array, Places
from articleqa.evidence.vocabulary import Vocabulary
from articleqa.language import LANGUAGE
from articleqa.passages import AnalysedPassage
from articleqa.question.analysis import Question
from articleqa.retrieval.bm25 import length_norm, term_score

BORROWED = {"person": 0.8, "thing": 0.5}
"""The fraction of a name in the previous sentence that a pronoun counts as, by what it stands for."""


@dataclass(frozen=True, slots=True)
class TermMatches:
    """How n sentences match the q terms of a question.

    - `passage_of`, `number` (n,): the index of the sentence's passage, and the index of the sentence in it
    - `lengths`, `new_terms` (n,): how many terms the sentence has, and how many content terms that the
      question does not have
    - `counts` (n, q): how often it has each term. A sentence that says "she" or "it" also has the names of
      the sentence before it, each counted as the fraction in `BORROWED`
    - `matched` (n, q): 1 where it has a term, less where it borrows a name, else 0
    - `soft_overlap` (n, q): how closely its words match each term, 1 where it has the term itself
    - `..._before`, `..._after`, `..._around`: the same for the sentence before and after it in its passage
      (zeros where there is none), and the maximum over all sentences of its passage
    - `context`, `context_soft_overlap` (n, q): the same for the title and headings of its passage
    - `meaning` (n,): the cosine of the sentence's mean word vector with the question's, in which each term
      has its weight
    - `bm25_...` (n,): the BM25 score of the sentence, as if it were a passage, and of its passage, headings
      included; in `..._soft`, a word similar to a term counts as a fraction of that term
    """

    passage_of: Places
    number: Places
    lengths: Float64Array
    new_terms: Float64Array
    counts: Float64Array
    matched: Float64Array
    matched_before: Float64Array
    matched_after: Float64Array
    matched_around: Float64Array
    soft_overlap: Float64Array
    soft_overlap_before: Float64Array
    soft_overlap_after: Float64Array
    soft_overlap_around: Float64Array
    context: Float64Array
    context_soft_overlap: Float64Array
    meaning: Float64Array
    bm25_sentence: Float64Array
    bm25_passage: Float64Array
    bm25_sentence_soft: Float64Array
    bm25_passage_soft: Float64Array

    def at(self, rows: Places) -> Self:
        """Return the matches of the sentences in `rows`."""
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def match_terms(
    question: Question,
    passages: Sequence[AnalysedPassage],
    vocabulary: Vocabulary,
    weights: Float64Array,
    average_length: float,
) -> TermMatches:
    """Return the matches of all sentences of `passages`, in order.

    `vocabulary` has the terms of all of them, `weights` (q,) is the weight of each of the question's terms,
    and `average_length` is the mean length of a passage in terms.
    """
    sizes = np.array([len(passage.sentence_terms) for passage in passages], dtype=np.intp)
    layout = _Layout(sizes)
    texts = _Texts([sentence for passage in passages for sentence in passage.sentence_terms], vocabulary)
    headings = _Texts([passage.context for passage in passages], vocabulary)
    names = np.array([term in question.names for term in question.terms], dtype=bool)
    own = texts.counts()
    counts = np.maximum(
        own, np.minimum(layout.before(own), 1.0) * names * _borrowing(texts, vocabulary)[:, None]
    )
    matched = np.minimum(counts, 1.0)
    soft_overlap = np.maximum(texts.soft_overlap(), matched)
    soft = np.maximum(counts, soft_overlap)
    context = headings.counts()
    passage_lengths = layout.summed(texts.lengths) + headings.lengths
    new = vocabulary.content.copy()
    new[: 1 + vocabulary.asked] = False

    def bm25(counts: Float64Array, lengths: Float64Array) -> Float64Array:
        norm = length_norm(lengths, average_length)
        return np.asarray(term_score(weights, counts, norm[:, None]).sum(axis=1))

    return TermMatches(
        passage_of=layout.passage_of,
        number=np.arange(len(soft_overlap)) - layout.firsts[layout.passage_of],
        lengths=texts.lengths,
        new_terms=texts.summed(new),
        counts=counts,
        matched=matched,
        matched_before=layout.before(matched),
        matched_after=layout.after(matched),
        matched_around=layout.around(matched),
        soft_overlap=soft_overlap,
        soft_overlap_before=layout.before(soft_overlap),
        soft_overlap_after=layout.after(soft_overlap),
        soft_overlap_around=layout.around(soft_overlap),
        context=np.minimum(context, 1.0)[layout.passage_of],
        context_soft_overlap=headings.soft_overlap()[layout.passage_of],
        meaning=texts.meaning(weights),
        bm25_sentence=bm25(counts, texts.lengths),
        bm25_passage=bm25(layout.summed(counts) + context, passage_lengths)[layout.passage_of],
        bm25_sentence_soft=bm25(soft, texts.lengths),
        bm25_passage_soft=bm25(layout.summed(soft) + context, passage_lengths)[layout.passage_of],
    )


def _borrowing(texts: _Texts, vocabulary: Vocabulary) -> Float64Array:
    """Return the fraction of a name that each sentence borrows: the value in `BORROWED` for its pronouns."""
    parts = np.zeros(len(texts.lengths))
    for kind, pronouns in LANGUAGE.words.pronouns.items():
        parts[texts.summed(vocabulary.which(pronouns)) > 0] = BORROWED[kind]
    return parts


class _Texts:
    """The terms of several texts, as positions in a vocabulary."""

    def __init__(self, texts: Sequence[Sequence[str]], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.lengths: Float64Array = np.array([len(text) for text in texts], dtype=float)
        self.places, self.starts = vocabulary.laid_out(texts)

    def counts(self) -> Float64Array:
        """Return how often each text has each of the question's terms: (texts, q)."""
        counts = np.zeros((len(self.lengths), self.vocabulary.asked))
        asked = np.flatnonzero((self.places > 0) & (self.places <= self.vocabulary.asked))
        text = np.searchsorted(self.starts, asked, side="right") - 1
        np.add.at(counts, (text, self.places[asked] - 1), 1.0)
        return counts

    def soft_overlap(self) -> Float64Array:
        """Return how closely each text matches each of the question's terms: (texts, q)."""
        return np.asarray(
            np.maximum.reduceat(self.vocabulary.likeness[:, self.places], self.starts, axis=1).T
        )

    def meaning(self, weights: Float64Array) -> Float64Array:
        """Return the cosine of each text's mean word vector with the question's weighted one: (texts,)."""
        vectors = self.vocabulary.vectors
        asked = (vectors[1 : 1 + self.vocabulary.asked] * weights[:, None]).sum(axis=0)
        sums = np.add.reduceat(vectors[self.places], self.starts, axis=0)
        lengths = np.sqrt((sums**2).sum(axis=1) * float((asked**2).sum()))
        products = (sums * asked).sum(axis=1)
        return np.asarray(np.divide(products, lengths, out=np.zeros(len(sums)), where=lengths > 0))

    def summed(self, which: NDArray[np.bool_]) -> Float64Array:
        """Return how many terms of each text are at vocabulary positions that `which` marks: (texts,)."""
        return np.asarray(np.add.reduceat(which[self.places], self.starts, dtype=float))


class _Layout:
    """Which passage each sentence is in; `sizes` (passages,) has the sentence count of each, at least 1."""

    def __init__(self, sizes: Places) -> None:
        self.firsts = np.cumsum(sizes) - sizes
        self.passage_of = np.repeat(np.arange(len(sizes)), sizes)

    def before(self, values: Float64Array) -> Float64Array:
        """Return for each sentence the row of the sentence before it in its passage, zeros for the first."""
        moved = np.zeros_like(values)
        moved[1:] = values[:-1]
        moved[self.firsts] = 0.0
        return moved

    def after(self, values: Float64Array) -> Float64Array:
        """Return for each sentence the row of the sentence after it in its passage, zeros for the last."""
        moved = np.zeros_like(values)
        moved[:-1] = values[1:]
        moved[self.firsts[1:] - 1] = 0.0
        return moved

    def around(self, values: Float64Array) -> Float64Array:
        """Return for each sentence the column-wise maximum over the rows of its passage."""
        return np.maximum.reduceat(values, self.firsts, axis=0)[self.passage_of]

    def summed(self, values: Float64Array) -> Float64Array:
        """Return for each passage the sum of its sentences' rows."""
        return np.asarray(np.add.reduceat(values, self.firsts, axis=0))
