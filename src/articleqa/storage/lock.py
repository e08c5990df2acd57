"""One writer at a time: a lock that its process takes with it when it ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from articleqa.articles.paths import DATABASE, is_file
from articleqa.exceptions import IndexBusyError, NotAnIndexError
from articleqa.storage.files import writing_to

LOCK = "lock"


@contextmanager
def writing_alone(folder: Path, wait_s: float) -> Iterator[None]:
    """Hold the lock of the index in `folder`; wait for another writer for up to `wait_s` seconds.

    Raises:
        NotAnIndexError: there is none.
        IndexBusyError: another process is still writing then.
        IndexWriteError: the folder cannot be written to.
    """
    from filelock import FileLock, Timeout  # which takes long to import, and readers never need it

    if not is_file(folder / DATABASE):  # or the lock would make a folder that was removed anew
        raise NotAnIndexError(f"{folder}: no such index")
    lock = FileLock(folder / LOCK, timeout=wait_s)
    with writing_to(folder):
        try:
            lock.acquire()
        except Timeout:  # which is an OSError too
            raise IndexBusyError(
                f"{folder}: another process is writing to it; try again when it is done"
            ) from None
    try:
        yield
    finally:
        lock.release()
