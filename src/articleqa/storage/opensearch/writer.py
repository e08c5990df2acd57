"""Write access to an index in a cluster; `storage.opensearch.state` explains why it is never half done."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from time import monotonic, sleep, time
from typing import NamedTuple

from articleqa.exceptions import ArticleQAError, IndexBusyError
from articleqa.models import Article
from articleqa.storage.opensearch import article_documents as articles
from articleqa.storage.opensearch.article_documents import StoredArticle
from articleqa.storage.opensearch.bulk import action, send_in_bulk
from articleqa.storage.opensearch.cleaning import clean, refresh, without_dead_writers
from articleqa.storage.opensearch.connection import ConflictError
from articleqa.storage.opensearch.passage_documents import key_of
from articleqa.storage.opensearch.passage_operations import PassageOperations
from articleqa.storage.opensearch.processes import this_machine, this_process
from articleqa.storage.opensearch.reading import Reading, StateChangedError
from articleqa.storage.opensearch.state import (
    Orders,
    Pending,
    Query,
    State,
    Totals,
    abandoned,
    sum_of,
    without,
)
from articleqa.storage.opensearch.state_document import change_state
from articleqa.storage.opensearch.store import OpenSearchStore

_POLL_S = 0.25
"""How often it is looked whether another writer is done with an article."""

_LISTED = 2_000
"""How many articles are looked at together, without their texts."""

_KEY = 16
"""How many characters of an article's key are noted; two articles with the same wait for each other."""


class NewArticle(NamedTuple):
    """An article to store, with the operations that write its passages."""

    article: Article
    passages: PassageOperations
    replaces: bool

    @property
    def counts(self) -> Totals:
        """What it adds to the totals."""
        return Totals(1, self.passages.passages, self.passages.terms, self.passages.vectors)


class OpenSearchWriter:
    """Stores and removes articles, some at a time; several writers may work on different articles."""

    def __init__(self, store: OpenSearchStore, wait_s: float | None = None) -> None:
        """Write to the index of `store`; wait at most `wait_s` seconds for other writers, or for ever."""
        self._store = store
        self._cluster = store.cluster
        self._wait_s = wait_s
        self._state = clean(self._store)

    @property
    def state(self) -> State:
        """The state after this writer's last change."""
        return self._state

    @property
    def index_of_passages(self) -> str:
        """The name of the index of passages."""
        return self._cluster.address.passages

    def found(self, ids: Sequence[str]) -> dict[str, StoredArticle]:
        """Return by id what the index knows about these articles, as far as they are in the index."""
        return self._store.found(ids)

    def put(self, batch: Sequence[NewArticle], encoder: str | None = None) -> None:
        """Store articles; readers see all of them from one moment on. `encoder` made their vectors.

        Raises:
            IndexBusyError: another writer stores one of them, or took so long that it may not go on.
            IndexWriteError: they cannot be written.
        """
        token = secrets.token_hex(8)
        first = self._reserve(token, [each.article.id for each in batch], len(batch))
        try:
            old = self._found_again(batch)
            self._write(enumerate(batch, start=first))
            refresh(self._cluster)
            self._commit(token, first, sum_of(each.counts for each in batch), old, encoder)
        except BaseException:
            with suppress(ArticleQAError):
                self._give_up(token)
            raise
        self._delete(old)

    def write_again(self, batch: Sequence[tuple[int, NewArticle]]) -> None:
        """Write the documents of stored articles again, under their order numbers; the totals stay.

        Articles that were removed or replaced meanwhile are left out.

        Raises:
            IndexBusyError: another writer is changing one of them.
            IndexWriteError: they cannot be written.
        """
        token, ids = secrets.token_hex(8), [new.article.id for _, new in batch]
        self._reserve(token, ids, 1)
        try:
            held = self._store.consistently(lambda: {each.order for each in self._store.found_all(ids)})
            self._write((order, new) for order, new in batch if order in held)
            refresh(self._cluster)
        finally:
            # Lucene counts both versions of a document for a while, as after a removal.
            self._state = change_state(
                self._cluster, lambda state: state.without_writer(token).with_removed([])
            )

    def recount_vectors(self, encoder: str) -> None:
        """Count the passages with vectors again, all of which `encoder` made."""

        def recounted(state: State) -> State:
            counted = sum(each.counts.vectors for each in self._matching(state, {"match_all": {}}))
            about = {**state.about, "encoder": encoder}
            return replace(state, about=about, totals=state.totals._replace(vectors=counted))

        self._state = change_state(self._cluster, recounted)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles; ids that the index does not hold are skipped.

        Raises:
            IndexBusyError: another writer is changing one of them.
            IndexWriteError: the index cannot be written to.
        """
        old: list[StoredArticle] = []

        def removed(state: State) -> State:
            self._refuse_taken(state, ids)
            old[:] = self._found_in(state, ids)
            gone = sum_of(each.counts for each in old)
            if not old:
                return state
            return replace(
                state.with_removed(each.order for each in old), totals=state.totals.changed(gone, -1)
            )

        self._change_when_free(removed)
        self._delete(old)

    def _reserve(self, token: str, ids: Sequence[str], number: int) -> int:
        """Take order numbers, and keep other writers from these articles; return the first number."""
        keys = tuple(sorted({articles.key_of_id(each)[:_KEY] for each in ids}))

        def reserved(state: State) -> State:
            if any(each.token == token for each in state.pending):
                return state  # the answer to the same request was lost
            self._refuse_taken(state, ids)
            orders = Orders(state.next_order, state.next_order + number - 1)
            mine = Pending(token, orders, keys, this_machine(), this_process(), int(time()))
            return replace(state, pending=(*state.pending, mine), next_order=orders.last + 1)

        state = self._change_when_free(reserved)
        return next(each.orders.first for each in state.pending if each.token == token)

    def _change_when_free(self, change: Callable[[State], State]) -> State:
        """Change the state; wait for writers that work on the same articles."""
        until = None if self._wait_s is None else monotonic() + self._wait_s
        while True:
            try:
                self._state = change_state(self._cluster, change, self._state)
            except _TakenError:
                if until is not None and monotonic() >= until:
                    raise
            else:
                return self._state
            sleep(_POLL_S)
            self._state = without_dead_writers(self._cluster)

    def _refuse_taken(self, state: State, ids: Sequence[str]) -> None:
        taken = {key for each in state.pending for key in each.keys}
        for article_id in ids if taken else ():
            if articles.key_of_id(article_id)[:_KEY] in taken:
                raise _TakenError(
                    f"{self._cluster.address}: another writer is changing {article_id!r}; try again when it"
                    " is done"
                )

    def _found_again(self, batch: Sequence[NewArticle]) -> list[StoredArticle]:
        """Return the stored articles that the batch replaces, now that no other writer changes them."""
        ids = [each.article.id for each in batch]
        held = self._store.consistently(lambda: self._store.found_all(ids))
        known = {each.id for each in held}
        for each in batch:
            if not each.replaces and each.article.id in known:
                raise IndexBusyError(
                    f"{self._cluster.address}: another writer has added {each.article.id!r} meanwhile; repeat"
                    " what you did"
                )
        return held

    def _found_in(self, state: State, ids: Sequence[str]) -> list[StoredArticle]:
        """Return those of the articles that `state` has.

        Raises:
            ConflictError: there is a newer state.
        """
        wanted = set(ids)
        found = self._matching(state, {"terms": {"key": [articles.key_of_id(each) for each in ids]}})
        return [each for each in found if each.id in wanted]

    def _matching(self, state: State, query: Query) -> list[StoredArticle]:
        """Return the articles that match and that `state` has.

        Raises:
            ConflictError: there is a newer state.
        """
        reading, index = Reading(self._cluster, state), self._cluster.address.articles
        try:
            pages = list(reading.pages(index, reading.visible(query), source=articles.FOUND_BY, size=_LISTED))
        except StateChangedError as error:
            raise ConflictError(str(error)) from error
        return [each for hits in pages for each in map(articles.stored, hits)]

    def _write(self, batch: Iterable[tuple[int, NewArticle]]) -> None:
        """Write the documents of articles, given with their order numbers."""
        index = self._cluster.address.articles

        def pieces() -> Iterator[bytes]:
            for order, new in batch:
                yield new.passages.numbered(order)
                document = articles.document_of(order, new.article, new.counts)
                yield f"{action('index', index, str(order))}\n{document}\n".encode()

        send_in_bulk(self._cluster, pieces(), lines_each=2)

    def _commit(
        self, token: str, first: int, counts: Totals, old: Sequence[StoredArticle], encoder: str | None
    ) -> None:
        gone = sum_of(each.counts for each in old)

        def committed(state: State) -> State:
            if not any(each.token == token for each in state.pending):
                if any(orders.first <= first <= orders.last for orders, _ in state.abandoned):
                    raise IndexBusyError(
                        f"{self._cluster.address}: this took so long that another writer has discarded it;"
                        " repeat what you did"
                    )
                return state  # the answer to the same request was lost
            after = replace(
                state.without_writer(token),
                totals=state.totals.changed(counts).changed(gone, -1),
            )
            if counts.vectors and encoder is not None:
                after = replace(after, about={**after.about, "encoder": encoder})
            return after.with_removed(each.order for each in old) if old else after

        self._state = change_state(self._cluster, committed, self._state)

    def _delete(self, old: Sequence[StoredArticle]) -> None:
        """Delete the documents of articles that the state has as removed."""
        if not old:
            return
        address = self._cluster.address
        lines = (
            line
            for each in old
            for line in (
                action("delete", address.articles, str(each.order)),
                *(
                    action("delete", address.passages, key_of(each.order, number))
                    for number in range(each.counts.passages)
                ),
            )
        )
        send_in_bulk(self._cluster, (f"{line}\n".encode() for line in lines), lines_each=1)
        refresh(self._cluster)
        self._forget([Orders(each.order, each.order) for each in old])

    def _forget(self, gone: Sequence[Orders]) -> None:
        def forgotten(state: State) -> State:
            return replace(state, removed=tuple(without(state.removed, gone)))

        self._state = change_state(self._cluster, forgotten, self._state)

    def _give_up(self, token: str) -> None:
        """Hide for good what was written under `token`, and delete it."""

        def given_up(state: State) -> State:
            return abandoned(state, lambda each: each.token == token)

        self._state = change_state(self._cluster, given_up)
        self._state = clean(self._store)


class _TakenError(IndexBusyError):
    """Another writer works on the same article."""
