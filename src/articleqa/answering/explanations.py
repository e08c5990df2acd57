"""Explanations of scores, made only when they are asked for: they took a twentieth of a question's time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import Self

from articleqa.answers import FeatureShare, SentenceExplanation
from articleqa.evidence.answer_type_patterns import Mention
from articleqa.evidence.candidates import Candidates
from articleqa.question.analysis import Question
from articleqa.ranking.scores import Contribution


@dataclass(frozen=True, slots=True)
class Explainer:
    """What the explanation of one sentence is made from.

    It holds no article and no array, so that a kept answer stays small, and it can be pickled.
    """

    question: Question
    text: str
    terms: tuple[str, ...]
    offered: tuple[Mention, ...]
    score: float
    confidence: float
    contributions: tuple[Contribution, ...]

    @classmethod
    def of(
        cls,
        candidates: Candidates,
        row: int,
        score: float,
        confidence: float,
        contributions: tuple[Contribution, ...],
    ) -> Self:
        """Return the explainer of the candidate in `row`."""
        sentence, offered = candidates[row], candidates.offered(row)
        return cls(
            candidates.question, sentence.text, sentence.terms, offered, score, confidence, contributions
        )

    def __call__(self) -> SentenceExplanation:
        """Return the explanation."""
        words = self.question.words
        has = [term in self.terms for term in self.question.terms]
        return SentenceExplanation(
            text=self.text,
            score=self.score,
            confidence=self.confidence,
            matched=tuple(compress(words, has)),
            unmatched=tuple(compress(words, (not each for each in has))),
            expected=self.question.expected.value,
            met_by=tuple(dict.fromkeys(mention.text for mention in self.offered)),
            features=tuple(FeatureShare(**each._asdict()) for each in self.contributions),
        )
