"""The places that an answer cites, in the order in which a reader steps through them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from articleqa import Answer, Citation

MOST_PLACES = 200
"""The most places of one answer to step through; each sentence can have a hundred copies."""

KEPT = 200
"""The most answers whose places are remembered, so that opening one need not ask again."""


class Place(NamedTuple):
    """A stretch of an article that an answer cites."""

    article_id: str
    start: int
    end: int


def place_at(citation: Citation) -> Place:
    """Return the place of a citation."""
    return Place(citation.article_id, citation.start, citation.end)


def places_of(answer: Answer) -> list[Place]:
    """Return the places of an answer's sentences, each with the other places of the same sentence after it.

    The sentences that answer come first, then the nearest others.
    """
    first = [sentence for sentence in answer.sentences if sentence.cited]
    others = [sentence for sentence in answer.sentences if not sentence.cited]
    cited = [*answer.citations]
    for sentence in (*first, *others):
        cited += [sentence.citation, *sentence.also]
    return list(dict.fromkeys(map(place_at, cited)))[:MOST_PLACES]


class Stepping(NamedTuple):
    """One place among those of an answer: its number, and its neighbours, if any."""

    number: int
    total: int
    before: Place | None
    after: Place | None


def stepping(places: Sequence[Place], here: Place) -> Stepping | None:
    """Return the neighbours of `here` in `places`; None if it is not one of them."""
    if here not in places:
        return None
    at = places.index(here)
    before = places[at - 1] if at else None
    return Stepping(at + 1, len(places), before, places[at + 1] if at + 1 < len(places) else None)


class RecentPlaces:
    """The places of the answers that were given last, by what was asked."""

    def __init__(self) -> None:
        """Start empty."""
        self._kept: OrderedDict[str, list[Place]] = OrderedDict()

    def get(self, asked: str) -> list[Place] | None:
        """Return the places of the answer to what was asked; None if they are not remembered."""
        return self._kept.get(asked)

    def keep(self, asked: str, answer: Answer) -> list[Place]:
        """Remember and return the places of an answer."""
        self._kept[asked] = places = places_of(answer)
        self._kept.move_to_end(asked)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return places
