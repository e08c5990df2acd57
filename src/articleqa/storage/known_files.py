"""Ids of files that an index on disk already holds: a file added again from another folder keeps its id."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial

from articleqa.loaders.ids import with_unique_ids
from articleqa.loaders.paths import file_at, printable
from articleqa.loaders.sandbox import ArticleFile
from articleqa.storage.sqlite.store import DiskStore


def with_known_ids(files: Iterable[ArticleFile], store: DiskStore) -> list[ArticleFile]:
    """Return `files` with the ids that the index has for them.

    If the id of a new file belongs to an article from another file, the names of the folders above the new
    file are put in front of it, as `loaders.ids.with_own_ids` does.

    Raises:
        IndexDamagedError: the index is damaged.
    """
    known: dict[ArticleFile, str] = {}
    fresh: list[ArticleFile] = []
    for file in (files := list(files)):
        if id_ := _known_id(file, store):
            known[file] = id_
        else:
            fresh.append(file)
    is_taken = cache(partial(_is_taken, store, frozenset(known.values())))
    named = dict(zip(fresh, with_unique_ids(fresh, is_taken), strict=True))
    return [file._replace(article_id=known[file]) if file in known else named[file] for file in files]


def _known_id(file: ArticleFile, store: DiskStore) -> str:
    """Return what the ids of a file's articles begin with in the index; empty if it has none of them."""
    rows = store.rows(
        "SELECT id, source FROM articles WHERE file = ? ORDER BY number LIMIT 1",
        (printable(str(file.path.resolve())),),
    )
    for article_id, source in rows:
        path = file_at(str(source))
        id_ = str(article_id).removesuffix(str(source).removeprefix(printable(str(path))))
        # Use only ids that a loader gave: an id that the caller chose may stand for a part of the file.
        if path is not None and f"/{id_}".endswith(f"/{printable(path.name)}"):
            return id_
    return ""


def _is_taken(store: DiskStore, known: frozenset[str], article_id: str) -> bool:
    """Return whether this is the id of a known file or of an article, or of a file with several articles."""
    return article_id in known or bool(
        store.rows(
            "SELECT 1 FROM articles WHERE id = ? OR (id > ? AND id < ?) OR (id > ? AND id < ?) LIMIT 1",
            (article_id, f"{article_id}#", f"{article_id}$", f"{article_id}/", f"{article_id}0"),
        )
    )
