"""Questions with what tells how sure an answer is, and whether it was right."""

from __future__ import annotations

from collections import Counter

import pytest

from articleqa.answering.confidence import signals_of
from articleqa.answering.ranker import Ranker
from articleqa.collection import ArticleIndex
from articleqa.evaluation import EvaluationQuestion, GoldAnswer, GoldRule, QuestionSet
from articleqa.learning import cases as making
from articleqa.learning.cases import Case, CaseKind, cases_of
from articleqa.models import Article
from samples import random_network, ranker

RANKER = ranker(overlap=2.0, overlap_before=1.0, offers_time=1.0)
ARTICLES = tuple(
    Article(id=f"t{n}", text=f"Town{n} has a mill. The mill opened in {1800 + n}.") for n in range(12)
)


def answerable(article: Article) -> EvaluationQuestion:
    year = f"18{article.id[1:]:0>2}"
    gold = GoldAnswer(article_id=article.id, start=article.text.index(year), text=year)
    question = f"When did the mill of Town{article.id[1:]} open?"
    return EvaluationQuestion(id=f"{article.id}/yes", question=question, kind="when", golds=(gold,))


def unanswerable(article: Article) -> EvaluationQuestion:
    question = f"Who burnt the mill of Town{article.id[1:]}?"
    return EvaluationQuestion(
        id=f"{article.id}/no", question=question, kind="who", golds=(), article_id=article.id
    )


def of(*questions: EvaluationQuestion, articles: tuple[Article, ...] = ARTICLES) -> QuestionSet:
    return QuestionSet(
        name="towns", rule=GoldRule.HOLDS_FIRST_CHARACTER, articles=articles, questions=questions
    )


EVERYTHING = of(
    *(answerable(article) for article in ARTICLES), *(unanswerable(article) for article in ARTICLES)
)


@pytest.fixture
def asked_of(monkeypatch: pytest.MonkeyPatch) -> list[tuple[CaseKind, str, set[str]]]:
    """The kind and the group of each case that is made, and the articles that it is asked of."""
    seen: list[tuple[CaseKind, str, set[str]]] = []
    real = making._case

    def noting(index, question_set, question, text, by, kind, group):  # type: ignore[no-untyped-def]
        seen.append((kind, group, set(index.articles)))
        return real(index, question_set, question, text, by, kind, group)

    monkeypatch.setattr(making, "_case", noting)
    return seen


def test_an_answerable_question_is_asked_twice_and_an_unanswerable_one_once(
    asked_of: list[tuple[CaseKind, str, set[str]]],
) -> None:
    list(cases_of(EVERYTHING, RANKER))
    assert Counter(kind for kind, _, _ in asked_of) == dict.fromkeys(CaseKind, len(ARTICLES))
    assert {group for _, group, _ in asked_of} == {f"towns/{article.id}" for article in ARTICLES}


def test_elsewhere_never_holds_the_article_that_answers_and_the_others_always_do(
    asked_of: list[tuple[CaseKind, str, set[str]]],
) -> None:
    for seed in range(5):
        list(cases_of(EVERYTHING, RANKER, seed=seed))
    for kind, group, articles in asked_of:
        about = group.removeprefix("towns/")
        assert (about in articles) is (kind is not CaseKind.ELSEWHERE)
        assert articles


def test_most_are_asked_of_few_articles(asked_of: list[tuple[CaseKind, str, set[str]]]) -> None:
    for seed in range(10):
        list(cases_of(EVERYTHING, RANKER, seed=seed))
    here = [len(articles) for kind, _, articles in asked_of if kind is not CaseKind.ELSEWHERE]
    assert here.count(len(ARTICLES)) / len(here) == pytest.approx(making.WHOLE, abs=0.1)
    assert set(here) == {len(ARTICLES), *(others + 1 for others in making.OTHERS)}
    elsewhere = {len(articles) for kind, _, articles in asked_of if kind is CaseKind.ELSEWHERE}
    assert elsewhere == set(making.ELSEWHERE)


def test_one_article_has_no_others_to_ask() -> None:
    found = list(cases_of(of(answerable(ARTICLES[0]), articles=ARTICLES[:1]), RANKER))
    assert [case.kind for case in found] == [CaseKind.ANSWERABLE]


def test_what_holds_the_answer_is_right_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "variant", lambda question, _: question)
    found = list(cases_of(EVERYTHING, RANKER))
    right = {kind: [case.right for case in found if case.kind is kind] for kind in CaseKind}
    assert all(right[CaseKind.ANSWERABLE])
    assert not any(right[CaseKind.UNANSWERABLE])
    assert not any(right[CaseKind.ELSEWHERE])
    backwards = ranker(overlap=-2.0, offers_time=-5.0)
    wrong = [case for case in cases_of(EVERYTHING, backwards) if case.kind is CaseKind.ANSWERABLE]
    assert not any(case.right for case in wrong)


@pytest.mark.parametrize("by", [RANKER, ranker(random_network(), overlap=2.0)])
def test_signals_are_those_that_an_answer_goes_by(by: Ranker) -> None:
    articles = ARTICLES[:1]
    (case,) = cases_of(of(answerable(ARTICLES[0]), articles=articles), by)
    index = ArticleIndex.from_articles(articles)
    candidates = index.candidates(case.question)
    ranking = by.rank(candidates)
    best, second = sorted(range(2), key=lambda row: -ranking.scores[row])
    lead = ranking.scores[best] - ranking.scores[second]
    assert dict(case.signals) == pytest.approx(signals_of(candidates, ranking, best, lead))


def test_a_question_for_which_nothing_comes_up_is_left_out() -> None:
    nothing = EvaluationQuestion(id="1", question="Zebra?", kind="who", golds=(), article_id="t1")
    assert list(cases_of(of(nothing), RANKER)) == []


def test_the_same_seed_makes_the_same_cases() -> None:
    def made(seed: int) -> list[Case]:
        return list(cases_of(EVERYTHING, RANKER, seed=seed))

    assert made(0) == made(0)
    assert made(0) != made(1)
