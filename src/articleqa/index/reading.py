"""How the methods of an index read its backend."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from articleqa.index.backend import Backend

T = TypeVar("T")


class Reading:
    """Reads a backend, each time in one state."""

    _backend: Backend

    def _read(self, read: Callable[[Backend], T]) -> T:
        """Return what `read` returns of the index; everything that it reads comes from one state."""
        backend = self._backend  # kept, because another thread may replace it
        return backend.store.consistently(lambda: read(backend))
