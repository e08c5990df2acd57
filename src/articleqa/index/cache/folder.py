"""The user's cache of indexes, so that the same articles are loaded and analysed once.

    ~/.cache/articleqa/indexes/VERSION-KEY-MADE/index/          an index on disk
                                               /manifest.json   what it was made from

VERSION names the code and libraries that made an entry, KEY what it answers for, MADE this making of it. An
entry is made in a hidden folder and renamed when it is complete, and its index never changes afterwards, so
that any number of processes may use and make entries at once. An entry may vanish at any moment: another
process may need the room. Nothing is ever removed but folders with names that this module gives.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from time import time

import regex

from articleqa.index.cache.version import version_name
from articleqa.models import Article
from articleqa.storage.files import size_of

WORTH_S = 0.5
"""Processor seconds of loading and analysing from which on an index is cached: making one takes as long."""

ANALYSED_PER_S = 1_000_000
"""Characters of articles that are analysed in about a second."""

MOST_BYTES = 2_000_000_000
"""The most that all entries together may take."""

ABANDONED_S = 24 * 3600
"""After how long an entry in the making belongs to a process that was killed."""

OUTDATED_S = 7 * 24 * 3600
"""How long an entry of another version is kept after its last use; that version may still be installed."""

_LENGTHS = {"version": 8, "key": 16, "made": 4}
_NAME = regex.compile("-".join(rf"(?P<{part}>[0-9a-f]{{{2 * size}}})" for part, size in _LENGTHS.items()))
_OLD_NAME = regex.compile(r"[0-9a-f]{32}")
"""What entries were called before there were manifests."""

_MAKING = ".making-"
_REMOVING = ".removing-"
_HIDDEN = regex.compile(
    rf"(?:{regex.escape(_MAKING)}|\.)[a-z0-9_]{{8}}|{regex.escape(_REMOVING)}[0-9a-f]{{8}}"
)


class CacheWarning(UserWarning):
    """Nothing could be kept in the cache; the answer does not depend on it."""


def cache_folder() -> Path:
    """Return the folder of all entries: in the user's cache folder, which XDG_CACHE_HOME may name."""
    from platformdirs import user_cache_path

    return user_cache_path("articleqa", appauthor=False) / "indexes"


def worth_caching(articles: Iterable[Article], loading_s: float = 0.0) -> bool:
    """Say whether to cache an index of `articles`, which took so many processor seconds to load."""
    return loading_s + sum(len(article.text) for article in articles) / ANALYSED_PER_S >= WORTH_S


def is_empty() -> bool:
    """Say whether the cache has no entry."""
    return not any(_NAME.fullmatch(path.name) for path in _children())


def key_of(*parts: object) -> str:
    """Return the KEY of what `parts`, which must be JSON, describe."""
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=_LENGTHS["key"]).hexdigest()


def entries_of(key: str) -> list[Path]:
    """Return the entries for `key` that this version made, the most recently used first."""
    prefix = f"{version_name()}-{key}-"
    found = [path for path in _children() if path.name.startswith(prefix) and _is_entry(path)]
    return sorted(found, key=_used, reverse=True)


def mark_used(entry: Path) -> None:
    """Note that `entry` was used just now: the least recently used are removed first."""
    with suppress(OSError):
        os.utime(entry)


def make_entry(key: str, fill: Callable[[Path], None]) -> Path:
    """Make the entry for `key`: `fill` is given an empty folder. Entries that it replaces are removed.

    Those that other processes make meanwhile stay, since these may be about to open them.

    Raises:
        OSError: the cache cannot be written to. What `fill` raises is passed on, and nothing is kept.
    """
    folder = cache_folder()
    if not folder.is_absolute():  # a user without a home
        raise OSError("there is no home folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    replaced = entries_of(key)
    made = Path(tempfile.mkdtemp(prefix=_MAKING, dir=folder))
    try:
        fill(made)
        entry = folder / f"{version_name()}-{key}-{secrets.token_hex(_LENGTHS['made'])}"
        made.rename(entry)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    for older in replaced:
        discard(older)
    _make_room(entry)
    return entry


def discard(entry: Path) -> None:
    """Remove an entry; anything that is not a folder with the name of an entry is left alone."""
    if not _is_entry(entry):
        return
    gone = entry.with_name(f"{_REMOVING}{secrets.token_hex(4)}")
    with suppress(OSError):
        entry.rename(gone)  # first, so that no process finds half of it
    shutil.rmtree(gone, ignore_errors=True)


def _children() -> list[Path]:
    with suppress(OSError):
        return list(cache_folder().iterdir())
    return []


def _is_entry(path: Path) -> bool:
    """Say whether `path` is a folder, and no link to one, with a name that this or an older version gave."""
    is_named = _NAME.fullmatch(path.name) or _OLD_NAME.fullmatch(path.name)
    return bool(is_named) and path.parent == cache_folder() and not path.is_symlink() and path.is_dir()


def _used(path: Path) -> float:
    """Return when an entry was last used; 0 for one that has vanished."""
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _make_room(newest: Path) -> None:
    """Remove what is abandoned or outdated and, above the limit, the least recently used but for `newest`."""
    now, left = time(), []
    for path in _children():
        if _HIDDEN.fullmatch(path.name):
            if not path.is_symlink() and now - _used(path) > ABANDONED_S:
                shutil.rmtree(path, ignore_errors=True)
        elif _is_entry(path):
            outdated = not path.name.startswith(version_name()) and now - _used(path) > OUTDATED_S
            discard(path) if outdated else left.append(path)
    room = MOST_BYTES
    for entry in sorted(left, key=lambda path: (path == newest, _used(path)), reverse=True):
        with suppress(OSError):  # another process may be removing it
            room -= size_of(entry)
        if room < 0 and entry != newest:
            discard(entry)
