"""What a question is seen to ask: one thing, two, or a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.question.analysis import analyse_question
from articleqa.question.subquestions import asks_for_a_list, subquestions_of


def kinds(question: str) -> list[str]:
    return [ask.question.expected.value for ask in subquestions_of(analyse_question(question))]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When and where was Blim arrested?", ["time", "place"]),
        ("Where and for how long did they meet?", ["place", "duration"]),
        ("Who shut down the confederation and why?", ["person", "cause"]),
        ("When was the union banned, and by whom?", ["time", "person"]),
        ("Who led it and in which year?", ["person", "time"]),
        ("Who was arrested, when and where?", ["person", "time", "place"]),
        ("Who was fined and how much?", ["person", "number"]),
        ("How many went on strike and why did they do so?", ["number", "cause"]),
        ("Where is the mill and how many people did it employ?", ["place", "number"]),
        ("When was it signed and who ratified it?", ["time", "person"]),
    ],
)
def test_a_question_may_ask_for_several_things(question: str, expected: list[str]) -> None:
    assert kinds(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "When was Blim arrested?",
        "What did the report say about Zorp and how it treats unions?",
        "Which law, which was adopted in 2014, was criticised?",
        "When did Norway and Chad ratify the treaty?",
        "Did they strike and why?",
        "What happened when the mill closed?",
        "",
        "and why?",
    ],
)
def test_a_clause_is_no_question_of_its_own(question: str) -> None:
    assert len(kinds(question)) == 1


def test_an_ask_without_words_of_its_own_is_about_what_the_others_name() -> None:
    first, second = subquestions_of(
        analyse_question("Who shut down the Zorp confederation and in which year?")
    )
    assert first.about == second.about == {"shut", "down", "zorp", "confeder"}
    first, second = subquestions_of(
        analyse_question("When did the mill close and how many people did it employ?")
    )
    assert first.about == {"mill", "close"}
    assert second.about == {"person", "employ"}


@pytest.mark.parametrize(
    "question",
    [
        "Which countries ratified the treaty?",
        "Which of the unions were banned?",
        "Which trade unions protested?",
        "What demands did the students make?",
        "What are the demands of the dockers?",
        "What are the students’ demands?",
        "Who were the three leaders who resigned?",
        "Name the groups that were banned.",
        "List all members.",
        "Which people were arrested?",
    ],
)
def test_a_list_is_asked_for_by_a_plural(question: str) -> None:
    assert asks_for_a_list(analyse_question(question))


@pytest.mark.parametrize(
    "question",
    [
        "Which country ratified the treaty?",
        "Which treaty provides that the law applies?",
        "Which process was used?",
        "What causes strikes?",
        "What is the basis of the law?",
        "What were the workers angry about?",
        "Name the president.",
        "Who leads the unions?",
        "Which president’s speech was it?",
    ],
)
def test_one_thing_is_no_list(question: str) -> None:
    assert not asks_for_a_list(analyse_question(question))


@given(st.text(max_size=200))
def test_any_text_asks_for_something(text: str) -> None:
    question = analyse_question(text)
    assert subquestions_of(question)
    assert asks_for_a_list(question) in (True, False)
