from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.language.answer_types import AnswerType
from articleqa.question.analysis import analyse_question

KINDS = {
    AnswerType.TIME: [
        "When was the court built?",
        "Since when has it rained?",
        "What year did it open?",
        "In which century did he live?",
        "On what date did she leave?",
        "What time is it?",
        "WHEN WAS IT SHUT?",
    ],
    AnswerType.DURATION: [
        "How long did the strike last?",
        "How many years did it last?",
        "For what length of time was it closed?",
    ],
    AnswerType.MONEY: [
        "How much did the ship cost?",
        "How much money was raised?",
        "What price did they pay?",
    ],
    AnswerType.NUMBER: [
        "How many workers went on strike?",
        "How old is she?",
        "How far is it to the coast?",
        "What percentage of workers joined?",
        "What is the population of France?",
    ],
    AnswerType.PLACE: [
        "Where was it found?",
        "In which city is it?",
        "What country borders France?",
        "Where",
    ],
    AnswerType.CAUSE: [
        "Why did the union close?",
        "What caused the storm?",
        "For what reason did they leave?",
        "How come it closed?",
    ],
    AnswerType.PERSON: [
        "Who won the election?",
        "Whose car was it?",
        "To whom did she write?",
        "Which president signed it?",
        "What is the name of the director?",
    ],
    AnswerType.MANNER: ["How did they escape?", "In what way did it help?"],
    AnswerType.NAME: [
        "What is the name of the company?",
        "What company made it?",
        "What is the capital of France called?",
        "Which committee met?",
        "Which treaty was signed?",
    ],
    AnswerType.DEFINITION: [
        "What is a confederation?",
        "Who is Larisa Kharkova?",
        "What are trade unions?",
        "What does confederation mean?",
    ],
    AnswerType.EXPANSION: ["What does ILO stand for?", "ILO stands for"],
    AnswerType.THING: [
        "What did the court say?",
        "Which is better?",
        "Name the groups that joined.",
        "the confederation",
        "when",
        "",
    ],
    AnswerType.YES_NO: [
        "Is it raining?",
        "Did the court rule?",
        "Hasn't it closed?",
        "But was it true?",
    ],
}


@pytest.mark.parametrize(
    ("question", "kind"), [(question, kind) for kind, questions in KINDS.items() for question in questions]
)
def test_a_question_says_what_kind_of_answer_it_wants(question: str, kind: AnswerType) -> None:
    assert analyse_question(question).expected is kind


def test_every_kind_of_answer_can_be_asked_for() -> None:
    assert set(KINDS) == set(AnswerType)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How did it react when the court ruled?", AnswerType.MANNER),
        ("Who said that when it closed?", AnswerType.PERSON),
        ("What happened when the court ruled?", AnswerType.THING),
        ("When did he say who won?", AnswerType.TIME),
        ("Why was the union closed when it was?", AnswerType.CAUSE),
    ],
)
def test_the_first_question_word_decides(question: str, kind: AnswerType) -> None:
    assert analyse_question(question).expected is kind


@pytest.mark.parametrize(
    "politeness",
    [
        "Please, ",
        "Tell me: ",
        "Please tell me ",
        "Could you tell me ",
        "Can you please tell us ",
        "Do you know ",
        "I would like to know ",
        "Does the article say ",
        "According to the article, ",
        "Please tell me, according to the first article, ",
    ],
)
@pytest.mark.parametrize(
    ("asked", "kind"), [("when it closed", AnswerType.TIME), ("who won", AnswerType.PERSON)]
)
def test_politeness_does_not_hide_the_question(politeness: str, asked: str, kind: AnswerType) -> None:
    assert analyse_question(politeness + asked).expected is kind


@pytest.mark.parametrize(
    "question",
    [
        "Name the storm.",
        "LIST the storm",
        "Please name the storm.",
        "Tell me about the storm.",
        "Give me the storm",
        "“Describe the storm”",
        "Summarise the storm",
    ],
)
def test_the_word_that_gives_an_order_is_not_looked_for(question: str) -> None:
    assert analyse_question(question).terms == ("storm",)


def test_an_order_without_anything_to_do_is_looked_for_as_it_stands() -> None:
    assert analyse_question("name").terms == ("name",)
    assert analyse_question("name?").terms == ("name",)


@pytest.mark.parametrize(
    ("question", "frame"),
    [
        ("In which year did the strike end?", {"year"}),
        ("How many years did it last?", {"mani", "year"}),
        ("How many workers went on strike?", {"mani"}),
        ("How long did the strike last?", {"long"}),
        ("In which city is the court?", {"citi"}),
        ("Who is the president?", set()),
        ("What year?", set()),
        ("Why did the year end?", set()),
    ],
)
def test_words_that_only_frame_the_question_are_known(question: str, frame: set[str]) -> None:
    analysed = analyse_question(question)
    assert analysed.frame == frame
    assert analysed.frame <= set(analysed.terms)


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("Which committee is in Geneva?", {"committe"}),
        ("How many oil workers were there?", {"oil", "worker"}),
        ("Whose car was it?", {"car"}),
        ("What did it say?", set()),
        ("When did the committee meet?", set()),
        ("In which year was it?", {"year"}),
        ("In which year was the strike?", set()),
    ],
)
def test_the_noun_asked_for_is_the_focus(question: str, focus: set[str]) -> None:
    assert analyse_question(question).focus == focus


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("When did Larisa Kharkova resign?", {"larisa", "kharkova"}),
        ("Kharkova did what in 2017?", {"2017"}),
        ("What did the ILO say to the union?", {"ilo"}),
        ("what happened on the 4th?", {"4th"}),
        ("When Was The Union Closed?", set()),
        ("why did they leave?", set()),
    ],
)
def test_names_and_numbers_are_told_from_words(question: str, names: set[str]) -> None:
    assert analyse_question(question).names == names


@pytest.mark.parametrize(
    ("question", "many"),
    [
        ("Which countries joined it?", False),
        ("Which countries have joined it?", True),
        ("Which unions did it ban?", True),
        ("Name the groups that joined.", True),
        ("please list the groups", True),
        ("Who were the leaders?", True),
        ("Which country has joined it?", False),
        ("Which class did he join?", False),
        ("Who won?", False),
    ],
)
def test_questions_for_several_things_are_known(question: str, many: bool) -> None:
    assert analyse_question(question).asks_for_many is many


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("What is the name of the company?", True),
        ("Who is the president of Kazakhstan?", True),
        ("What was its first name?", True),
        ("Who is Kazakhstan's president?", True),
        ("Who won?", False),
        ("Who are the leaders?", False),
    ],
)
def test_questions_that_only_a_name_answers_are_known(question: str, one: bool) -> None:
    assert analyse_question(question).asks_for_one_name is one


def test_an_acronym_is_looked_for_without_the_asking_words() -> None:
    assert analyse_question("What is ILO short for?").terms == ("ilo",)
    assert analyse_question("What does the acronym ILO stand for?").terms == ("ilo",)


def test_stop_words_are_kept_where_there_is_nothing_else() -> None:
    assert analyse_question("What was it?").terms == ("what", "was", "it")


def test_terms_are_distinct_and_stand_beside_the_words_they_come_from() -> None:
    analysed = analyse_question("Did the Unions’ strikes strike a union?")
    assert analysed.terms == ("union", "strike")
    assert analysed.words == ("Unions", "strikes")


@pytest.mark.parametrize("text", ["", " \n", "?!", "— …"])
def test_a_question_without_words_has_no_terms(text: str) -> None:
    analysed = analyse_question(text)
    assert analysed.terms == analysed.words == ()
    assert analysed.frame == analysed.focus == analysed.names == set()
    assert analysed.text == text


def test_chinese_is_a_question() -> None:
    analysed = analyse_question("工会什么时候关闭？")
    assert analysed.expected is AnswerType.THING
    assert analysed.terms[:2] == ("工会", "会什")


def test_a_question_of_ten_thousand_words_is_analysed_whole() -> None:
    analysed = analyse_question("When " + " ".join(f"w{number}" for number in range(10_000)))
    assert len(analysed.terms) == 10_000
    assert analysed.expected is AnswerType.TIME


@pytest.mark.parametrize(
    "unit",
    ["(", "what ", "which a ", "what is a ", "how much did ", "A ", "please ", "tell me, ", "a, ", "\n", "“"],
)
def test_giant_questions_come_to_an_end(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert analyse_question(text).text == text


@given(st.one_of(st.text(max_size=120), st.text("what who how many is the AB 'é?,\n1", max_size=120)))
def test_any_text_is_a_question(text: str) -> None:
    analysed = analyse_question(text)
    assert analysed.text == text
    assert len(analysed.terms) == len(analysed.words) == len(set(analysed.terms))
    assert all(word and word in text for word in analysed.words)
    assert analysed.frame | analysed.focus | analysed.names <= set(analysed.terms)
    assert not analysed.frame & analysed.focus
    assert analysed == analyse_question(text)
