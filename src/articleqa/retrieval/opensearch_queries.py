"""The queries for passages in a cluster: by words, by filters, and by similar spelling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from articleqa.filters import Filter
from articleqa.retrieval.spelling import SHORTEST, nearest
from articleqa.storage.opensearch.connection import Search
from articleqa.storage.opensearch.passage_documents import facet_token
from articleqa.storage.opensearch.reading import Reading
from articleqa.storage.opensearch.state import Query

_NEAR = 1_000
"""How many terms spelled similarly are fetched; those within two edits of a word are far fewer."""


def words_search(reading: Reading, terms: Sequence[str], limit: int, wanted: Filter | None = None) -> Search:
    """Return the search for the `limit` best passages with any of `terms`, scored by BM25."""
    query: Query = {"should": [_term(term) for term in terms], "minimum_should_match": 1}
    if wanted is not None:
        query["filter"] = filter_query(wanted)
    if hidden := reading.hidden():
        query["must_not"] = hidden
    body = {"query": {"bool": query}, "size": limit, "track_total_hits": False}
    return Search(reading.cluster.address.passages, body, globally=True)


def count_search(reading: Reading, term: str) -> Search:
    """Return the search that counts the passages with a term."""
    body = {"query": reading.visible(_term(term)), "size": 0, "track_total_hits": True}
    return Search(reading.cluster.address.passages, body)


def count_of(response: Any) -> int:
    """Return how many passages a count has found."""
    return int(response["hits"]["total"]["value"])


def spelling_search(reading: Reading, terms: Sequence[str]) -> Search:
    """Return the search for terms that are spelled like each of `terms`."""
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
    return Search(reading.cluster.address.passages, {"size": 0, "suggest": suggest})


def spellings_of(response: Any, terms: Sequence[str]) -> dict[str, list[str]]:
    """Return for each of `terms` those that `spelling_search` has found, nearest first."""
    found: dict[str, list[str]] = {}
    for number, term in enumerate(terms):
        entries = response["suggest"][f"{number}"]
        found[term] = nearest(term, {option["text"] for entry in entries for option in entry["options"]})
    return found


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


def _term(term: str) -> Query:
    return {"term": {"terms": {"value": term}}}
