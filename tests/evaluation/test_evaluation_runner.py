from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from articleqa.answers import AbstainReason, Answer, Highlight, Outcome, RankedSentence
from articleqa.evaluation import (
    Evaluation,
    EvaluationQuestion,
    GoldAnswer,
    GoldRule,
    QuestionSet,
    Share,
    Verdict,
    evaluate,
    run_lines,
)
from articleqa.models import Article, Citation, Span
from articleqa.passages import AnalysedPassage, analyse

ARTICLE = Article(id="tea", title="Tea", text="Tea is green. Tea is hot. Silk is soft. Roads are long.")
GREEN, HOT, SOFT, LONG = Span(0, 13), Span(14, 25), Span(26, 39), Span(40, 55)
THRESHOLD = 0.5


def cite(span: Span, article_id: str = "tea") -> Citation:
    return Citation(
        article_id=article_id,
        title="Tea",
        source="",
        start=span.start,
        end=span.end,
        line=1,
        quote=span.of(ARTICLE.text),
        prefix="",
        suffix="",
        context=span,
    )


def answer(question: str, confidence: float, *spans: Span, also: tuple[Citation, ...] = ()) -> Answer:
    answered = confidence >= THRESHOLD
    return Answer(
        question=question,
        answered=answered,
        text=spans[0].of(ARTICLE.text) if answered else "",
        confidence=confidence,
        reason=None if answered else AbstainReason.BELOW_THRESHOLD,
        citations=(cite(spans[0]),) if answered else (),
        sentences=tuple(
            RankedSentence(
                text=span.of(ARTICLE.text),
                score=1.0 / rank,
                confidence=confidence,
                citation=cite(span),
                also=also,
            )
            for rank, span in enumerate(spans, start=1)
        ),
        min_confidence=THRESHOLD,
        maybe_confidence=THRESHOLD,
        ranker="words",
        outcome=Outcome.ANSWERED if answered else Outcome.NOT_FOUND,
    )


class FakeIndex:
    """An index whose answers are given; notes what it is asked."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = {answer.question: answer for answer in answers}
        self.asked: list[tuple[str, int, float | None]] = []
        self.passages: Sequence[AnalysedPassage] = analyse(ARTICLE)

    def ask(self, question: str, *, top_k: int = 3, min_confidence: float | None = None) -> Answer:
        self.asked.append((question, top_k, min_confidence))
        return self._answers[question]


def question(text: str, gold: Span | None, kind: str = "what", article_id: str = "tea") -> EvaluationQuestion:
    golds = (GoldAnswer(article_id=article_id, start=gold.start, text=gold.of(ARTICLE.text)),) if gold else ()
    return EvaluationQuestion(id=text, question=text, kind=kind, golds=golds)


def question_set(*questions: EvaluationQuestion) -> QuestionSet:
    return QuestionSet(
        name="set", rule=GoldRule.HOLDS_FIRST_CHARACTER, articles=(ARTICLE,), questions=questions
    )


@pytest.fixture
def evaluation() -> Evaluation:
    """Six questions, one for each outcome and a second answered wrong, in two kinds."""
    index = FakeIndex(
        answer("right", 0.9, GREEN, HOT),
        answer("wrong", 0.6, HOT, GREEN),
        answer("wronger", 0.8, LONG, HOT, SOFT),
        answer("shy", 0.4, SOFT),
        answer("none", 0.2, LONG),
        answer("trap", 0.7, LONG),
    )
    return evaluate(
        index,
        question_set(
            question("right", GREEN),
            question("wrong", GREEN),
            question("wronger", GREEN, "who"),
            question("shy", SOFT, "who"),
            question("none", None),
            question("trap", None, "who"),
        ),
    )


def test_measures_with_the_threshold_off_are_over_the_answerable(evaluation: Evaluation) -> None:
    scores = evaluation.overall
    assert (scores.questions, scores.answerable) == (6, 4)
    assert scores.p_at_1 == 2 / 4
    assert scores.mean_quote_length == (13 + 11 + 15 + 13) / 4
    assert scores.mrr == (1 + 1 / 2 + 0 + 1) / 4
    assert scores.recall_at_3 == 3 / 4


def test_outcomes_under_the_threshold_are_counted_with_their_rates(evaluation: Evaluation) -> None:
    scores = evaluation.overall
    assert evaluation.min_confidence == THRESHOLD
    assert scores.answered_right == Share(count=1, of=4, rate=0.25)
    assert scores.answered_wrong == Share(count=2, of=4, rate=0.5)
    assert scores.wrongly_abstained == Share(count=1, of=4, rate=0.25)
    assert scores.rightly_abstained == Share(count=1, of=2, rate=0.5)
    assert scores.wrongly_answered == Share(count=1, of=2, rate=0.5)


def test_measures_of_confidence_are_over_all_questions(evaluation: Evaluation) -> None:
    # By confidence: .9 right, .8 .7 .6 wrong, .4 right, .2 wrong.
    scores = evaluation.overall
    assert scores.auroc == pytest.approx((4 + 1) / (2 * 4))
    assert scores.aurc == pytest.approx((0 + 1 / 2 + 2 / 3 + 3 / 4 + 3 / 5 + 4 / 6) / 6)
    assert scores.brier == pytest.approx((0.01 + 0.64 + 0.49 + 0.36 + 0.36 + 0.04) / 6)
    assert scores.ece == pytest.approx((0.1 + 0.8 + 0.7 + 0.6 + 0.6 + 0.2) / 6)


def with_highlights(answer: Answer, *spans: Span) -> Answer:
    marks = tuple(Highlight(start=s.start, end=s.end, text=s.of(ARTICLE.text)) for s in spans)
    first = answer.sentences[0].model_copy(update={"highlights": marks})
    return answer.model_copy(update={"sentences": (first, *answer.sentences[1:])})


def test_short_answers_are_measured_in_right_first_sentences() -> None:
    green, tea = Span(7, 12), Span(0, 3)
    index = FakeIndex(
        with_highlights(answer("exact", 0.9, GREEN), green),
        with_highlights(answer("beside", 0.9, GREEN), tea),
        answer("none", 0.9, GREEN),
        with_highlights(answer("wrong", 0.9, LONG, GREEN), Span(49, 54)),
        with_highlights(answer("trap", 0.9, GREEN), green),
    )
    asked = [question(text, green) for text in ("exact", "beside", "none", "wrong")]
    scores = evaluate(index, question_set(*asked, question("trap", None))).overall
    assert scores.marked == 3 / 4
    assert scores.short_answers is not None
    assert scores.short_answers.questions == 3
    assert scores.short_answers.marked == 2 / 3
    assert scores.short_answers.overlaps == scores.short_answers.covers == 1 / 3
    assert scores.short_answers.overlaps_of_marked == 1 / 2
    assert scores.short_answers.exact_match == scores.short_answers.f1 == 1 / 3


def test_short_answers_are_not_measured_against_long_golds() -> None:
    asked = question_set(question("a", GREEN)).model_copy(update={"rule": GoldRule.OVERLAPS})
    scores = evaluate(FakeIndex(with_highlights(answer("a", 0.9, GREEN), Span(7, 12))), asked).overall
    assert scores.short_answers is None
    assert scores.marked is None


def test_the_curves_are_over_all_questions(evaluation: Evaluation) -> None:
    # By confidence: .9 right, .8 .7 .6 wrong, .4 right, .2 wrong.
    assert [(found.lower, found.questions, found.right) for found in evaluation.reliability] == [
        (0.2, 1, 0),
        (0.4, 1, 1),
        (0.6, 1, 0),
        (0.7, 1, 0),
        (0.8, 1, 0),
        (0.9, 1, 1),
    ]
    assert [point.risk for point in evaluation.risk_coverage] == [0, 1 / 2, 2 / 3, 3 / 4, 3 / 5, 4 / 6]
    assert [point.coverage for point in evaluation.risk_coverage] == [k / 6 for k in range(1, 7)]


def test_each_kind_has_its_scores(evaluation: Evaluation) -> None:
    assert list(evaluation.kinds) == ["what", "who"]
    assert [scores.questions for scores in evaluation.kinds.values()] == [3, 3]
    assert evaluation.kinds["what"].p_at_1 == 1 / 2
    assert evaluation.kinds["who"].answered_right.count == 0


def test_the_worst_misses_come_first(evaluation: Evaluation) -> None:
    assert [(miss.id, miss.outcome, miss.confidence) for miss in evaluation.misses] == [
        ("wronger", Verdict.ANSWERED_WRONG, 0.8),
        ("trap", Verdict.WRONGLY_ANSWERED, 0.7),
        ("wrong", Verdict.ANSWERED_WRONG, 0.6),
        ("shy", Verdict.WRONGLY_ABSTAINED, 0.4),
    ]
    assert evaluation.misses[0].given == cite(LONG)
    assert evaluation.misses[0].golds[0].text == "Tea is green."
    assert evaluation.misses[1].golds == ()


def test_an_evaluation_survives_json(evaluation: Evaluation) -> None:
    dumped = evaluation.model_dump_json()
    assert json.loads(dumped)["version"] == 1
    assert Evaluation.model_validate_json(dumped) == evaluation


def test_each_question_is_asked_once_for_ten_sentences() -> None:
    index = FakeIndex(answer("a", 0.9, GREEN), answer("b", 0.9, GREEN))
    seen: list[tuple[str, str]] = []
    evaluate(
        index,
        question_set(question("a", GREEN), question("b", None)),
        on_answer=lambda asked, given: seen.append((asked.id, given.question)),
    )
    assert index.asked == [("a", 10, None), ("b", 10, None)]
    assert seen == [("a", "a"), ("b", "b")]


def test_misses_are_kept_up_to_the_number_asked_for() -> None:
    index = FakeIndex(answer("a", 0.9, HOT), answer("b", 0.9, HOT))
    asked = question_set(question("a", GREEN), question("b", GREEN))
    assert [miss.id for miss in evaluate(index, asked, misses=1).misses] == ["a"]
    assert evaluate(index, asked, misses=0).misses == ()


def test_the_same_sentence_elsewhere_counts() -> None:
    index = FakeIndex(answer("a", 0.9, GREEN, also=(cite(GREEN, "copy"),)))
    asked = question_set(question("a", GREEN, article_id="copy"))
    assert evaluate(index, asked).overall.p_at_1 == 1


def test_the_right_place_in_another_article_is_wrong() -> None:
    index = FakeIndex(answer("a", 0.9, GREEN))
    assert evaluate(index, question_set(question("a", GREEN, article_id="copy"))).overall.p_at_1 == 0


def test_an_answer_without_sentences_is_a_miss_with_nothing_given() -> None:
    evaluation = evaluate(FakeIndex(answer("a", 0.0)), question_set(question("a", GREEN)))
    assert evaluation.overall.p_at_1 == 0
    assert evaluation.overall.mean_quote_length is None
    assert evaluation.misses[0].given is None


def test_measures_over_unanswerable_questions_alone_are_undefined() -> None:
    scores = evaluate(FakeIndex(answer("a", 0.9, GREEN)), question_set(question("a", None))).overall
    assert scores.marked is None
    assert scores.short_answers is not None
    assert scores.short_answers.overlaps_of_marked is None
    assert scores.p_at_1 is None
    assert scores.mrr is None
    assert scores.baseline.p_at_1 is None
    assert scores.answered_right == Share(count=0, of=0, rate=None)
    assert scores.auroc is None
    assert scores.aurc == 1


def test_the_baseline_is_measured_in_the_same_run() -> None:
    index = FakeIndex(answer("What is soft?", 0.9, LONG), answer("What are zebras?", 0.9, LONG))
    asked = question_set(question("What is soft?", SOFT), question("What are zebras?", GREEN))
    baseline = evaluate(index, asked).overall.baseline
    assert baseline.p_at_1 == 1 / 2
    assert baseline.mean_quote_length == 13


def test_a_run_has_a_line_for_each_sentence_in_rank_order() -> None:
    assert run_lines("q1", answer("a", 0.9, GREEN, HOT)) == [
        "q1 Q0 tea:0-13 1 1.0 articleqa",
        "q1 Q0 tea:14-25 2 0.5 articleqa",
    ]
    assert run_lines("q1", answer("a", 0.0)) == []


def test_white_space_in_ids_does_not_add_fields_to_a_run() -> None:
    given = answer("a", 0.9, GREEN)
    sentence = given.sentences[0]
    moved = sentence.model_copy(update={"citation": cite(GREEN, "my notes\u00a0100%.txt")})
    given = given.model_copy(update={"sentences": (moved,)})
    assert run_lines("q 1", given) == ["q%201 Q0 my%20notes%C2%A0100%25.txt:0-13 1 1.0 articleqa"]
