"""Sentences that say nearly the same, and those that differ in a fact."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa.text.near_equal import NearlyEqual, Sentence
from articleqa.text.terms import terms

DAM = "The Pellan dam reached 94 per cent of its capacity on Tuesday, the water board said."


def sentence(text: str) -> Sentence:
    return Sentence(text, tuple(terms(text)))


@pytest.mark.parametrize(
    "other",
    [
        DAM.upper(),
        DAM.replace("reached", "hit"),
        DAM.replace(", the water", " - the water"),
        f"LONDON, 3 May (Reuters) - {DAM}",
        f"Pellan (AP) — {DAM}",
    ],
)
def test_a_word_or_a_dateline_leaves_a_sentence_nearly_equal(other: str) -> None:
    assert sentence(DAM).is_nearly(sentence(other))
    assert sentence(other).is_nearly(sentence(DAM))
    known = NearlyEqual()
    assert known.number_of(sentence(DAM)) == known.number_of(sentence(other))


@pytest.mark.parametrize(
    "other",
    [
        DAM.replace("94", "97"),
        DAM.replace("94", "9.4"),
        DAM.replace("Pellan", "Quax"),
        DAM.replace("Tuesday", "Friday"),
        DAM.replace("reached", "never reached"),
    ],
)
def test_another_fact_contradicts(other: str) -> None:
    assert not sentence(DAM).is_nearly(sentence(other))
    assert sentence(DAM).contradicts(sentence(other))


@pytest.mark.parametrize("other", ["", "?!", "The board said so.", f"{DAM} And so did all the engineers."])
def test_what_says_more_or_less_is_neither(other: str) -> None:
    assert not sentence(DAM).is_nearly(sentence(other))
    assert not sentence(DAM).contradicts(sentence(other))


def test_a_year_before_a_dash_is_no_dateline() -> None:
    one = "In 1904 the first dam of the valley - a wonder of its time - held back all of the water."
    assert sentence(one).contradicts(sentence(one.replace("1904", "1911")))


@settings(max_examples=50)
@given(st.text(alphabet="Ab 3.-—,(\n", max_size=40), st.text(alphabet="Ab 3.-—,(\n", max_size=40))
def test_equality_goes_both_ways_and_holds_of_itself(one: str, other: str) -> None:
    assert sentence(one).is_nearly(sentence(one))
    assert sentence(one).is_nearly(sentence(other)) == sentence(other).is_nearly(sentence(one))
