"""Other ways to ask the same."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.training.augmentation import BARE, KEY_WORDS, LOWER, augment, bare, key_words

QUESTION = "What is the population of Warsaw?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (QUESTION, "population warsaw"),
        ("When was the U.S. union’s strike?", "u.s union’s strike"),
        ("Who wrote “War and Peace” in 1869?", "wrote war peace 1869"),
        ("Why?", "why"),
        ("Who is Kharkova?", "who is kharkova"),
        ("?", "?"),
        ("", ""),
    ],
)
def test_key_words_are_what_one_types_into_a_search_box(question: str, expected: str) -> None:
    assert key_words(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (QUESTION, "What is the population of Warsaw"),
        ("Why ? ?", "Why"),
        ("Why", "Why"),
        ("?", "?"),
        ("Is it? Why", "Is it? Why"),
    ],
)
def test_a_bare_question_has_no_question_mark(question: str, expected: str) -> None:
    assert bare(question) == expected


def test_the_ways_are_drawn_as_often_as_they_say() -> None:
    chance = random.Random(0)
    drawn = Counter(augment(QUESTION, chance) for _ in range(4000))
    expected = {
        "what is the population of warsaw": LOWER,
        "What is the population of Warsaw": BARE,
        "population warsaw": KEY_WORDS,
        QUESTION: 1 - LOWER - BARE - KEY_WORDS,
    }
    assert drawn.keys() == expected.keys()
    for text, share in expected.items():
        assert drawn[text] / 4000 == pytest.approx(share, abs=0.03)


@given(st.text(max_size=40), st.integers())
def test_the_same_chance_asks_the_same_and_a_question_never_vanishes(question: str, seed: int) -> None:
    asked = augment(question, random.Random(seed))
    assert asked == augment(question, random.Random(seed))
    assert bool(asked.strip()) or not question.strip(" ?").strip()
