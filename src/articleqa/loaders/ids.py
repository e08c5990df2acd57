"""File ids: paths relative to the given folder, with parent folders added if two ids would be equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from articleqa.loaders.paths import absolute, printable
from articleqa.loaders.sandbox import ArticleFile


def with_own_ids(files: Iterable[ArticleFile]) -> list[ArticleFile]:
    """Return each of `files` once, even if its path is spelled in several ways, and give each a unique id.

    If ids are equal, the names of parent folders are put before them, as many as are needed to tell them
    apart: "d1/README.md" and "d2/README.md". A link to a file counts as a file of its own, unless it would
    get the same id as the file it links to.
    """
    return with_unique_ids(_once(files))


def _once(files: Iterable[ArticleFile]) -> list[ArticleFile]:
    found: list[ArticleFile] = []
    seen: set[Path | tuple[str, Path]] = set()
    resolved = cache(Path.resolve)  # each folder once: this takes as long as all other work on a file
    for file in files:
        is_link = file.path.is_symlink()
        real = file.path.resolve() if is_link else resolved(file.path.parent) / file.path.name
        named = file.article_id, real
        if named in seen or (real in seen and not is_link):
            continue
        seen.add(named)
        if not is_link:
            seen.add(real)
        found.append(file)
    return found


def with_unique_ids(
    files: list[ArticleFile], is_taken: Callable[[str], bool] = lambda _: False
) -> list[ArticleFile]:
    """Return `files` with ids that differ from each other and from those that are taken already."""
    ids = [file.article_id for file in files]
    above = [0] * len(files)
    while True:
        counts = Counter(ids)
        equal = [
            n
            for n, file in enumerate(files)
            if (counts[ids[n]] > 1 or is_taken(ids[n])) and above[n] < _folders_above(file)
        ]
        if not equal:
            return [file._replace(article_id=id_) for file, id_ in zip(files, ids, strict=True)]
        for n in equal:
            above[n] += 1
            parts = absolute(files[n].path).parts
            ids[n] = printable("/".join(parts[-_length(files[n]) - above[n] :]))


def _length(file: ArticleFile) -> int:
    """Return how many components of a file's path make up its id."""
    return file.article_id.count("/") + 1


def _folders_above(file: ArticleFile) -> int:
    """Return how many parent folders of a file are not named in its id yet; the root does not count."""
    return len(absolute(file.path).parts) - 1 - _length(file)
