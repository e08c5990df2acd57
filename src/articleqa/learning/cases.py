"""Questions with what tells how sure an answer is, and whether it was right: what confidence is fitted to.

Each answerable question is asked twice: of articles that hold the answer, and of others that do not. An
unanswerable one is asked of its article. Most are asked of one to ten articles, as most users do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from articleqa.answering.confidence import signals_of
from articleqa.answering.ranker import Ranker
from articleqa.collection import ArticleIndex
from articleqa.evaluation.questions import EvaluationQuestion, QuestionSet
from articleqa.learning.variants import variant
from articleqa.models import Article

WHOLE = 0.3
"""The share of the questions that are asked of all articles of their set."""

OTHERS = (0, 0, 1, 2, 4, 9)
"""How many other articles stand beside the one that holds the answer, one of these."""

ELSEWHERE = (1, 1, 2, 4, 9)
"""How many articles a question is asked of that do not hold its answer, one of these."""


class CaseKind(StrEnum):
    """Where a question stands to the articles that it is asked of."""

    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    ELSEWHERE = "asked of other articles"


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked: the signals of the first sentence, and whether that one answers.

    `group` names the question's article: folds are split by it.
    """

    kind: CaseKind
    group: str
    question: str
    signals: Mapping[str, float]
    right: bool


def cases_of(question_set: QuestionSet, ranker: Ranker, *, seed: int = 0) -> Iterator[Case]:
    """Yield the cases of a set, ranked by `ranker`, which must not have been fitted to the same questions.

    A question for which no sentence comes up is left out: its confidence is 0 whatever is fitted.
    """
    chance = random.Random(seed)
    whole = ArticleIndex.from_articles(question_set.articles)
    for article_id, questions in _by_article(question_set).items():
        here = ArticleIndex.from_articles(_articles(question_set, article_id, chance.choice(OTHERS), chance))
        elsewhere = ArticleIndex.from_articles(
            [
                a
                for a in _articles(question_set, article_id, chance.choice(ELSEWHERE), chance)
                if a.id != article_id
            ]
        )
        for question in questions:
            text = variant(question.question, chance)
            group = f"{question_set.name}/{article_id}"
            index = whole if chance.random() < WHOLE else here
            kind = CaseKind.ANSWERABLE if question.answerable else CaseKind.UNANSWERABLE
            yield from _case(index, question_set, question, text, ranker, kind, group)
            answered_there = any(gold.article_id in elsewhere.articles for gold in question.golds)
            if question.answerable and len(elsewhere.articles) and not answered_there:
                yield from _case(elsewhere, question_set, question, text, ranker, CaseKind.ELSEWHERE, group)


def _by_article(question_set: QuestionSet) -> dict[str, list[EvaluationQuestion]]:
    """Return the questions by the article that they are about; the set's first where it is not known."""
    by_article: dict[str, list[EvaluationQuestion]] = {}
    for question in question_set.questions:
        about = question.golds[0].article_id if question.golds else question.article_id
        by_article.setdefault(about or question_set.articles[0].id, []).append(question)
    return by_article


def _articles(
    question_set: QuestionSet, article_id: str, others: int, chance: random.Random
) -> list[Article]:
    """Return the article and `others` more of its set, in the set's order."""
    ids = [article.id for article in question_set.articles if article.id != article_id]
    chosen = {article_id, *chance.sample(ids, min(len(ids), others))}
    return [article for article in question_set.articles if article.id in chosen]


def _case(
    index: ArticleIndex,
    question_set: QuestionSet,
    question: EvaluationQuestion,
    text: str,
    ranker: Ranker,
    kind: CaseKind,
    group: str,
) -> Iterator[Case]:
    candidates = index.candidates(text)
    if not len(candidates):
        return
    ranking = ranker.rank(candidates)
    best = int(np.argmax(ranking.scores))
    right = kind is CaseKind.ANSWERABLE and question_set.rule.is_met([candidates[best]], question.golds)
    yield Case(kind, group, text, signals_of(candidates, ranking, best), right)
