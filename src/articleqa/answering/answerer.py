"""A question and the best passages into an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from articleqa.answering.candidates import Candidate, Candidates, Floats
from articleqa.answering.citing import cite
from articleqa.answering.confidence import ConfidenceModel, leads, signals_of
from articleqa.answering.features import feature_table
from articleqa.answering.offers import offered
from articleqa.answering.question import Question
from articleqa.answering.ranker import LinearRanker
from articleqa.models import (
    AbstainReason,
    Answer,
    Article,
    Citation,
    RankedSentence,
    SentenceExplanation,
    UnmentionedTerm,
)
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.contract import Statistics

_SET_ASIDE = regex.compile(
    r"(?:(?!(?<=\p{N})[.,:/\p{Pd}](?=\p{N})|(?<![\p{L}\p{N}])\p{Pd}(?=\p{N}))[^\p{L}\p{M}\p{N}\p{S}%#])+"
)
"""Space and punctuation, but for what makes a number or a name another: -5, 1.5, 5%, $5, C#, C++."""


@dataclass(frozen=True)
class _Scored:
    """A sentence with its score, its row among the candidates, and the same sentence elsewhere."""

    row: int
    score: float
    also: list[int]


class Answerer:
    """Ranks sentences, says how sure the best one is, and abstains below the threshold."""

    def __init__(self, ranker: LinearRanker, confidence: ConfidenceModel) -> None:
        """Answer by these weights; `ArticleIndex.from_articles` takes the shipped ones."""
        self.ranker = ranker
        self.confidence = confidence

    def answer(
        self,
        question: Question,
        statistics: Statistics,
        passages: Sequence[AnalysedPassage],
        articles: Mapping[str, Article],
        *,
        never_mentioned: Sequence[UnmentionedTerm],
        top_k: int,
        min_confidence: float | None,
    ) -> Answer:
        """Return the answer that `passages`, best first, give; ties keep their order.

        Raises:
            ValueError: `top_k` is below 1, or `min_confidence` not between 0 and 1.
        """
        threshold = self.confidence.min_confidence if min_confidence is None else min_confidence
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, not {top_k}")
        if not 0.0 <= threshold <= 1.0:
            raise ValueError(f"min_confidence must be between 0 and 1, not {threshold}")
        candidates = Candidates(question, statistics, passages, articles)
        sentences = tuple(self._sentences(candidates, top_k))
        confidence = sentences[0].confidence if sentences else 0.0
        answered = bool(sentences) and confidence >= threshold
        return Answer(
            question=question.text,
            answered=answered,
            text=sentences[0].text if answered else "",
            confidence=confidence,
            reason=None if answered else _reason(statistics, sentences),
            citations=(sentences[0].citation,) if answered else (),
            sentences=sentences,
            never_mentioned=tuple(never_mentioned),
            min_confidence=threshold,
        )

    def _sentences(self, candidates: Candidates, top_k: int) -> Iterator[RankedSentence]:
        """Yield the best `top_k` sentences; none is surer than the one before it."""
        table = feature_table(candidates)
        scored = _distinct(candidates, self.ranker.scores(table).tolist())
        ceiling = 1.0
        for found, lead in zip(scored[:top_k], leads([found.score for found in scored]), strict=False):
            signals = signals_of(candidates, table, found.row, lead)
            ceiling = min(ceiling, self.confidence.probability(signals))
            yield RankedSentence(
                text=candidates[found.row].text,
                score=found.score,
                confidence=ceiling,
                citation=_cite(candidates[found.row]),
                also=tuple(_cite(candidates[row]) for row in found.also),
                explanation=self._explain(candidates, found, table[found.row], ceiling),
            )

    def _explain(
        self, candidates: Candidates, found: _Scored, features: Floats, confidence: float
    ) -> SentenceExplanation:
        question, sentence = candidates.question, candidates[found.row]
        met_by = {mention.text: None for mention in offered(question, sentence.text)}
        return SentenceExplanation(
            text=sentence.text,
            score=found.score,
            confidence=confidence,
            matched=tuple(
                w for t, w in zip(question.terms, question.words, strict=True) if t in sentence.terms
            ),
            unmatched=tuple(
                w for t, w in zip(question.terms, question.words, strict=True) if t not in sentence.terms
            ),
            expected=question.expected.value,
            met_by=tuple(met_by),
            features=self.ranker.shares(features),
        )


def _distinct(candidates: Candidates, scores: Sequence[float]) -> list[_Scored]:
    """Return the sentences best first, equal ones once; ties keep the order of the candidates."""
    distinct: dict[str, _Scored] = {}
    for row in sorted(range(len(candidates)), key=lambda row: -scores[row]):
        folded = _fold(candidates[row].text)
        if folded in distinct:
            distinct[folded].also.append(row)
        else:
            distinct[folded] = _Scored(row, scores[row], [])
    return list(distinct.values())


def _cite(candidate: Candidate) -> Citation:
    return cite(candidate.article, candidate.span, candidate.passage.passage.span)


def _reason(statistics: Statistics, sentences: Sequence[RankedSentence]) -> AbstainReason:
    if not statistics.passages:
        return AbstainReason.EMPTY_CORPUS
    return AbstainReason.BELOW_THRESHOLD if sentences else AbstainReason.NO_MATCHING_TERMS


@lru_cache(maxsize=20_000)
def _fold(sentence: str) -> str:
    """Fold case, space and punctuation away; figures and names stay what they are."""
    folded = _SET_ASIDE.sub(" ", sentence.casefold()).strip()
    return folded or sentence
