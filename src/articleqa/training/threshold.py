"""From which confidence on to answer, for a risk that one is ready to take."""

from __future__ import annotations

from collections.abc import Sequence

from articleqa.models import Model


class Operation(Model):
    """What a threshold gives: the share of questions answered, and the share of those that are wrong.

    `risk` is 0 where nothing is answered.
    """

    threshold: float
    coverage: float
    risk: float


def operations(
    probabilities: Sequence[float], rights: Sequence[bool], weights: Sequence[float]
) -> list[Operation]:
    """Return what each threshold in steps of a hundredth, from 0 to 1, gives.

    A question counts by its weight; one that cannot be answered is wrong wherever it is answered.
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
    """Return the lowest threshold from which on the risk stays at or below `risk`."""
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
    """Return the lowest threshold, in hundredths, from which on answers surer than it are worth showing.

    That is: of the answers from it on and below the threshold `below`, at most the share `risk` is wrong.
    `below` itself where there is none.
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
