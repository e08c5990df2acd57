"""The names of an index's files, and which of the names that an index gives may be followed.

kb/articles.sqlite    the database
kb/search-1/          the search side; a repair makes search-2, and so on
kb/lock               held by the one process that writes
"""

from __future__ import annotations

import re
import stat
from pathlib import Path

from articleqa.exceptions import IndexDamagedError

FIRST_SEARCH = "search-1"
"""The folder of a new index's search side."""

_SEARCH = re.compile(r"search-[1-9][0-9]{0,8}", re.ASCII)


def is_search_name(name: str) -> bool:
    """Tell whether `name` is one that a search folder can have: no path, no link out of the index."""
    return _SEARCH.fullmatch(name) is not None


def search_folder(folder: Path, name: str) -> Path:
    """Return the search folder `name` of the index in `folder`.

    The name comes from the index's own database, which anybody may have written: only `search-<number>` is
    accepted, directly below the index, and no link.

    Raises:
        IndexDamagedError: the name is another one, or there is no such folder.
    """
    path = folder / name
    if not is_search_name(name):
        problem = f"its search folder is called {name[:80]!r}, not search-<number>"
    elif not is_own_folder(path):
        problem = f"its search folder {name} is missing, or is no folder of its own"
    else:
        return path
    raise IndexDamagedError(f"{folder}: {problem}; rebuild it with `articleqa index check {folder} --repair`")


def is_own_folder(path: Path) -> bool:
    """Tell whether `path` is a folder and not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def next_search_name(folder: Path) -> str:
    """Return a search folder's name that nothing in `folder` has."""
    used = {path.name for path in folder.glob("search-*")}
    return next(name for n in range(1, len(used) + 2) if (name := f"search-{n}") not in used)
