"""An index of files from the cache, which is made again where it turns out to be damaged."""

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
    """An index of files, kept in the cache where that is worth it. It is for asking: add nothing to it."""

    def __init__(
        self,
        files: CachedFiles,
        *,
        ranker: Ranker | None = None,
        confidence: ConfidenceModel | None = None,
    ) -> None:
        """Open the index of `files`, or make it; it is asked by these models, by default the shipped ones.

        Raises:
            ArticleQAError: as `load_articles` does.
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
        """Answer `question`; see `ArticleIndex.ask`. An index that is damaged or gone is made again first."""

        def answer_from(index: ArticleIndex) -> Answer:
            return index.ask(
                question, top_k=top_k, min_confidence=min_confidence, where=where, since=since, until=until
            )

        backend = self._backend  # another thread may put another in its place
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
