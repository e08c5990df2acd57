"""Confidence: the probability that a sentence answers the question.

It is a logistic regression over signals that tell an answer from a near miss: how much of the question the
sentence covers, which name or figure is missing, whether the question has a negation that the sentence lacks,
and how sure the ranker is. `articleqa calibrate` fits it (`articleqa.training.confidence`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import Field, FiniteFloat

from articleqa.arrays import Float64Array
from articleqa.data import read_data
from articleqa.evidence.answer_type_matching import HALF, TYPED, counted_by
from articleqa.evidence.candidates import Candidates
from articleqa.language.answer_types import AnswerType
from articleqa.question.analysis import Question
from articleqa.ranking.features import FEATURES
from articleqa.ranking.model_file import Weights
from articleqa.ranking.scores import Ranking, RowReading
from articleqa.text.near_equal import NEGATION


class Signals(NamedTuple):
    """Signals of whether a sentence answers, each a number between about 0 and 1; see `signals_of`."""

    overlap: float
    soft_overlap: float
    meaning: float
    covered_near: float
    covered_context: float
    asks_yes_no: float
    terms: float
    unmet: float
    uncounted: float
    a_name_missing: float
    a_name_unmentioned: float
    negated: float
    negated_alone: float
    share: float
    read_terms: float
    read_features: float
    read_odds: float
    read_any: float


class ConfidenceModel(Weights):
    """Weights of a logistic regression, and the thresholds for an answer and for a possible answer."""

    own_features: ClassVar[tuple[str, ...]] = Signals._fields

    version: Annotated[int, Field(ge=3, le=3)] = 3
    features: tuple[str, ...] = own_features
    min_confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    maybe_confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    intercept: FiniteFloat

    def probability(self, signals: Mapping[str, float], more: float = 0.0) -> float:
        """Return the probability for a sentence with these signals; `more` is added to the log odds."""
        logit = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in signals.items())
        logit += more
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


_STRICT = (
    AnswerType.TIME,
    AnswerType.NUMBER,
    AnswerType.MONEY,
    AnswerType.DURATION,
    AnswerType.EXPANSION,
)
"""Answer types whose absence from a sentence can be detected."""


def signals_of(candidates: Candidates, ranking: Ranking, row: int) -> dict[str, float]:
    """Return the signals of whether the sentence in `row` answers, each a number between about 0 and 1."""
    question = candidates.question
    found = ranking.reading_of(row)  # a row with another row's score has its features too
    value = dict(zip(FEATURES, found.features.tolist(), strict=True))
    return Signals(
        overlap=value["overlap"],
        soft_overlap=value["soft_overlap"],
        meaning=value["meaning"],
        covered_near=value["soft_overlap"] + max(value["soft_overlap_before"], value["soft_overlap_after"]),
        covered_context=value["soft_overlap"] + value["soft_overlap_context"],
        asks_yes_no=float(question.expected is AnswerType.YES_NO),
        terms=min(len(question.terms), 12) / 12,
        **_unmet(question, max((mention.strength for mention in candidates.offered(row)), default=0.0)),
        **_names(candidates, found.row),
        **_negation(question.text, candidates[row].text),
        **_certainty(candidates, ranking.scores, row, found),
    )._asdict()


MORE_ARTICLES = 0.02
"""The weight, in the log odds, of the logarithm of the number of articles that say the same.

It is small because copies are not independent witnesses: twelve raise a confidence of 0.40 to 0.41. It
outweighs the changes in the third digit that come from the length of a near copy or from its other sentences.
"""


def confidence_of(
    model: ConfidenceModel, candidates: Candidates, ranking: Ranking, row: int, articles: int
) -> float:
    """Return the probability that the sentence in `row`, or one that nearly equals it, answers.

    `articles` is the number of articles that say the same.
    """
    same = np.flatnonzero(candidates.duplicate_groups == candidates.duplicate_groups[row])
    signals = max((signals_of(candidates, ranking, each) for each in same.tolist()), key=model.probability)
    return model.probability(signals, MORE_ARTICLES * math.log(articles))


def _names(candidates: Candidates, row: int) -> dict[str, float]:
    """Return whether a name in the question is missing near the sentence, and whether one is in no article.

    Near the sentence means in its passage, the title and the headings.
    """
    matches, names = candidates.matches, candidates.names
    near = np.maximum(matches.matched_around[row], matches.context[row])
    return {
        "a_name_missing": float((near[names] < 1.0).any()),
        "a_name_unmentioned": float((names & ~candidates.mentioned).any()),
    }


def _negation(question: str, sentence: str) -> dict[str, float]:
    """Return whether the question has a negation, and whether it has one that the sentence lacks."""
    denies = NEGATION.search(question) is not None
    return {
        "negated": float(denies),
        "negated_alone": float(denies and NEGATION.search(sentence) is None),
    }


def _certainty(candidates: Candidates, scores: Float64Array, row: int, found: RowReading) -> dict[str, float]:
    """Return how sure the ranker is of the sentence among its rivals, and what reading it gave.

    The values from the network or the reader are 0 for a sentence that it did not read.
    """
    among = scores[candidates.distinct_rivals(row, np.arange(len(candidates)), scores)]
    share = float(1.0 / np.exp(np.minimum(among - float(scores[row]), 50.0)).sum())
    _, terms, features = (0.0, 0.0, 0.0) if found.network is None else found.network.parts
    odds, some = _reader_odds(candidates, found)
    return {
        "share": share,
        "read_terms": terms / 5,
        "read_features": features / 5,
        "read_odds": odds / MOST_ODDS,
        "read_any": some / MOST_ODDS,
    }


MOST_ODDS = 10.0
"""The reader's log odds are clipped to this value, positive or negative."""


def _reader_odds(candidates: Candidates, found: RowReading) -> tuple[float, float]:
    """Return the reader's log odds that the sentence answers, and that any sentence it read does.

    The first odds are against its rivals and "none of these", the second against "none of these" alone, whose
    score is 0. Nearly equal sentences count once.
    """
    if found.reader is None or found.reader.reading.reader_scores is None:
        return 0.0, 0.0
    (reading, at), scores = found.reader, found.reader.reading.reader_scores
    told = candidates.distinct_rivals(found.row, reading.rows, scores)
    others = np.logaddexp.reduce(np.append(scores[told[told != at]], 0.0))
    some = np.logaddexp.reduce(scores[told])
    odds, of_any = np.clip([float(scores[at]) - others, some], -MOST_ODDS, MOST_ODDS).tolist()
    return odds, of_any


def _unmet(question: Question, offered: float) -> dict[str, float]:
    """Return whether the sentence lacks what is asked for; `offered` is the best strength of its mentions.

    `unmet` is 1 if a date, a figure or a name is asked for and the sentence has none. `uncounted` is 1 if a
    number of something is asked for and no number in the sentence counts that.
    """
    kind = question.expected
    strict = kind in _STRICT or (question.asks_for_one_name and kind in TYPED)
    return {
        "unmet": float(strict and not offered),
        "uncounted": float(bool(counted_by(question)) and offered <= HALF),
    }


@cache
def shipped_confidence(ranker: str) -> ConfidenceModel:
    """Return the shipped confidence model for the ranking of this name: "words" or "reader"."""
    name = f"confidence_{ranker}.json"
    return ConfidenceModel.from_json(read_data(name), name)
