"""A mapping of the articles of an index on disk; each article is read when it is accessed."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import TYPE_CHECKING

from articleqa.models import Article

if TYPE_CHECKING:
    from articleqa.storage.sqlite.store import DiskStore


class StoredArticles(Mapping[str, Article]):
    """The articles of a store, by id."""

    def __init__(self, store: DiskStore) -> None:
        """Create the mapping for `store`; nothing is read yet."""
        self.store = store

    def __getitem__(self, article_id: str) -> Article:
        """Return an article; raise KeyError if there is none with this id."""
        return self.store.article(article_id)

    def __iter__(self) -> Iterator[str]:
        """Yield the ids in the order in which the articles were added."""
        return (str(found) for (found,) in self.store.rows("SELECT id FROM articles ORDER BY number"))

    def __len__(self) -> int:
        """Return how many articles there are."""
        ((number,),) = self.store.rows("SELECT count(*) FROM articles")
        return int(str(number))

    def __contains__(self, article_id: object) -> bool:
        """Return whether there is an article with this id."""
        return isinstance(article_id, str) and bool(
            self.store.rows("SELECT 1 FROM articles WHERE id = ?", (as_text(article_id),))
        )

    def values(self) -> ValuesView[Article]:
        """Return the articles; reading a damaged one raises IndexDamagedError, not KeyError."""
        return _Values(self)

    def items(self) -> ItemsView[str, Article]:
        """Return the ids with their articles; see `values`."""
        return _Items(self)


class _Values(ValuesView[Article]):
    _mapping: StoredArticles

    def __iter__(self) -> Iterator[Article]:
        store = self._mapping.store
        return map(store.article_at, store.article_numbers())


class _Items(ItemsView[str, Article]):
    _mapping: StoredArticles

    def __iter__(self) -> Iterator[tuple[str, Article]]:
        return ((article.id, article) for article in self._mapping.values())


def as_text(article_id: str) -> str:
    """Return `article_id` as text that SQLite accepts, with halves of surrogate pairs escaped.

    No id of an article contains such halves.
    """
    return article_id.encode("utf-8", "backslashreplace").decode()
