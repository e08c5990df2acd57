"""A mapping of the articles of an index in a cluster; each article is read when it is accessed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from articleqa.models import Article
from articleqa.storage.stored_articles import StoredArticles

if TYPE_CHECKING:
    from articleqa.storage.opensearch.store import OpenSearchStore


class ClusterArticles(StoredArticles):
    """The articles of a store."""

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

    def read_all(self) -> Iterator[Article]:
        """See `StoredArticles.read_all`."""
        return self.store.all_articles()
