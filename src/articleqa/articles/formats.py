"""The loaders by file suffix: the one place to add a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from articleqa.articles.markdown import load_markdown
from articleqa.articles.plain_text import load_plain_text
from articleqa.models import Article

Loader = Callable[[bytes, str, str], Article]
"""`(data, article id, source) -> Article`; raises `BinaryDataError` for data that is no such text."""

LOADERS: Mapping[str, Loader] = {
    "": load_plain_text,
    ".txt": load_plain_text,
    ".text": load_plain_text,
    ".md": load_markdown,
    ".markdown": load_markdown,
}
"""What a folder is searched for. A file named by itself is read whatever its suffix."""


def loader_for(name: str) -> Loader:
    """Return the loader for a file's name: by its suffix, plain text for one that is not known."""
    return LOADERS.get(PurePath(name).suffix.lower(), load_plain_text)


def is_known(name: str) -> bool:
    """Say whether a file found in a folder is of a format that is loaded."""
    return PurePath(name).suffix.lower() in LOADERS
