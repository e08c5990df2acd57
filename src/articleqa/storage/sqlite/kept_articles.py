"""The articles that were read last, kept in memory with the line tables of their texts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import NamedTuple

from articleqa.models import Article
from articleqa.passage_text import LineTable
from articleqa.storage.sqlite.readers import Identity

KEPT = 64
"""The number of articles that are cached in memory after they were read."""


class KeptArticle(NamedTuple):
    """An article, and the line table of its text."""

    article: Article
    lines: LineTable


class KeptArticles:
    """A cache of at most `KEPT` articles; any number of threads may use it.

    Articles are found by database and number: a changed article gets a new number, so none is ever stale.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._kept: OrderedDict[tuple[Identity, int], KeptArticle] = OrderedDict()
        self._lock = Lock()

    def at(self, identity: Identity, numbers: Iterable[int]) -> dict[int, KeptArticle]:
        """Return those of the articles with these numbers that are in the cache."""
        found: dict[int, KeptArticle] = {}
        with self._lock:
            for number in numbers:
                key = identity, number
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[number] = self._kept[key]
        return found

    def keep(self, identity: Identity, articles: Mapping[int, Article]) -> dict[int, KeptArticle]:
        """Add articles, and drop those that were not used for longest; return the added ones."""
        added = {number: KeptArticle(each, LineTable(each.text)) for number, each in articles.items()}
        with self._lock:
            for number, kept in added.items():
                self._kept[identity, number] = kept
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return added
