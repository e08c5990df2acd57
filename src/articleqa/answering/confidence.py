"""How sure an answer is: a probability that the first sentence answers the question.

A logistic regression over what tells an answer from the nearest miss: how much of the question the
sentence covers, what the articles never mention, how far the first sentence is ahead of the next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated

import numpy as np
from pydantic import Field, FiniteFloat

from articleqa.answering.candidates import Candidates
from articleqa.answering.features import FEATURES
from articleqa.answering.offers import TYPED
from articleqa.answering.question import AnswerType, Question
from articleqa.answering.ranker import Ranking
from articleqa.answering.weights import Weights
from articleqa.data import read_data


class ConfidenceModel(Weights):
    """Weights of a logistic regression, and the threshold below which an answer is withheld."""

    version: Annotated[int, Field(ge=1, le=1)] = 1
    min_confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    intercept: FiniteFloat

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return the probability for a sentence with these signals."""
        logit = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in signals.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


SIGNAL_FEATURES = (
    "overlap",
    "meant",
    "meaning",
    "missing",
    "phrase",
    "order",
    "proximity",
    "focus",
    "fragment",
    "asks",
)
"""Features of a sentence that tell an answer from a near miss as they are."""


_STRICT = (
    AnswerType.TIME,
    AnswerType.NUMBER,
    AnswerType.MONEY,
    AnswerType.DURATION,
    AnswerType.EXPANSION,
)
"""Kinds of answer that a sentence can be seen to lack."""


def signals_of(candidates: Candidates, ranking: Ranking, row: int, lead: float) -> dict[str, float]:
    """Return what tells whether the sentence in `row` answers, each a number of about 0 to 1.

    `lead` is its score less that of the best other sentence.
    """
    question = candidates.question
    value = dict(zip(FEATURES, ranking.table[row].tolist(), strict=True))
    matched, mentioned = candidates.matched[row], candidates.mentioned
    names_missing = _names_missing(candidates, row)
    asked = question.expected
    return {
        **{name: value[name] for name in SIGNAL_FEATURES},
        "covered_near": value["meant"] + max(value["meant_before"], value["meant_after"]),
        "covered_passage": value["meant"] + value["meant_passage"],
        "covered_context": value["meant"] + value["meant_context"],
        "mentioned": float(candidates.share(mentioned[None, :].astype(float))[0]),
        "unmet": float(_is_unmet(question, value)),
        "names_missing": names_missing,
        "a_name_missing": float(names_missing > 0.0),
        "matched_terms": min(float(matched.sum()), 6.0) / 6,
        "missing_terms": min(float((1.0 - candidates.meant[row]).sum()), 6.0) / 6,
        "lead": max(-1.0, min(1.0, lead / 4)),
        **_reading_signals(ranking, row),
        "asks_yes_no": float(asked is AnswerType.YES_NO),
        **{f"asks_{kind.value}": float(asked is kind) for kind in TYPED},
        **{f"offers_{kind.value}": value[f"offers_{kind.value}"] for kind in TYPED},
    }


def _reading_signals(ranking: Ranking, row: int) -> dict[str, float]:
    """Return what the network made of the sentence, and how sure it is of it among all, and of one word."""
    reading = ranking.reading
    if reading is None or row not in reading.rows:
        return {}
    at = int(np.flatnonzero(reading.rows == row)[0])
    words, terms, features = reading.parts[at].tolist()
    scores = ranking.scores[reading.rows]
    word_scores = reading.word_scores[at]
    return {
        "read_words": words / 5,
        "read_terms": terms / 5,
        "read_features": features / 5,
        "score": float(ranking.scores[row]) / 20,
        "share": float(1.0 / np.exp(scores - ranking.scores[row]).sum()),
        "peak": float(1.0 / np.exp(word_scores - word_scores.max()).sum()),
    }


def _is_unmet(question: Question, value: Mapping[str, float]) -> bool:
    """Say whether a date, a figure or a name is asked for and the sentence has none to offer."""
    kind = question.expected
    return (kind in _STRICT or (question.asks_for_one_name and kind in TYPED)) and not value[
        f"offers_{kind.value}"
    ]


def _names_missing(candidates: Candidates, row: int) -> float:
    """Return the share of the question's names and numbers that neither passage nor title has."""
    if not candidates.names.any():
        return 0.0
    here = np.maximum(candidates.around(candidates.matched)[row], candidates.context[row])
    return float(1.0 - here[candidates.names].mean())


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
