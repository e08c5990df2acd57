"""A cached index of files that is rebuilt if it turns out to be damaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from articleqa.exceptions import IndexDamagedError, IndexFolderError
from articleqa.index.article_index import ArticleIndex
from articleqa.index.asking import answerer_of
from articleqa.index.backend import Backend
from articleqa.index.cache.files import CachedFiles
from articleqa.index.cache.folder import discard, entries_of
from articleqa.index.memory_backend import MemoryBackend

if TYPE_CHECKING:
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.ranking.ranker import Ranker

T = TypeVar("T")


class CachedIndex(ArticleIndex):
    """An index of files, kept in the cache if it is worth caching. Only ask it: do not add articles to it."""

    def __init__(
        self,
        files: CachedFiles,
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
    ) -> None:
        """Open the cached index of `files`, or make it; the models default to the shipped ones.

        Raises:
            ArticleQAError: see `load_articles`.
        """
        super().__init__(files.backend(), answerer_of(ranker, confidence))
        self._files = files

    def _read(self, read: Callable[[Backend], T]) -> T:
        """Return what `read` returns of the index. If the index is damaged or gone, rebuild it first."""
        backend = self._backend  # kept, because another thread may replace it
        try:
            return backend.store.consistently(lambda: read(backend))
        except IndexFolderError as error:
            if isinstance(backend, MemoryBackend):
                raise
            if isinstance(error, IndexDamagedError):
                for entry in entries_of(self._files.key):
                    discard(entry)
        self._backend = self._files.backend()
        return super()._read(read)
