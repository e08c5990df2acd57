"""One writer at a time: a lock that its process takes with it when it ends, however it ends."""

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
    """Hold the lock of the index in `folder`; wait for another writer until it is done.

    With `wait_s`, wait for at most so many seconds.

    Raises:
        NotAnIndexError: there is none.
        IndexBusyError: another one is still writing after `wait_s`, or this very thread is.
        IndexWriteError: the folder cannot be written to.
    """
    from filelock import FileLock, Timeout  # which takes long to import, and readers never need it

    if not is_file(folder / DATABASE):  # or the lock would make a folder that was removed anew
        raise NotAnIndexError(f"{folder}: no such index")
    place = folder.resolve()
    if place in _held.folders:  # which would wait for itself
        raise IndexBusyError(f"{folder}: it is being changed; change it again when that is done")
    lock = FileLock(folder / LOCK, timeout=-1 if wait_s is None else wait_s)
    with writing_to(folder):
        try:
            lock.acquire()
        except Timeout:  # which is an OSError too
            raise IndexBusyError(
                f"{folder}: another process is writing to it; try again when it is done"
            ) from None
    _held.folders.add(place)
    try:
        yield
    finally:
        _held.folders.discard(place)
        lock.release()
