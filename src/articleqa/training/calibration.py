"""Fit a confidence model and its threshold for a given risk, and measure it on held-out articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from articleqa.answering.confidence import ConfidenceModel
from articleqa.evaluation import metrics
from articleqa.models import Model
from articleqa.training.calibration_data import Case, CaseKind
from articleqa.training.confidence import balance, fit_confidence, held_out_probabilities
from articleqa.training.threshold import Operation, maybe_threshold, operations, threshold_for

MAYBE_RISK = 0.5
"""The accepted share of wrong sentences among those shown with "the articles may say".

On folders of documents to which nothing was fitted, more are wrong: about six in ten."""

FOLDS = 8
"""Number of folds in which the articles are held out."""


class Calibration(Model):
    """The fitted model and its metrics, all on held-out articles.

    `auroc` says, for each kind of unanswerable case, how well confidence separates answerable cases from it.
    `ece` and `curve` are over all kinds, weighted by `SHARES`; `chosen` is the point of the threshold.
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

    `risk` is the largest accepted share of wrong answers among those given, for a mix in which four of five
    questions have an answer (`SHARES`).

    Raises:
        ValueError: there is too little to learn from: no answer at all, no right answer, no wrong answer, or
            only one article.
    """
    if not cases:
        raise ValueError(
            "no question has a candidate sentence; check that the questions are about the articles"
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
    """Return the expected calibration error over weighted cases."""
    gaps = [0.0] * metrics.ECE_BINS
    for probability, right, weight in zip(probabilities, rights, weights, strict=True):
        gaps[min(int(probability * metrics.ECE_BINS), metrics.ECE_BINS - 1)] += weight * (probability - right)
    return sum(map(abs, gaps)) / sum(weights)
