"""Helpers for files: which file an article came from, the size of a folder, errors when writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from articleqa.exceptions import IndexWriteError
from articleqa.loaders.paths import file_at, printable, reason_of
from articleqa.models import Article


def file_of(article: Article) -> str:
    """Return the real path (`printable`) of the file that an article came from; empty if there is none."""
    path = file_at(article.source)
    return "" if path is None else printable(str(path.resolve()))


def same_origin(source: str, file: str, article: Article) -> bool:
    """Return whether `article` has the same origin as an article with this `source` and `file`.

    If either of them came from a file, both must have come from the same file, however its path is spelled;
    `file` is empty for an article that did not. Otherwise both must have the same source, which is not empty.
    """
    its_file = file_of(article)
    return its_file == file if its_file or file else bool(source) and source == article.source


def size_of(folder: Path) -> int:
    """Return the total size in bytes of the files in `folder` and its subfolders."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Translate an `OSError` into a one-line error that names `folder`.

    Raises:
        IndexWriteError: something cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise IndexWriteError(f"{folder}: cannot be written ({reason_of(error)})") from None
