from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.evidence.answer_type_matching import TYPED, offered
from articleqa.evidence.answer_type_patterns import mentions_of
from articleqa.language.answer_types import AnswerType
from articleqa.question.analysis import analyse_question


def offers(question: str, sentence: str) -> list[tuple[str, float]]:
    return [(mention.text, mention.strength) for mention in offered(analyse_question(question), sentence)]


@pytest.mark.parametrize(
    ("question", "named", "new"),
    [
        ("When in January 2017 did it close?", "It closed in January 2017.", "It closed on January 4, 2017."),
        ("Where in Kazakhstan was it?", "It was in Kazakhstan.", "It was in Astana."),
        ("Who met Larisa Kharkova?", "Larisa Kharkova did.", "Larisa Kharkova met Hugh Williamson."),
        ("How many of the 400 workers left?", "It was 400 workers.", "It was 30 workers."),
        ("Which company bought Zorp?", "It was Zorp.", "It was Snarv."),
    ],
)
def test_what_the_question_already_names_is_not_offered(question: str, named: str, new: str) -> None:
    kind = analyse_question(question).expected
    names = {text for text, _ in offers(question, named)}
    assert not names & {"January 2017", "2017", "in Kazakhstan", "Kazakhstan", "Kharkova", "400", "Zorp"}
    assert any(m.kind is kind for m in mentions_of(named, kind))
    assert offers(question, new)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("400 workers left after 5 days.", [("400", 1.0), ("5", 0.5)]),
        ("400 of the workers slept.", [("400", 1.0)]),
        ("400 very old and tired workers slept.", [("400", 0.5)]),
        ("400 employees slept.", [("400", 1.0)]),
        ("400 slept.", [("400", 0.5)]),
        ("Workers slept: 400.", [("400", 0.5)]),
        ("Then several workers slept.", [("several", 0.4)]),
        ("Then several slept.", [("several", 0.2)]),
    ],
)
def test_a_number_that_does_not_count_the_noun_is_half_as_strong(
    sentence: str, found: list[tuple[str, float]]
) -> None:
    assert offers("How many workers were in the strike?", sentence) == found


@pytest.mark.parametrize(
    ("question", "sentence", "found"),
    [
        ("How old is he?", "He is 40 years old and has 2 sons.", [("40", 1.0), ("2", 0.5)]),
        ("How old is he?", "He is aged 40.", [("40", 1.0)]),
        ("How old is he?", "He died at the age of 40.", [("40", 1.0)]),
        ("How old is he?", "He is 40 and met 5 workers.", [("40", 1.0), ("5", 0.5)]),
        ("How far is it?", "It is 5 miles and 2 bridges away.", [("5", 1.0), ("2", 0.5)]),
        ("How heavy is it?", "It has 5 tonnes and 2 doors.", [("5", 1.0), ("2", 0.5)]),
        ("How often is it?", "It is 5 times.", [("5", 1.0)]),
    ],
)
def test_a_number_that_measures_something_else_is_half_as_strong(
    question: str, sentence: str, found: list[tuple[str, float]]
) -> None:
    assert offers(question, sentence) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("When was the strike?", {"January 4, 2017", "2017", "Monday", "1990s", "last summer", "summer"}),
        ("In which year was the strike?", {"January 4, 2017", "2017", "1990s"}),
        ("In which month was the strike?", {"January 4, 2017"}),
        ("In which decade was the strike?", {"January 4, 2017", "2017", "1990s"}),
        ("In what season was the strike?", {"last summer", "summer"}),
    ],
)
def test_a_time_must_have_the_unit_asked_for(question: str, found: set[str]) -> None:
    sentence = "On January 4, 2017, on Monday, in the 1990s or last summer."
    assert {text for text, _ in offers(question, sentence)} == found


def test_without_a_noun_to_count_every_number_is_as_strong() -> None:
    assert offers("How often was it?", "It was 40 or 42 times.") == [("40", 1.0), ("42", 1.0)]


def test_a_name_after_the_office_asked_for_weighs_half_more() -> None:
    found = offers("Who is the president?", "President Smith met Mr. Jones.")
    assert found[:2] == [("President Smith", 1.5), ("Mr. Jones", 1.0)]
    assert max(strength for _, strength in offers("Who left?", "President Smith left.")) == 1.0


def test_an_acronym_is_spelt_out_where_it_stands_in_brackets() -> None:
    sentence = "The International Labour Organization (ILO) met the Club (OECD)."
    assert offers("What does ILO stand for?", sentence) == [("(ILO)", 1.0)]
    assert offers("What does ILO stand for?", "The ILO met.") == []


def test_a_definition_may_repeat_the_question() -> None:
    assert offers("What is a union?", "A union is a group.") == [("is a", 1.0)]


@pytest.mark.parametrize("question", ["Is it raining?", "What did it say?", "", "the union"])
def test_where_anything_may_answer_nothing_is_offered(question: str) -> None:
    assert offers(question, "On January 4, 2017 President Smith paid $5 because of 400 workers.") == []


def test_all_kinds_but_two_can_be_offered() -> None:
    assert set(AnswerType) - set(TYPED) == {AnswerType.YES_NO, AnswerType.THING}


QUESTIONS = [
    "How many workers left?",
    "Who is the president?",
    "When?",
    "Where was it?",
    "What does ILO stand for?",
]


@given(st.sampled_from(QUESTIONS), st.text("a B1,.$(ILO) president\n", max_size=80))
def test_offers_are_mentions_no_more_than_half_as_strong_again(question: str, sentence: str) -> None:
    asked = analyse_question(question)
    places = {(m.start, m.end): m for m in mentions_of(sentence, asked.expected)}
    for offer in offered(asked, sentence):
        assert (offer.start, offer.end) in places
        assert sentence[offer.start : offer.end] == offer.text
        assert 0.0 < offer.strength <= 1.5
