"""BM25, the one formula: what retrievers rank by and what features are computed from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from articleqa.retrieval.contract import Statistics

K1 = 1.2
B = 0.75


def idf(df: int, passages: int) -> float:
    """Return a term's inverse document frequency as Lucene has it: ln(1 + (N - df + 0.5) / (df + 0.5))."""
    return math.log(1 + (passages - df + 0.5) / (df + 0.5))


def bm25_score(terms: Iterable[str], counts: Mapping[str, int], length: int, statistics: Statistics) -> float:
    """Return the BM25 score (Robertson and Zaragoza 2009) of a text for the distinct `terms`.

    `counts` says how often each term stands in the text and `length` how many terms it has.
    """
    norm = K1 * (1 - B + B * length / (statistics.average_length or 1.0))
    score = 0.0
    for term in dict.fromkeys(terms):
        count = counts.get(term, 0)
        if count:
            weight = idf(statistics.document_frequencies.get(term, 0), statistics.passages)
            score += weight * count * (K1 + 1) / (count + norm)
    return score
