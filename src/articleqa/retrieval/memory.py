"""The in-memory retriever, on rank-bm25: for up to a few thousand passages."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from articleqa.filters import Filter, Traits
from articleqa.retrieval.contract import NO_TRAITS, Statistics
from articleqa.retrieval.spelling import nearest

if TYPE_CHECKING:
    from articleqa.retrieval.lucene_bm25 import LuceneBM25


class MemoryRetriever:
    """A `Retriever` that holds all terms in memory.

    rank-bm25 takes its whole corpus at once, so that its index is built anew at the first search after
    a change: many changes in a row cost one build.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._passages: dict[str, Sequence[str]] = {}
        self._traits: dict[str, Traits] = {}
        self._keys: list[str] = []
        self._postings: dict[str, list[int]] = {}
        self._bm25: LuceneBM25 | None = None
        self._stale = False

    def add(self, passages: Iterable[tuple[str, Sequence[str]]], traits: Traits = NO_TRAITS) -> None:
        """Add passages as (key, terms), of an article with these traits.

        Raises:
            ValueError: a key is already there; nothing is added then.
        """
        new: dict[str, Sequence[str]] = {}
        for key, terms in passages:
            if key in self._passages or key in new:
                raise ValueError(f"passage {key!r} is already in the index")
            new[key] = terms
        self._passages.update(new)
        self._traits.update(dict.fromkeys(new, traits))
        self._stale = True

    def remove(self, keys: Iterable[str]) -> None:
        """Remove passages.

        Raises:
            KeyError: a key is not there; nothing is removed then.
        """
        doomed = list(keys)
        for key in doomed:
            if key not in self._passages:
                raise KeyError(key)
        for key in doomed:
            del self._passages[key], self._traits[key]
        self._stale = True

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        """See `Retriever.search`."""
        self._refresh()
        query = [term for term in dict.fromkeys(terms) if term in self._postings]
        if self._bm25 is None or not query or k < 1:
            return []
        matching = sorted({number for term in query for number in self._postings[term]})
        if wanted is not None:
            matching = [number for number in matching if wanted.allows(self._traits[self._keys[number]])]
        if not matching:
            return []
        scores = self._bm25.get_batch_scores(query, matching)
        cut = heapq.nlargest(k, scores)[-1]
        found = [(number, score) for number, score in zip(matching, scores, strict=True) if score >= cut]
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return [(self._keys[number], score) for number, score in found]

    def has_any(self, wanted: Filter) -> bool:
        """See `Retriever.has_any`."""
        return any(map(wanted.allows, self._traits.values()))

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """See `Retriever.statistics`."""
        self._refresh()
        return Statistics(
            passages=len(self._keys),
            average_length=self._bm25.avgdl if self._bm25 else 0.0,
            document_frequencies={term: len(self._postings.get(term, ())) for term in terms},
        )

    def similar_terms(self, term: str) -> list[str]:
        """See `Retriever.similar_terms`."""
        self._refresh()
        return nearest(term, self._postings)

    def _refresh(self) -> None:
        if not self._stale:
            return
        # Imported here: it brings numpy, which would double the time of `import articleqa`.
        from articleqa.retrieval.lucene_bm25 import LuceneBM25

        self._keys = list(self._passages)
        self._postings = {}
        for number, passage in enumerate(self._passages.values()):
            for term in set(passage):
                self._postings.setdefault(term, []).append(number)
        # rank-bm25 divides by the number of passages, and by their average length.
        self._bm25 = LuceneBM25(list(self._passages.values())) if self._postings else None
        self._stale = False
