"""Write to the files that options name."""

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
        ClickException: the file cannot be opened or written.
    """
    try:
        # `backslashreplace` because the name of a question file may contain bytes that are not valid text.
        with path.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from error


def check_writable(path: Path) -> None:
    """Check, before minutes of work, that `path` can be written; its content stays.

    Raises:
        ClickException: it cannot be written.
    """
    file = path.resolve()
    existed = file.exists()
    with opened(path, "a"):
        pass
    if not existed:
        file.unlink()
