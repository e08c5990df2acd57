"""Choose the confidence threshold for an accepted risk."""

from __future__ import annotations

from collections.abc import Sequence

from articleqa.models import Model


class Operation(Model):
    """The effect of a threshold: the share of questions answered, and the share of those that are wrong.

    `risk` is 0 if nothing is answered.
    """

    threshold: float
    coverage: float
    risk: float


def operations(
    probabilities: Sequence[float], rights: Sequence[bool], weights: Sequence[float]
) -> list[Operation]:
    """Return the effect of each threshold from 0 to 1 in steps of 0.01.

    Questions are weighted; an unanswerable question is wrong whenever it is answered.
    """
    total = sum(weights) or 1.0
    found: list[Operation] = []
    for step in range(101):
        threshold = step / 100
        answered = wrong = 0.0
        for probability, right, weight in zip(probabilities, rights, weights, strict=True):
            if probability >= threshold:
                answered += weight
                wrong += weight * (not right)
        found.append(
            Operation(
                threshold=threshold, coverage=answered / total, risk=wrong / answered if answered else 0.0
            )
        )
    return found


def threshold_for(risk: float, found: Sequence[Operation]) -> Operation:
    """Return the lowest threshold such that it and all higher ones keep the risk at or below `risk`."""
    chosen = found[-1]
    for operation in reversed(found):
        if operation.risk > risk:
            break
        chosen = operation
    return chosen


def maybe_threshold(
    probabilities: Sequence[float],
    rights: Sequence[bool],
    weights: Sequence[float],
    *,
    below: float,
    risk: float,
) -> float:
    """Return the lowest threshold, in hundredths, at which uncertain answers are worth showing.

    Of the answers from this threshold up to the threshold `below`, at most the share `risk` is wrong. If
    there is no such threshold, return `below`.
    """
    for step in range(1, round(below * 100)):
        threshold = step / 100
        shown = [
            (weight, right)
            for probability, right, weight in zip(probabilities, rights, weights, strict=True)
            if threshold <= probability < below
        ]
        total = sum(weight for weight, _ in shown)
        if total and sum(weight for weight, right in shown if not right) / total <= risk:
            return threshold
    return below
