"""A store of articles and passages in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import TypeVar

from articleqa.models import Article
from articleqa.passages import AnalysedPassage
from articleqa.storage.digests import digest_of
from articleqa.storage.protocol import PassageTerms

T = TypeVar("T")


class MemoryStore:
    """A `Store` that keeps everything in dictionaries."""

    def __init__(self) -> None:
        """Start empty."""
        self._articles: dict[str, Article] = {}
        self._passages: dict[str, AnalysedPassage] = {}
        self._keys: dict[str, list[str]] = {}
        self._order: dict[str, int] = {}
        self._counter = count()
        self._groups: dict[bytes, dict[str, AnalysedPassage]] = {}
        self._digests: dict[str, bytes] = {}

    @property
    def articles(self) -> Mapping[str, Article]:
        """See `Store.articles`."""
        return MappingProxyType(self._articles)

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles."""
        return list(self._passages.values())

    def titles(self) -> dict[str, str]:
        """See `Store.titles`."""
        return {article.id: article.title for article in self._articles.values()}

    def order_of(self, article_id: str) -> int:
        """See `Store.order_of`."""
        return self._order[article_id]

    def passages_at(self, keys: Sequence[str]) -> list[AnalysedPassage]:
        """See `Store.passages_at`."""
        return [self._passages[key] for key in keys if key in self._passages]

    def terms_at(self, keys: Sequence[str]) -> list[PassageTerms]:
        """See `Store.terms_at`."""
        return [
            PassageTerms(p.key, self._order[p.passage.article_id], p.passage.span.start, p.terms())
            for p in self.passages_at(keys)
        ]

    def copies_of(self, passage: AnalysedPassage) -> Sequence[AnalysedPassage]:
        """See `Store.copies_of`."""
        return tuple(self._groups[self._digests[passage.key]].values())

    def consistently(self, read: Callable[[], T]) -> T:
        """See `Store.consistently`. A store in memory does not change meanwhile, so one call is enough."""
        return read()

    def keys_of(self, article_id: str) -> Sequence[str]:
        """Return the keys of an article's passages."""
        return self._keys[article_id]

    def add(self, article: Article, passages: Iterable[AnalysedPassage]) -> None:
        """Add an article whose id is not in the store yet."""
        analysed = list(passages)
        self._articles[article.id] = article
        self._keys[article.id] = [passage.key for passage in analysed]
        self._order[article.id] = next(self._counter)
        for passage in analysed:
            digest = digest_of(passage, article.text)
            self._passages[passage.key] = passage
            self._digests[passage.key] = digest
            self._groups.setdefault(digest, {})[passage.key] = passage

    def remove(self, article_id: str) -> None:
        """Remove an article that is in the store."""
        del self._articles[article_id], self._order[article_id]
        for key in self._keys.pop(article_id):
            del self._passages[key]
            digest = self._digests.pop(key)
            del self._groups[digest][key]
            if not self._groups[digest]:
                del self._groups[digest]
