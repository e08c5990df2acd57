from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from articleqa.answering.features import FAMILIES, FEATURES
from articleqa.answering.ranker import LinearRanker, shipped_ranker
from articleqa.collection import ArticleIndex
from articleqa.evaluation import (
    EvaluationQuestion,
    GoldAnswer,
    GoldRule,
    QuestionSet,
    ablation,
    evaluate,
    read_squad,
)
from articleqa.evaluation.ablation import SWITCHES, ablate, without_features
from articleqa.models import Article

FIXTURE = Path(__file__).parent / "fixtures" / "eval_squad.json"

TEA = Article(
    id="tea", text="Why so early?\n\nNobody knows.\n\nThe green tea of China was first drunk in 2737 BCE."
)


def asked_about_tea(*questions: str) -> QuestionSet:
    gold = GoldAnswer(article_id="tea", start=TEA.text.index("The green"), text="The green tea")
    return QuestionSet(
        name="tea",
        rule=GoldRule.HOLDS_FIRST_CHARACTER,
        articles=(TEA,),
        questions=tuple(
            EvaluationQuestion(id=str(n), question=question, kind="what", golds=(gold,))
            for n, question in enumerate(questions)
        ),
    )


def everything_turned_round(ranker: LinearRanker) -> LinearRanker:
    weights = {name: -weight for name, weight in ranker.weights.items()}
    return LinearRanker(version=1, about="", weights=weights)


def test_each_family_of_features_can_be_switched_off() -> None:
    assert list(SWITCHES) == list(FAMILIES)
    for name, without in SWITCHES.items():
        left = without(shipped_ranker()).weights
        assert set(left) == set(shipped_ranker().weights) - set(FAMILIES[name])
        assert all(weight == shipped_ranker().weights[feature] for feature, weight in left.items())


def test_what_a_ranker_computed_of_its_weights_is_not_kept() -> None:
    ranker = LinearRanker(version=1, about="", weights={"overlap": 1.0, "length": 2.0})
    row = np.ones((1, len(FEATURES)))
    assert ranker.scores(row).tolist() == [3.0]
    assert without_features(ranker, names=["length", "order"]).scores(row).tolist() == [1.0]


def test_p_at_1_with_everything_on_is_that_of_the_evaluation() -> None:
    found = read_squad(FIXTURE)
    scores = evaluate(ArticleIndex.from_articles(found.articles), found).overall
    ablated = ablate(found)
    assert ablated.questions == scores.answerable
    assert ablated.p_at_1 == scores.p_at_1
    assert [family.name for family in ablated.families] == list(FAMILIES)


def test_a_switch_may_do_anything_to_the_ranker() -> None:
    switches = {"nothing": lambda ranker: ranker, "sense": everything_turned_round}
    ablated = ablate(asked_about_tea("When was the green tea of China drunk?"), switches=switches)
    assert ablated.p_at_1 == 1
    assert [(family.name, family.p_at_1) for family in ablated.families] == [("nothing", 1), ("sense", 0)]


def test_a_question_that_matches_nothing_is_wrong() -> None:
    assert ablate(asked_about_tea("Zebra?"), switches={}).p_at_1 == 0


def test_large_sets_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ablation, "MOST_QUESTIONS", 2)
    seen: list[tuple[int, int]] = []
    ablated = ablate(
        asked_about_tea("tea?", "green tea?", "China?"),
        switches={"BM25": SWITCHES["BM25"]},
        on_answer=lambda done, total: seen.append((done, total)),
    )
    assert ablated.questions == 2
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_without_answerable_questions_there_is_nothing_to_measure() -> None:
    ablated = ablate(asked_about_tea())
    assert (ablated.questions, ablated.p_at_1) == (0, None)
    assert {family.p_at_1 for family in ablated.families} == {None}
