from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.evaluation import metrics

# Few distinct confidences, so that ties are common.
SCORED = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), st.booleans()), max_size=30)
RANKS = st.lists(st.none() | st.integers(1, 20), min_size=1)


def split(scored: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [confidence for confidence, _ in scored], [right for _, right in scored]


def test_ranks_by_hand() -> None:
    ranks = [1, None, 2, 4, 12]
    assert metrics.precision_at_1(ranks) == 1 / 5
    assert metrics.recall_at(3, ranks) == 2 / 5
    assert metrics.recall_at(4, ranks) == 3 / 5
    assert metrics.mean_reciprocal_rank(ranks, 10) == pytest.approx((1 + 1 / 2 + 1 / 4) / 5)


def test_everything_is_undefined_without_questions() -> None:
    assert metrics.mean([]) is None
    assert metrics.precision_at_1([]) is None
    assert metrics.recall_at(3, []) is None
    assert metrics.mean_reciprocal_rank([], 10) is None
    for measure in (
        metrics.auroc,
        metrics.aurc,
        metrics.expected_calibration_error,
        metrics.brier_score,
    ):
        assert measure([], []) is None


@given(RANKS)
def test_p_at_1_is_at_most_mrr_which_is_at_most_recall_at_its_depth(ranks: list[int | None]) -> None:
    first = metrics.precision_at_1(ranks)
    mrr = metrics.mean_reciprocal_rank(ranks, 10)
    found = metrics.recall_at(10, ranks)
    assert first is not None
    assert mrr is not None
    assert found is not None
    assert 0 <= first <= mrr + 1e-12
    assert mrr <= found + 1e-12 <= 1 + 1e-12


def test_auroc_by_hand() -> None:
    # Pairs of right and wrong: .9>.8, .9>.5, .5<.8, .5=.5: 2.5 of 4.
    assert metrics.auroc([0.9, 0.8, 0.5, 0.5], [True, False, True, False]) == 2.5 / 4
    assert metrics.auroc([0.9, 0.1], [True, False]) == 1
    assert metrics.auroc([0.1, 0.9], [True, False]) == 0


@pytest.mark.parametrize("rights", [[True, True], [False, False]])
def test_auroc_is_undefined_where_all_are_right_or_all_are_wrong(rights: list[bool]) -> None:
    assert metrics.auroc([0.1, 0.9], rights) is None


@given(SCORED)
def test_auroc_is_the_share_of_pairs_in_order_with_ties_half(scored: list[tuple[float, bool]]) -> None:
    pairs = [(a > b) + (a == b) / 2 for a, right in scored if right for b, wrong in scored if not wrong]
    expected = sum(pairs) / len(pairs) if pairs else None
    assert metrics.auroc(*split(scored)) == pytest.approx(expected)


@given(SCORED)
def test_auroc_turns_around_with_the_confidence(scored: list[tuple[float, bool]]) -> None:
    confidences, rights = split(scored)
    value = metrics.auroc(confidences, rights)
    turned = metrics.auroc([1 - confidence for confidence in confidences], rights)
    assert value is None or turned == pytest.approx(1 - value)


def test_aurc_by_hand() -> None:
    # Risks at coverage 1, 2, 3 of 3: 0, 1/2, 1/3.
    assert metrics.aurc([0.9, 0.5, 0.1], [True, False, True]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert metrics.aurc([0.9, 0.5], [True, True]) == 0
    assert metrics.aurc([0.9, 0.5], [False, False]) == 1


@given(SCORED.filter(lambda scored: 0 < len(scored) <= 6))
def test_aurc_of_ties_is_the_mean_over_all_their_orders(scored: list[tuple[float, bool]]) -> None:
    orders = [
        [right for _, right in order]
        for order in permutations(scored)
        if all(a >= b for (a, _), (b, _) in pairwise(order))
    ]
    areas = [
        sum(order[:k].count(False) / k for k in range(1, len(order) + 1)) / len(order) for order in orders
    ]
    assert metrics.aurc(*split(scored)) == pytest.approx(sum(areas) / len(areas))


@given(SCORED.flatmap(lambda scored: st.tuples(st.just(scored), st.permutations(scored))))
def test_the_order_of_the_questions_does_not_matter(
    orders: tuple[list[tuple[float, bool]], list[tuple[float, bool]]],
) -> None:
    for measure in (
        metrics.auroc,
        metrics.aurc,
        metrics.expected_calibration_error,
        metrics.brier_score,
    ):
        assert measure(*split(orders[0])) == pytest.approx(measure(*split(orders[1])))


def test_ece_by_hand() -> None:
    # Bins: .05 alone (right: gap .95), .62 and .68 (one right: gap .15, weight 2), 1.0 (right: gap 0).
    confidences = [0.05, 0.62, 0.68, 1.0]
    rights = [True, True, False, True]
    assert metrics.expected_calibration_error(confidences, rights) == pytest.approx((0.95 + 2 * 0.15) / 4)


def test_a_confidence_on_a_bound_belongs_to_the_bin_above() -> None:
    # .5 and .59 share a bin and cancel (mean .545, half right: gap .045); .49 is in the bin below.
    assert metrics.expected_calibration_error([0.5, 0.59], [True, False]) == pytest.approx(0.045)
    assert metrics.expected_calibration_error([0.49, 0.59], [True, False]) == pytest.approx((0.51 + 0.59) / 2)
    assert metrics.expected_calibration_error([0.95, 1.0], [False, True]) == pytest.approx(0.475)


def test_brier_by_hand() -> None:
    assert metrics.brier_score([0.8, 0.3, 0.0], [True, True, False]) == pytest.approx((0.04 + 0.49) / 3)


@given(SCORED.filter(bool))
def test_every_measure_of_confidence_lies_between_0_and_1(scored: list[tuple[float, bool]]) -> None:
    for measure in (metrics.aurc, metrics.expected_calibration_error, metrics.brier_score):
        value = measure(*split(scored))
        assert value is not None
        assert 0 <= value <= 1 + 1e-12
