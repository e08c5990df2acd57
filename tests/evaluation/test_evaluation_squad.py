from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from articleqa.evaluation import GoldAnswer, GoldRule, read_squad
from articleqa.evaluation.squad import question_kind
from articleqa.exceptions import QuestionSetError

FIXTURE = Path(__file__).parents[1] / "fixtures" / "eval_squad.json"


def squad(*documents: dict[str, Any]) -> str:
    return json.dumps({"version": "v2.0", "data": documents})


def document(title: str = "T", context: str = "It is so.", **qa: Any) -> dict[str, Any]:
    question = {"id": "1", "question": "Is it?", "answers": [], "is_impossible": True, **qa}
    return {"title": title, "paragraphs": [{"context": context, "qas": [question]}]}


def test_each_title_is_an_article_of_separate_paragraphs() -> None:
    found = read_squad(FIXTURE)
    assert found.rule is GoldRule.HOLDS_FIRST_CHARACTER
    assert [article.title for article in found.articles] == ["Silk Road", "Silk Road"]
    assert [article.id for article in found.articles] == ["Silk_Road", "Silk_Road (2)"]
    assert found.articles[0].text == (
        "The road opened in 114 BCE. It ran for 6,400 km."
        "\n\nMerchants carried silk 🐛 west. Zhang Qian travelled it first."
    )


def test_each_paragraph_is_an_article_on_demand() -> None:
    found = read_squad(FIXTURE, paragraphs=True)
    assert [article.id for article in found.articles] == ["Silk_Road/1", "Silk_Road/2", "Silk_Road/1 (2)"]
    assert {article.title for article in found.articles} == {"Silk Road"}
    assert found.questions[2].golds == (GoldAnswer(article_id="Silk_Road/2", start=31, text="Zhang Qian"),)


@pytest.mark.parametrize("paragraphs", [False, True])
def test_every_gold_stands_in_its_article(paragraphs: bool) -> None:
    found = read_squad(FIXTURE, paragraphs=paragraphs)
    texts = {article.id: article.text for article in found.articles}
    golds = [gold for question in found.questions for gold in question.golds]
    assert len(golds) == 3
    assert all(texts[gold.article_id][gold.start : gold.end] == gold.text for gold in golds)


def test_golds_are_kept_once_and_no_gold_means_unanswerable() -> None:
    questions = {question.id: question for question in read_squad(FIXTURE).questions}
    assert [(gold.start, gold.text) for gold in questions["s1"].golds] == [
        (19, "114 BCE"),
        (16, "in 114 BCE"),
    ]
    assert [question.answerable for question in questions.values()] == [True, False, True, False]


def test_an_impossible_question_has_no_golds_whatever_its_answers(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_text(squad(document(answers=[{"text": "so", "answer_start": 6}])))
    assert not read_squad(path).questions[0].answerable


def test_ids_stay_unique_where_a_title_looks_like_a_numbered_one(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_text(squad(*(document(title, id=str(n)) for n, title in enumerate(["T", "T (2)", "T", "  "]))))
    assert [article.id for article in read_squad(path).articles] == ["T", "T (2)", "T (3)", "untitled"]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who came?", "who"),
        ("By whom was it built?", "who"),
        ("Whose idea was it?", "who"),
        ("In what year did it open, and where?", "what"),
        ("What's new?", "what"),
        ("When?", "when"),
        ("Where?", "where"),
        ("WHICH one?", "which"),
        ("Why not?", "why"),
        ("How?", "how"),
        ("how  many were there?", "how-many"),
        ("How much is it?", "how-many"),
        ("The shower somehow broke?", "other"),
        ("Is there a delegate?", "other"),
    ],
)
def test_the_kind_is_the_first_question_word(question: str, kind: str) -> None:
    assert question_kind(question) == kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not SQuAD v2.0 JSON: Invalid JSON"),
        ("{", "not SQuAD v2.0 JSON: Invalid JSON"),
        ("[" * 100_000, "not SQuAD v2.0 JSON: Invalid JSON: recursion limit"),
        ("[]", "not SQuAD v2.0 JSON: Input should be an object"),
        ("{}", "not SQuAD v2.0 JSON: data: Field required"),
        ('{"data": [{"title": "T"}]}', "data.0.paragraphs: Field required"),
        (squad(document(answers=[{"text": "so", "answer_start": "6"}])), "answers.0.answer_start: Input"),
        (squad(document(answers=[{"text": "", "answer_start": 6}])), "answers.0.text: String should have"),
        (squad(document(question="\ud800")), "Invalid JSON"),
        (
            squad(document(answers=[{"text": "so", "answer_start": 5}], is_impossible=False)),
            "question '1': the answer 'so' is not at offset 5 of its context; correct answer_start",
        ),
        (squad(document("A"), document("B")), "the question id '1' occurs twice"),
        (squad(), ": no questions; add some"),
    ],
)
def test_a_faulty_file_is_refused_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(text)
    with pytest.raises(QuestionSetError) as caught:
        read_squad(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_file_in_another_encoding_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_bytes(squad(document()).encode("utf-16"))
    with pytest.raises(QuestionSetError, match=r"set\.json: not UTF-8 \(byte 0\); save it as UTF-8"):
        read_squad(path)
