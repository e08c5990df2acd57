"""Evaluation metrics, as functions on plain values. A metric is None if there is nothing to measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

ECE_BINS = 10
"""Number of equal-width bins that the expected calibration error sorts confidences into."""


def mean(values: Iterable[float]) -> float | None:
    """Return the arithmetic mean."""
    values = tuple(values)
    return sum(values) / len(values) if values else None


def precision_at_1(ranks: Iterable[int | None]) -> float | None:
    """Return P@1: the share of questions whose first sentence is right.

    `ranks` holds, for each answerable question, the rank (from 1) of its first right sentence, or None.
    """
    return recall_at(1, ranks)


def recall_at(k: int, ranks: Iterable[int | None]) -> float | None:
    """Return recall@k: the share of questions with a right sentence among the first `k`.

    A question counts once, however many gold answers it has, since one is enough (the top-k accuracy of
    Karpukhin et al. 2020, "Dense Passage Retrieval").
    """
    return mean(float(rank is not None and rank <= k) for rank in ranks)


def mean_reciprocal_rank(ranks: Iterable[int | None], depth: int) -> float | None:
    """Return MRR: the mean of 1 / rank, or 0 for a question without a right sentence in the first `depth`.

    Voorhees 1999, "The TREC-8 Question Answering Track Report".
    """
    return mean(1.0 / rank if rank is not None and rank <= depth else 0.0 for rank in ranks)


def auroc(confidences: Sequence[float], rights: Sequence[bool]) -> float | None:
    """Return AUROC: the chance that a right answer has a higher confidence than a wrong one; ties count half.

    The result is None if all are right or all are wrong. Computed from mean ranks (Mann & Whitney 1947).
    """
    n_right = sum(rights)
    n_wrong = len(rights) - n_right
    if not n_right or not n_wrong:
        return None
    rank_sum = 0.0
    below = 0
    for group in _tied(confidences, rights):
        rank_sum += sum(group) * (below + (len(group) + 1) / 2)
        below += len(group)
    return (rank_sum - n_right * (n_right + 1) / 2) / (n_right * n_wrong)


def aurc(confidences: Sequence[float], rights: Sequence[bool]) -> float | None:
    """Return AURC, the area under the risk-coverage curve, in [0, 1]; lower is better.

    This is the mean of `risks`, after Geifman & El-Yaniv 2017, "Selective Classification for Deep Neural
    Networks".
    """
    return mean(risks(confidences, rights))


def risks(confidences: Sequence[float], rights: Sequence[bool]) -> list[float]:
    """Return, for k = 1 ... n, the share of wrong answers among the k most confident questions.

    Where confidences tie, each k within the tie gets the expected risk over all orders of the tied
    questions, so that the order of the input does not matter.

    All questions count, including unanswerable ones: `rights` is true only if a question is answerable and
    its first sentence is right. Answering an unanswerable question is therefore an error at any confidence.
    """
    answered = 0
    wrong = 0.0
    found: list[float] = []
    for group in reversed(list(_tied(confidences, rights))):
        wrong_share = (len(group) - sum(group)) / len(group)
        for _ in group:
            answered += 1
            wrong += wrong_share
            found.append(wrong / answered)
    return found


class ConfidenceBin(NamedTuple):
    """The questions with a confidence from `number` / `ECE_BINS` up to the next bin."""

    number: int
    questions: int
    mean_confidence: float
    right: float


def confidence_bins(confidences: Sequence[float], rights: Sequence[bool]) -> list[ConfidenceBin]:
    """Return the bins that hold questions, with the share of right answers in each.

    There are ten bins of equal width. Each includes its lower bound, and the last one also includes 1.0.
    """
    binned: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in zip(confidences, rights, strict=True):
        number = min(int(confidence * ECE_BINS), ECE_BINS - 1)
        binned.setdefault(number, []).append((confidence, right))
    return [
        ConfidenceBin(
            number=number,
            questions=len(pairs),
            mean_confidence=sum(confidence for confidence, _ in pairs) / len(pairs),
            right=sum(right for _, right in pairs) / len(pairs),
        )
        for number, pairs in sorted(binned.items())
    ]


def expected_calibration_error(confidences: Sequence[float], rights: Sequence[bool]) -> float | None:
    """Return ECE in [0, 1]: the mean distance between confidence and share of right answers, over ten bins.

    The bins are those of `confidence_bins`, weighted by their number of questions.
    Naeini, Cooper & Hauskrecht 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning";
    Guo et al. 2017, "On Calibration of Modern Neural Networks".
    """
    if not confidences:
        return None
    bins = confidence_bins(confidences, rights)
    return sum(found.questions * abs(found.mean_confidence - found.right) for found in bins) / len(
        confidences
    )


def brier_score(confidences: Sequence[float], rights: Sequence[bool]) -> float | None:
    """Return the Brier score: the mean squared distance of confidence and outcome (1 right, 0 wrong).

    It is in [0, 1].

    Brier 1950, "Verification of Forecasts Expressed in Terms of Probability", the binary form.
    """
    return mean((confidence - right) ** 2 for confidence, right in zip(confidences, rights, strict=True))


def _tied(confidences: Sequence[float], rights: Sequence[bool]) -> Iterable[list[bool]]:
    """Yield the outcomes of each distinct confidence, lowest confidence first."""
    pairs = sorted(zip(confidences, rights, strict=True))
    for _, group in groupby(pairs, key=lambda pair: pair[0]):
        yield [right for _, right in group]
