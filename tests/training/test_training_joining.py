"""What the reader's score and the cosine weigh beside the words ranker's score."""

from __future__ import annotations

import numpy as np
import pytest

from articleqa.evaluation import EvaluationQuestion, GoldAnswer, GoldRule, QuestionSet
from articleqa.models import Article
from articleqa.ranking.ranker import shipped_ranker
from articleqa.training.examples import Asked, ask_all
from articleqa.training.joining import START, Joined, fit_joining, joined_scores, p_at_1, with_joining

TEXT = (
    "The mill of Arden is old. It burnt down in 1911, and nobody knows why. Rain is common there."
    " The school has two teachers. Cockerels are not allowed on the green. The harbour freezes in March."
)
ANSWERS = {
    "Am I allowed to keep a rooster there?": "Cockerels are not allowed on the green.",
    "When did the mill burn down?": "It burnt down in 1911, and nobody knows why.",
    "how many people teach at the school": "The school has two teachers.",
}


def asked() -> list[Asked]:
    questions = tuple(
        EvaluationQuestion(
            id=question,
            question=question,
            kind="any",
            golds=(GoldAnswer(article_id="arden", start=TEXT.index(answer), text=answer),),
        )
        for question, answer in ANSWERS.items()
    )
    arden = Article(id="arden", text=TEXT)
    rule = GoldRule.HOLDS_FIRST_CHARACTER
    return list(ask_all([QuestionSet(name="arden", rule=rule, articles=(arden,), questions=questions)]))


def lists(*columns: int, count: int = 60) -> list[Joined]:
    """Return lists of random scores in which the sum of these columns says which row is right."""
    chance = np.random.default_rng(0)
    tables = [chance.normal(size=(8, 3)) for _ in range(count)]
    return [Joined(table, np.arange(8) == table[:, list(columns)].sum(axis=1).argmax()) for table in tables]


def test_what_tells_the_right_sentence_is_given_weight() -> None:
    words_alone, with_reader = fit_joining(lists(0)), fit_joining(lists(0, 1))
    assert max(words_alone.reader, words_alone.cosine) < 0.2
    assert words_alone.cosine_first == 5.0
    assert with_reader.reader == pytest.approx(1.0, abs=0.2)
    assert with_reader.cosine < 0.2


def test_p_at_1_counts_lists_whose_best_row_is_right() -> None:
    assert p_at_1(lists(1), (0.0, 1.0, 0.0)) == 1.0
    assert p_at_1(lists(1), (0.0, 0.0, 1.0)) < 0.5


def test_words_that_tell_nothing_are_refused() -> None:
    turned = [Joined(-table, right) for table, right in lists(0)]
    with pytest.raises(ValueError, match="do not help to find the right sentences"):
        fit_joining(turned)


@pytest.mark.reader
def test_scores_are_those_of_the_ranker() -> None:
    seen: list[None] = []
    ranker = shipped_ranker().model_copy(update={"joining": START})
    questions = asked()
    found = list(joined_scores(ranker, questions, on_question=lambda: seen.append(None)))
    assert len(found) == len(seen) == len(questions)
    for question, (table, right) in zip(questions, found, strict=True):
        assert right.sum() == 1
        scores = ranker.rank(question.candidates()).scores
        assert table @ [1.0, START.reader, START.cosine] == pytest.approx(scores)


@pytest.mark.reader
def test_few_questions_still_give_a_ranker_with_a_reader() -> None:
    found = with_joining(shipped_ranker().model_copy(update={"joining": None}), asked())
    assert found.joining is not None
    assert found.name == "reader"
