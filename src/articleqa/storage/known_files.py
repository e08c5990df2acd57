"""Ids of files that an index on disk already holds: a file added again from another folder keeps its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Protocol, runtime_checkable

from articleqa.loaders.ids import with_unique_ids
from articleqa.loaders.paths import file_at, printable
from articleqa.loaders.sandbox import ArticleFile
from articleqa.storage.sqlite.store import DiskStore


@runtime_checkable
class KnownIds(Protocol):
    """What an index says about the ids of files."""

    def first_from_files(self, files: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """Return by file the id and the source of the first article that came from it.

        `files` are real paths (`printable`); those of which there is no article are left out.
        """

    def is_taken(self, article_id: str) -> bool:
        """Return whether this is the id of an article, or of a file with several articles."""


class DiskIds:
    """The `KnownIds` of an index on disk."""

    def __init__(self, store: DiskStore) -> None:
        """Ask `store`."""
        self._store = store

    def first_from_files(self, files: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """See `KnownIds.first_from_files`."""
        statement = "SELECT id, source FROM articles WHERE file = ? ORDER BY number LIMIT 1"
        found = ((file, self._store.rows(statement, (file,))) for file in files)
        return {file: (str(rows[0][0]), str(rows[0][1])) for file, rows in found if rows}

    def is_taken(self, article_id: str) -> bool:
        """See `KnownIds.is_taken`."""
        return bool(
            self._store.rows(
                "SELECT 1 FROM articles WHERE id = ? OR (id > ? AND id < ?) OR (id > ? AND id < ?) LIMIT 1",
                (article_id, f"{article_id}#", f"{article_id}$", f"{article_id}/", f"{article_id}0"),
            )
        )


def with_known_ids(files: Iterable[ArticleFile], held: KnownIds) -> list[ArticleFile]:
    """Return `files` with the ids that the index has for them.

    If the id of a new file belongs to an article from another file, the names of the folders above the new
    file are put in front of it, as `loaders.ids.with_own_ids` does.

    Raises:
        IndexDamagedError: the index is damaged.
    """
    known: dict[ArticleFile, str] = {}
    fresh: list[ArticleFile] = []
    files = list(files)
    places = {file: printable(str(file.path.resolve())) for file in files}
    firsts = held.first_from_files(list(places.values()))
    for file, place in places.items():
        if id_ := _id_of_file(file, *firsts.get(place, ("", ""))):
            known[file] = id_
        else:
            fresh.append(file)
    taken = frozenset(known.values())
    is_taken = cache(lambda article_id: article_id in taken or held.is_taken(article_id))
    named = dict(zip(fresh, with_unique_ids(fresh, is_taken), strict=True))
    return [file._replace(article_id=known[file]) if file in known else named[file] for file in files]


def _id_of_file(file: ArticleFile, article_id: str, source: str) -> str:
    """Return what the ids of a file's articles begin with; `article_id` and `source` are those of the first.

    Empty if the index has no article of it.
    """
    path = file_at(source)
    id_ = article_id.removesuffix(source.removeprefix(printable(str(path))))
    # Use only ids that a loader gave: an id that the caller chose may stand for a part of the file.
    return id_ if path is not None and f"/{id_}".endswith(f"/{printable(path.name)}") else ""
