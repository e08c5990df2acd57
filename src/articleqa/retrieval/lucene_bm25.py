"""rank-bm25 with Lucene's formula; in a module of its own because it brings numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rank_bm25 import BM25Plus

from articleqa.retrieval.bm25 import K1, B, idf


class LuceneBM25(BM25Plus):  # type: ignore[misc]  # rank-bm25 carries no types
    """`BM25Plus` without its delta and with Lucene's idf, which is positive for every term.

    As they come, `BM25Okapi` scores a term that stands in half of the corpus 0, and `BM25Plus` adds to
    every passage, matched or not.
    """

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        """Index `corpus`, the terms of each passage; it must hold at least one term."""
        super().__init__(corpus, k1=K1, b=B, delta=0)

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        self.idf = {term: idf(df, self.corpus_size) for term, df in nd.items()}
