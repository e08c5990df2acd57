"""The on-disk retriever, on tantivy: for up to millions of passages.

It indexes the terms that our own analyser gives, so that memory and disk agree on every term, and knows
passages by number alone. Its scores are BM25 but for lengths, which it keeps in one byte, rounded down:
they are too high by up to 4 %. So more passages are returned than are asked for: all that could be among
the best by their exact scores. Counts come from the store, since tantivy's own include what was removed.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from articleqa.exceptions import IndexDamagedError, IndexWriteError
from articleqa.filters import Filter, Traits
from articleqa.retrieval.contract import Statistics
from articleqa.retrieval.spelling import nearest
from articleqa.storage.disk import DiskStore

HEAP_BYTES = 256_000_000
"""What the writer gathers in memory before it writes a segment."""

SLACK = 0.95
"""The share of the last one's score down to which passages are returned too."""

MORE = 3
"""How many times as many are drawn at first as are asked for: drawing anew costs more."""

NO_DAY = 0
"""The day of an article without a date."""

_NOT_ALLOWED = ("PermissionDenied", "ReadOnlyFilesystem")
"""What tantivy says where it may not make its lock file, for reading too."""

_EDITS = 2
"""The most by which a misspelling is longer or shorter."""


def _schema() -> tantivy.Schema:
    return (
        tantivy.SchemaBuilder()
        .add_unsigned_field("passage", fast=True)
        .add_unsigned_field("article", indexed=True)
        .add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        .add_text_field("facets", tokenizer_name="whitespace", index_option="basic")
        .add_unsigned_field("day", indexed=True, fast=True)
        .build()
    )


class DiskRetriever:
    """A `Retriever` over the passages of a store, for reading; `SearchWriter` adds and removes."""

    def __init__(self, store: DiskStore) -> None:
        """Open the search side of the store's index.

        Raises:
            IndexDamagedError: it is missing or damaged.
        """
        self._store = store
        self._opening = threading.Lock()
        self._side = ""
        self._change = self._process = -1
        self._open_current()

    def refresh(self) -> None:
        """See to it that what was committed before the store's snapshot is found."""
        if self._process != os.getpid():  # forked: what the parent had open stays the parent's
            self._side = ""
            self._open_current()
        elif self._store.change() != self._change:
            self._open_current()

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        """See `Retriever.search`."""
        query = self._query(dict.fromkeys(terms), wanted)
        if query is None or k < 1:
            return []
        searcher, limit = self._searcher, MORE * k
        with self._in_words():
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
        query = _all_of(tantivy.Query.all_query(), *self._filters(wanted))
        with self._in_words():
            return bool(self._searcher.search(query, 1, count=False).hits)

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """See `Retriever.statistics`."""
        passages, length = self._store.totals()
        return Statistics(
            passages=passages,
            average_length=length / passages if passages else 0.0,
            document_frequencies=self._store.frequencies(terms),
        )

    def similar_terms(self, term: str) -> list[str]:
        """See `Retriever.similar_terms`."""
        return nearest(term, self._store.terms_like(term, _EDITS)) if term else []

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of all passages that can be found, in no order."""
        searcher = self._searcher
        with self._in_words():
            if searcher.num_docs:
                hits = searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False).hits
                for start in range(0, len(hits), 10_000):
                    addresses = [address for _, address in hits[start : start + 10_000]]
                    yield from (int(n or 0) for n in searcher.fast_field_values("passage", addresses))

    def _query(self, terms: Iterable[str], wanted: Filter | None) -> tantivy.Query | None:
        asked = [_term(self._schema, "terms", term) for term in terms]
        if not asked:
            return None
        return _all_of(_one_of(asked), *self._filters(wanted)) if wanted else _one_of(asked)

    def _filters(self, wanted: Filter) -> list[tantivy.Query]:
        """Return what a passage must be found by, each, to be of an article that is wanted."""
        filters = [
            _one_of([_term(self._schema, "facets", _token(facet)) for facet in sorted(facets)])
            for facets in wanted.wanted
        ]
        if wanted.since is not None or wanted.until is not None:
            first, last = max(1, wanted.since or 0), 99_999_999 if wanted.until is None else wanted.until
            filters.append(
                tantivy.Query.range_query(self._schema, "day", tantivy.FieldType.Unsigned, first, last)
            )
        return [tantivy.Query.const_score_query(each, 0.0) for each in filters]

    def _open_current(self) -> None:
        with self._opening, self._in_words():
            change = self._store.change()
            side = self._store.about()["search"]
            if side != self._side:
                path = self._store.folder / side
                if not tantivy.Index.exists(str(path)):
                    raise ValueError(f"{side} is missing")
                self._index = tantivy.Index.open(str(path))
                self._schema = self._index.schema
                self._side = side
            self._index.reload()
            self._searcher = self._index.searcher()
            self._change = change
            self._process = os.getpid()

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, OSError) as error:
            folder = self._store.folder
            if any(reason in str(error) for reason in _NOT_ALLOWED):
                raise IndexWriteError(
                    f"{folder}: who asks an index must be allowed to write there too: tantivy locks it while"
                    f" it reads ({error})"
                ) from error
            raise IndexDamagedError(
                f"{folder}: its search side is damaged ({error});"
                f" `articleqa index check {folder} --repair` makes it anew"
            ) from error


class SearchWriter:
    """Adds to and removes from the search side in one folder; nothing is seen before `commit`."""

    def __init__(self, path: Path) -> None:
        """Open the search side at `path`, a folder that is there; empty, it becomes one.

        Raises:
            IndexWriteError: it cannot be written to, or is damaged.
        """
        self._path = path
        with self._in_words():
            self._index = tantivy.Index(_schema(), str(path), reuse=True)
            self._writer = self._index.writer(HEAP_BYTES)

    def add(self, passage: int, article: int, terms: str, traits: Traits) -> None:
        """Add a passage: its number, its article's, its terms parted by white space, its article's traits."""
        document = tantivy.Document()
        document.add_unsigned("passage", passage)
        document.add_unsigned("article", article)
        document.add_text("terms", terms)
        if traits.facets:
            document.add_text("facets", " ".join(map(_token, sorted(traits.facets))))
        document.add_unsigned("day", NO_DAY if traits.day is None else traits.day)
        with self._in_words():
            self._writer.add_document(document)

    def remove(self, first: int, last: int) -> None:
        """Remove the passages of the articles with these numbers, both included, that were added so far."""
        # By a range always: a number given to `delete_documents_by_term` is not taken for an unsigned one.
        query = tantivy.Query.range_query(
            self._index.schema,
            "article",
            tantivy.FieldType.Unsigned,
            first,
            last,
            use_inverted_index=True,
        )
        with self._in_words():
            self._writer.delete_documents_by_query(query)

    def commit(self) -> None:
        """Make what was done so far last."""
        with self._in_words():
            self._writer.commit()

    def close(self) -> None:
        """Let go of the writer; what was not committed is lost."""
        with self._in_words():
            self._writer.rollback()
            self._writer.wait_merging_threads()

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, OSError) as error:
            raise IndexWriteError(
                f"{self._path.parent}: cannot be written ({error}); what was committed before stands"
            ) from error


def _one_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _all_of(*queries: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _term(schema: tantivy.Schema, field: str, value: str) -> tantivy.Query:
    option = "freq" if field == "terms" else "basic"
    return tantivy.Query.term_query(schema, field, value, option)


def _token(facet: str) -> str:
    """Return what stands for a facet: it may be long, and hold white space."""
    return hashlib.blake2b(facet.encode(), digest_size=12).hexdigest()
