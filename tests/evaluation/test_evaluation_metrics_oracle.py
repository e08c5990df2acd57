"""Our metrics against scikit-learn's, which is a dependency of these tests alone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    brier_score_loss,
    f1_score,
    label_ranking_average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    top_k_accuracy_score,
)

from articleqa.evaluation import metrics
from articleqa.evaluation.short_answers import token_f1

# Few distinct confidences, so that ties are common; none on the edge of a bin, where the two differ: ours has
# its lower edge, scikit-learn's its upper edge.
SCORED = st.lists(
    st.tuples(st.sampled_from([0.0, 0.03, 0.15, 0.151, 0.42, 0.5001, 0.77, 0.93, 0.99]), st.booleans()),
    min_size=2,
    max_size=40,
)
BOTH = SCORED.filter(lambda scored: 0 < sum(right for _, right in scored) < len(scored))
RANKS = st.lists(st.integers(1, 8), min_size=1, max_size=20)
few = settings(max_examples=50)


def split(scored: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [confidence for confidence, _ in scored], [right for _, right in scored]


@few
@given(BOTH)
def test_auroc_is_that_of_scikit_learn(scored: list[tuple[float, bool]]) -> None:
    confidences, rights = split(scored)
    assert metrics.auroc(confidences, rights) == pytest.approx(roc_auc_score(rights, confidences))


@few
@given(BOTH)
def test_brier_score_is_that_of_scikit_learn(scored: list[tuple[float, bool]]) -> None:
    confidences, rights = split(scored)
    assert metrics.brier_score(confidences, rights) == pytest.approx(brier_score_loss(rights, confidences))


@few
@given(BOTH)
def test_calibration_bins_are_those_of_scikit_learn(scored: list[tuple[float, bool]]) -> None:
    confidences, rights = split(scored)
    right, confident = calibration_curve(rights, confidences, n_bins=metrics.ECE_BINS)
    bins = metrics.confidence_bins(confidences, rights)
    assert [found.right for found in bins] == pytest.approx(right)
    assert [found.mean_confidence for found in bins] == pytest.approx(confident)
    counts, _ = np.histogram(confidences, metrics.ECE_BINS, (0.0, 1.0))
    error = np.average(np.abs(right - confident), weights=counts[counts > 0])
    assert metrics.expected_calibration_error(confidences, rights) == pytest.approx(error)


def scores_by_rank(ranks: list[int]) -> np.ndarray:
    """Return scores of eight sentences for each question, the right one first, at its rank of `ranks`."""
    return np.array([[-rank, *(-place for place in range(1, 9) if place != rank)] for rank in ranks])


@few
@given(RANKS)
def test_mrr_is_the_average_precision_of_scikit_learn(ranks: list[int]) -> None:
    right = np.tile([1] + [0] * 7, (len(ranks), 1))
    expected = label_ranking_average_precision_score(right, scores_by_rank(ranks))
    assert metrics.mean_reciprocal_rank(ranks, 8) == pytest.approx(expected)


@few
@given(RANKS, st.integers(1, 7))
def test_recall_at_k_is_the_top_k_accuracy_of_scikit_learn(ranks: list[int], k: int) -> None:
    right = np.zeros(len(ranks), dtype=int)
    expected = top_k_accuracy_score(right, scores_by_rank(ranks), k=k, labels=np.arange(8))
    assert metrics.recall_at(k, ranks) == pytest.approx(expected)


WORDS = st.lists(st.sampled_from(["oil", "union", "strike", "court"]), min_size=1, max_size=6)


@few
@given(WORDS, WORDS)
def test_f1_of_two_answers_is_that_of_scikit_learn(said: list[str], gold: list[str]) -> None:
    copies = [
        {(word, n) for word, count in Counter(words).items() for n in range(count)} for words in (said, gold)
    ]
    every = sorted(set.union(*copies))
    in_said, in_gold = ([each in words for each in every] for words in copies)
    expected = f1_score(in_gold, in_said, zero_division=0)
    assert token_f1(" ".join(said), [" ".join(gold)]) == pytest.approx(expected)


@few
@given(BOTH)
def test_risks_are_one_minus_the_precision_of_scikit_learn(scored: list[tuple[float, bool]]) -> None:
    confidences, rights = split(scored)
    precisions, _, thresholds = precision_recall_curve(rights, confidences)
    risks = metrics.risks(confidences, rights)
    answered = [sum(confidence >= threshold for confidence in confidences) for threshold in thresholds]
    assert [risks[k - 1] for k in answered] == pytest.approx(1 - precisions[:-1])
