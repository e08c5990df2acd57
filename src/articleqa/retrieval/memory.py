"""The in-memory retriever, built on rank-bm25: for up to a few thousand passages."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from articleqa.filters import Filter, Traits
from articleqa.retrieval.protocol import NO_TRAITS, Statistics
from articleqa.retrieval.spelling import nearest

if TYPE_CHECKING:
    from articleqa.retrieval.lucene_bm25 import LuceneBM25


_State = tuple[dict[str, Sequence[str]], dict[str, Traits], dict[str, list[str]]]


class _Built(NamedTuple):
    """An index of all passages at one moment: their keys, and the scorer; None if they have no terms."""

    keys: list[str]
    bm25: LuceneBM25 | None

    @property
    def postings(self) -> Mapping[str, Sequence[int]]:
        """The numbers of the passages that contain each term."""
        return self.bm25.postings if self.bm25 else {}


class MemoryRetriever:
    """A `Retriever` that holds all terms in memory.

    rank-bm25 takes its whole corpus at once, so its index is built at the first search after a change: many
    changes in a row cost one build. Any number of threads may search at once while no thread changes it.
    """

    has_own_order = False

    def __init__(self) -> None:
        """Start empty."""
        self._passages: dict[str, Sequence[str]] = {}
        self._traits: dict[str, Traits] = {}
        self._keys: dict[str, list[str]] = {}
        self._built: _Built | None = None
        self._building = Lock()

    def __getstate__(self) -> _State:
        """Return the state to pickle or copy, without the lock, which can be neither pickled nor copied."""
        return self._passages, self._traits, self._keys

    def __setstate__(self, state: _State) -> None:
        """Restore a pickled or copied state."""
        self.__init__()  # type: ignore[misc]
        self._passages, self._traits, self._keys = state

    def add(
        self, article: str, passages: Iterable[tuple[str, Sequence[str]]], traits: Traits = NO_TRAITS
    ) -> None:
        """See `Retriever.add`.

        Raises:
            ValueError: the article or a key is already in the index; then nothing is added.
        """
        new: dict[str, Sequence[str]] = {}
        for key, terms in passages:
            if key in self._passages or key in new:
                raise ValueError(f"passage {key!r} is already in the index")
            new[key] = terms
        if article in self._keys:
            raise ValueError(f"article {article!r} is already in the index")
        self._keys[article] = list(new)
        self._passages.update(new)
        self._traits.update(dict.fromkeys(new, traits))
        self._built = None

    def remove(self, articles: Iterable[str]) -> None:
        """See `Retriever.remove`.

        Raises:
            KeyError: an article is not in the index; then nothing is removed.
        """
        doomed = list(articles)
        for article in doomed:
            if article not in self._keys:
                raise KeyError(article)
        for article in doomed:
            for key in self._keys.pop(article):
                del self._passages[key], self._traits[key]
        self._built = None

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        """See `Retriever.search`."""
        keys, bm25 = self._index()
        query = [term for term in dict.fromkeys(terms) if bm25 and term in bm25.postings]
        if bm25 is None or not query or k < 1:
            return []
        matching = sorted({number for term in query for number in bm25.postings[term]})
        if wanted is not None:
            matching = [number for number in matching if wanted.allows(self._traits[keys[number]])]
        if not matching:
            return []
        scores = bm25.get_batch_scores(query, matching)
        cut = heapq.nlargest(k, scores)[-1]
        found = [(number, score) for number, score in zip(matching, scores, strict=True) if score >= cut]
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return [(keys[number], score) for number, score in found]

    def has_any(self, wanted: Filter) -> bool:
        """See `Retriever.has_any`."""
        return any(map(wanted.allows, self._traits.values()))

    def keys(self, wanted: Filter) -> set[str]:
        """See `Retriever.keys`."""
        return {key for key, traits in self._traits.items() if wanted.allows(traits)}

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """See `Retriever.statistics`."""
        built = self._index()
        return Statistics(
            passages=len(built.keys),
            average_length=built.bm25.avgdl if built.bm25 else 0.0,
            document_frequencies={term: len(built.postings.get(term, ())) for term in terms},
        )

    def similar_terms(self, terms: Sequence[str]) -> Mapping[str, list[str]]:
        """See `Retriever.similar_terms`."""
        return {term: nearest(term, self._index().postings) for term in terms}

    def _index(self) -> _Built:
        """Return the index of all current passages; the first thread that needs it builds it."""
        with self._building:
            if self._built is None:
                self._built = _built_of(self._passages)
            return self._built


def _built_of(passages: Mapping[str, Sequence[str]]) -> _Built:
    # Imported here: the module imports numpy, which would double the time of `import articleqa`.
    from articleqa.retrieval.lucene_bm25 import LuceneBM25

    # rank-bm25 divides by the number of passages and by their average length; neither may be 0.
    bm25 = LuceneBM25(list(passages.values())) if any(passages.values()) else None
    return _Built(list(passages), bm25)
