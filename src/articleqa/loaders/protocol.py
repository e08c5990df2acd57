"""The interface of all loaders.

A loader is a function `(data, article_id, source) -> Article`, in a module of its own. The text that it
extracts becomes the article's text; `metadata["extractor"]` names the extractor and its version.
"""

from __future__ import annotations

from collections.abc import Callable

from articleqa.models import Article

Loader = Callable[[bytes, str, str], Article]

TEXT_TYPES = frozenset({"text/plain", "text/markdown", "text/x-rst"})
"""Media types of articles whose text is the text of their file, line by line."""


class UnreadableDataError(ValueError):
    """A loader cannot read the data: it is damaged, locked, or not in the loader's format.

    The message is a clause to put after the file's name: "not a PDF file", "locked by a password".
    """


class MissingLibraryError(UnreadableDataError):
    """The library that a format needs is not installed; the message says how to install it."""

    def __init__(self, extra: str) -> None:
        """Take the name of the extra of this package that installs the library."""
        super().__init__(f"reading it needs a library: pip install 'articleqa[{extra}]'")
