"""A sentence's words as the network reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.ranking.word_features import LONGEST, MARKS, words_of
from articleqa.text.terms import tokens

CAPITAL, DIGIT, CAPITALS, STOP, YEAR, COMMA, CLAUSE_END, AFTER_BRACKET, BEFORE_QUOTE, FIRST = range(
    len(MARKS)
)


def marks(sentence: str) -> list[set[int]]:
    return [{mark for mark in range(len(MARKS)) if row[mark]} for row in words_of(sentence).marks]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Workers struck", [{CAPITAL, FIRST}, set()]),
        ("the union", [{STOP, FIRST}, set()]),
        ("A union", [{CAPITAL, STOP, FIRST}, set()]),
        ("union ILO", [{FIRST}, {CAPITAL, CAPITALS}]),
        ("union X", [{FIRST}, {CAPITAL}]),
        ("union 2017 400 12345", [{FIRST}, {DIGIT, YEAR}, {DIGIT}, {DIGIT}]),
        ("19th", [{DIGIT, FIRST}]),
        ("courts, unions; strikes: workers.", [{FIRST, COMMA}, {CLAUSE_END}, {CLAUSE_END}, {CLAUSE_END}]),
        ("courts? unions! strikes) workers", [{FIRST, CLAUSE_END}, {CLAUSE_END}, {CLAUSE_END}, set()]),
        ("pay $5 £6 €7", [{FIRST}, *[{DIGIT, AFTER_BRACKET}] * 3]),
        ("pay (union", [{FIRST}, {AFTER_BRACKET}]),
        ("pay “union” 5%", [{FIRST}, {AFTER_BRACKET, BEFORE_QUOTE}, {DIGIT, BEFORE_QUOTE}]),
        ('"pay" union', [{AFTER_BRACKET, BEFORE_QUOTE}, set()]),
    ],
)
def test_the_marks_of_words(sentence: str, expected: list[set[int]]) -> None:
    assert marks(sentence) == expected


def test_a_word_is_its_first_term_and_its_place() -> None:
    words = words_of("The workers’ union: 1,200 strikes!")
    assert words.terms == ("the", "worker", "union", "1200", "strike")
    places = zip(words.starts.tolist(), words.ends.tolist(), strict=True)
    assert ["The workers’ union: 1,200 strikes!"[start:end] for start, end in places] == [
        "The",
        "workers",
        "union",
        "1,200",
        "strikes",
    ]


@pytest.mark.parametrize("sentence", ["", " ", "?!", "…"])
def test_a_sentence_without_words_has_an_empty_one(sentence: str) -> None:
    words = words_of(sentence)
    assert (words.terms, words.starts.tolist(), words.ends.tolist()) == (("",), [0], [0])
    assert words.marks.tolist() == [[0.0] * len(MARKS)]


@pytest.mark.parametrize("count", [LONGEST - 1, LONGEST, LONGEST + 1, 3 * LONGEST])
def test_the_words_of_a_long_sentence_are_read_up_to_an_end(count: int) -> None:
    words = words_of(" ".join(f"w{number}" for number in range(count)))
    assert words.terms == tuple(f"w{number}" for number in range(min(count, LONGEST)))
    assert len(words.marks) == len(words.starts) == len(words.ends) == len(words.terms)


@given(st.one_of(st.text(max_size=80), st.text("aB1 ,.“”()%$é法", max_size=80)))
def test_places_are_in_order_and_inside_the_sentence(sentence: str) -> None:
    words = words_of(sentence)
    found = list(tokens(sentence))[:LONGEST]
    assert len(words.terms) == max(1, len(found))
    assert words.marks.shape == (len(words.terms), len(MARKS))
    assert set(words.marks.ravel().tolist()) <= {0.0, 1.0}
    end = 0
    for term, start, stop in zip(words.terms, words.starts.tolist(), words.ends.tolist(), strict=True):
        assert end <= start <= stop <= len(sentence)
        assert bool(term) is (start < stop)
        end = stop
    assert words.terms == (tuple(token.terms[0] for token in found) or ("",))
