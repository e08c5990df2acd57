"""A confidence model with a threshold for a stated risk, and its measures on held-out articles."""

from __future__ import annotations

import numpy as np
import pytest

from articleqa.training import calibration as calibrating
from articleqa.training.calibration import FOLDS, Calibration, calibrate
from articleqa.training.calibration_data import Case, CaseKind
from articleqa.training.confidence import fit_confidence

YES, NO, REMOVED, ELSEWHERE = CaseKind


def case(kind: CaseKind, right: bool, probability: float, group: str = "a") -> Case:
    """Return a case; `probability` is what is said of it where `said` is used."""
    return Case(kind=kind, group=group, question="", signals={"share": probability}, right=right)


@pytest.fixture(autouse=True)
def _round_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the kinds weigh in round numbers."""
    shares = {YES: 1.0, NO: 1.0, REMOVED: 0.5, ELSEWHERE: 0.5}
    monkeypatch.setattr("articleqa.training.confidence.SHARES", shares)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held-out probabilities as the made cases name them."""
    monkeypatch.setattr(
        calibrating,
        "held_out_probabilities",
        lambda cases, folds: np.array([one.signals["share"] for one in cases]),
    )


MADE = [
    case(YES, True, 0.95, "a"),
    case(YES, True, 0.75, "b"),
    case(YES, False, 0.55, "a"),
    case(YES, True, 0.35, "b"),
    case(NO, False, 0.65, "a"),
    case(NO, False, 0.05, "b"),
    case(ELSEWHERE, False, 0.25, "a"),
    case(REMOVED, False, 0.85, "b"),
]
"""8 cases in shares of 1, 1, 0.5 and 0.5: each YES weighs 2/3, NO 4/3, and the others 4/3 each."""


def made(risk: float = 0.5) -> Calibration:
    return calibrate(MADE, about="", risk=risk)


@pytest.mark.usefixtures("said")
def test_cases_are_counted_by_their_kind() -> None:
    assert made().cases == {YES: 4, NO: 2, REMOVED: 1, ELSEWHERE: 1}
    without = calibrate([one for one in MADE if one.kind is not NO], about="", risk=0.5)
    assert without.cases == {YES: 4, NO: 0, REMOVED: 1, ELSEWHERE: 1}


@pytest.mark.usefixtures("said")
def test_p_at_1_is_of_the_answerable_alone() -> None:
    assert made().p_at_1 == 3 / 4


@pytest.mark.usefixtures("said")
def test_auroc_is_of_the_answerable_against_each_other_kind() -> None:
    # Of NO 0.65 lies above two of the four and 0.05 above none; ELSEWHERE above none; REMOVED above three.
    assert made().auroc == {NO: 6 / 8, ELSEWHERE: 1.0, REMOVED: 1 / 4}


@pytest.mark.usefixtures("said")
def test_auroc_of_a_kind_that_is_not_there_is_not_measured() -> None:
    without = calibrate([one for one in MADE if one.kind is not NO], about="", risk=0.5)
    assert without.auroc == {NO: None, ELSEWHERE: 1.0, REMOVED: 1 / 4}
    (*only_no,) = (one for one in MADE if one.kind in (YES, NO))
    assert calibrate(only_no, about="", risk=0.5).auroc == {NO: 6 / 8, ELSEWHERE: None, REMOVED: None}


@pytest.mark.usefixtures("said")
def test_ece_is_over_all_kinds_each_by_its_weight() -> None:
    # Each case is alone in its bin: the gaps are |probability - right|.
    answerable = 0.05 + 0.25 + 0.55 + 0.65
    others = 0.65 + 0.05 + 0.25 + 0.85
    assert made().ece == pytest.approx((2 / 3 * answerable + 4 / 3 * others) / 8)


@pytest.mark.usefixtures("said")
def test_gaps_within_a_bin_cancel_out_by_their_weights() -> None:
    # A right and a wrong one of a weight at a half leave no gap; the certain one is in the last bin.
    cases = [case(YES, True, 0.5, "a"), case(YES, False, 0.5, "b"), case(YES, True, 1.0, "b")]
    assert calibrate(cases, about="", risk=0.5).ece == pytest.approx(0.0)
    # One of NO weighs as much as two of YES.
    cases = [case(YES, True, 0.5, "a"), case(YES, True, 0.5, "a"), case(NO, False, 0.5, "b")]
    assert calibrate(cases, about="", risk=0.5).ece == pytest.approx(0.0)


@pytest.mark.usefixtures("said")
def test_the_curve_is_of_all_kinds_each_by_its_weight() -> None:
    curve = {point.threshold: (point.coverage, point.risk) for point in made().curve}
    assert len(curve) == 101
    # Right are three of 2/3 in 8.
    assert curve[0.0] == pytest.approx((1.0, 3 / 4))
    # From 0.7 on: two right of 2/3, and REMOVED of 4/3.
    assert curve[0.7] == pytest.approx((1 / 3, 1 / 2))
    assert curve[0.9] == pytest.approx((1 / 12, 0.0))
    assert curve[1.0] == (0.0, 0.0)


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(
    ("risk", "threshold"),
    [(1.0, 0.0), (0.75, 0.0), (0.72, 0.06), (0.7, 0.56), (0.67, 0.56), (0.66, 0.86), (0.0, 0.86)],
)
def test_the_models_threshold_is_the_one_for_the_risk(risk: float, threshold: float) -> None:
    # The wrong of those answered, in units of 2/3, from the most certain on:
    # 0/1, 2/3, 2/4, 4/6, 5/7, 5/8, 7/10, 9/12.
    found = made(risk)
    assert found.chosen.threshold == threshold
    assert found.model.min_confidence == threshold
    assert found.chosen in found.curve
    assert found.chosen.risk <= risk


def test_the_model_is_fitted_to_all_cases() -> None:
    found = calibrate(MADE, about="of towns", risk=0.3)
    assert found.model == fit_confidence(
        MADE,
        about="of towns",
        min_confidence=found.chosen.threshold,
        maybe_confidence=found.model.maybe_confidence,
    )


def test_articles_are_held_out_in_no_more_parts_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[int] = []

    def noting(cases, folds):  # type: ignore[no-untyped-def]
        parts.append(folds)
        return np.full(len(cases), 0.5)

    monkeypatch.setattr(calibrating, "held_out_probabilities", noting)
    for articles in (2, 5, FOLDS, FOLDS + 5):
        cases = [case(YES, n % 2 == 0, 0.5, f"a{n % articles}") for n in range(4 * articles)]
        calibrate(cases, about="", risk=0.5)
    assert parts == [2, 5, FOLDS, FOLDS]


def test_measures_are_of_articles_that_were_held_out() -> None:
    # What tells right from wrong in one article misleads in the other.
    cases = [
        Case(YES, group, "", {"terms": float(right is (group == "a"))}, right)
        for group in ("a", "b")
        for right in (True, False)
        for _ in range(10)
    ]
    assert calibrate(cases, about="", risk=0.0).chosen.coverage == 0.0
    assert calibrate(cases, about="", risk=0.5).ece == pytest.approx(1.0, abs=0.1)


def test_one_article_alone_is_refused() -> None:
    cases = [one for one in MADE if one.group == "a"]
    with pytest.raises(
        ValueError, match=r"^the questions are about one article; .*holds articles out"
    ) as error:
        calibrate(cases, about="", risk=0.5)
    assert str(error.value).endswith("and needs two")


def test_questions_for_which_nothing_comes_up_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^no question has a candidate sentence; check that"):
        calibrate([], about="", risk=0.5)


@pytest.mark.parametrize("right", [True, False])
def test_nothing_but_right_or_wrong_answers_is_refused(right: bool) -> None:
    cases = [case(YES, right, 0.5, group) for group in ("a", "b")]
    with pytest.raises(ValueError, match="both right and wrong answers"):
        calibrate(cases, about="", risk=0.5)
