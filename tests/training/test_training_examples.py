"""Question sets into examples: who is asked of which articles."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.evaluation import EvaluationQuestion, GoldAnswer, GoldRule, QuestionSet, read_squad
from articleqa.models import Article
from articleqa.training.examples import OTHERS, SMALL, ask_all, group_of, small_collection

FIXTURE = Path(__file__).parents[1] / "fixtures" / "eval_squad.json"


def towns(count: int, each: int = 1, name: str = "towns") -> QuestionSet:
    """Return a set of `count` articles with `each` questions about each, and one that is unanswerable."""
    articles = [
        Article(id=f"t{n}", text=f"Town {n} has a mill. It opened in {1800 + n}.") for n in range(count)
    ]
    questions = [
        EvaluationQuestion(
            id=f"{article.id}/{number}",
            question=f"When did the mill of town {article.id[1:]} open?",
            kind="when",
            golds=(GoldAnswer(article_id=article.id, start=article.text.index("18"), text="18"),),
        )
        for article in articles
        for number in range(each)
    ]
    nobody = EvaluationQuestion(id="none", question="Who burnt it?", kind="who", golds=(), article_id="t0")
    return QuestionSet(
        name=name,
        rule=GoldRule.HOLDS_FIRST_CHARACTER,
        articles=tuple(articles),
        questions=(*questions, nobody),
    )


def test_each_answerable_question_is_asked_once() -> None:
    sets = [towns(6, 3), read_squad(FIXTURE)]
    asked = list(ask_all(sets))
    expected = [q.id for question_set in sets for q in question_set.questions if q.answerable]
    assert sorted(one.question.id for one in asked) == sorted(expected)


def test_the_article_that_answers_is_always_there_and_names_the_group() -> None:
    for one in ask_all([towns(8, 4)]):
        answering = one.question.golds[0].article_id
        assert answering in one.index.articles
        assert one.group == f"towns/{answering}"


def test_about_a_third_is_asked_of_a_small_collection() -> None:
    found = towns(60, 10)
    asked = list(ask_all([found]))
    small = [one for one in asked if len(one.index.articles) < len(found.articles)]
    assert len(small) / len(asked) == pytest.approx(SMALL, abs=0.05)
    # They come last, those of one article in a row and of one collection.
    assert asked[-len(small) :] == small
    groups = [one.group for one in small]
    assert len({id(one.index) for one in small}) == len(set(groups))
    assert groups == [group for group in dict.fromkeys(groups) for _ in range(groups.count(group))]


def test_the_same_seed_asks_the_same() -> None:
    def asked(seed: int) -> list[tuple[str, str, list[str]]]:
        return [
            (one.question.id, one.text, list(one.index.articles)) for one in ask_all([towns(9, 3)], seed=seed)
        ]

    assert asked(0) == asked(0)
    assert asked(0) != asked(1)


def test_some_questions_are_asked_in_other_ways() -> None:
    texts = Counter(one.text == one.question.question for one in ask_all([towns(30, 5)]))
    assert 0.5 < texts[True] / (texts[True] + texts[False]) < 0.85


def test_the_right_candidates_are_those_that_hold_the_answer() -> None:
    for one in ask_all([towns(3)]):
        candidates = one.candidates()
        right = [
            candidate
            for candidate, is_right in zip(candidates, one.right(candidates), strict=True)
            if is_right
        ]
        (candidate,) = right
        assert candidate.article_id == one.question.golds[0].article_id
        assert candidate.text.startswith("It opened in 18")


def test_a_question_that_matches_nothing_has_no_right_candidate() -> None:
    (one,) = ask_all([towns(1)])
    nothing = type(one)(one.question, one.rule, "Zebra?", one.index, one.group).candidates()
    assert one.right(nothing).tolist() == []


@given(st.integers(1, 50), st.sampled_from(OTHERS), st.integers())
def test_a_small_collection_holds_the_article_in_the_sets_order(count: int, others: int, seed: int) -> None:
    found = towns(count)
    about = f"t{count // 2}"
    ids = [article.id for article in small_collection(found, about, others, random.Random(seed))]
    assert about in ids
    assert len(ids) - 1 == min(count - 1, others)
    assert ids == [article.id for article in found.articles if article.id in ids]


def test_groups_are_told_apart_by_their_sets() -> None:
    question = towns(1).questions[0]
    assert group_of(towns(1), question) != group_of(towns(1, name="others"), question)
