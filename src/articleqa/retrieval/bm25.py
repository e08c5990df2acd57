"""BM25 (Robertson and Zaragoza 2009) in Lucene's variant, as retrievers and features use it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from articleqa.retrieval.protocol import Statistics

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Numbers = TypeVar("Numbers", float, "NDArray[np.float64]")

K1 = 1.2
B = 0.75


EVERYDAY_PASSAGES = 30
"""The number of passages of everyday text that `blended_idf` adds to the counts of a collection."""


def idf(df: float, passages: float) -> float:
    """Return a term's inverse document frequency: ln(1 + (N - df + 0.5) / (df + 0.5))."""
    return math.log(1 + (passages - df + 0.5) / (df + 0.5))


def blended_idf(df: int, passages: int, everyday_share: float) -> float:
    """Return a term's idf in a collection to which `EVERYDAY_PASSAGES` of everyday text were added.

    `everyday_share` is the share of the added passages that contain the term. Two articles alone do not show
    which words are common; in a large collection the added passages make no difference.
    """
    return idf(df + EVERYDAY_PASSAGES * everyday_share, passages + EVERYDAY_PASSAGES)


def length_norm(length: Numbers, average_length: float) -> Numbers:
    """Return the term count at which a text of `length` terms gets half of a term's maximum score."""
    return K1 * (1 - B + B * length / (average_length or 1.0))


def term_score(idf: Numbers, count: Numbers, norm: Numbers) -> Numbers:
    """Return what a term that occurs `count` times adds to a text's score; `norm` is its `length_norm`."""
    return idf * count * (K1 + 1) / (count + norm)


def idf_of(terms: Iterable[str], statistics: Statistics) -> dict[str, float]:
    """Return the idf of each distinct term in `terms`, in their order."""
    return {
        term: idf(statistics.document_frequencies.get(term, 0), statistics.passages)
        for term in dict.fromkeys(terms)
    }


def bm25_score(
    weights: Mapping[str, float], counts: Mapping[str, int], length: int, average_length: float
) -> float:
    """Return the BM25 score of a text for the terms in `weights`, summed in their order.

    `weights` holds the idf of each term, `counts` how often it occurs in the text; `length` is the number of
    terms in the text.
    """
    norm = length_norm(float(length), average_length)
    score = 0.0
    for term, weight in weights.items():
        count = counts.get(term, 0)
        if count:
            score += term_score(weight, count, norm)
    return score
