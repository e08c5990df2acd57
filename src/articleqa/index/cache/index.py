"""A cached index of files that is rebuilt if it turns out to be damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articleqa.answers import Answer
from articleqa.exceptions import IndexDamagedError, IndexFolderError
from articleqa.filters import Day, Wanted
from articleqa.index.article_index import ArticleIndex, answerer_of
from articleqa.index.cache.files import CachedFiles
from articleqa.index.cache.folder import discard, entries_of
from articleqa.index.memory_backend import MemoryBackend

if TYPE_CHECKING:
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.ranking.ranker import Ranker


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

    def ask(
        self,
        question: str,
        *,
        top_k: int = 3,
        min_confidence: float | None = None,
        where: Wanted | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> Answer:
        """Answer `question`; see `ArticleIndex.ask`. If the index is damaged or gone, rebuild it first."""

        def answer_from(index: ArticleIndex) -> Answer:
            return index.ask(
                question, top_k=top_k, min_confidence=min_confidence, where=where, since=since, until=until
            )

        backend = self._backend  # kept, because another thread may replace it
        try:
            return answer_from(ArticleIndex(backend, self._answerer))
        except IndexFolderError as error:
            if isinstance(backend, MemoryBackend):
                raise
            if isinstance(error, IndexDamagedError):
                for entry in entries_of(self._files.key):
                    discard(entry)
        self._backend = self._files.backend()
        return answer_from(ArticleIndex(self._backend, self._answerer))
