"""The manifest of a cache entry: the files that its index was made from, and the warnings about them.

A manifest is untrusted input: its first line is a checksum of the rest, and its values are only compared with
what is on disk; no path in it is opened.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple, Self

from pydantic import ConfigDict, ValidationError

from articleqa.loaders.sandbox import ArticleFile
from articleqa.loaders.unread_dates import UnreadDate
from articleqa.models import Article, BlockKind, Model

INDEX = "index"
"""The name of the folder that holds an entry's index."""

MANIFEST = "manifest.json"

LARGEST = 500_000_000
"""The largest manifest that is read, in bytes: enough for a million files."""

WarningName = Literal["SkippedFileWarning", "FailedFileWarning", "DamagedTextWarning"]


class UnusableEntryError(Exception):
    """A cache entry is damaged or gone."""


class FileStat(NamedTuple):
    """The values that show that a file was changed: size in bytes, times in nanoseconds, and inode."""

    size: int
    modified: int
    changed: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Return the `FileStat` of the file at `path`; None if it is not a regular file or not accessible."""
        try:
            found = path.stat()
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


class _Part(Model):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)


class CachedFile(_Part):
    """The record of a file: the ids of its articles, and the warnings about it.

    `path`, `article_id`, `source` and `named` are those of the `ArticleFile`. A file is not `settled` if it
    was changed while it was read, or so shortly before that a later change may not show in its times, or if
    it could not be opened; its `stat` then proves nothing. `sha256` is that of the bytes that were read,
    empty if there are no articles. A warning is its category, the source that it is about, and its reason.
    """

    path: str
    article_id: str
    source: str
    named: bool
    stat: FileStat
    settled: bool
    sha256: str
    articles: tuple[str, ...]
    warnings: tuple[tuple[WarningName, str, str], ...]

    @property
    def identity(self) -> tuple[str, str, str, bool]:
        """The values that are equal for the same file, loaded in the same way."""
        return self.path, self.article_id, self.source, self.named


def identity_of(file: ArticleFile) -> tuple[str, str, str, bool]:
    """Return the value of `CachedFile.identity` for `file`."""
    # A path is bytes in any encoding, which JSON cannot hold; read as Latin-1, any bytes are valid Unicode.
    return os.fsencode(file.path).decode("latin-1"), file.article_id, file.source, file.named


class Marked(_Part):
    """How an article in the index differs from the one its loader gave: blocks marked as repeated lines.

    `blocks` has the numbers of these blocks and the kinds that they had before. If `had_blocks` is false,
    the loader gave no blocks (`Article.blocks` was None).
    """

    had_blocks: bool
    blocks: tuple[tuple[int, BlockKind], ...]

    @classmethod
    def between(cls, loaded: Article, marked: Article) -> Self | None:
        """Return the difference between two versions of an article; None if there is none."""
        if loaded.blocks == marked.blocks:
            return None
        if loaded.blocks is None:
            return cls(had_blocks=False, blocks=())
        pairs = zip(loaded.blocks, marked.blocks or (), strict=True)
        kinds = tuple((n, before.kind) for n, (before, after) in enumerate(pairs) if before != after)
        return cls(had_blocks=True, blocks=kinds)

    def undo(self, article: Article) -> Article:
        """Return `article` as its loader gave it.

        Raises:
            UnusableEntryError: `article` has fewer blocks than this expects.
        """
        if not self.had_blocks:
            return article.model_copy(update={"blocks": None})
        blocks = list(article.blocks or ())
        try:
            for number, kind in self.blocks:
                blocks[number] = replace(blocks[number], kind=kind)
        except IndexError:
            raise UnusableEntryError(f"{article.id}: no such block") from None
        return article.model_copy(update={"blocks": tuple(blocks)})


class Manifest(_Part):
    """What an entry's index was made from.

    `key` is the entry's key. `index` has the size and modification time of each file of the index, `marked`
    the articles that differ from what their loaders gave, by id. `files` are in the order of their articles;
    empty if the index was made from `Article` objects. `unread_date` is the warning about unreadable dates.
    """

    key: str
    index: Mapping[str, tuple[int, int]]
    files: tuple[CachedFile, ...] = ()
    marked: Mapping[str, Marked] = {}
    unread_date: UnreadDate | None = None

    @property
    def article_ids(self) -> list[str]:
        """The ids of the articles of all files, in order."""
        return [article_id for file in self.files for article_id in file.articles]

    def write(self, entry: Path) -> None:
        """Write this as the manifest of `entry`, replacing the existing one.

        Raises:
            OSError: it cannot be written; the existing manifest stays.
        """
        body = self.model_dump_json().encode()
        new = entry / f"{MANIFEST}-{secrets.token_hex(4)}"
        try:
            new.write_bytes(f"{_checksum(body)}\n".encode() + body)
            new.replace(entry / MANIFEST)
        finally:
            new.unlink(missing_ok=True)

    @classmethod
    def read(cls, entry: Path, key: str) -> Self:
        """Return the manifest of `entry`, after checking its key and that the index's files are unchanged.

        Raises:
            UnusableEntryError: the manifest is damaged or has another key, or the index's files changed.
            OSError: the manifest cannot be read.
        """
        path = entry / MANIFEST
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            raise UnusableEntryError(f"{path}: not a manifest")
        checksum, _, body = path.read_bytes().partition(b"\n")
        if checksum != _checksum(body).encode():
            raise UnusableEntryError(f"{path}: damaged")
        try:
            manifest = cls.model_validate_json(body)
        except ValidationError as error:
            raise UnusableEntryError(f"{path}: damaged") from error
        if manifest.key != key or not manifest.index.items() <= stats_below(entry / INDEX).items():
            raise UnusableEntryError(f"{entry}: changed since it was made")
        return manifest


def stats_below(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the size and modification time of each file in `folder` and below it, by relative path.

    Empty files, such as locks, are left out, because they may come and go. Links are not followed.
    """
    found: dict[str, tuple[int, int]] = {}
    for path in _files_below(folder):
        about = path.lstat()
        if stat.S_ISREG(about.st_mode) and about.st_size:
            found[path.relative_to(folder).as_posix()] = about.st_size, about.st_mtime_ns
    return found


def _files_below(folder: Path) -> Iterable[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)


def _checksum(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
