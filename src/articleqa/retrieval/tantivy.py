"""The on-disk retriever, built on tantivy: for up to millions of passages.

It indexes the terms that our own analyser gives, so that retrieval in memory and on disk agree on every term,
and it knows passages only by number. tantivy's BM25 scores are up to 4 % too high, because it stores the
length of a passage in one byte, rounded down. So more passages are returned than were asked for: all that
could be among the best by exact scores. Counts come from the store, because tantivy's own include passages
that were removed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import tantivy

from articleqa.exceptions import IndexBusyError, IndexDamagedError
from articleqa.filters import Filter, Traits
from articleqa.retrieval.protocol import NO_TRAITS, Statistics
from articleqa.retrieval.spelling import nearest
from articleqa.retrieval.tantivy_calls import OpenedSearch, facet_token, open_for_reading, translate_errors
from articleqa.retrieval.tantivy_writer import SearchWriter
from articleqa.storage.integrity import damage_to, live_files, search_damage
from articleqa.storage.layout import search_folder
from articleqa.storage.sqlite.readers import Change
from articleqa.storage.sqlite.store import DiskStore
from articleqa.storage.sqlite.term_counts import frequencies, terms_like, totals

SLACK = 0.95
"""Passages with at least this share of the score of the `k`-th best passage are returned too."""

MORE = 3
"""The first search fetches this many times the passages asked for, because searching again costs more."""

VERIFIED_BYTES = 32_000_000
"""At each opening, files of up to this size in total are compared with their checksums, larger ones only with
their recorded sizes. 32 MB take about 20 ms, and are the size for 300,000 passages."""

MAX_RETRY_S, MAX_IDLE_S, RETRY_INTERVAL_S = 10.0, 1.0, 0.02
"""How long opening is tried again while a writer keeps changing the search index; how long if a writer began
to change it and then nothing changes, because it may have been killed; and the pause between two tries."""

_EDITS = 2
"""The most characters by which a misspelling is longer or shorter."""


class _Opened(NamedTuple):
    change: Change
    process: int
    search: OpenedSearch


class DiskRetriever:
    """A `Retriever` of the passages of a store. It adds and removes passages only inside `writing`."""

    has_own_order = False

    def __init__(self, store: DiskStore) -> None:
        """Open the search index that belongs to the store.

        Raises:
            IndexDamagedError: it is missing or damaged.
        """
        self._store = store
        self._opening = threading.Lock()
        self._latest: _Opened | None = None
        self._local = threading.local()
        self._writer: SearchWriter | None = None
        self.refresh()

    def refresh(self) -> None:
        """Make everything committed before the store's snapshot findable in this thread.

        Raises:
            IndexDamagedError: the search index is missing or damaged.
            IndexBusyError: it cannot be read at the moment.
        """
        change = self._store.change()
        with self._opening:
            latest = self._latest
            if (
                latest is None
                or latest.process != os.getpid()  # forked: must not use what the parent opened
                or latest.change.database != change.database
                or latest.change.number < change.number
            ):
                latest = self._latest = _Opened(change, os.getpid(), self._open())
        self._local.search = latest.search

    def close(self) -> None:
        """Release tantivy's files in all threads; they are reopened when they are needed."""
        with self._opening:
            self._latest = None
            self._local = threading.local()

    @contextmanager
    def writing(self, path: Path) -> Iterator[SearchWriter]:
        """Open the search files in `path` for writing; the caller must hold the index's lock.

        Inside the `with` block `add` and `remove` work; the writer commits their changes.
        """
        with closing(SearchWriter(path)) as self._writer:
            try:
                yield self._writer
            finally:
                self._writer = None

    def add(
        self, article: str, passages: Iterable[tuple[str, Sequence[str]]], traits: Traits = NO_TRAITS
    ) -> None:
        """See `Retriever.add`; keys and the article's name are numbers."""
        for key, terms in passages:
            self._opened_writer.add(int(key), int(article), " ".join(terms), traits)

    def remove(self, articles: Iterable[str]) -> None:
        """See `Retriever.remove`."""
        for number in map(int, articles):
            self._opened_writer.remove(number, number)

    @property
    def _opened_writer(self) -> SearchWriter:
        assert self._writer is not None, "adding and removing needs `writing`"
        return self._writer

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        """See `Retriever.search`."""
        searcher, limit = self._search.searcher, MORE * k
        with self._errors():
            query = self._query(dict.fromkeys(terms), wanted)
            if query is None or k < 1:
                return []
            while True:
                hits = searcher.search(query, limit, count=False).hits
                least = SLACK * hits[min(k, len(hits)) - 1][0] if hits else 0.0
                if len(hits) < limit or hits[-1][0] < least:
                    break
                limit *= 2
            kept = [hit for hit in hits if hit[0] >= least]
            numbers = searcher.fast_field_values("passage", [address for _, address in kept])
        found = [(score, int(number)) for (score, _), number in zip(kept, numbers, strict=True) if number]
        return [(str(number), score) for score, number in sorted(found, key=lambda hit: (-hit[0], hit[1]))]

    def has_any(self, wanted: Filter) -> bool:
        """See `Retriever.has_any`."""
        with self._errors():
            query = _all_of(tantivy.Query.all_query(), *self._filters(wanted))
            return bool(self._search.searcher.search(query, 1, count=False).hits)

    def keys(self, wanted: Filter) -> set[str]:
        """See `Retriever.keys`."""
        with self._errors():
            query = _all_of(tantivy.Query.all_query(), *self._filters(wanted))
        return {str(number) for number in self._numbers(query) if number}

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """See `Retriever.statistics`."""
        passages, length = totals(self._store)
        return Statistics(
            passages=passages,
            average_length=length / passages if passages else 0.0,
            document_frequencies=frequencies(self._store, terms, passages),
        )

    def similar_terms(self, terms: Sequence[str]) -> Mapping[str, list[str]]:
        """See `Retriever.similar_terms`."""
        return {term: nearest(term, terms_like(self._store, term, _EDITS)) if term else [] for term in terms}

    def numbers(self) -> Iterator[int]:
        """Return an iterator over the numbers of all passages that can be found, in no particular order."""
        return self._numbers(tantivy.Query.all_query())

    def _numbers(self, query: tantivy.Query) -> Iterator[int]:
        searcher = self._search.searcher
        with self._errors():
            if searcher.num_docs:
                hits = searcher.search(query, searcher.num_docs, count=False).hits
                for start in range(0, len(hits), 10_000):
                    addresses = [address for _, address in hits[start : start + 10_000]]
                    yield from (int(n or 0) for n in searcher.fast_field_values("passage", addresses))

    def _query(self, terms: Iterable[str], wanted: Filter | None) -> tantivy.Query | None:
        asked = [_term(self._search.schema, "terms", term) for term in terms]
        if not asked:
            return None
        return _all_of(_one_of(asked), *self._filters(wanted)) if wanted else _one_of(asked)

    def _filters(self, wanted: Filter) -> list[tantivy.Query]:
        """Return the queries that a passage must all match for its article to be wanted."""
        filters = [
            _one_of([_term(self._search.schema, "facets", facet_token(facet)) for facet in sorted(facets)])
            for facets in wanted.wanted
        ]
        if wanted.since is not None or wanted.until is not None:
            first, last = max(1, wanted.since or 0), 99_999_999 if wanted.until is None else wanted.until
            filters.append(
                tantivy.Query.range_query(self._search.schema, "day", tantivy.FieldType.Unsigned, first, last)
            )
        return [tantivy.Query.const_score_query(each, 0.0) for each in filters]

    @property
    def _search(self) -> OpenedSearch:
        """The search index that this thread's last `refresh` opened."""
        search: OpenedSearch | None = getattr(self._local, "search", None)
        if search is None:
            self.refresh()
            search = self._local.search
        return search

    def _open(self) -> OpenedSearch:
        """Open the current search index; wait a moment if a writer is changing it."""
        start = monotonic()
        while True:
            side = self._store.search_side()
            try:
                path = search_folder(self._store.folder, side.name)
                with self._errors(), self._permission_errors():
                    size = sum(file.size for file in side.files)
                    for problem in damage_to(path, side.files, contents=size <= VERIFIED_BYTES):
                        raise ValueError(problem)
                    names = [file.name for file in side.files] or live_files(path)
                    return open_for_reading(path, names)
            except (IndexDamagedError, IndexBusyError) as error:
                now = self._store.search_side()
                waited = monotonic() - start
                if now == side and (side.files or waited > MAX_IDLE_S):
                    raise
                if waited > MAX_RETRY_S:
                    raise IndexBusyError(
                        f"{self._store.folder}: the index keeps changing; try again ({error})"
                    ) from error
            sleep(RETRY_INTERVAL_S)

    @contextmanager
    def _permission_errors(self) -> Iterator[None]:
        try:
            yield
        except PermissionError as error:
            raise IndexBusyError(
                f"{self._store.folder}: its search files cannot be read ({error.strerror}); try again"
                " when its owner has finished writing, or ask the owner for read permission"
            ) from error

    def _errors(self) -> AbstractContextManager[None]:
        return translate_errors(self._damage)

    def _damage(self, reason: str) -> IndexDamagedError:
        return search_damage(self._store.folder, reason)


def _one_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _all_of(*queries: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _term(schema: tantivy.Schema, field: str, value: str) -> tantivy.Query:
    option = "freq" if field == "terms" else "basic"
    return tantivy.Query.term_query(schema, field, value, option)
