"""Path helpers whose checks do not raise, since an article's source may be any string, not only a path."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

DATABASE = "articles.sqlite"
"""The file that makes a folder an index on disk; files in such a folder are not articles."""


def file_at(source: str) -> Path | None:
    """Return the file that `source` names; None if there is none.

    If the file holds several articles, the source continues after the file's name: "news.zip/a.txt",
    "news.jsonl#3".
    """
    inner = (at for at in range(len(source) - 1, 0, -1) if source[at] in ("#", "/", os.sep))
    paths = (path_named(source[:end]) for end in (len(source), *inner) if end)
    return next((path for path in paths if is_file(path)), None)


def absolute(path: Path) -> Path:
    """Return the absolute path of a file. Links to folders are resolved only if the path contains ".."."""
    return path.parent.resolve() / path.name if ".." in path.parts else path.absolute()


def shown_source(source: str) -> str:
    """Return a source for display: relative to the working folder if it lies below that."""
    try:
        return source.removeprefix(os.path.join(Path.cwd(), ""))  # noqa: PTH118 (ends in one separator)
    except OSError:  # the working folder was removed
        return source


def is_file(path: Path) -> bool:
    """Return whether there is a file at `path`."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_gone(path: Path) -> bool:
    """Return whether there is certainly no file at `path`; False if its folder may not be entered."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:
        return False


def reason_of(error: OSError | ValueError) -> str:
    """Return why the operating system, or Python itself, rejects a path: "permission denied"."""
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()


def is_there(path: Path) -> bool:
    """Return whether anything exists at `path`."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def printable(name: str) -> str:
    """Return `name` with each byte that is invalid in the file system's encoding escaped, as in \\xff.

    Python keeps such bytes as lone surrogates, which neither JSON nor a terminal accepts.
    """
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def path_named(name: str) -> Path:
    """Return the path for which `printable` returned `name`."""
    path = Path(name)
    if "\\x" not in name or is_there(path):
        return path
    escapes = rb"\\x([89a-f][0-9a-f])"
    return Path(os.fsdecode(re.sub(escapes, lambda found: bytes([int(found[1], 16)]), name.encode())))
