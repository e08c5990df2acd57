"""`ArticleIndex`: an index of articles, in memory or on disk, with the same methods and the same answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from articleqa.index import arguments
from articleqa.index.asking import Asking, answerer_of
from articleqa.index.backend import Backend, Checkable, Describable
from articleqa.index.changing import Changing
from articleqa.index.memory_backend import MemoryBackend
from articleqa.loaders.api import PathLike
from articleqa.models import Article, Model
from articleqa.retrieval.protocol import Statistics

if TYPE_CHECKING:
    from articleqa.answering.answerer import Answerer
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.loaders.dataframes import DataFrame
    from articleqa.ranking.ranker import Ranker


class IndexInfo(Model):
    """How large an index is: its articles, its passages, and the terms of all passages together.

    `folder` is None for an index in memory; `ranker` is "reader" or "words".
    """

    folder: str | None
    articles: int
    passages: int
    terms: int
    ranker: str


class ArticleIndex(Asking, Changing):
    """An index of articles that answers questions.

    `from_articles` makes an index in memory, `create` and `open` one on disk, and with a URL, `create` and
    `connect` one elsewhere. Any number of threads may ask
    an index at the same time; only one thread may change it. Any number of processes may ask an index on
    disk while another process changes it; each sees a committed change from its next question on. A second
    writer waits for the first.
    """

    @classmethod
    def from_articles(
        cls,
        articles: Iterable[Article],
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
        cache: bool = False,
    ) -> Self:
        """Build an index of `articles` in memory.

        `ranker` and `confidence` default to the shipped models; `articleqa train` and `articleqa calibrate`
        make others, which `Ranker.load` and `ConfidenceModel.load` read. With `cache`, an index of half a
        million characters or more is kept in the user's cache folder and used from there, so that the same
        articles are analysed only once; do not add articles to such an index. If the cache cannot be
        written, the index is in memory and a `CacheWarning` is issued.

        Raises:
            DuplicateArticleError: two articles share an id.
        """
        if cache:
            from articleqa.index.cache.folder import worth_caching

            articles = list(arguments.each_article(articles))
            if worth_caching(articles):
                from articleqa.index.cache.backend import cached_backend

                return cls(cached_backend(articles), answerer_of(ranker, confidence))
        index = cls(MemoryBackend(), answerer_of(ranker, confidence))
        index.add(articles)
        return index

    @classmethod
    def from_dataframe(
        cls,
        frame: DataFrame,
        *,
        text: str,
        title: str | None = None,
        id: str | None = None,
        **metadata: str,
    ) -> Self:
        """Build an index in memory of the rows of a data frame of pandas or polars, an article each.

        `text`, `title` and `id` name the columns that hold these; ids are by default the numbers of the rows,
        from 0. `metadata` names further columns, by the keys that metadata is to have: `author="Author"`. A
        missing value is an empty text or title, or a key less.

        Raises:
            TypeError: `frame` is no data frame.
            ValueError: there is no such column, or a row has a value that an article cannot have.
            DuplicateArticleError: two rows have the same id.
        """
        from articleqa.loaders.dataframes import load_dataframe

        return cls.from_articles(
            load_dataframe(frame, text=text, title=title, article_id=id, metadata=metadata)
        )

    @classmethod
    def create(
        cls,
        place: PathLike,
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
        **options: object,
    ) -> Self:
        """Create an empty index in a folder, which must be empty or not exist, or at a URL.

        `options` are those of the backend, as in `connect`; in a cluster also `shards` and `replicas`.

        Raises:
            NotAnIndexError: an index is there already, or the folder holds something.
            IndexWriteError: the index cannot be written.
        """
        from articleqa.index.connecting import new_backend_at

        return cls(new_backend_at(place, **options), answerer_of(ranker, confidence))

    @classmethod
    def open(
        cls,
        folder: PathLike,
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
        wait_s: float | None = None,
        vectors: bool | None = None,
    ) -> Self:
        """Open the index on disk in `folder`, without taking a lock.

        A change waits until another writer is done, but at most `wait_s` seconds if given. `vectors` says
        whether added articles get vectors; by default they do as long as onnxruntime is installed and the
        index has at most 10,000 passages.

        Raises:
            IndexFolderError: there is no index, it is damaged, or it is of another version.
            MissingPackageError: `vectors` is true, but onnxruntime is not installed.
        """
        from articleqa.index.disk_backend import DiskBackend

        return cls(DiskBackend(Path(folder), wait_s, vectors), answerer_of(ranker, confidence))

    @classmethod
    def connect(
        cls,
        place: PathLike,
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
        **options: object,
    ) -> Self:
        """Open the index at a URL or path: a folder, `file:///folder`, `opensearch://host:9200/name`.

        `memory:` is a new index in memory, and other packages add schemes. `options` are those of the
        backend: on disk and in a cluster `wait_s` and `vectors`, as in `open`; in a cluster also `user`,
        `password`, `ca`, `timeout_s` and `question_s`.

        Raises:
            NotAnIndexError: there is no index, or no installed backend has the URL's scheme.
            IndexUnavailableError: an index on another machine cannot be reached.
            ArticleQAError: the index cannot be opened; see `open`.
        """
        from articleqa.index.connecting import backend_at

        return cls(backend_at(place, **options), answerer_of(ranker, confidence))

    def __init__(self, backend: Backend, answerer: Answerer | None = None) -> None:
        """Ask the articles of `backend`, by default with the shipped models.

        Use `from_articles`, `create`, `open` or `connect` for the backends of this package.
        """
        self._backend = backend
        if answerer is not None:
            self._answerer = answerer

    def __len__(self) -> int:
        """Return the number of articles."""
        return self._read(lambda backend: len(backend.store.articles))

    def __bool__(self) -> bool:
        """Return True: an index without articles is an index."""
        return True

    def __repr__(self) -> str:
        """Return what the index is and how many articles it has."""
        return f"<{type(self).__name__} {self.place}: {len(self):,} articles>"

    @property
    def place(self) -> str:
        """Where the index is, for people: its folder, its URL without a password, or "in memory"."""
        folder = self._backend.folder
        return str(folder) if folder is not None else str(getattr(self._backend, "place", "in memory"))

    def about(self) -> dict[str, str]:
        """Return what the index is, in names and values for people: its size, its format and the like."""
        if isinstance(self._backend, Describable):
            return dict(self._backend.about())
        info = self.info()
        sizes = {"articles": info.articles, "passages": info.passages, "words": info.terms}
        return {name: f"{number:,}" for name, number in sizes.items()}

    def info(self) -> IndexInfo:
        """Return how large the index is, and what ranks its sentences."""

        def count(backend: Backend) -> Statistics:
            backend.refresh()
            return backend.retriever.statistics(())

        statistics = self._read(count)
        return IndexInfo(
            folder=None if self._backend.folder is None else str(self._backend.folder),
            articles=len(self),
            passages=statistics.passages,
            terms=round(statistics.passages * statistics.average_length),
            ranker=self._answerer.ranker.name,
        )

    def check(self) -> list[str]:
        """Return what is wrong with an index on disk, one line each; nothing if it is undamaged.

        An index that is too damaged to be opened is checked by `articleqa index check`.
        """
        if isinstance(self._backend, Checkable):
            return self._backend.problems()
        if self._backend.folder is None:
            return []
        from articleqa.index.check import problems_of

        return problems_of(self._backend.folder)

    def repair(self) -> list[str]:
        """Rebuild an index on disk from its undamaged articles; return the ids of those that were lost.

        Raises:
            IndexFolderError: nothing in it can be read, or it cannot be written to.
        """
        if isinstance(self._backend, Checkable):
            return list(self._backend.repair().lost)
        if self._backend.folder is None:
            return []
        from articleqa.index.check import repair

        return list(repair(self._backend.folder).lost)

    def close(self) -> None:
        """Close all files of an index on disk, including those that other threads opened.

        No thread may be asking at that time. Asking the index afterwards opens the files again. Used as a
        context manager (`with ArticleIndex.open("kb/") as index:`), an index is closed at the end.
        """
        self._backend.close()

    def __enter__(self) -> Self:
        """Return the index itself; see `close`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the index."""
        self.close()
