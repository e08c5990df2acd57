from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from articleqa.evaluation import GoldAnswer, GoldRule, QuestionSet, read_questions
from articleqa.exceptions import QuestionSetError
from articleqa.models import Article

FIXTURES = Path(__file__).parents[1] / "fixtures"

ARTICLES = [
    Article(
        id="road.txt",
        text="The road opened in 114 BCE. Zhang Qian travelled it. Silk went west. Silk sold well.",
    ),
    Article(id="envoys.txt", text="The envoy Zhang Qian went first."),
]

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "set.jsonl"
        path.write_bytes(text.encode("utf-8"))
        return path

    return write


def line(**changes: object) -> str:
    row = {"id": "q1", "question": "What?", "kind": "what", "answers": []}
    return json.dumps({**row, **changes})


def test_questions_are_read_with_the_place_of_each_gold_quote() -> None:
    found = read_questions(FIXTURES / "eval_questions.jsonl", ARTICLES)
    assert found.name == "eval_questions.jsonl"
    assert found.rule is GoldRule.OVERLAPS
    assert found.articles == tuple(ARTICLES)
    assert [question.id for question in found.questions] == ["q1", "q2", "q3"]
    assert [question.answerable for question in found.questions] == [True, False, True]
    assert found.questions[0].golds == (GoldAnswer(article_id="road.txt", start=9, text="opened in 114 BCE"),)
    texts = {article.id: article.text for article in ARTICLES}
    for question in found.questions:
        for gold in question.golds:
            assert texts[gold.article_id][gold.start : gold.end] == gold.text


def test_a_byte_order_mark_and_blank_lines_are_passed_over(write: Write) -> None:
    assert len(read_questions(write(f"\ufeff{line()}\r\n\r\n  \n"), []).questions) == 1


def test_a_line_separator_inside_a_string_does_not_end_the_line(write: Write) -> None:
    row = '{"id": "q1", "question": "a\u2028b", "kind": "what", "answers": []}'
    assert read_questions(write(row), []).questions[0].question == "a\u2028b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "line 1: Invalid JSON"),
        (f"{line()}\n[]", "line 2: Input should be an object"),
        ("[" * 10_000, "line 1: Invalid JSON"),
        ('{"id": "q1", "question": "What?", "kind": "what"}', "line 1: answers: Field required"),
        (line(answers=[{"article": "road.txt"}]), "line 1: answers.0.quote: Field required"),
        (line(anwsers=[]), "line 1: anwsers: Extra inputs"),
        (line(id=7), "line 1: id: Input should be a valid string"),
        (line(id=""), "line 1: id: String should have at least 1 character"),
        (line(answers=None), "line 1: answers: Input should be a valid array"),
        (f"{line()}\n\n{line()}", "line 3: the id 'q1' is already used on line 1; choose another"),
        (
            line(answers=[{"article": "rode.txt", "quote": "it"}]),
            "there is no article 'rode.txt'; correct it (known articles: envoys.txt, road.txt)",
        ),
        (
            line(answers=[{"article": "road.txt", "quote": "opened  in"}]),
            "the quote 'opened  in' is not in 'road.txt'; copy it",
        ),
        (
            line(answers=[{"article": "road.txt", "quote": "Silk"}]),
            "the quote 'Silk' occurs more than once in 'road.txt'; extend it until it is unique",
        ),
        ("\n", ": no questions; write"),
    ],
)
def test_a_faulty_set_is_refused_with_its_line_and_what_to_do(write: Write, text: str, message: str) -> None:
    path = write(text)
    with pytest.raises(QuestionSetError) as caught:
        read_questions(path, ARTICLES)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_occurrences_of_a_quote_that_overlap_count_as_two(write: Write) -> None:
    path = write(line(answers=[{"article": "a", "quote": "aba"}]))
    with pytest.raises(QuestionSetError, match="more than once"):
        read_questions(path, [Article(id="a", text="ababa")])


def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(line().encode() + b"\xe9")
    with pytest.raises(QuestionSetError, match="not UTF-8"):
        read_questions(latin, [])
    with pytest.raises(QuestionSetError, match="No such file"):
        read_questions(tmp_path / "none.jsonl", [])
    with pytest.raises(QuestionSetError, match="directory"):
        read_questions(tmp_path, [])


@pytest.mark.parametrize(
    ("start", "end", "holds_first", "overlaps"),
    [
        (10, 15, True, True),  # the gold itself
        (0, 10, False, False),  # ends where the gold starts
        (0, 11, True, True),
        (11, 20, False, True),  # starts inside the gold
        (15, 20, False, False),  # starts where the gold ends
    ],
)
def test_rules_look_at_the_first_character_or_at_any(
    start: int, end: int, holds_first: bool, overlaps: bool
) -> None:
    gold = GoldAnswer(article_id="a", start=10, text="abcde")
    place = GoldAnswer(article_id="a", start=start, text="x" * (end - start))
    elsewhere = place.model_copy(update={"article_id": "b"})
    assert GoldRule.HOLDS_FIRST_CHARACTER.is_met([elsewhere, place], [gold]) is holds_first
    assert GoldRule.OVERLAPS.is_met([elsewhere, place], [gold]) is overlaps
    assert not GoldRule.OVERLAPS.is_met([elsewhere], [gold])
    assert not GoldRule.OVERLAPS.is_met([place], [])


def test_a_sample_is_the_same_each_time_and_keeps_all_articles(write: Write) -> None:
    whole: QuestionSet = read_questions(write("\n".join(line(id=f"q{n}") for n in range(50))), ARTICLES)
    sample = whole.sample(10)
    assert sample == whole.sample(10)
    assert sample.questions == whole.sample(20).questions[:10]
    assert len({question.id for question in sample.questions}) == 10
    assert sample.questions != whole.questions[:10]
    assert sample.articles == whole.articles
    assert len(whole.sample(1000).questions) == 50


def test_the_hand_written_set_stands_in_the_seeds() -> None:
    root = Path(__file__).parents[2]
    articles = [
        Article(id=path.name, text=path.read_bytes().decode("utf-8"))
        for path in sorted((root / "seeds").iterdir())
    ]
    found = read_questions(root / "eval" / "questions.jsonl", articles)
    assert len(found.questions) > 100
    assert any(not question.answerable for question in found.questions)
