"""Questions with what tells how sure an answer is, and whether it was right."""

from __future__ import annotations

from collections import Counter

import pytest

from articleqa.answering.confidence import signals_of
from articleqa.evaluation import EvaluationQuestion, GoldAnswer, GoldRule, QuestionSet
from articleqa.index.article_index import ArticleIndex
from articleqa.models import Article, Block, BlockKind, Span
from articleqa.ranking.ranker import Ranker
from articleqa.training import calibration_data as making
from articleqa.training.calibration_data import Case, CaseKind, cases_of
from samples import random_network, ranker

RANKER = ranker(overlap=2.0, overlap_before=2.5)
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
def asked_of(monkeypatch: pytest.MonkeyPatch) -> list[tuple[CaseKind, str, dict[str, Article]]]:
    """The kind and the group of each case that is made, and the articles that it is asked of."""
    seen: list[tuple[CaseKind, str, dict[str, Article]]] = []
    real = making.CaseBuilder.case

    def noting(self, index, question, text, kind):  # type: ignore[no-untyped-def]
        seen.append((kind, self.group, dict(index.articles)))
        return real(self, index, question, text, kind)

    monkeypatch.setattr(making.CaseBuilder, "case", noting)
    return seen


def test_answerable_questions_are_asked_three_times_others_once(
    asked_of: list[tuple[CaseKind, str, dict[str, Article]]],
) -> None:
    list(cases_of(EVERYTHING, RANKER))
    assert Counter(kind for kind, _, _ in asked_of) == dict.fromkeys(CaseKind, len(ARTICLES))
    assert {group for _, group, _ in asked_of} == {f"towns/{article.id}" for article in ARTICLES}


def test_elsewhere_never_holds_the_article_that_answers(
    asked_of: list[tuple[CaseKind, str, dict[str, Article]]],
) -> None:
    for seed in range(5):
        list(cases_of(EVERYTHING, RANKER, seed=seed))
    for kind, group, articles in asked_of:
        about = group.removeprefix("towns/")
        assert (about in articles) is (kind is not CaseKind.ELSEWHERE)
        assert articles


def test_most_are_asked_of_few_articles(
    asked_of: list[tuple[CaseKind, str, dict[str, Article]]],
) -> None:
    for seed in range(10):
        list(cases_of(EVERYTHING, RANKER, seed=seed))
    of_its_articles = (CaseKind.ANSWERABLE, CaseKind.UNANSWERABLE)
    here = [len(articles) for kind, _, articles in asked_of if kind in of_its_articles]
    assert here.count(len(ARTICLES)) / len(here) == pytest.approx(making.WHOLE, abs=0.1)
    assert set(here) == {len(ARTICLES), *(others + 1 for others in making.OTHERS)}
    elsewhere = {len(articles) for kind, _, articles in asked_of if kind is CaseKind.ELSEWHERE}
    assert elsewhere == set(making.ELSEWHERE)


def removed(asked_of: list[tuple[CaseKind, str, dict[str, Article]]]) -> list[dict[str, Article]]:
    return [articles for kind, _, articles in asked_of if kind is CaseKind.REMOVED]


LONG = "The town lies by a river that is wide and slow and that nobody has ever crossed in winter. " * 8
MILL = f"The mill of Town0 opened in 1800. {LONG}".strip()
MARKET = f"The market of Town0 opens at noon. {LONG}".strip()
PASSAGES = Article(id="t0", text=f"{MILL}\n\n{MARKET}")


def test_the_passage_that_answers_is_taken_out_and_nothing_else(
    asked_of: list[tuple[CaseKind, str, dict[str, Article]]],
) -> None:
    assert len(list(ArticleIndex.from_articles([PASSAGES]).passages)) == 2
    found = list(cases_of(of(answerable(PASSAGES), articles=(PASSAGES, ARTICLES[1])), RANKER))
    (articles,) = removed(asked_of)
    assert list(articles) == ["t0"]
    assert articles["t0"].text == f"\n\n{MARKET}"
    (case,) = [case for case in found if case.kind is CaseKind.REMOVED]
    assert not case.right
    assert case.group == "towns/t0"


def test_blocks_and_pages_go_with_the_passage_that_is_taken_out(
    asked_of: list[tuple[CaseKind, str, dict[str, Article]]],
) -> None:
    starts = (0, len(MILL) + 2)
    ends = (len(MILL), len(PASSAGES.text))
    blocks = tuple(Block(BlockKind.PROSE, Span(*ends_of)) for ends_of in zip(starts, ends, strict=True))
    printed = PASSAGES.model_copy(update={"blocks": blocks, "pages": starts})
    list(cases_of(of(answerable(printed), articles=(printed, ARTICLES[1])), RANKER))
    (articles,) = removed(asked_of)
    left = articles["t0"]
    assert left.blocks is not None
    assert [block.span.of(left.text) for block in left.blocks] == [MARKET]
    assert [left.text[page:].strip() for page in left.pages] == [MARKET, MARKET]


def test_a_question_that_two_passages_answer_is_not_asked_without_either(
    asked_of: list[tuple[CaseKind, str, dict[str, Article]]],
) -> None:
    twice = answerable(PASSAGES)
    also = GoldAnswer(article_id="t0", start=PASSAGES.text.index("noon"), text="noon")
    both = twice.model_copy(update={"golds": (*twice.golds, also)})
    assert list(cases_of(of(both, articles=(PASSAGES,)), RANKER))
    assert removed(asked_of) == []
    same = twice.model_copy(update={"golds": twice.golds * 2})
    list(cases_of(of(same, articles=(PASSAGES,)), RANKER))
    assert len(removed(asked_of)) == 1


def test_an_article_of_one_passage_has_nothing_left_to_ask(
    asked_of: list[tuple[CaseKind, str, dict[str, Article]]],
) -> None:
    found = list(cases_of(of(answerable(ARTICLES[0]), articles=ARTICLES), RANKER))
    assert [articles["t0"].text for articles in removed(asked_of)] == [""]
    assert CaseKind.REMOVED not in {case.kind for case in found}


def test_a_question_about_no_known_article_counts_to_the_first(
    asked_of: list[tuple[CaseKind, str, dict[str, Article]]],
) -> None:
    nobodys = unanswerable(ARTICLES[5]).model_copy(update={"article_id": None})
    list(cases_of(of(nobodys), RANKER))
    assert [group for _, group, _ in asked_of] == ["towns/t0"]


def test_one_article_has_no_others_to_ask() -> None:
    found = list(cases_of(of(answerable(ARTICLES[0]), articles=ARTICLES[:1]), RANKER))
    assert [case.kind for case in found] == [CaseKind.ANSWERABLE]


def test_what_holds_the_answer_is_right_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "augment", lambda question, _: question)
    found = list(cases_of(EVERYTHING, RANKER))
    right = {kind: [case.right for case in found if case.kind is kind] for kind in CaseKind}
    assert all(right[CaseKind.ANSWERABLE])
    assert not any(right[CaseKind.UNANSWERABLE])
    assert not any(right[CaseKind.ELSEWHERE])
    assert len(right[CaseKind.ELSEWHERE]) > 0
    backwards = ranker(overlap=-2.0, overlap_before=-5.0)
    wrong = [case for case in cases_of(EVERYTHING, backwards) if case.kind is CaseKind.ANSWERABLE]
    assert not any(case.right for case in wrong)


@pytest.mark.parametrize("by", [RANKER, ranker(random_network(), overlap=2.0)])
def test_signals_are_those_that_an_answer_goes_by(by: Ranker) -> None:
    articles = ARTICLES[:1]
    (case,) = cases_of(of(answerable(ARTICLES[0]), articles=articles), by)
    index = ArticleIndex.from_articles(articles)
    candidates = index.candidates(case.question)
    ranking = by.rank(candidates)
    best = max(range(2), key=lambda row: ranking.scores[row])
    assert dict(case.signals) == pytest.approx(signals_of(candidates, ranking, best))


def test_a_question_for_which_nothing_comes_up_is_left_out() -> None:
    nothing = EvaluationQuestion(id="1", question="Zebra?", kind="who", golds=(), article_id="t1")
    assert list(cases_of(of(nothing), RANKER)) == []


def test_the_same_seed_makes_the_same_cases() -> None:
    def made(seed: int) -> list[Case]:
        return list(cases_of(EVERYTHING, RANKER, seed=seed))

    assert made(0) == made(0)
    assert made(0) != made(1)
