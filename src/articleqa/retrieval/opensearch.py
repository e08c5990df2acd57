"""The retriever in a cluster: OpenSearch finds the passages, shard by shard.

It indexes the terms that our own analyser gives, so that retrieval agrees on every term with an index in
memory and one on disk. Lucene stores the length of a passage in one byte, and counts passages that were
removed until it merges its files, so its BM25 scores are near the exact ones. More passages are therefore
returned than were asked for: all that could be among the best by exact scores, which are computed above.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from articleqa.filters import Filter, Traits
from articleqa.retrieval.protocol import NO_TRAITS, Statistics
from articleqa.retrieval.spelling import LONGEST, SHORTEST, nearest
from articleqa.storage.opensearch.connection import Search
from articleqa.storage.opensearch.passage_documents import facet_token, indexed_term
from articleqa.storage.opensearch.reading import Found, Reading
from articleqa.storage.opensearch.state import Query
from articleqa.storage.opensearch.store import OpenSearchStore

SLACK = 0.92
"""Passages with at least this share of the score of the `k`-th best passage are returned too.

Lucene rounds lengths down to four bits, which raises the scores of passages of up to three times the average
length by at most 6.8 % (computed for all of them); the rest is for counts that include removed passages.
"""

MORE = 3
"""The first search fetches this many times the passages asked for, because searching again costs more."""

FETCHED = 60
"""How many passages are fetched together with the counts of terms: `MORE` times those a question needs."""

LARGEST_WINDOW = 10_000
"""The most hits that OpenSearch returns of one search (index.max_result_window)."""

_NEAR = 1_000
"""How many terms spelled similarly are fetched; those within two edits of a word are far fewer."""


class OpenSearchRetriever:
    """A `Retriever` of the passages of a store; the backend's writer adds and removes them."""

    has_own_order = False

    def __init__(self, store: OpenSearchStore) -> None:
        """Search the passages of `store`."""
        self._store = store
        self._index = store.cluster.address.passages

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
                reading.keep(hits)
                found = [(float(hit["_score"]), hit["_id"]) for hit in hits]
            return [(key, score) for score, key in sorted(found, key=lambda hit: (-hit[0], _place(hit[1])))]

        return self._store.consistently(read)

    def _best(self, reading: Reading, terms: Sequence[str], wanted: Filter | None, k: int) -> list[Any]:
        """Return the hits that could be among the best `k` by exact scores."""
        limit = min(MORE * k, LARGEST_WINDOW)
        found = reading.found.get(tuple(terms)) if wanted is None else None
        while True:
            if found is None or found.asked < limit:
                (response,) = reading.search([self._words_search(reading, terms, wanted, limit)])
                found = Found(limit, response["hits"]["hits"])
            hits = found.hits
            least = SLACK * float(hits[min(k, len(hits)) - 1]["_score"]) if hits else 0.0
            if len(hits) < found.asked or hits[-1]["_score"] < least or limit == LARGEST_WINDOW:
                return [hit for hit in hits if hit["_score"] >= least]
            limit = min(2 * limit, LARGEST_WINDOW)

    def _words_search(
        self, reading: Reading, terms: Sequence[str], wanted: Filter | None, limit: int
    ) -> Search:
        body = {"query": words_query(reading, terms, wanted), "size": limit, "track_total_hits": False}
        return Search(self._index, body, globally=True)

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
        that both are one round trip.
        """
        asked = list(dict.fromkeys(terms))

        def read() -> Statistics:
            with self._store.reading() as reading:
                frequencies = self._frequencies(reading, asked, and_passages=True)
                totals = reading.state.totals
            return Statistics(
                passages=totals.passages,
                average_length=totals.terms / totals.passages if totals.passages else 0.0,
                document_frequencies=frequencies,
            )

        return self._store.consistently(read)

    def _frequencies(
        self, reading: Reading, terms: Sequence[str], *, and_passages: bool = False
    ) -> dict[str, int]:
        """Return in how many passages each term occurs; the shards count, all in one request."""
        indexed = list(map(indexed_term, terms))
        searches = [
            Search(
                self._index,
                {
                    "query": reading.visible({"term": {"terms": {"value": term}}}),
                    "size": 0,
                    "track_total_hits": True,
                },
            )
            for term in indexed
        ]
        if and_passages and terms:
            searches.append(self._words_search(reading, indexed, None, FETCHED))
        responses = reading.search(searches)
        if and_passages and terms:
            reading.found[tuple(dict.fromkeys(indexed))] = Found(FETCHED, responses.pop()["hits"]["hits"])
        found = [int(response["hits"]["total"]["value"]) for response in responses]
        return dict(zip(terms, found, strict=True))

    def similar_terms(self, terms: Sequence[str]) -> Mapping[str, list[str]]:
        """See `Retriever.similar_terms`."""
        asked = [term for term in terms if SHORTEST <= len(term) <= LONGEST and term.isalpha()]

        def read() -> Mapping[str, list[str]]:
            with self._store.reading() as reading:
                near = self._near(reading, asked)
                if reading.state.has_always_grown():
                    return {term: near.get(term, []) for term in terms}
                # A term may be left of passages that were removed.
                words = list(dict.fromkeys(word for found in near.values() for word in found))
                counts = self._frequencies(reading, words) if words else {}
            return {term: [word for word in near.get(term, ()) if counts[word]] for term in terms}

        return self._store.consistently(read)

    def _near(self, reading: Reading, terms: Sequence[str]) -> dict[str, list[str]]:
        if not terms:
            return {}
        suggest = {
            f"{number}": {
                "text": term,
                "term": {
                    "field": "terms",
                    "max_edits": 1 if len(term) <= 5 else 2,
                    "prefix_length": 1,
                    "min_word_length": SHORTEST - 2,
                    "suggest_mode": "always",
                    "size": _NEAR,
                    "accuracy": 0.0,
                },
            }
            for number, term in enumerate(terms)
        }
        (response,) = reading.search([Search(self._index, {"size": 0, "suggest": suggest})])
        found: dict[str, list[str]] = {}
        for number, term in enumerate(terms):
            entries = response["suggest"][f"{number}"]
            found[term] = nearest(term, {option["text"] for entry in entries for option in entry["options"]})
        return found


def words_query(reading: Reading, terms: Sequence[str], wanted: Filter | None) -> Query:
    """Return the query for passages with any of `terms`, scored by BM25."""
    query: Query = {"should": [{"term": {"terms": {"value": term}}} for term in terms]}
    query["minimum_should_match"] = 1
    if wanted is not None:
        query["filter"] = filter_query(wanted)
    if hidden := reading.hidden():
        query["must_not"] = hidden
    return {"bool": query}


def filter_query(wanted: Filter) -> Query:
    """Return the query for the passages of the articles that a filter allows."""
    filters: list[Query] = [{"terms": {"facets": sorted(map(facet_token, each))}} for each in wanted.wanted]
    if wanted.since is not None or wanted.until is not None:
        bounds = {
            "gte": max(1, wanted.since or 0),
            "lte": 99_999_999 if wanted.until is None else wanted.until,
        }
        filters.append({"range": {"day": bounds}})
    return {"bool": {"filter": filters}} if filters else {"match_all": {}}


def _place(key: str) -> tuple[int, ...]:
    """Return an order number and a passage's number, by which ties are ordered."""
    return tuple(map(int, key.split(".")))
