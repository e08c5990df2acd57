"""Read access to an index in a cluster: its articles and passages.

A passage's document has all that answering needs, and comes with the hits of a search: what a question has
read is kept until it is answered, so that most questions take two round trips. The first finds passages, the
second their copies.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from articleqa.exceptions import IndexBusyError, IndexDamagedError
from articleqa.models import Article
from articleqa.passage_text import PassageText
from articleqa.passages import AnalysedPassage
from articleqa.storage.opensearch.article_documents import FOUND_BY, StoredArticle, article_of, key_of_id
from articleqa.storage.opensearch.article_documents import stored as stored_article
from articleqa.storage.opensearch.articles import ClusterArticles
from articleqa.storage.opensearch.connection import Cluster
from articleqa.storage.opensearch.passage_documents import StoredPassage
from articleqa.storage.opensearch.reading import Reading, StateChangedError
from articleqa.storage.opensearch.state import Query, State
from articleqa.storage.opensearch.state_document import check_state, read_state
from articleqa.storage.protocol import Document
from articleqa.storage.sqlite.passage_rows import DamagedRecordError

T = TypeVar("T")

_TRIES = 5
"""How often a read is tried while the index keeps changing."""

_TEXTS = 50
"""How many whole articles are read at once."""

_TITLES = 2_000
"""How many titles are read at once."""


class OpenSearchStore:
    """A `Store` in a cluster. Any number of threads may read it."""

    def __init__(self, cluster: Cluster, *, salvage: bool = False) -> None:
        """Open the index of `cluster`; with `salvage`, without looking at it.

        Raises:
            NotAnIndexError: there is none.
            IndexUnavailableError: the cluster cannot be reached.
            IndexVersionError: another version made the index.
        """
        self.cluster = cluster
        self._local = threading.local()
        self._latest = State({}) if salvage else self._checked(read_state(cluster))

    @property
    def state(self) -> State:
        """The state that is being read, or the last one known."""
        reading: Reading | None = getattr(self._local, "reading", None)
        return self._latest if reading is None else reading.state

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Yield what this thread reads with; within `consistently` it is the same for all."""
        reading: Reading | None = getattr(self._local, "reading", None)
        if reading is not None:
            yield reading
            return
        with self._errors():
            yield Reading(self.cluster, self._checked(read_state(self.cluster)))

    def consistently(self, read: Callable[[], T]) -> T:
        """See `Store.consistently`."""
        if getattr(self._local, "reading", None) is not None:
            return read()
        with self.cluster.question(), self._errors():
            for tried in range(_TRIES):
                try:
                    return self._read(read)
                except StateChangedError as error:
                    self._latest = self._checked(error.now)
                    if tried == _TRIES - 1:
                        raise IndexBusyError(str(error)) from None  # can be pickled
        raise AssertionError("the last try returns or raises")

    def _read(self, read: Callable[[], T]) -> T:
        reading = self._local.reading = Reading(self.cluster, self._latest, is_newest=False)
        try:
            found = read()
            reading.confirm()
        finally:
            del self._local.reading
        return found

    @property
    def articles(self) -> Mapping[str, Article]:
        """See `Store.articles`; each article is read when it is accessed."""
        return ClusterArticles(self)

    def titles(self) -> dict[str, str]:
        """See `Store.titles`; no text is read."""
        return self.consistently(lambda: {each.id: each.title for each in self.listed()})

    def listed(self) -> Iterator[StoredArticle]:
        """Yield all articles without their texts, in the order in which they were added."""
        with self.reading() as reading:
            index, query = self.cluster.address.articles, reading.visible()
            for hits in reading.pages(index, query, source=FOUND_BY, size=_TITLES):
                yield from map(stored_article, hits)

    def all_articles(self) -> Iterator[Article]:
        """Yield all articles, in the order in which they were added.

        Raises:
            IndexDamagedError: one does not match its checksum.
        """
        with self.reading() as reading:
            for hits in reading.pages(self.cluster.address.articles, reading.visible(), size=_TEXTS):
                yield from map(article_of, hits)

    def article(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            KeyError: there is no such article.
            IndexDamagedError: it does not match its checksum.
        """

        def read() -> Article:
            for hit in self._found_by_id([article_id], source=True):
                if hit["_source"]["fields"].get("id") == article_id:
                    return article_of(hit)
            raise KeyError(article_id)

        return self.consistently(read)

    def found(self, ids: Sequence[str]) -> dict[str, StoredArticle]:
        """Return by id what the index knows about these articles, as far as they are in the index."""

        return self.consistently(lambda: {each.id: each for each in self.found_all(ids)})

    def found_all(self, ids: Sequence[str]) -> list[StoredArticle]:
        """Return what the index knows about these articles; one comes twice only if the index is damaged."""
        wanted = set(ids)
        held = map(stored_article, self._found_by_id(ids, source=FOUND_BY))
        return [each for each in held if each.id in wanted]

    def passages_of(self, article_id: str) -> list[AnalysedPassage]:
        """Return an article's passages in reading order."""

        def read() -> list[AnalysedPassage]:
            with self.reading() as reading:
                orders = [each.order for each in self.found_all([article_id])]
                found = reading.all_passages(reading.visible({"terms": {"order": orders}}))
                return [each.document.passage for each in found]

        return self.consistently(read)

    def first_from_files(self, files: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """See `storage.known_files.KnownIds.first_from_files`."""
        found: dict[str, tuple[str, str]] = {}
        for start in range(0, len(files), _TITLES):
            query = {"terms": {"file": list(files[start : start + _TITLES])}}
            hits = self.consistently(partial(self.matching_articles, query))
            for each in map(stored_article, hits):
                found.setdefault(each.known.file, (each.id, each.known.source))
        return found

    def is_taken(self, article_id: str) -> bool:
        """See `storage.known_files.KnownIds.is_taken`."""
        below = [{"prefix": {"id": f"{article_id}{mark}"}} for mark in "#/"]
        query = {"bool": {"should": [{"term": {"id": article_id}}, *below], "minimum_should_match": 1}}

        def read() -> bool:
            with self.reading() as reading:
                return reading.count(self.cluster.address.articles, reading.visible(query)) > 0

        return self.consistently(read)

    def _found_by_id(self, ids: Sequence[str], *, source: Any) -> list[Any]:
        query = {"terms": {"key": [key_of_id(each) for each in ids]}}
        return self.matching_articles(query, source=source)

    def matching_articles(self, query: Query, *, source: Any = FOUND_BY) -> list[Any]:
        """Return the hits of the articles that match."""
        with self.reading() as reading:
            pages = reading.pages(self.cluster.address.articles, reading.visible(query), source=source)
            return [hit for hits in pages for hit in hits]

    def documents_at(self, keys: Sequence[str]) -> list[Document]:
        """See `Store.documents_at`."""
        return [each.document for each in self.passages_at(keys)]

    def passages_at(self, keys: Sequence[str]) -> list[StoredPassage]:
        """Return the passages with these keys as they are stored; unknown keys are skipped."""

        def read() -> list[StoredPassage]:
            with self.reading() as reading:
                if new := [key for key in keys if key not in reading.passages]:
                    list(reading.all_passages(reading.visible({"ids": {"values": new}})))
                return [reading.passages[key] for key in keys if key in reading.passages]

        return self.consistently(read)

    def copies_of(self, passages: Sequence[AnalysedPassage]) -> list[Sequence[Document]]:
        """See `Store.copies_of`."""

        def read() -> list[Sequence[Document]]:
            with self.reading() as reading:
                digests = {each.key: each.digest for each in self.passages_at([p.key for p in passages])}
                self._read_groups(reading, digests.values())
                groups = [reading.groups[digests[passage.key]] for passage in passages]
                return [[copy.document for copy in group] for group in groups]

        return self.consistently(read)

    def _read_groups(self, reading: Reading, digests: Any) -> None:
        if not (new := sorted({each for each in digests if each not in reading.groups})):
            return
        held = [each for each in reading.passages.values() if each.digest in new]
        known = {"ids": {"values": [each.key for each in held]}}
        query = reading.visible({"terms": {"digest": new}}, without=[known])
        groups: dict[str, list[StoredPassage]] = {}
        for each in [*held, *reading.all_passages(query)]:
            groups.setdefault(each.digest, []).append(each)
        for digest, group in groups.items():
            group.sort(key=lambda each: (each.order, each.number))
            if len({len(copy.document.passage.sentence_terms) for copy in group}) > 1:
                raise self.damage(
                    f"passage {group[0].key} has the digest of passages that are not its copies"
                )
            reading.groups[digest] = group

    def texts_at(self, keys: Sequence[str]) -> Mapping[str, PassageText]:
        """See `Store.texts_at`."""

        def read() -> Mapping[str, PassageText]:
            found = self.passages_at(keys)
            if len(found) < len(set(keys)):
                raise self.damage("a passage is missing")
            heads = self._articles_at({each.order for each in found if not each.has_head})
            return {each.key: each.text(heads.get(each.order)) for each in found}

        return self.consistently(read)

    def _articles_at(self, orders: set[int]) -> dict[int, Article]:
        if not orders:
            return {}
        hits = self.matching_articles({"terms": {"order": sorted(orders)}}, source=True)
        found = {int(hit["_source"]["order"]): article_of(hit) for hit in hits}
        if set(found) < orders:
            raise self.damage("an article is missing")
        return found

    def damage(self, what: str) -> IndexDamagedError:
        """Return the error for damage to this index; the clause `what` says what is wrong."""
        address = self.cluster.address
        return IndexDamagedError(f"{address}: {what}; `articleqa index check '{address}'` shows more")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DamagedRecordError as error:
            raise self.damage(str(error)) from error

    def refuse_other_version(self, state: State) -> None:
        """Refuse an index that another version made; see `check_state`."""
        check_state(self.cluster, state)

    def _checked(self, state: State) -> State:
        self.refuse_other_version(state)
        return state
