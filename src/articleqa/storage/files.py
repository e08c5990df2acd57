"""Files: those that articles came from, how much room a folder takes, what becomes of failed writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from articleqa.exceptions import IndexWriteError
from articleqa.loaders.paths import file_at, printable, reason_of
from articleqa.models import Article


def file_of(article: Article) -> str:
    """Return the real path (`printable`) of the file that an article came from; empty where there is none."""
    path = file_at(article.source)
    return "" if path is None else printable(str(path.resolve()))


def same_origin(source: str, file: str, article: Article) -> bool:
    """Say whether an article of this source, from this file or from none (empty), is where `article` is from.

    A file is the same however it is named; where there is none, the sources must be.
    """
    its_file = file_of(article)
    return its_file == file if its_file or file else bool(source) and source == article.source


def size_of(folder: Path) -> int:
    """Return how many bytes the files in `folder` and below it take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one line that names `folder`.

    Raises:
        IndexWriteError: something cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise IndexWriteError(f"{folder}: cannot be written ({reason_of(error)})") from None
