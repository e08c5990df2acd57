"""The retriever in a cluster: OpenSearch finds the passages, shard by shard.

It indexes the terms that our own analyser gives, so that retrieval agrees on every term with an index in
memory and one on disk. Lucene stores the length of a passage in one byte, and counts passages that were
removed until it merges its files, so its BM25 scores are near the exact ones. More passages are therefore
returned than were asked for: all that could be among the best by exact scores, which are computed above.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from articleqa.filters import Filter, Traits
from articleqa.retrieval.bm25 import bm25_score, idf_of
from articleqa.retrieval.opensearch_queries import (
    count_of,
    count_search,
    filter_query,
    spelling_search,
    spellings_of,
    words_search,
)
from articleqa.retrieval.protocol import NO_TRAITS, Statistics
from articleqa.retrieval.spelling import LONGEST, SHORTEST
from articleqa.storage.opensearch.connection import Search
from articleqa.storage.opensearch.passage_documents import indexed_term
from articleqa.storage.opensearch.reading import Found, Reading
from articleqa.storage.opensearch.state import State
from articleqa.storage.opensearch.store import OpenSearchStore

SLACK = 0.98
"""Passages with this share of the least score that could be among the best are returned too: the counts of
removed passages may lower the scores of passages that were not fetched a little more than those of others.
"""

MORE = 3
"""The first search fetches this many times the passages asked for, because searching again costs more."""

AGAIN = 4
"""Each further search fetches this many times the passages of the one before it."""

FETCHED = 60
"""How many passages are fetched together with the counts of terms: `MORE` times those a question needs."""

LARGEST_WINDOW = 10_000
"""The most hits that OpenSearch returns of one search (index.max_result_window)."""

MOST_COUNTS = 200_000
"""The counts of so many terms are kept until the index changes, some 20 MB."""


class OpenSearchRetriever:
    """A `Retriever` of the passages of a store; the backend's writer adds and removes them."""

    has_own_order = False

    def __init__(self, store: OpenSearchStore) -> None:
        """Search the passages of `store`."""
        self._store = store
        self._index = store.cluster.address.passages
        self._counts = _Counts()

    def add(
        self, article: str, passages: Iterable[tuple[str, Sequence[str]]], traits: Traits = NO_TRAITS
    ) -> None:
        """See `Retriever.add`; the documents that the writer adds hold the terms already."""

    def remove(self, articles: Iterable[str]) -> None:
        """See `Retriever.remove`; the writer removes the documents."""

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        """See `Retriever.search`."""
        asked = list(dict.fromkeys(map(indexed_term, terms)))
        if not asked or k < 1:
            return []

        def read() -> list[tuple[str, float]]:
            with self._store.reading() as reading:
                hits = self._best(reading, asked, wanted, k)
            found = [(float(hit["_score"]), hit["_id"]) for hit in hits]
            return [(key, score) for score, key in sorted(found, key=lambda hit: (-hit[0], _place(hit[1])))]

        return self._store.consistently(read)

    def _best(self, reading: Reading, terms: Sequence[str], wanted: Filter | None, k: int) -> list[Any]:
        """Return the hits that could be among the best `k` by exact scores, and keep their passages."""
        limit = MORE * k
        found = reading.found.get(tuple(terms)) if wanted is None else None
        while True:
            if found is None:
                limit = min(limit, LARGEST_WINDOW)
                (response,) = reading.search([words_search(reading, terms, limit, wanted)])
                found = Found(limit, response["hits"]["hits"])
            least = SLACK * self._least_score(reading, terms, found.hits, k)
            if (
                len(found.hits) < found.asked
                or found.hits[-1]["_score"] < least
                or found.asked == LARGEST_WINDOW
            ):
                return [hit for hit in found.hits if hit["_score"] >= least]
            limit, found = max(limit, AGAIN * found.asked), None

    def _least_score(self, reading: Reading, terms: Sequence[str], hits: Sequence[Any], k: int) -> float:
        """Return the least score in Lucene of a passage that is among the best `k` by exact scores.

        No exact score is above one of a rounded length. How Lucene's scores differ from the latter, by its
        counts of removed passages, is seen in `hits`, whose passages are kept.
        """
        statistics = self._statistics(reading, terms)
        weights, average = idf_of(terms, statistics), statistics.average_length
        scores: list[float] = []
        ratio = 1.0
        for hit, passage in zip(hits, reading.keep(hits), strict=True):
            held = passage.source["terms"].split()
            counts, length = Counter(filter(weights.__contains__, held)), len(held)
            scores.append(bm25_score(weights, counts, length, average))
            rounded = bm25_score(weights, counts, rounded_length(length), average)
            ratio = min(ratio, float(hit["_score"]) / rounded) if rounded else ratio
        return SLACK * ratio * sorted(scores, reverse=True)[:k][-1] if scores else 0.0

    def has_any(self, wanted: Filter) -> bool:
        """See `Retriever.has_any`."""

        def read() -> bool:
            with self._store.reading() as reading:
                body = {
                    "query": reading.visible(filter_query(wanted)),
                    "size": 1,
                    "_source": False,
                    "track_total_hits": False,
                }
                (response,) = reading.search([Search(self._index, body)])
            return bool(response["hits"]["hits"])

        return self._store.consistently(read)

    def keys(self, wanted: Filter) -> set[str]:
        """See `Retriever.keys`."""

        def read() -> set[str]:
            with self._store.reading() as reading:
                return {each.key for each in reading.all_passages(reading.visible(filter_query(wanted)))}

        return self._store.consistently(read)

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """See `Retriever.statistics`.

        Statistics are asked for before passages with the same terms are: these are fetched with them, so
        that both are one round trip. The first ones are of a question's words: how those are spelled that
        no passage has is asked with the next request.
        """
        asked = list(dict.fromkeys(terms))

        def read() -> Statistics:
            with self._store.reading() as reading:
                is_first = not reading.has_begun
                found = self._statistics(reading, asked, and_passages=True)
                if is_first:
                    self._ask_spellings(reading, asked, found)
                return found

        return self._store.consistently(read)

    def _statistics(
        self, reading: Reading, terms: Sequence[str], *, and_passages: bool = False
    ) -> Statistics:
        indexed = list(map(indexed_term, terms))
        counts = self._counts.of(reading.state)
        unknown = [term for term in indexed if term not in counts]
        if unknown or (terms and not reading.has_begun):
            passages = [words_search(reading, indexed, FETCHED)] if and_passages else []
            responses = reading.search([*(count_search(reading, term) for term in unknown), *passages])
            if passages:
                hits = responses.pop()["hits"]["hits"]
                reading.found[tuple(dict.fromkeys(indexed))] = Found(FETCHED, hits)
            counts.update(zip(unknown, map(count_of, responses), strict=True))
        totals = reading.state.totals
        return Statistics(
            passages=totals.passages,
            average_length=totals.terms / totals.passages if totals.passages else 0.0,
            document_frequencies={term: counts[key] for term, key in zip(terms, indexed, strict=True)},
        )

    def similar_terms(self, terms: Sequence[str]) -> Mapping[str, list[str]]:
        """See `Retriever.similar_terms`."""
        asked = _words(terms)

        def read() -> Mapping[str, list[str]]:
            with self._store.reading() as reading:
                reading.send_waiting()
                if new := [term for term in asked if term not in reading.spellings]:
                    (response,) = reading.search([spelling_search(reading, new)])
                    reading.spellings.update(spellings_of(response, new))
                near = {term: reading.spellings[term] for term in asked}
                if reading.state.has_always_grown():
                    return {term: near.get(term, []) for term in terms}
                # A term may be left of passages that were removed.
                words = list(dict.fromkeys(word for found in near.values() for word in found))
                counts = self._statistics(reading, words).document_frequencies
            return {term: [word for word in near.get(term, ()) if counts[word]] for term in terms}

        return self._store.consistently(read)

    def _ask_spellings(self, reading: Reading, terms: Sequence[str], found: Statistics) -> None:
        """Ask with the next requests for all that spelling suggestions need, if a word is in no passage."""
        unused = _words([term for term in terms if not found.document_frequencies[term]])
        if not unused:
            return

        def take(responses: Sequence[Any]) -> None:
            reading.spellings.update(spellings_of(responses[0], unused))
            self._ask_words(reading, [reading.spellings[term] for term in unused])

        reading.ask_later([spelling_search(reading, unused)], take)

    def _ask_words(self, reading: Reading, near: Sequence[Sequence[str]]) -> None:
        """Ask with the next request for the counts of words, and the best passage with each first one."""
        counts = self._counts.of(reading.state)
        first = list(dict.fromkeys(words[0] for words in near if words))
        all_ = (
            first if reading.state.has_always_grown() else dict.fromkeys(w for words in near for w in words)
        )
        unknown = [word for word in all_ if word not in counts]

        def take(responses: Sequence[Any]) -> None:
            counts.update(zip(unknown, map(count_of, responses), strict=False))
            for word, response in zip(first, responses[len(unknown) :], strict=True):
                reading.found[(word,)] = Found(FETCHED, response["hits"]["hits"])

        searches = [count_search(reading, word) for word in unknown]
        if first:
            reading.ask_later([*searches, *(words_search(reading, [word], FETCHED) for word in first)], take)


class _Counts:
    """The counts of terms in the newest state that was read; several threads may add to them."""

    def __init__(self) -> None:
        self._held: tuple[tuple[int, int], dict[str, int]] = (0, 0), {}

    def of(self, state: State) -> dict[str, int]:
        """Return in how many passages terms occur, as far as known, for additions."""
        held = self._held
        if held[0] != state.version or len(held[1]) > MOST_COUNTS:
            held = self._held = state.version, {}
        return held[1]


def _words(terms: Iterable[str]) -> list[str]:
    """Return those of `terms` that can get spelling suggestions."""
    return [term for term in terms if SHORTEST <= len(term) <= LONGEST and term.isalpha()]


def rounded_length(length: int) -> int:
    """Return the length that Lucene stores: of what exceeds 24, only the four highest bits are kept."""
    more = max(0, length - 24)
    dropped = max(0, more.bit_length() - 4)
    return length if length < 24 else 24 + (more >> dropped << dropped)


def _place(key: str) -> tuple[int, ...]:
    """Return an order number and a passage's number, by which ties are ordered."""
    return tuple(map(int, key.split(".")))
