"""The folder of the user's cache of indexes: its entries, and which of them are kept.

    ~/.cache/articleqa/indexes/VERSION-KEY-MADE/index/          an index on disk
                                               /manifest.json   what it was made from

VERSION identifies the code and libraries that made an entry, KEY the articles or files that it is for; MADE
is random and differs for each entry. An entry is made in a hidden folder and renamed when it is complete,
and its index never changes afterwards, so any number of processes may use and make entries at once. An entry
may vanish at any moment, because another process may need the room. Only folders with names that this module
gives are ever removed.
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
from typing import NamedTuple

import regex

from articleqa.index.cache.version import version_name
from articleqa.models import Article
from articleqa.storage.files import size_of

WORTH_S = 0.5
"""An index is cached if loading and analysing take at least this many processor seconds.

Making a cached index takes about as long."""

ANALYSED_PER_S = 1_000_000
"""Characters of articles that analysis handles in about a second."""

MOST_BYTES = 2_000_000_000
"""The largest size of all entries together, in bytes."""

ABANDONED_S = 24 * 3600
"""Seconds after which an unfinished entry is taken to be left over from a killed process."""

OUTDATED_S = 7 * 24 * 3600
"""Seconds for which an entry of another version, which may still be installed, is kept after its last use."""

_LENGTHS = {"version": 8, "key": 16, "made": 4}
_NAME = regex.compile("-".join(rf"(?P<{part}>[0-9a-f]{{{2 * size}}})" for part, size in _LENGTHS.items()))
_OLD_NAME = regex.compile(r"[0-9a-f]{32}")
"""The names of entries made before there were manifests."""

_MAKING = ".making-"
_REMOVING = ".removing-"
_HIDDEN = regex.compile(
    rf"(?:{regex.escape(_MAKING)}|\.)[a-z0-9_]{{8}}|{regex.escape(_REMOVING)}[0-9a-f]{{8}}"
)


class CacheWarning(UserWarning):
    """The index could not be cached; the answer is the same without the cache."""


class CacheEntry(NamedTuple):
    """An index in the cache: its folder, its size in bytes, and its last use in seconds since the epoch."""

    path: Path
    size: int
    used: float


def cache_folder() -> Path:
    """Return the folder of all entries, within the user's cache folder (on Linux, XDG_CACHE_HOME if set)."""
    from platformdirs import user_cache_path

    return user_cache_path("articleqa", appauthor=False) / "indexes"


def worth_caching(articles: Iterable[Article], loading_s: float = 0.0) -> bool:
    """Return whether to cache an index of `articles`, which took `loading_s` processor seconds to load."""
    return loading_s + sum(len(article.text) for article in articles) / ANALYSED_PER_S >= WORTH_S


def is_empty() -> bool:
    """Return whether the cache has no entry."""
    return not any(_NAME.fullmatch(path.name) for path in _children())


def entries() -> list[CacheEntry]:
    """Return all entries, also those of other versions."""
    found = []
    for path in filter(_is_entry, _children()):
        with suppress(OSError):  # another process may be removing it
            found.append(CacheEntry(path, size_of(path), _used(path)))
    return found


def clear() -> list[CacheEntry]:
    """Remove all entries and abandoned ones; return those that are gone.

    What another process makes meanwhile stays.
    """
    held = entries()
    for entry in held:
        discard(entry.path)
    _remove_abandoned()
    return [entry for entry in held if not _is_entry(entry.path)]


def key_of(*parts: object) -> str:
    """Return the KEY for `parts`, which must be serialisable as JSON."""
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
    """Make the entry for `key`, which `fill` writes into an empty folder; remove the entries it replaces.

    Entries that other processes make in the meantime stay, because they may be about to open them. If
    `fill` raises, no entry is made and the exception is passed on.

    Raises:
        OSError: the cache cannot be written to.
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
    """Remove an entry; do nothing if `entry` is not a folder with the name of one."""
    if not _is_entry(entry):
        return
    gone = entry.with_name(f"{_REMOVING}{secrets.token_hex(4)}")
    with suppress(OSError):
        entry.rename(gone)  # first, so that no process opens a half-removed entry
    shutil.rmtree(gone, ignore_errors=True)


def _children() -> list[Path]:
    with suppress(OSError):
        return list(cache_folder().iterdir())
    return []


def _is_entry(path: Path) -> bool:
    """Return whether `path` is a folder, not a link, with a name that this or an older version gives."""
    is_named = _NAME.fullmatch(path.name) or _OLD_NAME.fullmatch(path.name)
    return bool(is_named) and path.parent == cache_folder() and not path.is_symlink() and path.is_dir()


def _used(path: Path) -> float:
    """Return when an entry was last used, in seconds since the epoch; 0 for one that has vanished."""
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _make_room(newest: Path) -> None:
    """Remove abandoned and outdated entries, then the least recently used ones while the cache is too large.

    The entry `newest` always stays.
    """
    _remove_abandoned()
    now, left = time(), []
    for entry in entries():
        outdated = not entry.path.name.startswith(version_name()) and now - entry.used > OUTDATED_S
        discard(entry.path) if outdated else left.append(entry)
    room = MOST_BYTES
    for entry in sorted(left, key=lambda entry: (entry.path == newest, entry.used), reverse=True):
        room -= entry.size
        if room < 0 and entry.path != newest:
            discard(entry.path)


def _remove_abandoned() -> None:
    """Remove what killed processes left unfinished."""
    for path in _children():
        if _HIDDEN.fullmatch(path.name) and not path.is_symlink() and time() - _used(path) > ABANDONED_S:
            shutil.rmtree(path, ignore_errors=True)
