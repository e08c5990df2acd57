"""A mapping of the articles of an index in a cluster; each article is read when it is accessed."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import TYPE_CHECKING

from articleqa.models import Article

if TYPE_CHECKING:
    from articleqa.storage.opensearch.store import OpenSearchStore


class StoredArticles(Mapping[str, Article]):
    """The articles of a store, by id."""

    def __init__(self, store: OpenSearchStore) -> None:
        """Create the mapping for `store`; nothing is read yet."""
        self.store = store

    def __getitem__(self, article_id: str) -> Article:
        """Return an article; raise KeyError if there is none with this id."""
        return self.store.article(article_id)

    def __iter__(self) -> Iterator[str]:
        """Yield the ids in the order in which the articles were added."""
        return iter(self.store.titles())

    def __len__(self) -> int:
        """Return how many articles there are."""
        with self.store.reading() as reading:
            return reading.newest().totals.articles

    def __contains__(self, article_id: object) -> bool:
        """Return whether there is an article with this id."""
        return isinstance(article_id, str) and article_id in self.store.found([article_id])

    def values(self) -> ValuesView[Article]:
        """Return the articles, which are read some at a time."""
        return _Values(self)

    def items(self) -> ItemsView[str, Article]:
        """Return the ids with their articles; see `values`."""
        return _Items(self)


class _Values(ValuesView[Article]):
    _mapping: StoredArticles

    def __iter__(self) -> Iterator[Article]:
        return self._mapping.store.all_articles()


class _Items(ItemsView[str, Article]):
    _mapping: StoredArticles

    def __iter__(self) -> Iterator[tuple[str, Article]]:
        return ((article.id, article) for article in self._mapping.values())
