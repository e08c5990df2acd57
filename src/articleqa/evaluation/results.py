"""Results of an evaluation. A metric is None where it is undefined."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field

from articleqa.evaluation.questions import GoldAnswer, GoldRule
from articleqa.evaluation.short_answers import ShortAnswerScores
from articleqa.models import Citation, Model


class Verdict(StrEnum):
    """The outcome of a question under the default threshold."""

    ANSWERED_RIGHT = "answered right"
    ANSWERED_WRONG = "answered wrong"
    WRONGLY_ABSTAINED = "wrongly abstained"
    RIGHTLY_ABSTAINED = "rightly abstained"
    WRONGLY_ANSWERED = "wrongly answered"


class Share(Model):
    """`count` out of `of`, and their ratio; None if `of` is 0."""

    count: int = Field(ge=0)
    of: int = Field(ge=0)
    rate: float | None


class BaselineScores(Model):
    """Plain two-level BM25 on the same answerable questions; lengths in characters."""

    p_at_1: float | None
    mean_quote_length: float | None


class Scores(Model):
    """Metrics over some questions.

    `p_at_1`, `mean_quote_length` (characters of the first sentences), `mrr` (first ten sentences) and
    `recall_at_3` are over the answerable questions with the threshold off. The shares are under the default
    threshold: the first three are of the answerable questions, the last two of the unanswerable ones.
    `aurc`, `auroc`, `ece` and `brier` are over all questions; right means that the question is answerable
    and its first sentence is right. `marked` is the share of the answerable questions whose first sentence
    has a short answer marked, and `short_answers` measures these where that sentence is right; both are
    None if the gold answers of the set are not short.
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
    """The questions with a confidence from `lower` to below `upper` (the last bin includes 1.0).

    `right` is the share of them whose first sentence is right; the ECE is its weighted mean distance from
    `mean_confidence`.
    """

    lower: float
    upper: float
    questions: int = Field(ge=1)
    mean_confidence: float
    right: float


class CoveragePoint(Model):
    """The most confident questions: their share of all (`coverage`), and the share wrong (`risk`)."""

    coverage: float
    risk: float


class Miss(Model):
    """A question that went wrong, the sentence given for it (None if there was none), and its golds."""

    id: str
    question: str
    kind: str
    outcome: Verdict
    confidence: float
    given: Citation | None
    golds: tuple[GoldAnswer, ...]


class Evaluation(Model):
    """How an index answered a question set. `version` changes when the meaning of a field changes.

    `min_confidence` is the default threshold; `kinds` has the scores of each kind of question;
    `reliability` has the bins of confidence that hold questions; `risk_coverage` is the curve whose area
    is the AURC, thinned to at most 100 points. Both are over all questions, with right defined as for the
    AURC. `misses` are the worst ones: questions answered wrong come before those abstained on, and more
    confident ones come first.
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
