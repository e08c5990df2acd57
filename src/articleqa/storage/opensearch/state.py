"""The state of an index in a cluster: one document, whose change is the one moment of each commit.

The state says which order numbers readers must not see: those of a writer at work (`pending`), those that
were replaced or removed and are still there (`removed`), and those of writers that were killed (`abandoned`).
So an article is seen whole or not at all, whatever the cluster has made searchable meanwhile:

1. A writer takes order numbers and notes them in `pending`, with the keys of its articles' ids: no other
   writer changes these articles until it is done.
2. It writes the documents, and makes them searchable.
3. It changes the state: its numbers leave `pending`, those of replaced articles enter `removed`, and the
   totals change. This is the commit.
4. It deletes the documents of replaced articles, makes that visible, and clears `removed`.

Readers keep to one state for a question. Additions cannot disturb them, because they see no later numbers;
`removals` counts the commits that removed something, after which a reader begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import time
from typing import Any, NamedTuple, Self

Query = dict[str, Any]

LARGEST = 2**48
"""Greater than any count that an index can have; sums of such numbers are exact."""


class Orders(NamedTuple):
    """A range of order numbers, the last included."""

    first: int
    last: int


class Pending(NamedTuple):
    """A writer at work: its numbers, the keys of its articles, its process, and when it noted this.

    Times are seconds since 1970 by the writer's clock.
    """

    token: str
    orders: Orders
    keys: tuple[str, ...]
    machine: str
    process: str
    since: int


class Abandoned(NamedTuple):
    """The numbers of a writer that was killed or took too long, and when that was noted."""

    orders: Orders
    since: int


class Totals(NamedTuple):
    """Counts of live articles and passages, of all terms of these, and of passages with vectors."""

    articles: int = 0
    passages: int = 0
    terms: int = 0
    vectors: int = 0

    def changed(self, by: Totals, sign: int = 1) -> Totals:
        """Return the totals with `by` added, or subtracted with a `sign` of -1; never below 0."""
        return Totals(*(max(0, one + sign * other) for one, other in zip(self, by, strict=True)))


NOTHING = Totals()


def sum_of(counts: Iterable[Totals]) -> Totals:
    """Return the sum of counts."""
    total = Totals()
    for each in counts:
        total = total.changed(each)
    return total


@dataclass(frozen=True)
class State:
    """What is committed. `about` names the format, the text analysis and the encoder that made it."""

    about: Mapping[str, str]
    next_order: int = 1
    removals: int = 0
    totals: Totals = NOTHING
    pending: tuple[Pending, ...] = ()
    removed: tuple[Orders, ...] = ()
    abandoned: tuple[Abandoned, ...] = ()
    version: tuple[int, int] = field(default=(0, 0), compare=False)
    """The document's sequence number and primary term: a change is made on the condition that both hold."""

    @classmethod
    def of(cls, source: Any, version: tuple[int, int]) -> Self:
        """Return the state in a document.

        Raises:
            ValueError, TypeError, KeyError: the document has another form.
        """
        about = {str(name): str(value) for name, value in source["about"].items()}
        totals = Totals(*map(_count, source["totals"]))
        pending = (
            Pending(str(p[0]), _orders(p[1]), tuple(map(str, p[2])), str(p[3]), str(p[4]), int(p[5]))
            for p in source["pending"]
        )
        return cls(
            about,
            _count(source["next_order"]),
            _count(source["removals"]),
            totals,
            tuple(pending),
            tuple(map(_orders, source["removed"])),
            tuple(Abandoned(_orders(orders), int(since)) for orders, since in source["abandoned"]),
            version,
        )

    def source(self) -> dict[str, Any]:
        """Return the document."""
        return {
            "about": dict(self.about),
            "next_order": self.next_order,
            "removals": self.removals,
            "totals": list(self.totals),
            "pending": [list(each) for each in self.pending],
            "removed": [list(each) for each in self.removed],
            "abandoned": [list(each) for each in self.abandoned],
        }

    def hidden(self, *, guarded: bool = False) -> list[Query]:
        """Return the queries for documents that readers of this state must not see; mostly there are none.

        With `guarded`, all that is added later is hidden too.
        """
        ranges = [each.orders for each in self.pending] + [each.orders for each in self.abandoned]
        ranges += self.removed
        if self.pending or guarded:
            # Another writer may come in while this state is read, and this hides its numbers too.
            ranges.append(Orders(self.next_order, LARGEST))
        found: list[Query] = []
        alone: list[int] = []
        for first, last in merged(ranges):
            if first == last:
                alone.append(first)
            else:
                found.append({"range": {"order": {"gte": first, "lte": last}}})
        return [*found, {"terms": {"order": alone}}] if alone else found

    def has_always_grown(self) -> bool:
        """Return whether nothing was ever removed, replaced or abandoned: all documents there are visible."""
        return not (self.removals or self.pending or self.abandoned)

    def still_holds(self, now: State, *, guarded: bool = False) -> bool:
        """Return whether readers of this state could read nothing that is not of it until `now`.

        `guarded` is as in `hidden`.
        """
        same_numbers = now.next_order == self.next_order or guarded or bool(self.pending)
        return now.removals == self.removals and same_numbers and now.about == self.about

    def without_writer(self, token: str) -> State:
        """Return the state in which the writer with this token is no longer at work."""
        return replace(self, pending=tuple(each for each in self.pending if each.token != token))

    def with_removed(self, orders: Iterable[int]) -> State:
        """Return the state with these numbers removed."""
        ranges = merged([*self.removed, *(Orders(order, order) for order in orders)])
        return replace(self, removed=tuple(ranges), removals=self.removals + 1)


def merged(ranges: Iterable[Orders]) -> list[Orders]:
    """Return the ranges in order, with neighbours put together."""
    found: list[Orders] = []
    for each in sorted(ranges):
        if found and each.first <= found[-1].last + 1:
            found[-1] = Orders(found[-1].first, max(found[-1].last, each.last))
        else:
            found.append(each)
    return found


def abandoned(state: State, doomed: Callable[[Pending], bool]) -> State:
    """Return the state with those of its writers at work abandoned for which `doomed` is true."""
    gone = [each for each in state.pending if doomed(each)]
    now = int(time())
    return replace(
        state,
        pending=tuple(each for each in state.pending if each not in gone),
        removals=state.removals + bool(gone),
        abandoned=(*state.abandoned, *(Abandoned(each.orders, now) for each in gone)),
    )


def without(ranges: Sequence[Orders], gone: Sequence[Orders]) -> Iterator[Orders]:
    """Yield what is left of `ranges` without `gone`."""
    for each in ranges:
        first = each.first
        for other in merged(gone):
            if other.first > each.last or other.last < first:
                continue
            if other.first > first:
                yield Orders(first, other.first - 1)
            first = other.last + 1
        if first <= each.last:
            yield Orders(first, each.last)


def _orders(value: Any) -> Orders:
    first, last = value
    return Orders(_count(first), _count(last))


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise ValueError("not a count")
    return value
