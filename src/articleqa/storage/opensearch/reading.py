"""What one question reads of an index in a cluster: all from one state, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from articleqa.exceptions import IndexBusyError
from articleqa.storage.opensearch.connection import Cluster, Search
from articleqa.storage.opensearch.passage_documents import StoredPassage, stored
from articleqa.storage.opensearch.state import Query, State
from articleqa.storage.opensearch.state_document import found_state, read_state, state_search

_FEW = 4
"""So many searches, the state's included, run one after the other, so that the state is read last.

This spares a request that reads the state again. Only the first searches of a question, which the others wait
for, run at the same time unless there is one alone.
"""

PAGE = 500
"""How many documents are read at once."""

_IN_ORDER: list[Any] = [{"order": "asc"}, {"number": "asc"}]


class StateChangedError(IndexBusyError):
    """The index changed while it was read; the read can begin again, from the state `now`."""

    def __init__(self, cluster: Cluster, now: State) -> None:
        """Name the index."""
        super().__init__(f"{cluster.address}: the index keeps changing while being read; try again")
        self.now = now


class Found(NamedTuple):
    """The hits of a search for passages by words, best first, and how many were asked for."""

    asked: int
    hits: list[Any]


class Reading:
    """Reads an index in one state, and keeps the passages that it has read."""

    def __init__(self, cluster: Cluster, state: State, *, is_newest: bool = True) -> None:
        """Read `cluster` as of `state`, which each request checks.

        Unless `state` was just read, so that it `is_newest`, the first request fails if there is a newer one.
        With a state that was just read, additions never disturb a reading, however long it takes.
        """
        self.cluster = cluster
        self.state = state
        self.passages: dict[str, StoredPassage] = {}
        self.groups: dict[str, list[StoredPassage]] = {}
        """The passages with the same digest, in order, by digest."""
        self.found: dict[tuple[str, ...], Found] = {}
        """The passages found by words without a filter, by the words."""
        self.spellings: dict[str, list[str]] = {}
        """Terms that are spelled similarly, nearest first."""
        self._later: list[tuple[Sequence[Search], Callable[[Sequence[Any]], None]]] = []
        self._is_certain = True
        self._is_newest = self._is_guarded = is_newest

    @property
    def has_begun(self) -> bool:
        """Whether it is certain that the state was the newest when the reading began."""
        return self._is_newest

    def newest(self) -> State:
        """Return the state, once it is certain that it was the newest when the reading began."""
        if not self._is_newest:
            self.search([])
        return self.state

    def hidden(self) -> list[Query]:
        """Return the queries for what this state does not have."""
        return self.state.hidden(guarded=self._is_guarded)

    def visible(self, query: Query | None = None, *, without: Sequence[Query] = ()) -> Query:
        """Return `query` limited to what this state has, without scores."""
        hidden = [*self.hidden(), *without]
        if not hidden:
            return query or {"match_all": {}}
        limited: Query = {"must_not": hidden}
        if query is not None:
            limited["filter"] = [query]
        return {"bool": limited}

    def search(self, searches: Sequence[Search]) -> list[Any]:
        """Send searches in one request, and with them one for the state.

        Raises:
            StateChangedError: the state is another, so that the results may not belong together.
        """
        later, self._later = self._later, []
        asked = [*searches, *(each for more, _ in later for each in more), state_search(self.cluster)]
        in_order = len(asked) <= (_FEW if self.has_begun else 2)
        *responses, last = self.cluster.search_many(asked, in_order=in_order)
        self._check(found_state(self.cluster, last))
        self._is_certain = in_order
        rest = iter(responses[len(searches) :])
        for more, take in later:
            take(list(islice(rest, len(more))))
        return responses[: len(searches)]

    def ask_later(self, searches: Sequence[Search], take: Callable[[Sequence[Any]], None]) -> None:
        """Send searches with the next request, if there is one, and give their responses to `take`."""
        self._later.append((searches, take))

    def send_waiting(self) -> None:
        """Send the searches that wait for the next request, and those that wait for these."""
        while self._later:
            self.search([])

    def confirm(self) -> None:
        """Make sure that the state held until all was read, and was the newest when the reading began."""
        if not (self._is_certain and self._is_newest):
            self._check(read_state(self.cluster))
            self._is_certain = True

    def keep(self, hits: Sequence[Any]) -> list[StoredPassage]:
        """Return the passages of hits, and keep them."""
        found = [self.passages.get(hit["_id"]) or stored(hit) for hit in hits]
        self.passages.update((each.key, each) for each in found)
        return found

    def all_passages(self, query: Query) -> Iterator[StoredPassage]:
        """Yield all passages that match, in the order of their articles and of their places in them."""
        for hits in self.pages(self.cluster.address.passages, query, sort=_IN_ORDER):
            yield from self.keep(hits)

    def pages(
        self,
        index: str,
        query: Query,
        *,
        source: Sequence[str] | bool = True,
        sort: Sequence[Any] = ({"order": "asc"},),
        size: int = PAGE,
    ) -> Iterator[list[Any]]:
        """Yield all hits, `size` at a time."""
        body: dict[str, Any] = {
            "query": query,
            "size": size,
            "sort": list(sort),
            "_source": source,
            "track_total_hits": False,
        }
        while True:
            (response,) = self.search([Search(index, body)])
            hits = response["hits"]["hits"]
            if hits:
                yield hits
            if len(hits) < size:
                return
            body["search_after"] = hits[-1]["sort"]

    def count(self, index: str, query: Query) -> int:
        """Return how many documents match."""
        body = {"query": query, "size": 0, "track_total_hits": True}
        (response,) = self.search([Search(index, body)])
        return int(response["hits"]["total"]["value"])

    def _check(self, now: State) -> None:
        if self._is_newest:
            holds = self.state.still_holds(now, guarded=self._is_guarded)
        else:
            holds = self.state.version == now.version
        self._is_newest = True
        if not holds:
            raise StateChangedError(self.cluster, now)
