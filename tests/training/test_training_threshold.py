"""From which confidence on to answer, for a risk that one is ready to take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.training.threshold import Operation, maybe_threshold, operations, threshold_for


def at(found: list[Operation], threshold: float) -> tuple[float, float]:
    (operation,) = [operation for operation in found if operation.threshold == threshold]
    return operation.coverage, operation.risk


def curve(*risks: float) -> list[Operation]:
    return [
        Operation(threshold=number / 10, coverage=1.0 - number / 10, risk=risk)
        for number, risk in enumerate(risks)
    ]


def test_thresholds_go_from_0_to_1_in_hundredths() -> None:
    found = operations([0.5], [True], [1.0])
    assert [operation.threshold for operation in found] == [number / 100 for number in range(101)]


def test_a_threshold_gives_what_is_answered_and_how_much_of_it_is_wrong() -> None:
    found = operations([0.1, 0.4, 0.4, 0.8], [False, False, True, True], [1.0] * 4)
    assert at(found, 0.0) == (1.0, 0.5)
    assert at(found, 0.1) == (1.0, 0.5)
    assert at(found, 0.11) == pytest.approx((0.75, 1 / 3))
    assert at(found, 0.4) == pytest.approx((0.75, 1 / 3))
    assert at(found, 0.41) == (0.25, 0.0)
    assert at(found, 0.8) == (0.25, 0.0)
    assert at(found, 0.81) == (0.0, 0.0)
    assert at(found, 1.0) == (0.0, 0.0)


def test_a_question_counts_by_its_weight() -> None:
    found = operations([0.2, 0.6, 0.9], [False, True, False], [4.0, 3.0, 1.0])
    assert at(found, 0.0) == pytest.approx((1.0, 5 / 8))
    assert at(found, 0.5) == pytest.approx((0.5, 1 / 4))
    assert at(found, 0.7) == pytest.approx((1 / 8, 1.0))


def test_a_certain_answer_is_given_at_every_threshold() -> None:
    assert {operation.coverage for operation in operations([1.0], [True], [1.0])} == {1.0}


def test_without_questions_nothing_is_answered() -> None:
    assert {(o.coverage, o.risk) for o in operations([], [], [])} == {(0.0, 0.0)}


@pytest.mark.parametrize(
    ("risk", "risks", "threshold"),
    [
        (0.5, (0.6, 0.5, 0.4, 0.0), 0.1),
        (0.5, (0.5, 0.5, 0.4, 0.0), 0.0),
        (0.3, (0.6, 0.5, 0.4, 0.0), 0.3),
        (0.0, (0.6, 0.5, 0.4, 0.0), 0.3),
        (1.0, (0.6, 0.5, 0.4, 0.0), 0.0),
        # It was below before, but does not stay there.
        (0.45, (0.4, 0.5, 0.4, 0.3), 0.2),
        (0.45, (0.4, 0.4, 0.5, 0.0), 0.3),
        # The last answers are wrong: what keeps to the risk is to answer nothing.
        (0.45, (0.4, 0.4, 1.0, 0.0), 0.3),
        # Nothing keeps to it: the highest there is.
        (0.1, (0.4, 0.4, 0.4, 0.4), 0.3),
    ],
)
def test_the_threshold_is_the_lowest_from_which_on_the_risk_stays(
    risk: float, risks: tuple[float, ...], threshold: float
) -> None:
    assert threshold_for(risk, curve(*risks)).threshold == threshold


SHARES = st.floats(0, 1)
ASKED = st.lists(st.tuples(SHARES, st.booleans(), st.floats(0.01, 9)), min_size=1, max_size=12)


@given(ASKED, SHARES)
def test_from_the_threshold_on_the_risk_stays_and_below_it_does_not(
    asked: list[tuple[float, bool, float]], risk: float
) -> None:
    probabilities, rights, weights = zip(*asked, strict=True)
    found = operations(probabilities, rights, weights)
    chosen = threshold_for(risk, found)
    from_here = found.index(chosen)
    if found[-1].risk > risk:  # by wrong answers of probability 1, which no threshold withholds
        assert chosen == found[-1]
        return
    assert all(operation.risk <= risk for operation in found[from_here:])
    assert from_here == 0 or found[from_here - 1].risk > risk


@given(ASKED)
def test_the_higher_the_threshold_the_less_is_answered(asked: list[tuple[float, bool, float]]) -> None:
    found = operations(*zip(*asked, strict=True))
    coverages = [operation.coverage for operation in found]
    assert coverages == sorted(coverages, reverse=True)
    assert coverages[0] == pytest.approx(1.0)
    assert all(0.0 <= operation.risk <= 1.0 for operation in found)


@given(ASKED, SHARES, SHARES)
def test_who_takes_more_risk_is_answered_no_less(
    asked: list[tuple[float, bool, float]], one: float, other: float
) -> None:
    found = operations(*zip(*asked, strict=True))
    bold, wary = threshold_for(max(one, other), found), threshold_for(min(one, other), found)
    assert bold.threshold <= wary.threshold


def test_a_maybe_starts_where_enough_of_those_below_an_answer_are_right() -> None:
    sure = [0.9, 0.45, 0.35, 0.25, 0.15, 0.05]
    rights = [True, True, False, True, False, False]
    weights = [1.0] * 6
    # Below 0.5, from the surest on, 0/1, 1/2, 1/3, 2/4 and 3/5 are wrong.
    found = [maybe_threshold(sure, rights, weights, below=0.5, risk=risk) for risk in (0.6, 0.5, 0.4, 0.0)]
    assert found == [0.01, 0.06, 0.16, 0.36]


def test_where_all_below_an_answer_are_wrong_there_is_no_maybe() -> None:
    assert maybe_threshold([0.9, 0.3], [True, False], [1.0, 1.0], below=0.5, risk=0.5) == 0.5
    assert maybe_threshold([], [], [], below=0.5, risk=0.5) == 0.5
