"""rank-bm25 with Lucene's formula; in a module of its own because it imports numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rank_bm25 import BM25Plus

from articleqa.retrieval.bm25 import K1, B, idf


class LuceneBM25(BM25Plus):  # type: ignore[misc]  # rank-bm25 has no type annotations
    """`BM25Plus` without its delta and with Lucene's idf, which is positive for every term.

    Unchanged, `BM25Okapi` gives the score 0 to a term that occurs in half of the corpus, and `BM25Plus` adds
    to the score of every passage, whether it matches or not. The formula is that of
    `articleqa.retrieval.bm25`, as rank-bm25 computes it for many passages at once.

    `postings` has the numbers of the passages that contain each term, ascending.
    """

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        """Index `corpus`, the terms of each passage; it must contain at least one term."""
        super().__init__(corpus, k1=K1, b=B, delta=0)
        self.postings: dict[str, list[int]] = {}
        for number, counts in enumerate(self.doc_freqs):
            for term in counts:
                self.postings.setdefault(term, []).append(number)

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        self.idf = {term: idf(df, self.corpus_size) for term, df in nd.items()}
