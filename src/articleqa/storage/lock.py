"""A lock that allows one writer at a time; it is released when its process ends, however it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from articleqa.exceptions import IndexBusyError, NotAnIndexError
from articleqa.loaders.paths import DATABASE, is_file
from articleqa.storage.files import writing_to

LOCK = "lock"


class _Held(threading.local):
    """The folders whose locks this thread holds."""

    def __init__(self) -> None:
        self.folders: set[Path] = set()


_held = _Held()


@contextmanager
def writing_alone(folder: Path, wait_s: float | None = None) -> Iterator[None]:
    """Hold the lock of the index in `folder`; wait until any other writer is done.

    With `wait_s`, wait at most that many seconds.

    Raises:
        NotAnIndexError: there is no index.
        IndexBusyError: another writer still holds the lock after `wait_s`, or this thread already holds it.
        IndexWriteError: the folder cannot be written to.
    """
    from filelock import FileLock, Timeout  # imported here: it is slow to import, and readers do not need it

    if not is_file(folder / DATABASE):  # otherwise the lock would recreate a removed folder
        raise NotAnIndexError(f"{folder}: no such index")
    place = folder.resolve()
    if place in _held.folders:  # otherwise the thread would wait for itself
        raise IndexBusyError(f"{folder}: this thread is already changing it; finish that change first")
    lock = FileLock(folder / LOCK, timeout=-1 if wait_s is None else wait_s)
    with writing_to(folder):
        try:
            lock.acquire()
        except Timeout:  # also an OSError, which `writing_to` would translate
            raise IndexBusyError(
                f"{folder}: another process is writing to it; try again when it is done"
            ) from None
    _held.folders.add(place)
    try:
        yield
    finally:
        _held.folders.discard(place)
        lock.release()
