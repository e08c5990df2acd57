"""Training examples for the ranker: each question of a set, and the articles that it is asked of.

Some of the questions are asked of small collections (the article and a few others), since most users have
few articles. Some are varied in form (`articleqa.training.augmentation`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from articleqa.evaluation.questions import EvaluationQuestion, GoldRule, QuestionSet
from articleqa.evidence.candidates import Candidates
from articleqa.index.article_index import ArticleIndex
from articleqa.models import Article
from articleqa.training.augmentation import augment

SMALL = 0.35
"""The share of the questions that are asked of a small collection."""

OTHERS = (0, 0, 1, 2, 4, 9, 40)
"""How many other articles a small collection has; one of these is drawn."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set, and the index that it is asked of.

    `group` names the article that holds the answer; folds are split by it.
    """

    question: EvaluationQuestion
    rule: GoldRule
    text: str
    index: ArticleIndex
    group: str

    def candidates(self) -> Candidates:
        """Return the candidates for the question."""
        return self.index.candidates(self.text)

    def right(self, candidates: Candidates) -> NDArray[np.bool_]:
        """Return which candidates hold an answer."""
        golds = self.question.golds
        return np.array([self.rule.is_met([candidate], golds) for candidate in candidates], dtype=bool)


def ask_all(sets: Sequence[QuestionSet], *, seed: int = 0) -> Iterator[Asked]:
    """Yield the answerable questions of `sets`, each asked once.

    Questions of small collections come after the others, article by article; those of one article share a
    collection.
    """
    for question_set in sets:
        chance = random.Random(seed)
        answerable = [question for question in question_set.questions if question.answerable]
        drawn = [
            (question, augment(question.question, chance), chance.random() < SMALL) for question in answerable
        ]
        whole = ArticleIndex.from_articles(question_set.articles)
        for question, text, small in drawn:
            if not small:
                yield Asked(question, question_set.rule, text, whole, group_of(question_set, question))
        by_article: dict[str, list[tuple[EvaluationQuestion, str]]] = {}
        for question, text, small in drawn:
            if small:
                by_article.setdefault(question.golds[0].article_id, []).append((question, text))
        for article_id, asked in by_article.items():
            index = ArticleIndex.from_articles(
                small_collection(question_set, article_id, chance.choice(OTHERS), chance)
            )
            for question, text in asked:
                yield Asked(question, question_set.rule, text, index, group_of(question_set, question))


def small_collection(
    question_set: QuestionSet, article_id: str, others: int, chance: random.Random
) -> list[Article]:
    """Return the article and `others` more of its set, in the set's order."""
    ids = [article.id for article in question_set.articles if article.id != article_id]
    chosen = {article_id, *chance.sample(ids, min(len(ids), others))}
    return [article for article in question_set.articles if article.id in chosen]


def group_of(question_set: QuestionSet, question: EvaluationQuestion) -> str:
    """Return the set's name and the id of the article that holds the question's first answer."""
    return f"{question_set.name}/{question.golds[0].article_id}"
