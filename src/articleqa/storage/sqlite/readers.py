"""Connections for reading one index's database: one a thread, opened again where that is needed.

That is: in a forked process, which must not use its parent's; where another database took the place of the
file, as a repair does; and where the file changed under a connection that takes it for immutable.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from weakref import WeakSet

from articleqa.exceptions import IndexBusyError
from articleqa.loaders.paths import DATABASE
from articleqa.storage.sqlite.connection import connect, is_immutable

Identity = tuple[int, int]
"""Device and number of a database's file: another file, another identity."""


class SnapshotLostError(IndexBusyError):
    """What was read changed while it was read; the same can be tried again."""


class _Open:
    """A connection of one thread and process; `version` is that of the file where it is immutable."""

    def __init__(self, folder: Path) -> None:
        self.version = _version_of(folder) if is_immutable(folder) else None
        self.process = os.getpid()
        before = _identity_of(folder)
        self.connection = connect(folder)
        if before is None or before != _identity_of(folder):
            self.connection.close()
            raise SnapshotLostError(f"{folder}: replaced while it was opened; try again")
        self.identity = before


class Readers:
    """The connections of one process's threads to the database in `folder`."""

    def __init__(self, folder: Path) -> None:
        """Open none yet."""
        self._folder = folder
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: WeakSet[_Open] = WeakSet()  # a thread that ends takes its own with it

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection.

        Raises:
            IndexFolderError: the database cannot be opened.
        """
        return self._current().connection

    @property
    def identity(self) -> Identity:
        """Of the file that this thread reads."""
        return self._current().identity

    def is_reading(self) -> bool:
        """Tell whether this thread is within a transaction."""
        opened = self._opened()
        return opened is not None and opened.connection.in_transaction

    def renew(self) -> None:
        """Drop this thread's connection where it would read what is out of date."""
        opened = self._opened()
        if opened and (_identity_of(self._folder) not in (None, opened.identity) or self.is_lost()):
            del self._local.opened
            opened.connection.close()

    def is_lost(self) -> bool:
        """Tell whether what this thread read since `renew` may be of two moments."""
        opened = self._opened()
        if opened is None or opened.version is None:
            return False
        return _version_of(self._folder) != opened.version or not is_immutable(self._folder)

    def close(self) -> None:
        """Close the connections of all threads; each is opened again where it is needed."""
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
    except OSError:  # removed: what is open can still be read
        return None
    return found.st_dev, found.st_ino


def _version_of(folder: Path) -> tuple[int, int] | None:
    try:
        found = (folder / DATABASE).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
