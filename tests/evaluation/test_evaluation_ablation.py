from __future__ import annotations

from pathlib import Path

import numpy as np

from articleqa.arrays import Float64Array
from articleqa.evaluation import EvaluationQuestion, GoldAnswer, GoldRule, QuestionSet, evaluate, read_squad
from articleqa.evaluation.ablation import (
    FAMILY_SWITCHES,
    NETWORK_SWITCHES,
    ablate,
    switches_of,
    without_network,
)
from articleqa.index.article_index import ArticleIndex
from articleqa.models import Article
from articleqa.ranking.features import FAMILIES, FEATURES, feature_table
from articleqa.ranking.ranker import Ranker, shipped_ranker
from articleqa.ranking.scores import PARTS, Ranking
from samples import UNION, candidates_of, random_network, ranker

FIXTURE = Path(__file__).parents[1] / "fixtures" / "eval_squad.json"

TEA = Article(
    id="tea", text="Why so early?\n\nNobody knows.\n\nThe green tea of China was first drunk in 2737 BCE."
)
BOTH = ranker(random_network(), **dict.fromkeys(FEATURES, 1.0))


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


def everything_turned_round(given: Ranker) -> Ranker:
    return ranker(None, **{name: -weight for name, weight in given.weights.items()})


def ranked(given: Ranker) -> Ranking:
    return given.rank(candidates_of("When was the union shut by a court?", UNION))


def parts_by_row(ranking: Ranking) -> Float64Array:
    assert ranking.network is not None
    return ranking.network.parts[np.argsort(ranking.network.rows)]


def test_a_family_that_is_off_is_zero_for_sum_and_network() -> None:
    assert list(FAMILY_SWITCHES) == list(FAMILIES)
    whole = feature_table(candidates_of("When was the union shut by a court?", UNION))
    for name, without in FAMILY_SWITCHES.items():
        ranking = ranked(without(BOTH))
        off = np.array([feature in FAMILIES[name] for feature in FEATURES])
        assert (ranking.table == np.where(off, 0.0, whole)).all()
        if whole[:, off].any():
            # That part reads nothing but the table, so that it says something else now.
            assert parts_by_row(ranking)[:, 0].tolist() == parts_by_row(ranked(BOTH))[:, 0].tolist()
            assert parts_by_row(ranking)[:, 2].tolist() != parts_by_row(ranked(BOTH))[:, 2].tolist()


def test_the_ranker_itself_stays_as_it_is() -> None:
    before = ranked(BOTH).scores.tolist()
    for without in switches_of(BOTH).values():
        without(BOTH)
    assert ranked(BOTH).scores.tolist() == before


def test_a_part_of_the_network_that_is_off_adds_nothing() -> None:
    assert list(NETWORK_SWITCHES) == ["reading words", "reading terms", "reading features", "the network"]
    whole = ranked(BOTH).network
    assert whole is not None
    for number, _ in enumerate(PARTS):
        without = list(NETWORK_SWITCHES.values())[number]
        ranking = ranked(without(BOTH))
        left = ranking.network
        assert left is not None
        others = [other for other in range(len(PARTS)) if other != number]
        assert not left.parts[:, number].any()
        assert left.parts[:, others].tolist() == whole.parts[:, others].tolist()
        sums = BOTH.weighted_sums(ranking.table)[left.rows]
        assert ranking.scores[left.rows].tolist() == (sums + left.parts.sum(axis=1)).tolist()


def test_without_the_network_the_weighted_sum_ranks_alone() -> None:
    assert (
        ranked(without_network(BOTH)).scores.tolist() == ranked(ranker(None, **BOTH.weights)).scores.tolist()
    )


def test_a_ranker_without_a_network_has_none_to_switch_off() -> None:
    assert list(switches_of(ranker(overlap=1.0))) == list(FAMILIES)
    assert list(switches_of(BOTH)) == [*FAMILIES, *NETWORK_SWITCHES]


def test_p_at_1_with_everything_on_is_that_of_the_evaluation() -> None:
    found = read_squad(FIXTURE)
    scores = evaluate(ArticleIndex.from_articles(found.articles), found).overall
    ablated = ablate(found)
    assert ablated.questions == scores.answerable
    assert ablated.p_at_1 == scores.p_at_1
    assert [off.name for off in ablated.switched_off] == list(switches_of(shipped_ranker()))


def test_a_switch_may_do_anything_to_the_ranker() -> None:
    switches = {"nothing": lambda given: given, "sense": everything_turned_round}
    question = "When was the green tea of China drunk?"
    ablated = ablate(asked_about_tea(question), ranker=ranker(overlap=1.0), switches=switches)
    assert ablated.p_at_1 == 1
    assert [(off.name, off.p_at_1) for off in ablated.switched_off] == [("nothing", 1), ("sense", 0)]


def test_any_ranker_can_be_taken_apart() -> None:
    ablated = ablate(asked_about_tea("When was the green tea of China drunk?"), ranker=BOTH)
    assert [off.name for off in ablated.switched_off] == list(switches_of(BOTH))
    alone = ablate(
        asked_about_tea("When was the green tea of China drunk?"), ranker=ranker(overlap=1.0), limit=1
    )
    assert alone.p_at_1 == 1
    # Without its only weight it takes the sentences in their order.
    assert {off.name: off.p_at_1 for off in alone.switched_off}["overlap"] == 0


def test_a_question_that_matches_nothing_is_wrong() -> None:
    assert ablate(asked_about_tea("Zebra?"), switches={}).p_at_1 == 0


def test_large_sets_are_sampled() -> None:
    seen: list[tuple[int, int]] = []
    ablated = ablate(
        asked_about_tea("tea?", "green tea?", "China?"),
        switches={"BM25": FAMILY_SWITCHES["BM25"]},
        limit=2,
        on_answer=lambda done, total: seen.append((done, total)),
    )
    assert ablated.questions == 2
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_without_answerable_questions_there_is_nothing_to_measure() -> None:
    ablated = ablate(asked_about_tea())
    assert (ablated.questions, ablated.p_at_1) == (0, None)
    assert {off.p_at_1 for off in ablated.switched_off} == {None}
