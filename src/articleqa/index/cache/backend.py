"""The backend of a cached index, or one in memory if the cache cannot be written."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Self

from articleqa.exceptions import IndexBusyError, IndexFolderError, IndexWriteError
from articleqa.index.analysis import Analysed, analysed
from articleqa.index.backend import Backend
from articleqa.index.cache.folder import (
    CacheWarning,
    cache_folder,
    discard,
    entries_of,
    key_of,
    make_entry,
    mark_used,
)
from articleqa.index.cache.manifest import (
    INDEX,
    CachedFile,
    Manifest,
    UnusableEntryError,
    stats_below,
)
from articleqa.index.disk_backend import DiskBackend, create_folder
from articleqa.index.memory_backend import MemoryBackend
from articleqa.index.upserts import add_articles
from articleqa.loaders.paths import reason_of
from articleqa.models import Article
from articleqa.storage.checksums import checksum_of, fields_of
from articleqa.storage.protocol import VECTORS_UP_TO
from articleqa.storage.sqlite.passage_rows import DamagedRecordError
from articleqa.storage.sqlite.writer import disable_wal


@dataclass(frozen=True)
class CachedBackend:
    """An entry of the cache with its manifest and its open index."""

    entry: Path
    manifest: Manifest
    backend: DiskBackend

    @classmethod
    def open(cls, key: str) -> Self | None:
        """Open the entry for `key`; None if there is none. Damaged entries are removed."""
        for entry in entries_of(key):
            try:
                opened = cls(entry, Manifest.read(entry, key), DiskBackend(entry / INDEX))
                opened.backend.retriever.statistics(())
            except (OSError, IndexBusyError, IndexWriteError):
                continue  # no permission to read it, so it is not ours to remove; or it has vanished
            except (UnusableEntryError, IndexFolderError):
                discard(entry)
                continue
            mark_used(entry)
            return opened
        return None

    def discard(self) -> None:
        """Remove the entry."""
        self.backend.close()
        discard(self.entry)

    def update(self, files: tuple[CachedFile, ...]) -> None:
        """Record what the files look like now, if the manifest can be written."""
        if files != self.manifest.files:
            with suppress(OSError):
                self.manifest.model_copy(update={"files": files}).write(self.entry)

    def articles_of(self, file: CachedFile) -> Iterator[Article]:
        """Yield the articles of a file as its loader gave them.

        Raises:
            UnusableEntryError: the index is damaged, or its articles are not those of the manifest.
        """
        for article_id in file.articles:
            try:
                article = self.backend.store.article(article_id)
            except (IndexFolderError, KeyError) as error:
                raise UnusableEntryError(f"{self.entry}: {error}") from error
            if article.metadata.get("sha256") != file.sha256:
                raise UnusableEntryError(f"{self.entry}: {article_id!r} is not from {file.path!r}")
            mark = self.manifest.marked.get(article_id)
            yield mark.undo(article) if mark else article

    def check_ids(self) -> None:
        """Check that the manifest lists all articles of the index, in the same order.

        Raises:
            UnusableEntryError: it does not, or the index is damaged.
        """
        try:
            ids = list(self.backend.store.articles)
        except IndexFolderError as error:
            raise UnusableEntryError(f"{self.entry}: {error}") from error
        if ids != self.manifest.article_ids:
            raise UnusableEntryError(f"{self.entry}: not the articles of its manifest")

    def analysing(self, articles: Sequence[Article]) -> Iterator[Analysed]:
        """Yield `articles` with their rows; for articles already in the index, copy rows and vectors from it.

        Raises:
            UnusableEntryError: the index is damaged.
        """
        checksums = self.backend.store.checksums()
        news = [a for a in articles if checksums.get(a.id) != checksum_of(fields_of(a))]
        new_ids = {article.id for article in news}
        fresh = analysed(news)
        for article in articles:
            if article.id in new_ids:
                yield next(fresh)
                continue
            try:
                yield Analysed(
                    article,
                    self.backend.store.records_of(article.id),
                    self.backend.stored_vectors.rows_of(article.id),
                )
            except (IndexFolderError, DamagedRecordError) as error:
                raise UnusableEntryError(f"{self.entry}: {error}") from error


def cached_backend(articles: Sequence[Article]) -> Backend:
    """Return the cached index of `articles`, found by a checksum of all their fields; make it if missing.

    Raises:
        DuplicateArticleError: two articles share an id.
    """
    key = key_of("articles", [checksum_of(fields_of(article)).hex() for article in articles])
    cached = CachedBackend.open(key)
    return cached.backend if cached else cached_or_in_memory(Manifest(key=key, index={}), articles, None)


def cached_or_in_memory(
    manifest: Manifest, articles: Sequence[Article], old: CachedBackend | None
) -> Backend:
    """Make an entry with an index of `articles`, and return the index.

    Articles that the entry `old` already has are copied from it. If the cache cannot be written, the index
    is in memory and a `CacheWarning` says why.

    Raises:
        DuplicateArticleError: two articles share an id.
        UnusableEntryError: `old` is damaged.
    """

    def fill(entry: Path) -> None:
        index = entry / INDEX
        create_folder(index)
        rows, few = _peek_passage_count(old.analysing(articles) if old else analysed(articles))
        # With more passages, `add` would make vectors for the first ones only, and these are never used.
        backend = DiskBackend(index, vectors=None if few else False)
        try:
            add_articles(backend.writing(analysing=lambda _: rows), articles, replacing=False)
        finally:
            backend.close()
        disable_wal(index)
        manifest.model_copy(update={"index": stats_below(index)}).write(entry)
        if old is not None:
            old.backend.close()

    try:
        index = make_entry(manifest.key, fill) / INDEX
    except (OSError, IndexFolderError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else _reason_in(str(error))
        message = f"{cache_folder()}: cannot cache the index ({reason}); the next question will take as long"
        warnings.warn(message, CacheWarning, stacklevel=2)
    else:
        with suppress(IndexFolderError):  # another process may have removed it to make room
            return DiskBackend(index)
    return MemoryBackend.of(articles)


def _peek_passage_count(rows: Iterator[Analysed]) -> tuple[Iterator[Analysed], bool]:
    """Return the same rows, and whether they have at most `VECTORS_UP_TO` passages in all."""
    first: list[Analysed] = []
    passages = 0
    for each in rows:
        first.append(each)
        passages += len(each.records)
        if passages > VECTORS_UP_TO:
            break
    return chain(first, rows), passages <= VECTORS_UP_TO


def _reason_in(message: str) -> str:
    """Return the REASON in a message of the form "FOLDER: REASON; ADVICE"."""
    return message.removeprefix(str(cache_folder())).partition(": ")[2].partition(";")[0] or message
