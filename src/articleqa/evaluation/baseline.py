"""The baseline that answers are compared with: plain BM25 on two levels, over every sentence.

A sentence's score is the sum of two BM25 scores: that of its passage (with title and headings), and its own,
with sentences as the documents. Stop words are removed from the question, and terms are stemmed. The
baseline has no features and no weights, and it scores every sentence that matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from articleqa.passages import AnalysedPassage
from articleqa.retrieval.memory import MemoryRetriever
from articleqa.text.terms import content_terms


class BaselineSentence(NamedTuple):
    """A sentence chosen by the baseline: `start` to `end` (code points) of its article."""

    article_id: str
    start: int
    end: int


class Baseline:
    """Two-level BM25 over fixed passages."""

    def __init__(self, passages: Iterable[AnalysedPassage]) -> None:
        """Index `passages` and their sentences, in order."""
        passages = list(passages)
        self._sentences: list[BaselineSentence] = []
        self._sentence_numbers: list[range] = []
        self._equal: dict[tuple[str, ...], list[int]] = {}
        sentence_terms: list[tuple[str, ...]] = []
        for passage in passages:
            first = len(self._sentences)
            for span, terms in zip(passage.passage.sentence_spans, passage.sentence_terms, strict=True):
                if terms:
                    self._equal.setdefault(terms, []).append(len(self._sentences))
                self._sentences.append(BaselineSentence(passage.passage.article_id, span.start, span.end))
                sentence_terms.append(terms)
            self._sentence_numbers.append(range(first, len(self._sentences)))
        self._sentence_terms = sentence_terms
        self._by_passage = _numbered(passage.terms() for passage in passages)
        self._by_sentence = _numbered(sentence_terms)

    def answer(self, question: str) -> list[BaselineSentence]:
        """Return the best sentence, then all others with the same terms; empty if nothing matches.

        The others correspond to an answer's `also`. Ties go to the sentence that comes first.
        """
        terms = content_terms(question)
        sentence_scores = _scores(self._by_sentence, terms)
        best: tuple[float, int] | None = None
        for passage, score in _scores(self._by_passage, terms).items():
            for number in self._sentence_numbers[passage]:
                candidate = (score + sentence_scores.get(number, 0.0), -number)
                if best is None or candidate > best:
                    best = candidate
        if best is None:
            return []
        chosen = -best[1]
        equal = self._equal.get(self._sentence_terms[chosen], [])
        return [self._sentences[number] for number in (chosen, *(n for n in equal if n != chosen))]


def _numbered(documents: Iterable[Sequence[str]]) -> MemoryRetriever:
    """Return a retriever of documents, given as terms; their keys are their numbers."""
    retriever = MemoryRetriever()
    retriever.add("all", ((str(number), terms) for number, terms in enumerate(documents)))
    return retriever


def _scores(documents: MemoryRetriever, terms: Iterable[str]) -> dict[int, float]:
    """Return the score of each document that contains any of `terms`, by its number."""
    everything = documents.statistics(()).passages
    return {int(key): score for key, score in documents.search(terms, everything)}
