"""Fit the confidence model, which turns the signals of an answer into the probability that it is right.

A logistic regression (Platt 1999 fits one to a single score; here it is fitted to all signals at once).
Cases are weighted (`SHARES`) so that four of five questions have an answer in the articles, as in real use,
however many cases of each kind there are. Fitted to answerable questions alone, the model would not learn to
be cautious.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from articleqa.answering.confidence import ConfidenceModel
from articleqa.arrays import Float64Array
from articleqa.training.calibration_data import Case, CaseKind
from articleqa.training.folds import folds_of

PENALTY = 1e-3
"""Factor of the squared weights in the loss; the best of 1e-4, 1e-3 and 3e-3 on held-out articles."""


ONE_SIDED = "confidence needs both right and wrong answers to learn from"
TOO_FEW_ARTICLES = (
    "all right answers, or all wrong ones, are about the same articles; calibration holds articles out"
    " and needs both kinds in the rest"
)

_SURER = (
    *("overlap", "soft_overlap", "meaning", "covered_near", "covered_context"),
    *("share", "read_terms", "read_features", "read_odds", "read_any"),
)
_LESS_SURE = ("negated_alone", "unmet", "uncounted", "a_name_missing", "a_name_unmentioned")
BOUNDS: Mapping[str, tuple[float | None, float | None]] = {
    **dict.fromkeys(_SURER, (0.0, None)),
    **dict.fromkeys(_LESS_SURE, (None, 0.0)),
}
"""Lower and upper bounds on the weights of some signals.

A sentence that covers more of the question must never lower the confidence, and something missing must never
raise it: where signals overlap, an unbounded fit plays one against another.
"""


def fit_confidence(
    cases: Sequence[Case], *, about: str, min_confidence: float, maybe_confidence: float
) -> ConfidenceModel:
    """Return the confidence model fitted to `cases`, with these thresholds.

    Raises:
        ValueError: all cases are right, or all are wrong.
    """
    _require_both_outcomes(cases, ONE_SIDED)
    names = sorted({name for case in cases for name in case.signals})
    signals = np.array([[case.signals.get(name, 0.0) for name in names] for case in cases])
    bounds = [BOUNDS.get(name, (None, None)) for name in names]
    right = np.array([case.right for case in cases], dtype=float)
    fitted = _logistic(signals, right, balance(cases), bounds)
    return ConfidenceModel(
        about=about,
        min_confidence=min_confidence,
        maybe_confidence=maybe_confidence,
        intercept=round(float(fitted[-1]), 4),
        weights={name: round(float(w), 4) + 0.0 for name, w in zip(names, fitted[:-1], strict=True)},
    )


SHARES: Mapping[CaseKind, float] = {
    CaseKind.ANSWERABLE: 0.8,
    CaseKind.UNANSWERABLE: 0.05,
    CaseKind.REMOVED: 0.1,
    CaseKind.ELSEWHERE: 0.05,
}
"""Total weight of the cases of each kind: four of five questions have an answer in the articles. Of the
others, most are asked without the passage that answers: people ask what their articles are about."""


def _require_both_outcomes(cases: Sequence[Case], problem: str) -> None:
    if len({case.right for case in cases}) < 2:
        raise ValueError(problem)


def balance(cases: Sequence[Case]) -> Float64Array:
    """Return a weight for each case, 1 on average, so that the kinds are weighted by `SHARES`."""
    counts = Counter(case.kind for case in cases)
    total = sum(SHARES[kind] for kind in counts)
    return np.array([len(cases) * SHARES[case.kind] / total / counts[case.kind] for case in cases])


def _logistic(
    signals: Float64Array,
    right: Float64Array,
    weights: Float64Array,
    bounds: Sequence[tuple[float | None, float | None]],
) -> Float64Array:
    """Return the coefficients (intercept last) that minimise the weighted log loss, by L-BFGS-B."""
    from scipy.optimize import minimize

    columns = np.hstack([signals, np.ones((len(signals), 1))])
    total = weights.sum()

    def loss(coefficients: Float64Array) -> tuple[float, Float64Array]:
        logits = columns @ coefficients
        slopes = coefficients.copy()
        slopes[-1] = 0.0
        value = float((weights * (np.logaddexp(0.0, logits) - right * logits)).sum()) / total
        gradient = columns.T @ (weights * (1.0 / (1.0 + np.exp(-logits)) - right)) / total
        return value + PENALTY * float(slopes @ slopes), gradient + 2 * PENALTY * slopes

    start = np.zeros(columns.shape[1])
    # Tight tolerances, so that the digits we keep do not depend on the order of summation.
    exact = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 2_000}
    every = [*bounds, (None, None)]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=every, options=exact).x)


def held_out_probabilities(cases: Sequence[Case], folds: int) -> Float64Array:
    """Return each case's probability by a model fitted to the other folds; folds are split by article."""
    _require_both_outcomes(cases, ONE_SIDED)
    fold_of = folds_of((case.group for case in cases), folds)
    probabilities = np.zeros(len(cases))
    for fold in range(folds):
        others = [case for case in cases if fold_of[case.group] != fold]
        _require_both_outcomes(others, TOO_FEW_ARTICLES)
        model = fit_confidence(others, about="", min_confidence=0.0, maybe_confidence=0.0)
        for number, case in enumerate(cases):
            if fold_of[case.group] == fold:
                probabilities[number] = model.probability(case.signals)
    return probabilities
