"""What the index of any backend says about the ids of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from articleqa.index.backend import Backend
from articleqa.loaders.paths import path_named
from articleqa.storage.known_files import DiskIds, KnownIds
from articleqa.storage.sqlite.store import DiskStore


def ids_known_to(backend: Backend) -> KnownIds:
    """Return what says which ids `backend` has for files."""
    store = backend.store
    if isinstance(store, KnownIds):
        return store
    return DiskIds(store) if isinstance(store, DiskStore) else _ListedIds(backend)


class _ListedIds:
    """The `KnownIds` of a backend that has no better way than to list its articles."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._ids = frozenset(backend.store.titles())

    def first_from_files(self, files: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """See `KnownIds.first_from_files`."""
        found: dict[str, tuple[str, str]] = {}
        for file in files:
            for article_id in self._backend.ids_from_file(Path(path_named(file)))[:1]:
                found[file] = article_id, self._backend.store.articles[article_id].source
        return found

    def is_taken(self, article_id: str) -> bool:
        """See `KnownIds.is_taken`."""
        below = f"{article_id}#", f"{article_id}/"
        return article_id in self._ids or any(each.startswith(below) for each in self._ids)
