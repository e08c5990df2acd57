"""BM25 (Robertson and Zaragoza 2009) as Lucene has it: what retrievers rank by, what features use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from articleqa.retrieval.protocol import Statistics

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Lengths = TypeVar("Lengths", float, "NDArray[np.float64]")

K1 = 1.2
B = 0.75


ENGLISH_PASSAGES = 30
"""Passages of everyday English that `blended_idf` adds to a collection, in thought."""


def idf(df: float, passages: float) -> float:
    """Return a term's inverse document frequency: ln(1 + (N - df + 0.5) / (df + 0.5))."""
    return math.log(1 + (passages - df + 0.5) / (df + 0.5))


def blended_idf(df: int, passages: int, english_share: float) -> float:
    """Return a term's idf in a collection that `ENGLISH_PASSAGES` of everyday English were added to.

    `english_share` is the share of those that have the term. Two articles alone cannot tell which words
    are common; in a large collection the added ones weigh nothing.
    """
    return idf(df + ENGLISH_PASSAGES * english_share, passages + ENGLISH_PASSAGES)


def length_norm(length: Lengths, average_length: float) -> Lengths:
    """Return the count at which a text of `length` terms gets half of a term's greatest score."""
    return K1 * (1 - B + B * length / (average_length or 1.0))


def idf_of(terms: Iterable[str], statistics: Statistics) -> dict[str, float]:
    """Return the idf of each distinct one of `terms`, in their order."""
    return {
        term: idf(statistics.document_frequencies.get(term, 0), statistics.passages)
        for term in dict.fromkeys(terms)
    }


def bm25_score(
    weights: Mapping[str, float], counts: Mapping[str, int], length: int, average_length: float
) -> float:
    """Return the BM25 score of a text for the terms that `weights` has the idf of, summed in their order.

    `counts` says how often each term stands in the text and `length` how many terms it has.
    """
    norm = length_norm(float(length), average_length)
    score = 0.0
    for term, weight in weights.items():
        count = counts.get(term, 0)
        if count:
            score += weight * count * (K1 + 1) / (count + norm)
    return score
