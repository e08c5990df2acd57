"""The nouns that an evaluation comes out as. Every measure is None where it is undefined."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field

from articleqa.evaluation.questions import GoldAnswer, GoldRule
from articleqa.evaluation.short_answers import ShortAnswerScores
from articleqa.models import Citation, Model


class Verdict(StrEnum):
    """What became of a question under the default threshold."""

    ANSWERED_RIGHT = "answered right"
    ANSWERED_WRONG = "answered wrong"
    WRONGLY_ABSTAINED = "wrongly abstained"
    RIGHTLY_ABSTAINED = "rightly abstained"
    WRONGLY_ANSWERED = "wrongly answered"


class Share(Model):
    """`count` of `of`, and their ratio."""

    count: int = Field(ge=0)
    of: int = Field(ge=0)
    rate: float | None


class BaselineScores(Model):
    """Plain two-level BM25 on the same answerable questions; lengths in characters."""

    p_at_1: float | None
    mean_quote_length: float | None


class Scores(Model):
    """Measures over some questions.

    `p_at_1`, `mean_quote_length` (characters of the first sentences), `mrr` (first ten sentences) and
    `recall_at_3` are over the answerable ones with the threshold off. The shares are under the default
    threshold: the first three of the answerable questions, the last two of the unanswerable ones.
    `aurc`, `auroc`, `ece` and `brier` are over all questions, right meaning answerable and the first
    sentence right. `marked` is the share of the answerable ones whose first sentence has a short answer
    marked, and `short_answers` says how good these are where that sentence is right; both are None where
    the gold answers of the set are not short.
    """

    questions: int
    answerable: int
    p_at_1: float | None
    mean_quote_length: float | None
    mrr: float | None
    recall_at_3: float | None
    baseline: BaselineScores
    answered_right: Share
    answered_wrong: Share
    wrongly_abstained: Share
    rightly_abstained: Share
    wrongly_answered: Share
    aurc: float | None
    auroc: float | None
    ece: float | None
    brier: float | None
    marked: float | None = None
    short_answers: ShortAnswerScores | None = None


class ReliabilityBin(Model):
    """Questions of like confidence: from `lower` on, below `upper` (the last bin holds 1.0 too).

    `right` is the share of those whose first sentence is right; the weighted mean distance from
    `mean_confidence` is the ECE.
    """

    lower: float
    upper: float
    questions: int = Field(ge=1)
    mean_confidence: float
    right: float


class CoveragePoint(Model):
    """The most confident questions, `coverage` of them all, and the share of wrong ones among them."""

    coverage: float
    risk: float


class Miss(Model):
    """A question that went wrong, the sentence given for it (None: there was none), and the golds."""

    id: str
    question: str
    kind: str
    outcome: Verdict
    confidence: float
    given: Citation | None
    golds: tuple[GoldAnswer, ...]


class Evaluation(Model):
    """How an index answered a question set. `version` changes when a field changes its meaning.

    `min_confidence` is the default threshold; `kinds` has the scores of each kind of question;
    `reliability` has the bins of confidence that hold questions; `risk_coverage` is the curve whose area
    is the AURC, thinned to at most 100 points. Both are over all questions, right meaning what it does
    for the AURC. `misses` are the worst, those answered before those abstained on, the most confident
    first.
    """

    version: Literal[1] = 1
    name: str
    rule: GoldRule
    articles: int
    passages: int
    min_confidence: float
    overall: Scores
    kinds: Mapping[str, Scores]
    reliability: tuple[ReliabilityBin, ...]
    risk_coverage: tuple[CoveragePoint, ...]
    misses: tuple[Miss, ...]
