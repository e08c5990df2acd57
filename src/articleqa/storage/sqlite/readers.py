"""Read connections to one index's database: one per thread, reopened when necessary.

A connection is reopened in a forked process, which must not use its parent's; when another database has
replaced the file, as after a repair; and when the file has changed although it was opened as immutable.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import NamedTuple
from weakref import WeakSet

from articleqa.exceptions import IndexBusyError
from articleqa.loaders.paths import DATABASE
from articleqa.storage.sqlite.connection import connect, is_immutable

Identity = tuple[int, int]
"""Device and inode number of a database file; another file has another identity."""


class SnapshotLostError(IndexBusyError):
    """The index changed while it was being read; the read can be tried again."""


class Change(NamedTuple):
    """A state of an index: which database it is, and the number of its last change."""

    database: Identity
    number: int


class _Open:
    """A connection of one thread and process; `version` is the file's if opened as immutable, else None."""

    def __init__(self, folder: Path) -> None:
        self.version = _version_of(folder) if is_immutable(folder) else None
        self.process = os.getpid()
        before = _identity_of(folder)
        self.connection = connect(folder)
        if before is None or before != _identity_of(folder):
            self.connection.close()
            raise SnapshotLostError(f"{folder}: the index was replaced while being opened; try again")
        self.identity = before


class Readers:
    """The read connections of a process's threads to the database in one folder."""

    def __init__(self, folder: Path) -> None:
        """Open no connection yet."""
        self._folder = folder
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: WeakSet[_Open] = WeakSet()  # weak: a thread that ends drops its connection

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection.

        Raises:
            IndexFolderError: the database cannot be opened.
        """
        return self._current().connection

    @property
    def identity(self) -> Identity:
        """The identity of the database file that this thread reads."""
        return self._current().identity

    def is_reading(self) -> bool:
        """Return whether this thread is inside a transaction."""
        opened = self._opened()
        return opened is not None and opened.connection.in_transaction

    def renew(self) -> None:
        """Drop this thread's connection if it would read an outdated database."""
        opened = self._opened()
        if opened and (_identity_of(self._folder) not in (None, opened.identity) or self.is_lost()):
            del self._local.opened
            opened.connection.close()

    def is_lost(self) -> bool:
        """Return whether this thread's reads since `renew` may come from two states of the database."""
        opened = self._opened()
        if opened is None or opened.version is None:
            return False
        return _version_of(self._folder) != opened.version or not is_immutable(self._folder)

    def close(self) -> None:
        """Close the connections of all threads; each is reopened when it is needed."""
        with self._lock:
            for opened in [*self._all]:
                if opened.process == os.getpid():
                    opened.connection.close()
            self._all.clear()
            self._local = threading.local()

    def _current(self) -> _Open:
        opened = self._opened()
        if opened is None:
            opened = self._local.opened = _Open(self._folder)
            with self._lock:
                self._all.add(opened)
        return opened

    def _opened(self) -> _Open | None:
        opened: _Open | None = getattr(self._local, "opened", None)
        return opened if opened and opened.process == os.getpid() else None


def _identity_of(folder: Path) -> Identity | None:
    try:
        found = (folder / DATABASE).stat()
    except OSError:  # removed; an open connection can still read it
        return None
    return found.st_dev, found.st_ino


def _version_of(folder: Path) -> tuple[int, int] | None:
    try:
        found = (folder / DATABASE).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
