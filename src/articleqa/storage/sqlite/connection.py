"""Connections to an index's database; SQLite's errors become one-line errors that name the index.

A database may come from anybody. It is read only if its tables are exactly those of `storage.sqlite.schema`,
so that it has no views or triggers that could run.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from articleqa.exceptions import (
    IndexDamagedError,
    IndexFolderError,
    IndexVersionError,
    IndexWriteError,
    NotAnIndexError,
)
from articleqa.loaders.paths import DATABASE, is_file, is_there
from articleqa.storage.identity import shown_setting
from articleqa.storage.integrity import FileChecksum
from articleqa.storage.sqlite.schema import FORMAT, OLDEST, TABLES

_BUSY_MS = 10_000
"""How long to wait for SQLite's own short locks, such as during a checkpoint."""

_CACHE_KB = 65_536
"""How much of the database each connection caches in memory. With SQLite's default of 2 MB a question takes
half as long again at a million passages. If the file were mapped into memory instead, all of it that was
touched would count as memory."""

_MOST_FILES = 10_000
"""The most tantivy files that are read from the database; a million passages have about a hundred."""

_CANNOT_WRITE = (
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR),
)


def connect(folder: Path, *, write: bool = False, salvage: bool = False) -> sqlite3.Connection:
    """Return a connection to the database in `folder`; each statement is a transaction of its own.

    With `salvage`, the intact part of a database that is shorter than it claims to be can be read.

    Raises:
        NotAnIndexError: there is no database.
        IndexDamagedError: the database cannot be opened.
    """
    path = folder / DATABASE
    if not is_file(path):
        if not is_there(folder):
            raise NotAnIndexError(
                f"{folder}: no such index; make one with `articleqa index add {folder} PATH...`"
            )
        raise NotAnIndexError(f"{folder}: not an articleqa index: it has no {DATABASE}")
    mode = "rw" if write else "ro&immutable=1" if is_immutable(folder) else "ro"
    with translate_errors(folder):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=_BUSY_MS / 1000,
        )
        connection.execute(f"PRAGMA writable_schema = {'ON' if salvage else 'OFF'}")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        if write:
            connection.execute("PRAGMA synchronous = FULL")
    return connection


def is_immutable(folder: Path) -> bool:
    """Return whether to open the database in `folder` as immutable, without SQLite's log and shared memory.

    Without write permission SQLite can use these two files only if a writer has them open or left them there.
    If there are none, everything that was committed is in the database file itself.
    """
    return not os.access(folder, os.W_OK) and not is_there(folder / f"{DATABASE}-wal")


@contextmanager
def translate_errors(folder: Path) -> Iterator[None]:
    """Translate SQLite's exceptions into errors of this package that name the index.

    Raises:
        IndexDamagedError: the database is damaged, or is not a database.
        IndexWriteError: it cannot be written, for example on a full disk.
        NotAnIndexError: it is the database of another program.
        IndexFolderError: it was closed while it was in use.
    """
    try:
        yield
    except sqlite3.ProgrammingError as error:
        raise IndexFolderError(f"{folder}: the index was closed while it was in use ({error})") from error
    except sqlite3.DatabaseError as error:
        if str(error).startswith(("no such table", "no such column")):
            raise NotAnIndexError(f"{folder}: not an articleqa index ({error})") from error
        code = getattr(error, "sqlite_errorcode", None) or 0
        if code & 0xFF in _CANNOT_WRITE and code != sqlite3.SQLITE_IOERR_SHORT_READ:
            raise IndexWriteError(
                f"{folder}: {error}; everything committed earlier is kept, and you can try again"
            ) from error
        raise IndexDamagedError(
            f"{folder}: damaged ({error}); `articleqa index check {folder} --repair` saves what it can"
        ) from error
    except UnicodeDecodeError as error:
        raise IndexDamagedError(f"{folder}: damaged (a text is not UTF-8)") from error
    except OverflowError as error:  # a number too large for any index of ours
        raise IndexDamagedError(f"{folder}: damaged ({error})") from error


def check_tables(folder: Path, connection: sqlite3.Connection) -> None:
    """Refuse a database with tables other than this format's: views and triggers could do anything.

    Raises:
        IndexDamagedError: the tables differ.
    """
    with translate_errors(folder):
        if connection.execute(_OBJECTS).fetchall() != _own_objects():
            raise IndexDamagedError(
                f"{folder}: damaged (its tables are not those of an articleqa index);"
                f" `articleqa index check {folder} --repair` saves what it can"
            )


_OBJECTS = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"


@cache
def _own_objects() -> list[tuple[str, str, str | None]]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(TABLES)
        return connection.execute(_OBJECTS).fetchall()
    finally:
        connection.close()


class SearchSide(NamedTuple):
    """An index's search folder, which holds its search index: its name, and its files as last written.

    `files` is empty while a writer is at work, and after a writer was killed.
    """

    name: str
    files: tuple[FileChecksum, ...]


def search_side(connection: sqlite3.Connection) -> SearchSide:
    """Return the search folder and files that the database names; neither is checked."""
    names = connection.execute("SELECT value FROM about WHERE name = 'search'").fetchall()
    files = connection.execute(
        "SELECT name, size, checksum FROM search_files ORDER BY name LIMIT ?", (_MOST_FILES,)
    ).fetchall()
    return SearchSide(str(names[0][0]) if names else "", tuple(FileChecksum(*file) for file in files))


def about(connection: sqlite3.Connection) -> dict[str, str]:
    """Return how the database describes its index: `format`, `analysis` and `search` (a folder's name)."""
    return dict(connection.execute("SELECT name, value FROM about"))


def check_format(folder: Path, said: Mapping[str, str]) -> None:
    """Refuse an index whose format is not this version's.

    Raises:
        IndexVersionError: the format is older, newer or unknown.
    """
    if said.get("format") == str(FORMAT):
        return
    version = format_of(said)
    if OLDEST <= version < FORMAT:
        raise IndexVersionError(
            f"{folder}: the index has the older format {version};"
            f" `articleqa index check {folder} --repair` converts it to format {FORMAT}"
        )
    shown = shown_setting(said, "format")
    raise IndexVersionError(
        f"{folder}: the index has format {shown}, but this version reads only {FORMAT}"
        + ("; it needs the newer articleqa that made it" if version > FORMAT else "")
    )


def format_of(said: Mapping[str, str]) -> int:
    """Return the format number in an index's description; 0 if it is missing or not a number."""
    version = said.get("format", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0
