"""Check an index in a cluster for damage, and rebuild its passages from its undamaged articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from time import time
from typing import Any

from articleqa.exceptions import ArticleQAError, IndexDamagedError, IndexUnavailableError, NotAnIndexError
from articleqa.index.backend import Repair
from articleqa.index.check import TOLD, is_of
from articleqa.index.opensearch_writing import OpenSearchChanges
from articleqa.index.upserts import Upsert
from articleqa.models import Article
from articleqa.passage_text import LineTable, PassageText
from articleqa.storage.digests import digest_of
from articleqa.storage.opensearch.article_documents import FOUND_BY, StoredArticle, article_of, stored
from articleqa.storage.opensearch.connection import Cluster, Search
from articleqa.storage.opensearch.passage_documents import StoredPassage, indexed_term
from articleqa.storage.opensearch.passage_documents import stored as stored_passage
from articleqa.storage.opensearch.reading import Reading
from articleqa.storage.opensearch.state import Abandoned, State, Totals, sum_of
from articleqa.storage.opensearch.state_document import (
    change_state,
    check_state,
    create_state,
    new_state,
    read_state,
)
from articleqa.storage.opensearch.store import OpenSearchStore
from articleqa.storage.opensearch.writer import OpenSearchWriter
from articleqa.storage.sqlite.passage_rows import DamagedRecordError

_AT_ONCE = 50
"""How many articles are read at once."""

_IN_ORDER: list[Any] = [{"order": "asc"}, {"number": "asc"}]


def problems_of(cluster: Cluster) -> list[str]:
    """Return the problems of the index of `cluster`, one line each; an empty list for an undamaged index.

    Every text is compared with its checksum, every passage with its text, and the counts with the passages.

    Raises:
        NotAnIndexError: there is no index.
        IndexUnavailableError: the cluster cannot be reached.
    """
    problems: list[str] = []
    try:
        state = read_state(cluster)
        check_state(cluster, state)
        for problem in _problems(Reading(cluster, state)):
            problems.append(problem)
    except (NotAnIndexError, IndexUnavailableError):
        raise
    except ArticleQAError as error:
        problems.append(str(error))
    more = [f"and {len(problems) - TOLD} more"] if len(problems) > TOLD else []
    return [*problems[:TOLD], *more]


def _problems(reading: Reading) -> Iterator[str]:
    address, totals = reading.cluster.address, Totals()
    ids: set[str] = set()
    for hits in reading.pages(address.articles, reading.visible(), size=_AT_ONCE):
        passages = _passages_of(reading, [int(hit["_id"]) for hit in hits])
        for hit in hits:
            try:
                held, article = stored(hit), article_of(hit)
            except DamagedRecordError as error:
                yield str(error)
                continue
            if article.id in ids:
                yield f"the article {article.id!r} is there twice"
            ids.add(article.id)
            found = passages.get(held.order, [])
            yield from _problems_of_article(held, article, found)
            totals = totals.changed(held.counts)
    if totals != reading.state.totals:
        yield f"the articles have {_shown(totals)}, but the totals say {_shown(reading.state.totals)}"
    findable = reading.count(address.passages, reading.visible())
    if findable != totals.passages:
        yield f"the articles have {totals.passages} passages, but {findable} can be found"


def _passages_of(reading: Reading, orders: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    query = reading.visible({"terms": {"order": list(orders)}})
    for hits in reading.pages(reading.cluster.address.passages, query, sort=_IN_ORDER):
        for hit in hits:
            found.setdefault(int(hit["sort"][0]), []).append(hit)
    return found


def _problems_of_article(
    held: StoredArticle, article: Article, hits: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    if len(hits) != held.counts.passages:
        yield f"the article {article.id!r} has {held.counts.passages} passages, but {len(hits)} are there"
        return
    lines = LineTable(article.text)
    for hit in hits:
        try:
            passage = stored_passage(hit)
            if not _matches(passage, article, lines):
                yield f"passage {passage.key} does not match the text of {article.id!r}"
        except DamagedRecordError as error:
            yield str(error)


def _matches(passage: StoredPassage, article: Article, lines: LineTable) -> bool:
    """Return whether a passage is as it would be made of its article now."""
    analysed, text = passage.document.passage, passage.text(article)
    return (
        analysed.passage.article_id == article.id
        and is_of(analysed, article)
        and passage.record.digest == digest_of(analysed, article.text)
        and text == PassageText.of(article, analysed.passage, lines)
        and passage.source["terms"].split() == list(map(indexed_term, passage.document.terms))
        and (passage.vectors is None or len(passage.vectors) > 0)
    )


def _shown(totals: Totals) -> str:
    return f"{totals.articles} articles, {totals.passages} passages and {totals.terms} terms"


def repair(cluster: Cluster, *, wait_s: float | None, vectors: bool | None) -> Repair:
    """Rebuild the passages of an index from its undamaged articles, some at a time.

    Readers see the index whole meanwhile. What killed writers left is removed.

    Raises:
        NotAnIndexError: there is no index.
        IndexWriteError: the index cannot be written to.
    """
    state = _taken_over(cluster)
    first_new = state.next_order
    writer = OpenSearchWriter(OpenSearchStore(cluster), wait_s)
    lost: list[str] = []
    saved = 0

    def undamaged() -> Iterator[Upsert]:
        nonlocal saved
        for hit in _whole_articles(cluster, first_new):
            try:
                article = article_of(hit)
            except DamagedRecordError:
                lost.append(_name_of(hit))
            else:
                saved += 1
                yield Upsert(article, replaces=True)

    OpenSearchChanges(writer, vectors=vectors).put(undamaged())
    for index in (cluster.address.articles, cluster.address.passages):
        old = {"query": {"range": {"order": {"lt": first_new}}}}
        cluster.write("POST", f"/{index}/_delete_by_query", old, conflicts="proceed", refresh="true")
    change_state(cluster, lambda before: _recounted(cluster, before))
    return Repair(articles=saved, lost=tuple(lost))


def _taken_over(cluster: Cluster) -> State:
    """Make the state one of this version, without writers at work; return it."""
    knn = "yes" if _has_field(cluster, "sentences") else "no"
    try:
        read_state(cluster)
    except IndexDamagedError:
        create_state(cluster, replace(new_state(knn), next_order=_greatest_order(cluster) + 1))

    def taken_over(before: State) -> State:
        now = int(time())
        kept = "encoder" if knn == "yes" else "knn"
        about = {name: value for name, value in before.about.items() if name == kept}
        return replace(
            before,
            about={**new_state(knn).about, **about},
            removals=before.removals + 1,
            pending=(),
            abandoned=(*before.abandoned, *(Abandoned(each.orders, now) for each in before.pending)),
        )

    return change_state(cluster, taken_over)


def _whole_articles(cluster: Cluster, before: int) -> Iterator[Mapping[str, Any]]:
    """Yield the documents of the articles that are visible and have smaller order numbers than `before`.

    They are read by the state of each moment, because this repair removes what it has read. Of an article
    that is there twice, only the last is yielded.
    """
    seen = 0
    while True:
        reading = Reading(cluster, read_state(cluster))
        query = reading.visible({"range": {"order": {"gt": seen, "lt": before}}})
        body = {"query": query, "size": _AT_ONCE, "sort": [{"order": "asc"}], "track_total_hits": False}
        hits = cluster.search(Search(cluster.address.articles, body))["hits"]["hits"]
        if not hits:
            return
        keys = [hit["_source"].get("key") for hit in hits]
        later = _later_copies(cluster, reading, keys, before)
        for hit, key in zip(hits, keys, strict=True):
            if int(hit["_id"]) >= later.get(key, 0):
                yield hit
        seen = int(hits[-1]["sort"][0])


def _later_copies(cluster: Cluster, reading: Reading, keys: Sequence[Any], before: int) -> dict[Any, int]:
    """Return by key the greatest order number of an article with this key."""
    limits = [{"terms": {"key": [key for key in keys if key]}}, {"range": {"order": {"lt": before}}}]
    body = {
        "query": reading.visible({"bool": {"filter": limits}}),
        "size": 10_000,
        "_source": ["key"],
        "sort": [{"order": "asc"}],
    }
    hits = cluster.search(Search(cluster.address.articles, body))["hits"]["hits"]
    return {hit["_source"]["key"]: int(hit["sort"][0]) for hit in hits}


def _name_of(hit: Mapping[str, Any]) -> str:
    found = hit.get("_source", {}).get("id")
    return str(found) if found else f"number {hit.get('_id')}"


def _recounted(cluster: Cluster, state: State) -> State:
    reading = Reading(cluster, state)
    pages = reading.pages(cluster.address.articles, reading.visible(), source=FOUND_BY, size=2_000)
    totals = sum_of(stored(hit).counts for hits in pages for hit in hits)
    return replace(state, totals=totals, removed=(), removals=state.removals + 1)


def _greatest_order(cluster: Cluster) -> int:
    body = {"size": 1, "sort": [{"order": "desc"}], "_source": False, "track_total_hits": False}
    address = cluster.address
    found = cluster.search_many([Search(address.articles, body), Search(address.passages, body)])
    return max((int(hit["sort"][0]) for response in found for hit in response["hits"]["hits"]), default=0)


def _has_field(cluster: Cluster, field: str) -> bool:
    found = cluster.read("GET", f"/{cluster.address.passages}/_mapping")
    return any(field in each["mappings"].get("properties", {}) for each in found.values())
