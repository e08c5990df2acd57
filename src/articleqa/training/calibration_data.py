"""Calibration cases: the signals of each question's first sentence, and whether that sentence answers.

Each answerable question is asked three times: of articles that hold the answer, of its article without
the passage that answers, and of other articles. An unanswerable question is asked of its article. Most
questions are asked of one to ten articles, as most users do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from articleqa.answering.confidence import signals_of
from articleqa.evaluation.questions import EvaluationQuestion, QuestionSet
from articleqa.index.article_index import ArticleIndex
from articleqa.models import Passage
from articleqa.passages import AnalysedPassage
from articleqa.ranking.ranker import Ranker
from articleqa.training.augmentation import augment
from articleqa.training.cutting import cut_out
from articleqa.training.examples import small_collection

WHOLE = 0.3
"""The share of the questions that are asked of all articles of their set."""

OTHERS = (0, 0, 1, 2, 4, 9)
"""How many other articles accompany the one that holds the answer; one of these is drawn."""

ELSEWHERE = (1, 1, 2, 4, 9)
"""How many articles without the answer a question is asked of; one of these is drawn."""


class CaseKind(StrEnum):
    """How a question relates to the articles that it is asked of."""

    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    REMOVED = "asked without the passage that answers"
    ELSEWHERE = "asked of other articles"


@dataclass(frozen=True, slots=True)
class Case:
    """A question that was asked: the signals of the first sentence, and whether that sentence answers.

    `group` names the question's article; folds are split by it.
    """

    kind: CaseKind
    group: str
    question: str
    signals: Mapping[str, float]
    right: bool


def cases_of(question_set: QuestionSet, ranker: Ranker, *, seed: int = 0) -> Iterator[Case]:
    """Yield the cases of a set, ranked by `ranker`, which must not have been fitted to the same questions.

    A question without candidates is left out: its confidence is 0 however the model is fitted.
    """
    chance = random.Random(seed)
    whole = ArticleIndex.from_articles(question_set.articles, ranker=ranker)
    for article_id, questions in _by_article(question_set).items():
        asking = CaseBuilder(question_set, ranker, f"{question_set.name}/{article_id}")
        here, beside = (
            ArticleIndex.from_articles(
                small_collection(question_set, article_id, chance.choice(sizes), chance), ranker=ranker
            )
            for sizes in (OTHERS, ELSEWHERE)
        )
        beside.remove(article_id)
        for question in questions:
            text = augment(question.question, chance)
            index = whole if chance.random() < WHOLE else here
            kind = CaseKind.ANSWERABLE if question.answerable else CaseKind.UNANSWERABLE
            yield from asking.case(index, question, text, kind)
            if question.answerable and not any(gold.article_id in beside.articles for gold in question.golds):
                yield from asking.case(beside, question, text, CaseKind.ELSEWHERE)
        for passage, answered in _by_passage(whole.passages, questions).items():
            left = cut_out(whole.articles[passage.article_id], passage.span)
            without = ArticleIndex.from_articles([left], ranker=ranker)
            for question in answered:
                text = augment(question.question, chance)
                yield from asking.case(without, question, text, CaseKind.REMOVED)


def _by_article(question_set: QuestionSet) -> dict[str, list[EvaluationQuestion]]:
    """Return the questions by the article they are about; the set's first article if that is unknown."""
    by_article: dict[str, list[EvaluationQuestion]] = {}
    for question in question_set.questions:
        about = question.golds[0].article_id if question.golds else question.article_id
        by_article.setdefault(about or question_set.articles[0].id, []).append(question)
    return by_article


def _by_passage(
    passages: Sequence[AnalysedPassage], questions: Sequence[EvaluationQuestion]
) -> dict[Passage, list[EvaluationQuestion]]:
    """Return the questions by the passage that answers them; those that several answer are left out."""
    by_passage: dict[Passage, list[EvaluationQuestion]] = {}
    for question in questions:
        answering = {
            analysed.passage
            for analysed in passages
            for gold in question.golds
            if analysed.passage.article_id == gold.article_id
            and analysed.passage.span.start < gold.end
            and gold.start < analysed.passage.span.end
        }
        if len(answering) == 1:
            by_passage.setdefault(answering.pop(), []).append(question)
    return by_passage


@dataclass(frozen=True, slots=True)
class CaseBuilder:
    """What all questions about an article or a folder share: their set, the ranker and the group."""

    question_set: QuestionSet
    ranker: Ranker
    group: str

    def case(
        self, index: ArticleIndex, question: EvaluationQuestion, text: str, kind: CaseKind
    ) -> Iterator[Case]:
        """Yield the case of one question, asked as `text`; yield nothing if there are no candidates."""
        candidates = index.candidates(text)
        if not len(candidates):
            return
        ranking = self.ranker.rank(candidates)
        best = int(np.argmax(ranking.scores))
        answers = self.question_set.rule.is_met([candidates[best]], question.golds)
        right = kind is CaseKind.ANSWERABLE and answers
        yield Case(kind, self.group, text, signals_of(candidates, ranking, best), right)
