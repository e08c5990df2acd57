"""The backend of an index in memory, for up to a few thousand passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from articleqa.filters import Traits
from articleqa.index.upserts import Changes, UpsertResult, count_results, duplicate, upsert_result
from articleqa.loaders.paths import is_gone, path_named, printable
from articleqa.loaders.unread_dates import noting_unread_dates
from articleqa.models import Article
from articleqa.passages import AnalysedPassage, analyse
from articleqa.retrieval import MemoryRetriever
from articleqa.storage.files import file_of, same_origin
from articleqa.storage.memory import MemoryStore
from articleqa.storage.memory_vectors import MemoryVectors

if TYPE_CHECKING:
    from articleqa.encoder.vectors import VectorIndex, Vectors

_State = tuple[list[tuple[Article, list[AnalysedPassage]]], "dict[str, Vectors]"]


class MemoryBackend:
    """A `Backend` in memory. A change that raises an error changes nothing."""

    def __init__(self) -> None:
        """Start empty."""
        self.folder: Path | None = None
        self.store = MemoryStore()
        self.retriever = MemoryRetriever()
        self._vectors = MemoryVectors()

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Self:
        """Return a backend with `articles`.

        Raises:
            DuplicateArticleError: two articles share an id.
        """
        backend = cls()
        backend.add(articles, replacing=False)
        return backend

    def __getstate__(self) -> _State:
        """Return the articles with their analysed passages, and the vectors; the rest is quick to rebuild."""
        analysed = [
            (article, self.store.passages_at(self.store.keys_of(article_id)))
            for article_id, article in self.store.articles.items()
        ]
        return analysed, self._vectors.made

    def __setstate__(self, state: _State) -> None:
        """Rebuild the store and the retriever."""
        self.__init__()  # type: ignore[misc]  # start as an empty backend
        articles, vectors = state
        for article, analysed in articles:
            self._add(article, analysed)
        self._vectors = MemoryVectors(vectors)

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """See `Backend.passages`."""
        return self.store.passages

    def vectors(self) -> VectorIndex | None:
        """See `Backend.vectors`; None if there are more than `VECTORS_UP_TO` passages.

        The first call after a passage was added encodes it.
        """
        return self._vectors.index(self.store)

    def add(self, articles: Iterable[Article], *, replacing: bool) -> Changes:
        """See `Backend.add`."""
        given: dict[str, Article] = {}
        results: dict[str, UpsertResult] = {}
        for article in noting_unread_dates(articles):
            if article.id in given:
                raise duplicate(article, given[article.id].source)
            old = self.store.articles.get(article.id)
            given[article.id] = article
            replaces = replacing or (old is not None and same_origin(old.source, file_of(old), article))
            results[article.id] = upsert_result(
                article, old.source if old else None, same=article == old, replaces=replaces
            )
        new = {id_: article for id_, article in given.items() if results[id_] is not UpsertResult.UNCHANGED}
        analysed = {id_: analyse(article) for id_, article in new.items()}
        for id_, article in new.items():
            if results[id_] is UpsertResult.REPLACED:
                self._remove(id_)
            self._add(article, analysed[id_])
        return count_results(list(results.values()))

    def remove(self, ids: Sequence[str]) -> None:
        """See `Backend.remove`."""
        for article_id in ids:
            self._remove(article_id)

    def ids_from_file(self, file: Path) -> list[str]:
        """See `Backend.ids_from_file`."""
        place = printable(str(file.resolve()))
        return [article.id for article in self.store.articles.values() if file_of(article) == place]

    def ids_of_missing_files(self, folder: Path) -> list[str]:
        """See `Backend.ids_of_missing_files`."""
        below = folder.resolve()
        return [
            article.id
            for article in self.store.articles.values()
            if article.source
            and path_named(article.source).resolve().is_relative_to(below)
            and not file_of(article)
            and is_gone(path_named(article.source))
        ]

    def refresh(self) -> None:
        """See `Backend.refresh`; no other process can change an index in memory."""

    def close(self) -> None:
        """See `Backend.close`; an index in memory has no open files."""

    def _add(self, article: Article, analysed: list[AnalysedPassage]) -> None:
        self.retriever.add(((p.key, p.terms()) for p in analysed), Traits.of(article))
        self.store.add(article, analysed)
        self._vectors.note_change()

    def _remove(self, article_id: str) -> None:
        self._vectors.forget(self.store.keys_of(article_id))
        self.retriever.remove(self.store.keys_of(article_id))
        self.store.remove(article_id)
