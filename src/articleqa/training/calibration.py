"""A confidence model with a threshold for a stated risk, and what it is worth on held-out articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from articleqa.answering.confidence import ConfidenceModel
from articleqa.evaluation import metrics
from articleqa.models import Model
from articleqa.training.calibration_data import Case, CaseKind
from articleqa.training.confidence import balance, fit_confidence, held_out_probabilities
from articleqa.training.threshold import Operation, maybe_threshold, operations, threshold_for

MAYBE_RISK = 0.5
"""The share of wrong sentences among those shown with "the articles may say".

On folders of documents that nothing was fitted to, more are wrong: about six in ten."""

FOLDS = 8
"""Parts that the articles are held out in."""


class Calibration(Model):
    """The fitted model and its measures, all on held-out articles.

    `auroc` says for each kind of unanswerable case how well confidence tells answerable ones from it;
    `ece` and `curve` are over all kinds, which weigh by `SHARES`; `chosen` is the threshold's point.
    """

    model: ConfidenceModel
    cases: Mapping[CaseKind, int]
    p_at_1: float | None
    auroc: Mapping[CaseKind, float | None]
    ece: float | None
    curve: tuple[Operation, ...]
    chosen: Operation


def calibrate(cases: Sequence[Case], *, about: str, risk: float) -> Calibration:
    """Return the model fitted to all of `cases`, with the lowest threshold that keeps to `risk`.

    `risk` is the share of wrong answers among those given to a mix in which four of five questions have an
    answer (`SHARES`).

    Raises:
        ValueError: there is nothing to learn from: no right answer, no wrong one, no
            answer at all, or one article alone.
    """
    if not cases:
        raise ValueError(
            "no sentence comes up for any question; check that the questions are about the articles"
        )
    folds = min(FOLDS, len({case.group for case in cases}))
    if folds < 2:
        raise ValueError("the questions are about one article; calibration holds articles out, and needs two")
    weights = balance(cases)
    probabilities = held_out_probabilities(cases, folds).tolist()
    rights = [case.right for case in cases]
    curve = operations(probabilities, rights, weights.tolist())
    chosen = threshold_for(risk, curve)
    answerable = [p for p, case in zip(probabilities, cases, strict=True) if case.kind is CaseKind.ANSWERABLE]
    maybe = maybe_threshold(
        probabilities, rights, weights.tolist(), below=chosen.threshold, risk=max(risk, MAYBE_RISK)
    )
    return Calibration(
        model=fit_confidence(cases, about=about, min_confidence=chosen.threshold, maybe_confidence=maybe),
        cases={kind: sum(case.kind is kind for case in cases) for kind in CaseKind},
        p_at_1=metrics.mean(case.right for case in cases if case.kind is CaseKind.ANSWERABLE),
        auroc={
            kind: _auroc(answerable, [p for p, c in zip(probabilities, cases, strict=True) if c.kind is kind])
            for kind in (CaseKind.UNANSWERABLE, CaseKind.REMOVED, CaseKind.ELSEWHERE)
        },
        ece=_ece(probabilities, rights, weights.tolist()),
        curve=tuple(curve),
        chosen=chosen,
    )


def _auroc(answerable: Sequence[float], others: Sequence[float]) -> float | None:
    return metrics.auroc([*answerable, *others], [True] * len(answerable) + [False] * len(others))


def _ece(probabilities: Sequence[float], rights: Sequence[bool], weights: Sequence[float]) -> float:
    """Return the expected calibration error, each case by its weight."""
    gaps = [0.0] * metrics.ECE_BINS
    for probability, right, weight in zip(probabilities, rights, weights, strict=True):
        gaps[min(int(probability * metrics.ECE_BINS), metrics.ECE_BINS - 1)] += weight * (probability - right)
    return sum(map(abs, gaps)) / sum(weights)
