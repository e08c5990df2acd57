"""The backend of an index in memory, for up to a few thousand passages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from articleqa.filters import Traits
from articleqa.index.upserts import Upsert, add_articles
from articleqa.loaders.paths import is_gone, path_named, printable
from articleqa.models import Article
from articleqa.passages import AnalysedPassage, analyse
from articleqa.retrieval import MemoryRetriever
from articleqa.storage.files import file_of
from articleqa.storage.memory import MemoryStore
from articleqa.storage.memory_vectors import MemoryVectors
from articleqa.storage.protocol import KnownArticle

if TYPE_CHECKING:
    from articleqa.encoder.vectors import VectorIndex, Vectors
    from articleqa.retrieval.protocol import MeaningSearch

_State = tuple[list[tuple[Article, list[AnalysedPassage]]], "dict[str, Vectors]"]


def connect(url: str) -> MemoryBackend:
    """Return a new, empty index in memory; `url` is "memory:"."""
    del url
    return MemoryBackend()


class MemoryBackend:
    """A `Backend` in memory, and its own writer. A change that raises an error changes nothing."""

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
        add_articles(backend.writing(), articles, replacing=False)
        return backend

    def __getstate__(self) -> _State:
        """Return the articles with their analysed passages, and the vectors; the rest is quick to rebuild.

        The vectors are made now: else each process that gets the backend would make them.
        """
        self.vectors()
        analysed = [
            (article, self.store.passages_of(article_id))
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
        """Return the vectors of all passages; None if there are more than `VECTORS_UP_TO`.

        The first call after a passage was added encodes it. Also None without onnxruntime.
        """
        return self._vectors.index(self.store)

    def by_meaning(self, question: Callable[[], Vectors], *, above: int = 0) -> MeaningSearch | None:
        """See `Searchable.by_meaning`."""
        from articleqa.retrieval.vector_scan import VectorScan

        vectors = self.vectors() if len(self.passages) > above else None
        return None if vectors is None else VectorScan(vectors, self.retriever, question)

    @contextmanager
    def writing(self) -> Iterator[Self]:
        """See `Backend.writing`; only one thread may change an index in memory."""
        yield self

    known_at_once = 1

    def known(self, ids: Sequence[str]) -> Mapping[str, KnownArticle]:
        """See `BackendWriter.known`."""
        return self.store.known(ids)

    def put(self, upserts: Iterator[Upsert]) -> None:
        """See `BackendWriter.put`; nothing is stored before all articles have been decided and analysed."""
        given = list(upserts)
        analysed = [analyse(article) for article, _ in given]
        for (article, replaces), passages in zip(given, analysed, strict=True):
            if replaces:
                self._remove(article.id)
            self._add(article, passages)

    def remove(self, ids: Sequence[str]) -> None:
        """See `BackendWriter.remove`."""
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
        traits = Traits.of(article)
        documents = self.store.add(article, analysed)
        # The same lists of terms, so that they are held only once.
        self.retriever.add(article.id, ((each.key, each.terms) for each in documents), traits)
        self._vectors.note_change()

    def _remove(self, article_id: str) -> None:
        self._vectors.forget(self.store.keys_of(article_id))
        self.retriever.remove([article_id])
        self.store.remove(article_id)
