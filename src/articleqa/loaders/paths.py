"""What is at a path, which may be anything, and why it cannot be read: a source is soon no file's name."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

DATABASE = "articles.sqlite"
"""The file by which a folder is an index on disk: what is in it is no article."""


def file_at(source: str) -> Path | None:
    """Return the file that `source` names; None where there is none.

    A source goes on behind the file's name where the file holds several articles: "news.zip/a.txt",
    "news.jsonl#3".
    """
    inner = (at for at in range(len(source) - 1, 0, -1) if source[at] in ("#", "/", os.sep))
    paths = (path_named(source[:end]) for end in (len(source), *inner) if end)
    return next((path for path in paths if is_file(path)), None)


def absolute(path: Path) -> Path:
    """Return a file's path from the root on. Links keep their names, but for those that ".." leads out of."""
    return path.parent.resolve() / path.name if ".." in path.parts else path.absolute()


def shown_source(source: str) -> str:
    """Return a source for people: relative to the working folder where it lies below that."""
    try:
        return source.removeprefix(os.path.join(Path.cwd(), ""))  # noqa: PTH118 (ends in one separator)
    except OSError:  # the working folder was removed
        return source


def is_file(path: Path) -> bool:
    """Say whether there is a file at `path`."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_gone(path: Path) -> bool:
    """Say whether there is surely no file at `path`; a folder that may not be entered may hold it."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:
        return False


def reason_of(error: OSError | ValueError) -> str:
    """Return what the operating system, or Python before it, has against a path: "permission denied"."""
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()


def is_there(path: Path) -> bool:
    """Say whether there is anything at `path`."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def printable(name: str) -> str:
    """Return `name` with bytes that are not valid in the file system's encoding written as \\xff.

    Python keeps such bytes as lone surrogates, which no JSON and no terminal takes.
    """
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def path_named(name: str) -> Path:
    """Return the path for which `printable` gave `name`."""
    path = Path(name)
    if "\\x" not in name or is_there(path):
        return path
    escapes = rb"\\x([89a-f][0-9a-f])"
    return Path(os.fsdecode(re.sub(escapes, lambda found: bytes([int(found[1], 16)]), name.encode())))
