"""The files of an index on disk, and checks of the folder name that its database gives.

kb/articles.sqlite    the database
kb/search-1/          the search index (tantivy); a repair makes search-2, and so on
kb/lock               locked by the one process that writes
"""

from __future__ import annotations

import re
import stat
from pathlib import Path

from articleqa.exceptions import IndexDamagedError

FIRST_SEARCH = "search-1"
"""The name of the search folder, which holds the search index, in a new index."""

_SEARCH = re.compile(r"search-[1-9][0-9]{0,8}", re.ASCII)


def is_search_name(name: str) -> bool:
    """Return whether `name` is `search-<number>`, which cannot be a path out of the index."""
    return _SEARCH.fullmatch(name) is not None


def search_folder(folder: Path, name: str) -> Path:
    """Return the path of the search folder `name` in the index folder `folder`.

    The name comes from the index's database, which anybody may have written. So only `search-<number>` is
    accepted, and only if it is a folder directly in the index folder, not a link.

    Raises:
        IndexDamagedError: the name has another form, or there is no such folder.
    """
    path = folder / name
    if not is_search_name(name):
        problem = f"its search folder is called {name[:80]!r}, not search-<number>"
    elif not is_own_folder(path):
        problem = f"its search folder {name} is missing, or is a link or a file"
    else:
        return path
    raise IndexDamagedError(f"{folder}: {problem}; rebuild it with `articleqa index check {folder} --repair`")


def is_own_folder(path: Path) -> bool:
    """Return whether `path` is a folder, not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def next_search_name(folder: Path) -> str:
    """Return the first name for a search folder that is not used in `folder` yet."""
    used = {path.name for path in folder.glob("search-*")}
    return next(name for n in range(1, len(used) + 2) if (name := f"search-{n}") not in used)
