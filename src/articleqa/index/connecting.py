"""Connecting to an index by its URL: the scheme says which backend opens it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from inspect import Parameter, signature
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import regex

from articleqa.exceptions import ArticleQAError, NotAnIndexError
from articleqa.index.backend import Backend

BUILT_IN: Mapping[str, str] = {
    "file": "articleqa.index.disk_backend:connect",
    "memory": "articleqa.index.memory_backend:connect",
    "opensearch": "articleqa.index.opensearch_backend:connect",
}
"""The schemes of this package, and the functions that open an index: `(place, **options) -> Backend`."""

ENTRY_POINTS = "articleqa.backends"
"""The group of entry points by which other packages add schemes; the name of an entry point is the scheme."""

_URL = regex.compile(r"([a-z][a-z0-9+.-]+):(//)?.*", regex.IGNORECASE | regex.DOTALL)
"""A URL. One letter and a colon, as in `C:\\kb`, begin a path."""

_DRIVE = regex.compile(r"/[a-zA-Z]:")
"""How the path begins in a URL such as file:///C:/kb."""

_FILE_URL = regex.compile("file:", regex.IGNORECASE)


def backend_at(place: str | os.PathLike[str], **options: object) -> Backend:
    """Open the backend at a URL or path.

    A URL has "//" after its scheme, or a scheme that is known; everything else is the path of an index on
    disk. `options` are passed on to the backend.

    Raises:
        NotAnIndexError: no backend has the URL's scheme, or there is no index.
        IndexUnavailableError: the index cannot be reached.
        ArticleQAError: the package of the backend cannot be imported, or its own errors.
    """
    return _function_at(place)(place, **options)


def new_backend_at(place: str | os.PathLike[str], **options: object) -> Backend:
    """Make an empty index at a URL or path, and open its backend; see `backend_at`.

    Raises:
        NotAnIndexError: there is an index or something else already, or the backend of the URL makes none.
    """
    opened = _function_at(place)
    if "create" not in _accepted(opened, ("create",)):
        scheme = str(place).partition(":")[0]
        raise NotAnIndexError(f"{scheme}:…: its backend makes no indices; make it there, then connect to it")
    return opened(place, create=True, **options)


def options_for(place: str | os.PathLike[str], **options: object) -> dict[str, Any]:
    """Return those of `options` that the backend at `place` has and that are not None."""
    names = _accepted(_function_at(place), options)
    return {name: value for name, value in options.items() if name in names and value is not None}


def _accepted(function: Callable[..., object], names: Iterable[str]) -> set[str]:
    """Return those of `names` that a function takes as keywords."""
    taken = signature(function).parameters.values()
    if any(each.kind is Parameter.VAR_KEYWORD for each in taken):
        return set(names)
    return {each.name for each in taken} & set(names)


def is_index_url(place: str) -> bool:
    """Return whether `place` is the URL of an index that is not on disk."""
    found = _URL.fullmatch(place)
    return found is not None and found[2] is not None and found[1].lower() != "file"


def _function_at(place: str | os.PathLike[str]) -> Callable[..., Backend]:
    found = _URL.fullmatch(place) if isinstance(place, str) else None
    scheme = found[1].lower() if found else ""
    if found is None or (found[2] is None and scheme not in BUILT_IN):
        scheme = "file"
    return _function_of(BUILT_IN[scheme]) if scheme in BUILT_IN else _from_packages(scheme)


def path_of(place: str | os.PathLike[str]) -> Path:
    """Return the path in a URL "file:///folder" or "file:folder"; everything else is a path already.

    Raises:
        NotAnIndexError: the URL names another machine.
    """
    if not isinstance(place, str) or not _FILE_URL.match(place):
        return Path(place)
    parts = urlsplit(place)
    if parts.netloc not in ("", "localhost"):
        raise NotAnIndexError(f"{place}: a file on another machine; give a path, or file:///folder")
    path = unquote(parts.path)
    return Path(path.lstrip("/") if _DRIVE.match(path) else path)


def _from_packages(scheme: str) -> Callable[..., Backend]:
    points = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if scheme not in points:
        known = ", ".join(sorted({*BUILT_IN, *points}))
        # Only the scheme is named: a URL may have a password in it.
        raise NotAnIndexError(f"{scheme}://…: no backend for {scheme!r}; known are {known}")
    try:
        opened: Callable[..., Backend] = points[scheme].load()
    except (Exception, SystemExit) as error:  # whatever another package does when it is imported
        raise ArticleQAError(
            f"{scheme}://…: its backend cannot be imported ({type(error).__name__}: {error});"
            f" reinstall the package that has {points[scheme].value}"
        ) from error
    return opened


def _function_of(name: str) -> Callable[..., Backend]:
    module, _, function = name.partition(":")
    opened: Callable[..., Backend] = getattr(import_module(module), function)
    return opened
