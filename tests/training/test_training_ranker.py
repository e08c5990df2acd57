"""How a ranker is learned from questions: by article, from all questions or every fifth."""

from __future__ import annotations

import numpy as np
import pytest

from articleqa.evaluation import EvaluationQuestion, GoldAnswer, GoldRule, QuestionSet
from articleqa.exceptions import QuestionSetError
from articleqa.models import Article
from articleqa.ranking.features import FEATURES
from articleqa.ranking.ranker import RERANK_DEPTH, Ranker
from articleqa.training import ranker as learning
from articleqa.training.examples import Asked, ask_all
from articleqa.training.folds import folds_of
from articleqa.training.ranker import learn_ranker
from articleqa.training.weights import fit_weights

WORKS = ("mill", "bridge", "school", "harbour")


def asked_about(*towns: str) -> list[Asked]:
    articles: list[Article] = []
    questions: list[EvaluationQuestion] = []
    for number, town in enumerate(towns):
        first = 1800 + 7 * number
        sentences = [f"The {work} of {town} opened in {first + n}." for n, work in enumerate(WORKS)]
        text = " ".join([f"{town} is a small town.", *sentences, "Rain is common there."])
        articles.append(Article(id=town, text=text))
        for n, work in enumerate(WORKS):
            year = str(first + n)
            gold = GoldAnswer(article_id=town, start=text.index(year), text=year)
            question = f"When did the {work} of {town} open?"
            questions.append(EvaluationQuestion(id=question, question=question, kind="when", golds=(gold,)))
    question_set = QuestionSet(
        name="towns",
        rule=GoldRule.HOLDS_FIRST_CHARACTER,
        articles=tuple(articles),
        questions=tuple(questions),
    )
    return list(ask_all([question_set]))


ASKED = asked_about("Arden", "Brome", "Corby", "Derby", "Elham")


def test_a_learned_ranker_answers_what_it_learned_and_what_was_held_out() -> None:
    seen: list[None] = []
    found, held_out = learn_ranker(ASKED, about="of towns", folds=5, on_question=lambda: seen.append(None))
    assert held_out is not None
    assert held_out > 0.7
    assert len(seen) == len(ASKED)
    assert found.about == "of towns"
    firsts = [int(np.argmax(found.rank(asked.candidates()).scores)) for asked in ASKED]
    rights = [asked.right(asked.candidates())[first] for asked, first in zip(ASKED, firsts, strict=True)]
    assert np.mean(rights) > 0.8


def test_a_learned_ranker_is_the_same_after_its_file() -> None:
    found, _ = learn_ranker(ASKED[:8], about="")
    read = Ranker.from_json(found.model_dump_json())
    assert read == found
    candidates = ASKED[0].candidates()
    assert read.rank(candidates).scores.tolist() == found.rank(candidates).scores.tolist()
    assert all(weight == round(weight, 4) for weight in found.weights.values())
    assert list(found.weights) == list(FEATURES)


def test_folds_are_no_more_than_articles() -> None:
    assert learn_ranker(ASKED, about="", folds=50)[1] is not None
    assert learn_ranker(asked_about("Arden"), about="", folds=5)[1] is None
    assert learn_ranker(ASKED[:8], about="")[1] is None
    # Held out, Arden leaves questions to learn from that none of their sentences answers.
    lost = [Asked(one.question, one.rule, "Zebra?", one.index, one.group) for one in ASKED]
    only_arden = [
        one if one.group == "towns/Arden" else other for one, other in zip(ASKED, lost, strict=True)
    ]
    assert learn_ranker(only_arden, about="", folds=5)[1] is None


def test_folds_are_dealt_out_in_the_order_of_names() -> None:
    assert folds_of(["b", "a", "c", "b", "d"], 3) == {"a": 0, "b": 1, "c": 2, "d": 0}
    assert folds_of([], 3) == {}


def test_of_many_questions_every_fifth_tells_the_weights_of_the_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    sampled: list[int] = []

    def noting(lists):  # type: ignore[no-untyped-def]
        sampled.append(len(lists))
        return fit_weights(lists)

    monkeypatch.setattr(learning, "fit_weights", noting)
    learn_ranker(ASKED, about="")
    monkeypatch.setattr(learning, "FEW", 10)
    learn_ranker(ASKED, about="")
    assert sampled == [20, 4]


def test_the_words_of_an_answer_are_told_apart() -> None:
    (asked, *_) = ASKED
    read = learning._read(asked, np.ones(len(FEATURES)))
    assert read.inputs is not None
    assert len(read.right) == min(RERANK_DEPTH, len(asked.candidates()))
    # The answer is the one word that is a year, in the one right sentence.
    (word,) = read.answers.nonzero()[0].tolist()
    assert read.right[read.inputs.sentence_of_word[word]]
    assert read.right.sum() == 1


def test_questions_whose_answers_never_come_up_are_refused() -> None:
    with pytest.raises(QuestionSetError, match="no question has a right sentence among its candidates"):
        learn_ranker([], about="")
    nowhere = [Asked(one.question, one.rule, "Zebra?", one.index, one.group) for one in ASKED]
    with pytest.raises(QuestionSetError, match="no question has a right sentence among its candidates"):
        learn_ranker(nowhere, about="", folds=2)
