"""Cached indexes of files and folders: a file is read again only if it has changed.

A file counts as unchanged if its size, times and inode are the same or, failing that, its content is. An
index in the cache never changes, because equally good answers are ordered by the order of articles. When a
file was changed, added or removed, a new index is made with all articles in order; those of unchanged files
are copied with their rows.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING, NamedTuple

from articleqa.index.backend import Backend
from articleqa.index.cache.folder import entries_of, key_of, worth_caching
from articleqa.index.cache.manifest import (
    CachedFile,
    FileStat,
    Manifest,
    Marked,
    UnusableEntryError,
    WarningName,
    identity_of,
)
from articleqa.index.memory_backend import MemoryBackend
from articleqa.loaders.api import (
    DamagedTextWarning,
    FailedFileWarning,
    FileProblem,
    PathLike,
    SkippedFileWarning,
    find_files,
    problems_of,
    unique,
)
from articleqa.loaders.protocol import Fields
from articleqa.loaders.repeated_lines import mark_repeated_lines
from articleqa.loaders.sandbox import ArticleFile, Loaded, load_files
from articleqa.loaders.unread_dates import unread_date
from articleqa.models import Article

if TYPE_CHECKING:
    from articleqa.index.cache.backend import CachedBackend

RACY_NS = 2_000_000_000
"""Nanoseconds. A file that was changed less than this before it was read may change again without its times
showing it: some file systems (FAT) store times in steps of two seconds."""

_CATEGORIES: Mapping[WarningName, type[SkippedFileWarning | DamagedTextWarning]] = {
    "SkippedFileWarning": SkippedFileWarning,
    "FailedFileWarning": FailedFileWarning,
    "DamagedTextWarning": DamagedTextWarning,
}
_NAMES = {category: name for name, category in _CATEGORIES.items()}


_Told = tuple[WarningName, str, str]
_Found = tuple[ArticleFile, FileStat | None]


class _Read(NamedTuple):
    """A file and its articles as loaded; None if they are the same as in the cached index."""

    record: CachedFile
    articles: tuple[Article, ...] | None


class CachedFiles:
    """Files and folders to ask, and the cache entry that holds their index."""

    def __init__(
        self,
        paths: Iterable[PathLike],
        *,
        text_field: str | None = None,
        title_field: str | None = None,
        strict: bool = False,
    ) -> None:
        """Store paths and options, the same as those of `load_articles`; nothing is read yet."""
        self._paths = list(paths)
        self._fields = Fields(text=text_field, title=title_field)
        self._strict = strict

    @cached_property
    def key(self) -> str:
        """The key of the files' cache entry."""
        # The ids of articles depend on how a path is spelled; the real path says which files they are.
        places = [(os.fspath(path), os.path.realpath(path)) for path in self._paths]
        return key_of("files", places, self._fields, self._strict)

    def backend(self) -> Backend:
        """Return an index of the files as they are now; warnings name what could not be read.

        The index is on disk if it is worth caching (`worth_caching`), otherwise in memory.

        Raises:
            ArticleQAError: see `load_articles`.
        """
        began = time_ns()
        files = [(file, FileStat.of(file.path)) for file in find_files(self._paths, strict=self._strict)]
        # Anything but a regular file, such as a pipe, can be read only once.
        may_cache = all(about is not None for _, about in files)
        cached = self._cached() if may_cache else None
        told: list[_Told] = []
        try:
            if cached is not None:
                with suppress(UnusableEntryError):
                    return self._backend(files, began, cached, told)
                cached.discard()
                told.clear()
            return self._backend(files, began, None, told, may_cache=may_cache)
        finally:
            for name, source, reason in told:
                problem = FileProblem(_CATEGORIES[name], source, reason)
                warnings.warn(problem.message, problem.category, stacklevel=2)

    def _cached(self) -> CachedBackend | None:
        if not entries_of(self.key):
            return None
        # Imported only if there is an entry, so that small files, which are not cached, do not load tantivy.
        from articleqa.index.cache.backend import CachedBackend

        return CachedBackend.open(self.key)

    def _backend(
        self,
        files: Sequence[_Found],
        began: int,
        cached: CachedBackend | None,
        told: list[_Told],
        *,
        may_cache: bool = True,
    ) -> Backend:
        """Return the index, reusing what `cached` has; add the warnings about the files to `told`.

        Raises:
            UnusableEntryError: `cached` is damaged.
        """
        before = _processor_seconds()
        reads = list(self._reads(files, began, cached, told))
        records = tuple(read.record for read in reads)
        ids = [article_id for record in records for article_id in record.articles]
        if cached is not None and ids == cached.manifest.article_ids and not any(r.articles for r in reads):
            cached.update(records)
            if cached.manifest.unread_date:
                cached.manifest.unread_date.warn()
            return cached.backend
        if cached is not None:
            cached.check_ids()
        loaded = list(unique(_articles(reads, cached)))
        articles = mark_repeated_lines(loaded)
        if cached is None and not (may_cache and worth_caching(articles, _processor_seconds() - before)):
            return MemoryBackend.of(articles)
        pairs = zip(loaded, articles, strict=True)
        marks = {after.id: mark for before, after in pairs if (mark := Marked.between(before, after))}
        from articleqa.index.cache.backend import cached_or_in_memory

        manifest = Manifest(
            key=self.key, index={}, files=records, marked=marks, unread_date=unread_date(articles)
        )
        return cached_or_in_memory(manifest, articles, cached)

    def _reads(
        self, files: Sequence[_Found], began: int, cached: CachedBackend | None, told: list[_Told]
    ) -> Iterator[_Read]:
        """Yield the files in order; read those whose content differs from that in the cached index."""
        known = {record.identity: record for record in cached.manifest.files} if cached else {}
        same = [_unchanged(file, found, began, known.get(identity_of(file))) for file, found in files]
        changed = (file for (file, _), record in zip(files, same, strict=True) if record is None)
        fresh = load_files(changed, self._fields)
        for (file, found), record in zip(files, same, strict=True):
            if record is not None:
                told += record.warnings
                yield _Read(record, None)
            else:
                loaded = next(fresh)
                said_from = len(told)
                for problem in problems_of(loaded, strict=self._strict):
                    told.append((_NAMES[problem.category], problem.source, problem.reason))
                yield _Read(_record(file, found, began, loaded, told[said_from:]), loaded.articles)


def _unchanged(
    file: ArticleFile, found: FileStat | None, began: int, known: CachedFile | None
) -> CachedFile | None:
    """Return the up-to-date record of a file whose content has not changed since `known`; None if it has."""
    if known is None or found is None:
        return None
    if known.settled and known.stat == found:
        return known
    if known.stat.size == found.size and known.sha256 and known.sha256 == _sha256_of(file.path):
        return known.model_copy(update={"stat": found, "settled": _is_settled(found, began)})
    return None


def _record(
    file: ArticleFile, found: FileStat | None, began: int, loaded: Loaded, said: Sequence[_Told]
) -> CachedFile:
    """Return the record of a file that has just been read."""
    path, article_id, source, named = identity_of(file)
    is_same = found is not None and FileStat.of(file.path) == found
    # A file that cannot be opened is never settled: its times do not show when that changes.
    can_be_read = os.access(file.path, os.R_OK)
    return CachedFile(
        path=path,
        article_id=article_id,
        source=source,
        named=named,
        stat=found or FileStat(0, 0, 0, 0),
        settled=found is not None and is_same and can_be_read and _is_settled(found, began),
        sha256=str(loaded.articles[0].metadata.get("sha256", "")) if loaded.articles else "",
        articles=tuple(article.id for article in loaded.articles),
        warnings=tuple(said),
    )


def _processor_seconds() -> float:
    """Return the processor seconds used so far by this process and by its child processes that have ended.

    Unlike wall-clock time, processor time does not depend on how busy the machine is.
    """
    return sum(os.times()[:4])


def _is_settled(found: FileStat, began: int) -> bool:
    return max(found.modified, found.changed) < began - RACY_NS


def _sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; empty if it cannot be read."""
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


def _articles(reads: Iterable[_Read], cached: CachedBackend | None) -> Iterator[Article]:
    """Yield the articles of the files, as loaded or from the cached index."""
    for read in reads:
        if read.articles is not None:
            yield from read.articles
        elif cached is not None:
            yield from cached.articles_of(read.record)
