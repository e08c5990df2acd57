"""What the two seed articles answer, and what they never do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from articleqa import AbstainReason, Answer, Article, ArticleIndex, Outcome, load_articles
from user_path import USER_PATH

pytestmark = pytest.mark.reader

ROOT = Path(__file__).parent.parent
PAGE_FURNITURE = {
    "Home",
    ">",
    "Skip to main content",
    "Leave a Reply",
    "Region / Country",
    "Your tax deductible gift can help stop human rights violations and save lives around the world.",
}


@pytest.fixture(scope="module")
def seeds() -> list[Article]:
    return load_articles(ROOT / "seeds")


@pytest.fixture(scope="module")
def index(seeds: list[Article]) -> ArticleIndex:
    return ArticleIndex.from_articles(seeds)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("When was the confederation shut down?", "a court in southern Kazakhstan on January 4 shut down"),
        ("Who shut down the confederation?", "a court in southern Kazakhstan on January 4 shut down"),
        ("How many oil workers went on a hunger strike?", "more than 400 oil workers"),
        ("Who took the photo?", "© 2016 Shamil Zhumatov/Reuters"),
        ("Who wrote the article?", "Hugh Williamson is director"),
        ("What does the editor's note say?", "Hugh Williamson is director"),
    ],
)
def test_the_seeds_answer(index: ArticleIndex, question: str, quote: str) -> None:
    answer = index.ask(question)
    assert answer.answered
    assert quote in answer.text
    (citation,) = answer.citations
    assert citation.verify(index.articles[citation.article_id])


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What did the ILO do?", "In the end, the ILO committee pulled no punches"),
        ("Who is the president of the confederation?", "the confederation president Larisa Kharkova"),
    ],
)
def test_the_seeds_may_answer(index: ArticleIndex, question: str, words: str) -> None:
    answer = index.ask(question)
    assert answer.outcome is Outcome.MAYBE
    assert words in answer.sentences[0].text


@pytest.mark.parametrize(
    "question",
    [
        "Who won the football world cup in 2018?",
        "What is the boiling point of mercury?",
        "Who wrote Pride and Prejudice?",
        "How many penguins live in Antarctica?",
    ],
)
def test_the_seeds_do_not_answer(index: ArticleIndex, question: str) -> None:
    answer = index.ask(question)
    assert (answer.answered, answer.text) == (False, "")
    assert answer.reason in {AbstainReason.BELOW_THRESHOLD, AbstainReason.NO_MATCHING_TERMS}


def test_words_around_a_page_stand_in_the_articles(seeds: list[Article]) -> None:
    whole = "\n".join(article.text for article in seeds)
    assert all(words in whole for words in PAGE_FURNITURE)


@pytest.mark.slow
def test_words_around_a_page_are_never_an_answer(index: ArticleIndex) -> None:
    lines = (ROOT / "eval" / "questions.jsonl").read_text(encoding="utf-8").splitlines()[:40:2]
    questions = [json.loads(line)["question"] for line in lines]
    assert len(questions) == 20
    asked = [
        *questions,
        "Is there a tax deductible gift?",
        "Home?",
        "Which region or country?",
        "Where can I leave a reply?",
    ]
    returned = {
        sentence.text
        for question in asked
        for sentence in index.ask(question, top_k=20, min_confidence=0).sentences
    }
    assert len(returned) > 30
    assert returned.isdisjoint(PAGE_FURNITURE)
    assert not [text for text in returned if "tax deductible" in text or "Skip to" in text]


def unrelated(number: int) -> Article:
    return Article(
        id=f"unrelated {number}",
        title=f"Recipe {number}",
        text=f"Stir {number} spoons of butter and sugar in a pan. Bake the cake until it is brown.",
    )


def test_unrelated_articles_leave_the_order_as_it_was(index: ArticleIndex, seeds: list[Article]) -> None:
    large = ArticleIndex.from_articles([*seeds, *map(unrelated, range(500))])
    for question in (
        "Who is Larisa Kharkova?",
        "Who went on hunger strike after the ruling?",
        "When did Kazakhstan become a member of the UN Security Council?",
        "When was there a wave of strikes in the oil industry?",
        "Where was the picture of the worker with the pipes taken?",
    ):
        # Here the third hangs on which passages are read: among five hundred articles not all are.
        shown = 2 if "Security Council" in question else 3
        before, after = index.ask(question, top_k=3), large.ask(question, top_k=3)
        expected = [s.text for s in before.sentences[:shown]]
        assert [s.text for s in after.sentences[:shown]] == expected, question


ASKING = """
from articleqa import ask
for question in ("Did judges dissolve syndicates?", "Which petroleum employees fasted?", "penguins"):
    print(ask(question, "seeds/", top_k=50, min_confidence=0).model_dump_json())
"""


def test_a_search_by_words_of_like_meaning_is_the_same_in_two_processes() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", ASKING],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": USER_PATH,
                "PYTHONHASHSEED": seed,
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    answers = [Answer.model_validate_json(line) for line in outputs[0].splitlines()]
    assert answers[0].sentences
    assert answers[0].never_mentioned
