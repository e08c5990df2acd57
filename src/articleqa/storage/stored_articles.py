"""A mapping of articles that are stored elsewhere than in memory; each is read when it is accessed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import ItemsView, Iterator, Mapping, ValuesView

from articleqa.models import Article


class StoredArticles(Mapping[str, Article]):
    """Articles by id, in the order in which they were added.

    `values` and `items` read them one after another: a damaged one raises IndexDamagedError, not KeyError.
    """

    @abstractmethod
    def read_all(self) -> Iterator[Article]:
        """Yield all articles."""

    def values(self) -> ValuesView[Article]:
        """Return the articles, which are read while they are iterated over."""
        return _Values(self)

    def items(self) -> ItemsView[str, Article]:
        """Return the ids with their articles; see `values`."""
        return _Items(self)


class _Values(ValuesView[Article]):
    _mapping: StoredArticles

    def __iter__(self) -> Iterator[Article]:
        return self._mapping.read_all()


class _Items(ItemsView[str, Article]):
    _mapping: StoredArticles

    def __iter__(self) -> Iterator[tuple[str, Article]]:
        return ((article.id, article) for article in self._mapping.read_all())
