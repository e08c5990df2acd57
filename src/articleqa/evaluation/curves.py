"""Reliability bins and risk-coverage curves: how well confidence is calibrated, and what abstaining gains."""

from __future__ import annotations

from collections.abc import Sequence

from articleqa.evaluation import metrics
from articleqa.evaluation.results import CoveragePoint, ReliabilityBin

MOST_POINTS = 100
"""The most points that a risk-coverage curve keeps: more could not be told apart on a page."""


def reliability(confidences: Sequence[float], rights: Sequence[bool]) -> tuple[ReliabilityBin, ...]:
    """Return the bins of the expected calibration error that hold questions, lowest first."""
    return tuple(
        ReliabilityBin(
            lower=found.number / metrics.ECE_BINS,
            upper=(found.number + 1) / metrics.ECE_BINS,
            questions=found.questions,
            mean_confidence=found.mean_confidence,
            right=found.right,
        )
        for found in metrics.confidence_bins(confidences, rights)
    )


def risk_coverage(confidences: Sequence[float], rights: Sequence[bool]) -> tuple[CoveragePoint, ...]:
    """Return at most `MOST_POINTS` of the risk-coverage curve: the first, the last and evenly spaced ones."""
    risks = metrics.risks(confidences, rights)
    steps = min(len(risks), MOST_POINTS)
    if steps == 0:
        return ()
    last = len(risks) - 1
    kept = [round(step * last / max(1, steps - 1)) for step in range(steps)]
    return tuple(CoveragePoint(coverage=(at + 1) / len(risks), risk=risks[at]) for at in kept)
