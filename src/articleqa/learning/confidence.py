"""Fit confidence: the weights that turn what is known of an answer into the probability that it is right.

A logistic regression (Platt 1999 fits one to a single score; here it is fitted to all signals at once),
where answerable questions, unanswerable ones and those asked of other articles weigh the same together,
however many there are of each: fitted to answerable questions alone, confidence could not be wary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from articleqa.answering.candidates import Floats
from articleqa.answering.confidence import ConfidenceModel
from articleqa.learning.cases import Case
from articleqa.learning.folds import folds_of

PENALTY = 1e-4
"""What the weights' squares count for in the loss."""


def fit_confidence(cases: Sequence[Case], *, about: str, min_confidence: float) -> ConfidenceModel:
    """Return the confidence model fitted to `cases`, with this threshold.

    Raises:
        ValueError: all cases are right, or all are wrong.
    """
    if len({case.right for case in cases}) < 2:
        raise ValueError("confidence needs answers that are right and answers that are wrong to learn from")
    names = sorted({name for case in cases for name in case.signals})
    signals = np.array([[case.signals.get(name, 0.0) for name in names] for case in cases])
    fitted = _logistic(signals, np.array([case.right for case in cases], dtype=float), balance(cases))
    return ConfidenceModel(
        about=about,
        min_confidence=min_confidence,
        intercept=round(float(fitted[-1]), 4),
        weights={name: round(float(w), 4) + 0.0 for name, w in zip(names, fitted[:-1], strict=True)},
    )


def balance(cases: Sequence[Case]) -> Floats:
    """Return a weight for each case, such that each kind that there is weighs the same, 1 on average."""
    counts = Counter(case.kind for case in cases)
    return np.array([len(cases) / len(counts) / counts[case.kind] for case in cases])


def _logistic(signals: Floats, right: Floats, weights: Floats) -> Floats:
    """Return the coefficients, the intercept last, that minimise the weighted log loss, by L-BFGS."""
    from scipy.optimize import minimize

    columns = np.hstack([signals, np.ones((len(signals), 1))])
    total = weights.sum()

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        logits = columns @ coefficients
        slopes = coefficients.copy()
        slopes[-1] = 0.0
        value = float((weights * (np.logaddexp(0.0, logits) - right * logits)).sum()) / total
        gradient = columns.T @ (weights * (1.0 / (1.0 + np.exp(-logits)) - right)) / total
        return value + PENALTY * float(slopes @ slopes), gradient + 2 * PENALTY * slopes

    return np.asarray(minimize(loss, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B").x)


def held_out_probabilities(cases: Sequence[Case], folds: int) -> Floats:
    """Return the probability of each case by a model fitted to the other folds, split by article."""
    fold_of = folds_of((case.group for case in cases), folds)
    probabilities = np.zeros(len(cases))
    for fold in range(folds):
        model = fit_confidence([c for c in cases if fold_of[c.group] != fold], about="", min_confidence=0.0)
        for number, case in enumerate(cases):
            if fold_of[case.group] == fold:
                probabilities[number] = model.probability(case.signals)
    return probabilities
