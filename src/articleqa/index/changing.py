"""The methods of an index that change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from articleqa.exceptions import UnknownArticleError
from articleqa.index import arguments
from articleqa.index.backend import Backend
from articleqa.index.known_ids import ids_known_to
from articleqa.index.reading import Reading
from articleqa.index.upserts import Changes, add_articles
from articleqa.loaders.api import PathLike
from articleqa.loaders.sandbox import ArticleFile
from articleqa.models import Article
from articleqa.passages import AnalysedPassage
from articleqa.storage.known_files import with_known_ids
from articleqa.storage.protocol import KnowsPassages


class Changing(Reading):
    """Adding, replacing and removing articles; see `ArticleIndex`."""

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles by id, in the order they were added; on disk, each is read when it is looked up."""
        return self._backend.store.articles

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles; on disk, this reads all of them."""
        return self._read(lambda backend: backend.passages)

    @property
    def has_passages(self) -> bool:
        """Whether the index has any passages."""
        return self._read(lambda backend: backend.retriever.statistics(()).passages) > 0

    def add(self, articles: Iterable[Article]) -> Changes:
        """Add articles; return how many were added, replaced, or already there unchanged.

        An article that is already there unchanged is left alone. A changed article from the same source
        replaces the old one and comes last in the order. In memory, either all articles are added or, if one
        cannot be, none. On disk, this returns when all are committed; very many articles are committed in
        parts, and if adding stops early, the committed parts stay.

        Raises:
            DuplicateArticleError: an id is taken by an article from another source, or comes twice; the
                message names both sources.
            IndexFolderError: the index on disk cannot be written to.
            IndexBusyError: another process was still writing after the `wait_s` given to `open`.
        """
        return add_articles(self._backend.writing(), arguments.each_article(articles), replacing=False)

    def update(self, articles: Iterable[Article]) -> Changes:
        """Add articles; each replaces the article with the same id, whatever its source. See `add`."""
        return add_articles(self._backend.writing(), arguments.each_article(articles), replacing=True)

    def remove(self, ids: str | Iterable[str]) -> None:
        """Remove articles by id; if one id is unknown, remove none.

        Raises:
            UnknownArticleError: the index holds no article with one of the ids.
            IndexFolderError: the index on disk cannot be written to.
        """
        if not isinstance(ids, Iterable):
            raise TypeError(f"ids must be article ids, not {ids!r}")
        doomed = list(dict.fromkeys([ids] if isinstance(ids, str) else ids))

        def unknown_to(backend: Backend) -> list[str]:
            return [id_ for id_ in doomed if id_ not in backend.store.articles]

        unknown = self._read(unknown_to)
        if unknown:
            raise UnknownArticleError(f"no article with the id {unknown[0]!r} in the index")
        with self._backend.writing() as writer:
            writer.remove(doomed)

    def ids_from_file(self, file: PathLike) -> list[str]:
        """Return the ids of the articles that came from a file; an archive or a table can hold several."""
        return self._backend.ids_from_file(Path(file))

    def prune(self, folder: PathLike) -> list[str]:
        """Remove the articles whose files below `folder` no longer exist; return their ids.

        Articles from elsewhere stay, and so do all articles of a file that still exists (see
        `ids_from_file`).

        Raises:
            IndexFolderError: the index on disk cannot be written to.
        """
        gone = self._backend.ids_of_missing_files(Path(folder))
        if gone:
            with self._backend.writing() as writer:
                writer.remove(gone)
        return gone

    def passages_of(self, article_id: str) -> list[AnalysedPassage]:
        """Return the passages of an article, in reading order.

        Raises:
            UnknownArticleError: the index holds no article with this id.
        """

        def read(backend: Backend) -> list[AnalysedPassage]:
            if article_id not in backend.store.articles:
                raise UnknownArticleError(f"no article with the id {article_id!r} in the index")
            if isinstance(backend.store, KnowsPassages):
                return backend.store.passages_of(article_id)
            return [each for each in backend.passages if each.passage.article_id == article_id]

        return self._read(read)

    def with_known_ids(self, files: Iterable[ArticleFile]) -> list[ArticleFile]:
        """Return `files` with the ids that the index has for them; see `storage.known_files`."""
        return with_known_ids(files, ids_known_to(self._backend))

    async def aadd(self, articles: Iterable[Article]) -> Changes:
        """Add articles in another thread; see `add`."""
        from asyncio import to_thread  # longer to import than this module, and seldom needed

        return await to_thread(self.add, articles)
