"""Ask every question of a set once, judge the answers, and compute the metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from articleqa.answers import Answer, RankedSentence
from articleqa.evaluation import metrics
from articleqa.evaluation.baseline import Baseline, BaselineSentence
from articleqa.evaluation.curves import reliability, risk_coverage
from articleqa.evaluation.questions import EvaluationQuestion, GoldAnswer, GoldRule, QuestionSet
from articleqa.evaluation.results import BaselineScores, Evaluation, Miss, Scores, Share, Verdict
from articleqa.evaluation.short_answers import Marked, short_answer_scores
from articleqa.models import Citation
from articleqa.passages import AnalysedPassage

DEPTH = 10
"""Number of sentences to ask for: as many as MRR looks at."""

SHOWN_MISSES = 10
"""Misses that an evaluation keeps by default."""


class AnsweringIndex(Protocol):
    """The index to evaluate, such as an `ArticleIndex`."""

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages in order."""

    def ask(self, question: str, *, top_k: int = 3, min_confidence: float | None = None) -> Answer:
        """Answer `question`."""


def evaluate(
    index: AnsweringIndex,
    question_set: QuestionSet,
    *,
    misses: int = SHOWN_MISSES,
    on_answer: Callable[[EvaluationQuestion, Answer], None] | None = None,
) -> Evaluation:
    """Ask `index` each question of `question_set` and return the metrics, with the worst `misses`.

    `index` must hold the articles of the set. Each question is asked once, for ten sentences and with the
    default threshold. Neither the sentences nor the confidence depend on the threshold, so the metrics with
    the threshold off come from the same answer. `on_answer` is called after each question.
    """
    baseline = Baseline(index.passages)
    judgements: list[_Judgement] = []
    for question in question_set.questions:
        answer = index.ask(question.question, top_k=DEPTH)
        judgements.append(_judge(question, answer, baseline.answer(question.question), question_set.rule))
        if on_answer is not None:
            on_answer(question, answer)
    kinds = sorted({question.kind for question in question_set.questions})
    confidences = [judgement.confidence for judgement in judgements]
    rights = [judgement.right for judgement in judgements]
    return Evaluation(
        name=question_set.name,
        rule=question_set.rule,
        articles=len(question_set.articles),
        passages=len(index.passages),
        min_confidence=judgements[0].min_confidence if judgements else 0.0,
        overall=_scores(judgements, question_set.rule),
        kinds={
            kind: _scores([j for j in judgements if j.question.kind == kind], question_set.rule)
            for kind in kinds
        },
        reliability=reliability(confidences, rights),
        risk_coverage=risk_coverage(confidences, rights),
        misses=tuple(_worst(judgements)[:misses]),
    )


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One question and how it was answered.

    `rank` is the rank (from 1) of the first right sentence, or None; `marked` has the short answers in the
    first sentence, whether it is right or not. `baseline_length` is None if the baseline found nothing.
    """

    question: EvaluationQuestion
    rank: int | None
    given: Citation | None
    marked: Marked
    confidence: float
    min_confidence: float
    outcome: Verdict
    baseline_right: bool
    baseline_length: int | None

    @property
    def right(self) -> bool:
        """Return whether the first sentence answers the question."""
        return self.rank == 1


def _judge(
    question: EvaluationQuestion, answer: Answer, baseline: Sequence[BaselineSentence], rule: GoldRule
) -> _Judgement:
    rank = next(
        (
            number
            for number, sentence in enumerate(answer.sentences, start=1)
            if rule.is_met((sentence.citation, *sentence.also), question.golds)
        ),
        None,
    )
    return _Judgement(
        question=question,
        rank=rank,
        given=answer.sentences[0].citation if answer.sentences else None,
        marked=_marked(answer.sentences[:1], question.golds),
        confidence=answer.confidence,
        min_confidence=answer.min_confidence,
        outcome=_outcome(question.answerable, answer.answered, rank == 1),
        baseline_right=rule.is_met(baseline, question.golds),
        baseline_length=baseline[0].end - baseline[0].start if baseline else None,
    )


def _marked(first: Sequence[RankedSentence], golds: Sequence[GoldAnswer]) -> Marked:
    """Return the short answers of the first sentence; `first` holds that sentence, or nothing."""
    highlights = [highlight for sentence in first for highlight in sentence.highlights]
    return Marked(
        places=tuple((highlight.start, highlight.end) for highlight in highlights),
        texts=tuple(highlight.text for highlight in highlights),
        gold_places=tuple(
            (gold.start, gold.end)
            for sentence in first
            for gold in golds
            if gold.article_id == sentence.citation.article_id
        ),
        gold_texts=tuple(gold.text for gold in golds),
    )


def _outcome(answerable: bool, answered: bool, right: bool) -> Verdict:
    if not answerable:
        return Verdict.WRONGLY_ANSWERED if answered else Verdict.RIGHTLY_ABSTAINED
    if not answered:
        return Verdict.WRONGLY_ABSTAINED
    return Verdict.ANSWERED_RIGHT if right else Verdict.ANSWERED_WRONG


def _scores(judgements: Sequence[_Judgement], rule: GoldRule) -> Scores:
    answerable = [judgement for judgement in judgements if judgement.question.answerable]
    unanswerable = len(judgements) - len(answerable)
    ranks = [judgement.rank for judgement in answerable]
    confidences = [judgement.confidence for judgement in judgements]
    rights = [judgement.right for judgement in judgements]
    outcomes = [judgement.outcome for judgement in judgements]
    golds_are_short = rule is GoldRule.HOLDS_FIRST_CHARACTER
    return Scores(
        questions=len(judgements),
        answerable=len(answerable),
        p_at_1=metrics.precision_at_1(ranks),
        mean_quote_length=metrics.mean(j.given.end - j.given.start for j in answerable if j.given),
        mrr=metrics.mean_reciprocal_rank(ranks, DEPTH),
        recall_at_3=metrics.recall_at(3, ranks),
        baseline=BaselineScores(
            p_at_1=metrics.mean(judgement.baseline_right for judgement in answerable),
            mean_quote_length=metrics.mean(
                judgement.baseline_length for judgement in answerable if judgement.baseline_length is not None
            ),
        ),
        answered_right=_share(outcomes.count(Verdict.ANSWERED_RIGHT), len(answerable)),
        answered_wrong=_share(outcomes.count(Verdict.ANSWERED_WRONG), len(answerable)),
        wrongly_abstained=_share(outcomes.count(Verdict.WRONGLY_ABSTAINED), len(answerable)),
        rightly_abstained=_share(outcomes.count(Verdict.RIGHTLY_ABSTAINED), unanswerable),
        wrongly_answered=_share(outcomes.count(Verdict.WRONGLY_ANSWERED), unanswerable),
        aurc=metrics.aurc(confidences, rights),
        auroc=metrics.auroc(confidences, rights),
        ece=metrics.expected_calibration_error(confidences, rights),
        brier=metrics.brier_score(confidences, rights),
        marked=metrics.mean(bool(j.marked.places) for j in answerable) if golds_are_short else None,
        short_answers=short_answer_scores(j.marked for j in answerable if j.right)
        if golds_are_short
        else None,
    )


def _share(count: int, of: int) -> Share:
    return Share(count=count, of=of, rate=count / of if of else None)


def _worst(judgements: Iterable[_Judgement]) -> list[Miss]:
    """Return the failed questions, worst first: answered before abstained on, then by confidence."""
    failed = [
        judgement
        for judgement in judgements
        if judgement.outcome not in (Verdict.ANSWERED_RIGHT, Verdict.RIGHTLY_ABSTAINED)
    ]
    failed.sort(key=lambda judgement: (judgement.outcome is Verdict.WRONGLY_ABSTAINED, -judgement.confidence))
    return [
        Miss(
            id=judgement.question.id,
            question=judgement.question.question,
            kind=judgement.question.kind,
            outcome=judgement.outcome,
            confidence=judgement.confidence,
            given=judgement.given,
            golds=judgement.question.golds,
        )
        for judgement in failed
    ]
