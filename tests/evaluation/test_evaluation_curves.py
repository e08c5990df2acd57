from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.evaluation import CoveragePoint, ReliabilityBin, metrics
from articleqa.evaluation.curves import MOST_POINTS, reliability, risk_coverage

SCORED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=300)


def test_bins_by_hand() -> None:
    confidences, rights = [0.0, 0.1, 0.15, 0.95, 1.0], [False, True, False, True, True]
    assert reliability(confidences, rights) == (
        ReliabilityBin(lower=0.0, upper=0.1, questions=1, mean_confidence=0.0, right=0.0),
        ReliabilityBin(lower=0.1, upper=0.2, questions=2, mean_confidence=0.125, right=0.5),
        ReliabilityBin(lower=0.9, upper=1.0, questions=2, mean_confidence=0.975, right=1.0),
    )


def test_a_curve_by_hand() -> None:
    # The two at 0.5 tie: half an error each.
    assert risk_coverage([0.5, 0.9, 0.5, 0.1], [True, True, False, False]) == (
        CoveragePoint(coverage=1 / 4, risk=0),
        CoveragePoint(coverage=2 / 4, risk=0.5 / 2),
        CoveragePoint(coverage=3 / 4, risk=1 / 3),
        CoveragePoint(coverage=1.0, risk=2 / 4),
    )


def test_no_questions_give_no_curves() -> None:
    assert reliability([], []) == ()
    assert risk_coverage([], []) == ()


@given(SCORED)
def test_the_bins_hold_every_question_and_give_the_ece(scored: list[tuple[float, bool]]) -> None:
    confidences, rights = [c for c, _ in scored], [r for _, r in scored]
    bins = reliability(confidences, rights)
    assert sum(found.questions for found in bins) == len(scored)
    gaps = sum(found.questions * abs(found.mean_confidence - found.right) for found in bins)
    assert gaps / len(scored) == metrics.expected_calibration_error(confidences, rights)


@given(SCORED)
def test_a_curve_is_thin_rises_in_coverage_and_ends_with_all(scored: list[tuple[float, bool]]) -> None:
    confidences, rights = [c for c, _ in scored], [r for _, r in scored]
    curve = risk_coverage(confidences, rights)
    coverages = [point.coverage for point in curve]
    assert len(curve) == min(len(scored), MOST_POINTS)
    assert coverages == sorted(set(coverages))
    assert (coverages[0], coverages[-1]) == (1 / len(scored), 1.0)
    assert curve[-1].risk == pytest.approx(1 - sum(rights) / len(rights))
    if len(scored) <= MOST_POINTS:
        assert metrics.mean(point.risk for point in curve) == metrics.aurc(confidences, rights)
