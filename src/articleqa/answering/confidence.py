"""How sure an answer is: a probability that the first sentence answers the question.

A logistic regression over what tells an answer from the nearest miss: how much of the question the
sentence covers, what the articles never mention, how far the first sentence is ahead of the next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated

from pydantic import Field, FiniteFloat, ValidationError

from articleqa.answering.candidates import Candidate
from articleqa.answering.features import TYPE_FEATURES
from articleqa.data import read_data
from articleqa.exceptions import DataFileError
from articleqa.models import Model


class ConfidenceModel(Model):
    """Weights of a logistic regression, and the threshold below which an answer is withheld."""

    version: Annotated[int, Field(ge=1, le=1)]
    about: str
    min_confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    intercept: FiniteFloat
    weights: Mapping[str, FiniteFloat]

    @classmethod
    def from_json(cls, text: str, name: str = "confidence") -> ConfidenceModel:
        """Read a model from its JSON.

        Raises:
            DataFileError: the JSON is damaged, or of a version that is not known here.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"])) or "the file"
            raise DataFileError(f"{name}: {place}: {problem['msg']}") from None

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return the probability for a sentence with these signals."""
        logit = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in signals.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


def signals_of(candidate: Candidate, row: Mapping[str, float], lead: float) -> dict[str, float]:
    """Return what tells whether a sentence answers, each a number of about 0 to 1.

    `lead` is the sentence's score less that of the best other sentence.
    """
    match, weights = candidate.match, candidate.match.weights
    near = candidate.matched | candidate.neighbour(-1) | candidate.neighbour(1)
    around = match.matched | match.context
    heaviest = max(weights.of.values(), default=0.0) or 1.0
    unmatched = [weight for term, weight in weights.of.items() if term not in candidate.matched]
    absent = [weight for term, weight in weights.of.items() if term not in around]
    lacks = {
        f"lacks_{kind.value}": 1.0 - row[feature] if kind is match.question.expected else 0.0
        for kind, feature in TYPE_FEATURES.items()
    }
    total = weights.total or 1.0
    return {
        "covered": weights.sum(candidate.matched) / total,
        "covered_near": weights.sum(near) / total,
        "covered_around": weights.sum(around) / total,
        "never_mentioned": 1.0 - weights.total_mentioned / total,
        "meant": row["meant"],
        "meant_near": row["meant"] + max(row["meant_before"], row["meant_after"]),
        "meant_passage": row["meant"] + row["meant_passage"],
        "least_meant": row["least_meant"],
        "heaviest_missing": max(unmatched, default=0.0) / heaviest,
        "heaviest_missing_around": max(absent, default=0.0) / heaviest,
        "matched_terms": min(len(candidate.matched), 6) / 6,
        "missing_terms": min(len(unmatched), 6) / 6,
        "phrase": row["phrase"],
        "order": row["order"],
        "proximity": row["proximity"],
        "focus": row["focus"],
        **lacks,
        "lead": max(-1.0, min(1.0, lead / 4)),
        "fragment": row["fragment"],
        "asks": row["asks"],
    }


def leads(scores: Sequence[float]) -> list[float]:
    """Return each score less the best of the others (its own value where there is no other)."""
    ranked = sorted(scores, reverse=True)
    if len(ranked) < 2:
        return list(scores)
    return [score - (ranked[1] if score == ranked[0] else ranked[0]) for score in scores]


@cache
def shipped_confidence() -> ConfidenceModel:
    """Return the confidence model that the package ships."""
    return ConfidenceModel.from_json(read_data("confidence.json"), "confidence.json")
