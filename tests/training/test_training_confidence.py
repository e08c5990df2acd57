"""How confidence is fitted: to what tells right answers, each kind of case by its share."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.answering.confidence import ConfidenceModel, shipped_confidence
from articleqa.ranking.ranker import WORDS
from articleqa.training import confidence as fitting
from articleqa.training.calibration_data import Case, CaseKind
from articleqa.training.confidence import (
    BOUNDS,
    SHARES,
    balance,
    fit_confidence,
    held_out_probabilities,
)

YES, NO, REMOVED, ELSEWHERE = CaseKind


def case(kind: CaseKind = YES, right: bool = False, group: str = "a", **signals: float) -> Case:
    return Case(kind=kind, group=group, question="", signals=signals, right=right)


def fitted(cases: list[Case]) -> ConfidenceModel:
    return fit_confidence(cases, about="of towns", min_confidence=0.25, maybe_confidence=0.1)


def planted(weights: Mapping[str, float], intercept: float, count: int = 4000, seed: int = 0) -> list[Case]:
    """Return answerable cases of random signals that are right as often as these weights say."""
    chance = np.random.default_rng(seed)
    cases: list[Case] = []
    for number in range(count):
        signals = {name: float(chance.random()) for name in weights}
        logit = intercept + sum(weights[name] * value for name, value in signals.items())
        right = bool(chance.random() < 1 / (1 + math.exp(-logit)))
        cases.append(case(YES, right, f"a{number % 10}", **signals))
    return cases


def test_a_planted_signal_is_found() -> None:
    model = fitted(planted({"share": 4.0, "noise": 0.0, "negated_alone": -3.0}, intercept=-1.0))
    assert model.weights["share"] == pytest.approx(4.0, abs=0.7)
    assert model.weights["negated_alone"] == pytest.approx(-3.0, abs=0.6)
    assert model.weights["noise"] == pytest.approx(0.0, abs=0.3)
    assert model.intercept == pytest.approx(-1.0, abs=0.6)


def test_probabilities_are_the_shares_that_are_right() -> None:
    cases = [case(right=n < 3, there=1.0) for n in range(4)] + [
        case(right=n < 1, there=0.0) for n in range(4)
    ]
    model = fitted(cases * 50)
    # The penalty draws them together by less than this.
    assert model.probability({"there": 1.0}) == pytest.approx(3 / 4, abs=0.01)
    assert model.probability({"there": 0.0}) == pytest.approx(1 / 4, abs=0.01)


def test_without_signals_the_probability_is_what_is_right_of_the_mix() -> None:
    cases = [case(YES, right=True)] * 3 + [case(YES)] + [case(NO)] * 8
    # The answerable weigh sixteen times as much as the others, and 3/4 of them are right.
    assert fitted(cases).probability({}) == pytest.approx(3 / 4 * 16 / 17, abs=1e-3)


def test_the_model_says_what_it_was_made_from_and_its_threshold() -> None:
    model = fitted([case(right=True, share=0.9), case(share=0.1)])
    assert (model.about, model.min_confidence, model.version) == ("of towns", 0.25, 3)
    assert ConfidenceModel.from_json(model.model_dump_json()) == model
    assert all(value == round(value, 4) for value in (*model.weights.values(), model.intercept))
    assert "-0.0" not in {str(value) for value in model.weights.values()}


def test_a_signal_that_some_cases_lack_is_0_there() -> None:
    some = [case(right=True, share=0.9, peak=1.0), case(share=0.1)]
    all_of_them = [case(right=True, share=0.9, peak=1.0), case(share=0.1, peak=0.0)]
    assert fitted(some) == fitted(all_of_them)
    assert list(fitted(some).weights) == ["peak", "share"]


@pytest.mark.parametrize("name", [name for name, (_, most) in BOUNDS.items() if most is not None])
def test_a_weight_with_a_ceiling_stays_below_it_whatever_the_cases_say(name: str) -> None:
    model = fitted(planted({name: 3.0, "share": 2.0}, intercept=-1.0, count=1000))
    assert model.weights[name] == BOUNDS[name][1]
    assert model.weights["share"] > 0.0
    unbound = {("other" if key == name else key): 0.0 for key in model.weights}
    assert fitted(planted(dict.fromkeys(unbound, 3.0), -1.0, 1000)).weights["other"] > 1.0


@pytest.mark.parametrize("name", [name for name, (least, _) in BOUNDS.items() if least is not None])
def test_more_of_the_question_in_the_sentence_never_makes_less_sure(name: str) -> None:
    assert fitted(planted({name: -3.0, "other": 2.0}, intercept=1.0, count=1000)).weights[name] == 0.0


@pytest.mark.parametrize(("name", "bounds"), BOUNDS.items())
def test_a_weight_within_its_bounds_is_fitted(name: str, bounds: tuple[float | None, float | None]) -> None:
    least, most = bounds
    if least is None:
        assert most is not None
        assert fitted(planted({name: -8.0}, intercept=2.0)).weights[name] < most - 1.0
    else:
        assert fitted(planted({name: 4.0}, intercept=-2.0)).weights[name] > least + 1.0


def test_what_has_bounds_is_a_signal() -> None:
    assert BOUNDS.keys() <= shipped_confidence(WORDS).weights.keys()


def test_four_of_five_questions_can_be_answered() -> None:
    total = sum(SHARES.values())
    assert set(SHARES) == set(CaseKind)
    assert SHARES[YES] / total == pytest.approx(4 / 5)


@pytest.mark.parametrize(
    ("kinds", "weights"),
    [
        ((YES,), (1.0,)),
        ((YES, NO), (1.0, 1.0)),
        ((YES, YES, YES, NO), (2 / 3, 2 / 3, 2 / 3, 2.0)),
        # 4 cases, and shares of 1, 0.5 and 0.5: half of 4, and a quarter of 4 each.
        ((YES, REMOVED, ELSEWHERE, ELSEWHERE), (2.0, 1.0, 0.5, 0.5)),
        # 6 cases in shares of 1, 1, 0.5 and 0.5.
        ((YES, YES, NO, REMOVED, ELSEWHERE, ELSEWHERE), (1.0, 1.0, 2.0, 1.0, 0.5, 0.5)),
        ((), ()),
    ],
)
def test_balance_by_hand(
    kinds: tuple[CaseKind, ...], weights: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = {YES: 1.0, NO: 1.0, REMOVED: 0.5, ELSEWHERE: 0.5}
    monkeypatch.setattr("articleqa.training.confidence.SHARES", shares)
    assert balance([case(kind) for kind in kinds]).tolist() == pytest.approx(list(weights))


@given(st.lists(st.sampled_from(list(CaseKind)), min_size=1, max_size=60))
def test_each_kind_weighs_by_its_share_however_many_there_are(kinds: list[CaseKind]) -> None:
    weights = balance([case(kind) for kind in kinds])
    assert weights.mean() == pytest.approx(1.0)
    of_kind = {
        kind: sum(weight for weight, one in zip(weights, kinds, strict=True) if one is kind)
        for kind in set(kinds)
    }
    parts = [weight / SHARES[kind] for kind, weight in of_kind.items()]
    assert parts == pytest.approx([parts[0]] * len(parts))


def test_more_of_a_kind_does_not_make_it_weigh_more() -> None:
    cases = [case(YES, True, share=0.9), case(YES, False, share=0.4), case(NO, False, share=0.2)]
    often = [*cases[:2], *cases[2:] * 50]
    assert fitted(often).weights["share"] == pytest.approx(fitted(cases).weights["share"], abs=0.01)


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_all_right_or_all_wrong_teaches_nothing(right: bool, count: int) -> None:
    with pytest.raises(ValueError, match="both right and wrong answers to learn from"):
        fitted([case(right=right, share=0.5)] * count)


def test_the_same_cases_give_the_same_model() -> None:
    cases = planted({"share": 2.0, "peak": 1.0}, intercept=-1.0, count=200)
    assert fitted(cases) == fitted(list(cases))


def test_held_out_folds_never_see_their_article(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = planted({"share": 2.0}, intercept=-1.0, count=120)
    seen: list[set[str]] = []
    real = fitting.fit_confidence

    def noting(given, **kept):  # type: ignore[no-untyped-def]
        seen.append({one.group for one in given})
        return real(given, **kept)

    monkeypatch.setattr(fitting, "fit_confidence", noting)
    held_out_probabilities(cases, 5)
    everything = {one.group for one in cases}
    left_out = [everything - groups for groups in seen]
    assert [len(groups) for groups in left_out] == [2] * 5
    assert set().union(*left_out) == everything


def test_a_held_out_probability_is_of_the_model_of_the_others() -> None:
    cases = planted({"share": 2.0}, intercept=-1.0, count=60)
    found = held_out_probabilities(cases, 10)
    for article in ("a0", "a7"):
        model = fit_confidence(
            [c for c in cases if c.group != article], about="", min_confidence=0.0, maybe_confidence=0.0
        )
        for one, probability in zip(cases, found, strict=True):
            if one.group == article:
                assert probability == model.probability(one.signals)


def test_what_an_article_alone_says_does_not_count_for_itself() -> None:
    # In each article another signal tells which of the answers are right.
    cases = [
        Case(YES, article, "", {article: float(right), "always": 1.0}, right)
        for article in ("a", "b", "c", "d")
        for right in (True, False)
        for _ in range(5)
    ]
    found = held_out_probabilities(cases, 4)
    right, wrong = (found[[one.right is value for one in cases]] for value in (True, False))
    assert right == pytest.approx(wrong)
