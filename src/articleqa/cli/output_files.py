"""Writing to the files that options name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TextIO

import click


@contextmanager
def opened(path: Path, mode: Literal["w", "a"] = "w") -> Iterator[TextIO]:
    """Open `path` for writing UTF-8.

    Raises:
        ClickException: it cannot be opened, or not be written.
    """
    try:
        # The name of a question file may hold bytes that are no text.
        with path.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from error


def check_writable(path: Path) -> None:
    """Find out before minutes of work whether `path` can be written; what it holds stays.

    Raises:
        ClickException: it cannot.
    """
    file = path.resolve()
    existed = file.exists()
    with opened(path, "a"):
        pass
    if not existed:
        file.unlink()
