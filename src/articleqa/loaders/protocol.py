"""What a loader of one format promises.

A loader is a function `(data, article_id, source) -> Article`, in a file of its own. What it extracts is the
article's text from then on; `metadata["extractor"]` names what extracted it, with its version.
"""

from __future__ import annotations

from collections.abc import Callable

from articleqa.models import Article

Loader = Callable[[bytes, str, str], Article]

TEXT_TYPES = frozenset({"text/plain", "text/markdown", "text/x-rst"})
"""The media types of articles whose text is that of their file, line by line."""


class UnreadableDataError(ValueError):
    """Data that a loader cannot read: damaged, locked, or not of its format at all.

    The message is a clause that follows the file's name: "not a PDF file", "locked by a password".
    """


class MissingLibraryError(UnreadableDataError):
    """A format whose library is not installed; the message says what installs it."""

    def __init__(self, extra: str) -> None:
        """Name the extra of this package that brings the library."""
        super().__init__(f"reading it needs a library: pip install 'articleqa[{extra}]'")
