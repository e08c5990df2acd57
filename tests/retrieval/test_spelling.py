from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.retrieval.spelling import LONGEST, nearest


@pytest.mark.parametrize(
    ("term", "vocabulary", "expected"),
    [
        ("confedration", ["confederation", "court"], ["confederation"]),
        ("kazahkstan", ["kazakhstan"], ["kazakhstan"]),  # neighbours swapped
        ("strke", ["strike", "stroke", "struck"], ["strike", "stroke"]),
        ("union", ["union"], []),  # itself
        ("onion", ["union"], []),  # another first letter
        ("2017", ["2016"], []),
        ("law", ["lawn"], []),  # too short to tell
        ("c87x", ["c87y"], []),
        ("court", ["count", "cxuxt"], ["count"]),
        ("professor", ["profesor", "proffessor", "protector"], ["profesor", "proffessor"]),
        ("", ["union"], []),
        ("забастовкаа", ["забастовка"], ["забастовка"]),
    ],
)
def test_the_nearest_spellings_are_within_an_edit_or_two(
    term: str, vocabulary: list[str], expected: list[str]
) -> None:
    assert nearest(term, vocabulary) == expected


def test_equally_near_spellings_come_in_the_order_of_the_alphabet() -> None:
    assert nearest("strxke", ["stroke", "strike"]) == ["strike", "stroke"]


def test_giant_words_are_not_compared() -> None:
    assert nearest("a" * 100_000, ["a" * 100_001]) == []
    assert nearest("a" * LONGEST, ["a" * 100_000]) == []


@given(st.text(max_size=12), st.lists(st.text(min_size=1, max_size=12), max_size=8))
def test_any_terms_can_be_compared(term: str, vocabulary: list[str]) -> None:
    found = nearest(term, vocabulary)
    assert set(found) <= set(vocabulary) - {term}
