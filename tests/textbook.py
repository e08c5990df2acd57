"""BM25 as a textbook has it, against which both retrievers are tested."""

from __future__ import annotations

import math

Backend = dict[str, list[str]]


def textbook(corpus: Backend, query: list[str]) -> dict[str, float]:
    """BM25 with k1 = 1.2 and b = 0.75, as in any textbook, for the passages with a term of the query."""
    average = sum(map(len, corpus.values())) / len(corpus) if corpus else 0.0
    scores: dict[str, float] = {}
    for term in dict.fromkeys(query):
        df = sum(term in terms for terms in corpus.values())
        for key, terms in corpus.items():
            tf = terms.count(term)
            if tf:
                weight = math.log(1 + (len(corpus) - df + 0.5) / (df + 0.5))
                share = tf * 2.2 / (tf + 1.2 * (1 - 0.75 + 0.75 * len(terms) / average))
                scores[key] = scores.get(key, 0.0) + weight * share
    return scores
