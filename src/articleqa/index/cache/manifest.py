"""The manifest of an entry of the cache: the files that its index was made from, and what was said of them.

A manifest is checked like any input: a checksum stands in its first line, and its values are only ever
compared with what is found on disk; no path in it is opened.
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
"""The folder of an entry's index."""

MANIFEST = "manifest.json"

LARGEST = 500_000_000
"""Bytes of a manifest: a million files."""

WarningName = Literal["SkippedFileWarning", "FailedFileWarning", "DamagedTextWarning"]


class UnusableEntryError(Exception):
    """An entry that is damaged, or gone."""


class FileStat(NamedTuple):
    """By what it is seen that a file was changed: its size in bytes, times in nanoseconds, and inode."""

    size: int
    modified: int
    changed: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Return that of the file at `path`; None where there is no regular file that can be looked at."""
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
    """A file, the ids of its articles, and the warnings about it.

    `path`, `article_id`, `source` and `named` are those of the `ArticleFile`. Where not `settled`, the file
    had been changed just before it was read, or while it was, and may have been again within the resolution
    of its times: `stat` then says nothing. `sha256` is of the bytes that were read; empty where there are
    no articles. A warning has its category, the source that it is about, and a clause.
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
        """What must be the same for it to be the same file, asked for in the same way."""
        return self.path, self.article_id, self.source, self.named


def identity_of(file: ArticleFile) -> tuple[str, str, str, bool]:
    """Return what `CachedFile.identity` is for `file`."""
    # Any path is bytes, whatever the encoding of names; as Latin-1 any bytes are valid Unicode.
    return os.fsencode(file.path).decode("latin-1"), file.article_id, file.source, file.named


class Marked(_Part):
    """How an article differs from what its file gives: blocks were marked as repeated lines.

    `blocks` has their numbers, and what kind they were of; where not `had_blocks`, its loader had left
    finding blocks to the text itself.
    """

    had_blocks: bool
    blocks: tuple[tuple[int, BlockKind], ...]

    @classmethod
    def between(cls, loaded: Article, marked: Article) -> Self | None:
        """Return the difference; None where there is none."""
        if loaded.blocks == marked.blocks:
            return None
        if loaded.blocks is None:
            return cls(had_blocks=False, blocks=())
        pairs = zip(loaded.blocks, marked.blocks or (), strict=True)
        kinds = tuple((n, before.kind) for n, (before, after) in enumerate(pairs) if before != after)
        return cls(had_blocks=True, blocks=kinds)

    def undo(self, article: Article) -> Article:
        """Return `article` as its file gives it.

        Raises:
            UnusableEntryError: it has no such blocks.
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

    `key` is the entry's, `index` has the size and time of modification of each file of the index, `marked`
    the articles that are not as their files give them, by id. `files` are in the order of their articles;
    there are none where articles were given as such. `unread_date` is what is said of their dates.
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
        """Write the manifest of `entry`, in place of the one that is there.

        Raises:
            OSError: it cannot be written; the one that is there stays.
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
        """Return the manifest of `entry`, whose key is `key` and whose index is as it was made.

        Raises:
            UnusableEntryError: it is not.
            OSError: it cannot be read.
        """
        path = entry / MANIFEST
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            raise UnusableEntryError(f"{path}: no manifest")
        checksum, _, body = path.read_bytes().partition(b"\n")
        if checksum != _checksum(body).encode():
            raise UnusableEntryError(f"{path}: damaged")
        try:
            manifest = cls.model_validate_json(body)
        except ValidationError as error:
            raise UnusableEntryError(f"{path}: damaged") from error
        if manifest.key != key or not manifest.index.items() <= stats_below(entry / INDEX).items():
            raise UnusableEntryError(f"{entry}: not as it was made")
        return manifest


def stats_below(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the size and time of modification of each file in `folder` and below it, by relative path.

    Empty files, as locks are, may come and go. Links are not followed.
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
