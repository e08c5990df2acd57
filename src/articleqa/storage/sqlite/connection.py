"""Connections to an index's database; what SQLite says of a damaged one is one line that names it.

A database may come from anybody: it is read only if its tables are exactly those of `storage.sqlite.schema`,
and nothing in it can run.
"""

from __future__ import annotations

import os
import re
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
from articleqa.storage.integrity import FileChecksum
from articleqa.storage.sqlite.schema import FORMAT, OLDEST, TABLES, analysis_identity

_BUSY_MS = 10_000
"""How long to wait for SQLite's own short locks, as at a checkpoint."""

_CACHE_KB = 65_536
"""Of the database that each connection keeps in memory: with SQLite's own 2 MB a question takes half as
long again at a million passages, and mapping the file counts all of it that was touched as memory."""

_MOST_FILES = 10_000
"""Files of the search side that are read at most; a million passages have about a hundred."""

_CANNOT_WRITE = (
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR),
)


def connect(folder: Path, *, write: bool = False, salvage: bool = False) -> sqlite3.Connection:
    """Return a connection to the database in `folder`, each statement of which is a transaction by itself.

    With `salvage`, what is whole of a database can be read that is shorter than it says.

    Raises:
        NotAnIndexError: there is none.
        IndexDamagedError: it cannot be opened.
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
    """Tell whether the database in `folder` is to be opened without the files that SQLite keeps beside it.

    Without write permission SQLite can use its log and its shared memory only where a writer has them open
    or left them; where there are none, all that was committed is in the database's own file.
    """
    return not os.access(folder, os.W_OK) and not is_there(folder / f"{DATABASE}-wal")


@contextmanager
def translate_errors(folder: Path) -> Iterator[None]:
    """Turn what SQLite raises into errors of this package that name the index.

    Raises:
        IndexDamagedError: the database is damaged, or is none.
        IndexWriteError: it cannot be written, as on a full disk.
        NotAnIndexError: it is the database of something else.
    """
    try:
        yield
    except sqlite3.ProgrammingError as error:
        raise IndexFolderError(f"{folder}: closed while it was used ({error})") from error
    except sqlite3.DatabaseError as error:
        if str(error).startswith(("no such table", "no such column")):
            raise NotAnIndexError(f"{folder}: not an articleqa index ({error})") from error
        code = getattr(error, "sqlite_errorcode", None) or 0
        if code & 0xFF in _CANNOT_WRITE and code != sqlite3.SQLITE_IOERR_SHORT_READ:
            raise IndexWriteError(
                f"{folder}: {error}; what was committed before stands, and the same can be tried again"
            ) from error
        raise IndexDamagedError(
            f"{folder}: damaged ({error}); what can be saved, `articleqa index check {folder} --repair` saves"
        ) from error
    except UnicodeDecodeError as error:
        raise IndexDamagedError(f"{folder}: damaged (a text is not UTF-8)") from error
    except OverflowError as error:  # a number that no index of ours has
        raise IndexDamagedError(f"{folder}: damaged ({error})") from error


def check_tables(folder: Path, connection: sqlite3.Connection) -> None:
    """Refuse a database whose tables are not those of this format: views and triggers could do anything.

    Raises:
        IndexDamagedError: they are not.
    """
    with translate_errors(folder):
        if connection.execute(_OBJECTS).fetchall() != _own_objects():
            raise IndexDamagedError(
                f"{folder}: damaged (its tables are not those of an articleqa index);"
                f" what can be saved, `articleqa index check {folder} --repair` saves"
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
    """The folder's name of an index's search side, and its files as the last writer left them.

    No files: a writer is at work, or was killed.
    """

    name: str
    files: tuple[FileChecksum, ...]


def search_side(connection: sqlite3.Connection) -> SearchSide:
    """Return the search side that an index says it has; nothing of it is checked."""
    names = connection.execute("SELECT value FROM about WHERE name = 'search'").fetchall()
    files = connection.execute(
        "SELECT name, size, checksum FROM search_files ORDER BY name LIMIT ?", (_MOST_FILES,)
    ).fetchall()
    return SearchSide(str(names[0][0]) if names else "", tuple(FileChecksum(*file) for file in files))


def about(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what the index says of itself: its `format`, `analysis` and `search` (a folder's name)."""
    return dict(connection.execute("SELECT name, value FROM about"))


def check_format(folder: Path, said: Mapping[str, str]) -> None:
    """Refuse an index whose format is not this version's.

    Raises:
        IndexVersionError: it is newer, or not known.
    """
    if said.get("format") == str(FORMAT):
        return
    version = format_of(said)
    if OLDEST <= version < FORMAT:
        raise IndexVersionError(
            f"{folder}: an index of the older format {version};"
            f" `articleqa index check {folder} --repair` makes it one of format {FORMAT}"
        )
    raise IndexVersionError(
        f"{folder}: an index of format {_named(said, 'format')}, and this version reads {FORMAT}"
        + ("; a newer articleqa made it" if version > FORMAT else "")
    )


def _named(said: Mapping[str, str], name: str) -> str:
    value = said.get(name, "")
    return value if re.fullmatch(r"[\w.-]{1,40}", value) else "unknown"


def format_of(said: Mapping[str, str]) -> int:
    """Return the format that an index says it is of; 0 for one that says nothing that can be read."""
    version = said.get("format", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def check_analysis(folder: Path, said: Mapping[str, str]) -> None:
    """Refuse an index whose passages and terms another analysis made.

    Raises:
        IndexVersionError: they are not those that this version would make.
    """
    if said.get("analysis") != analysis_identity():
        raise IndexVersionError(
            f"{folder}: made by the analysis {_named(said, 'analysis')}, and this version's is"
            f" {analysis_identity()}; `articleqa index check {folder} --repair` makes its passages anew"
        )
