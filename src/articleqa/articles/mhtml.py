"""The MHTML loader: web pages saved as a single file."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser

from articleqa.articles.contract import UnreadableDataError
from articleqa.models import Article

_PAGES = ("text/html", "application/xhtml+xml")
_MOST_PARTS = 20_000


def load_mhtml(data: bytes, article_id: str, source: str) -> Article:
    """Return the main text of the page saved in `data`, as `load_html` does.

    The metadata have the address that the page was saved from as `url`, and the day as `saved`.

    Raises:
        MissingLibraryError: trafilatura is not installed.
        UnreadableDataError: `data` is no MHTML, or has no page in it that can be read.
    """
    if data.count(b"\n--") > _MOST_PARTS:
        raise UnreadableDataError(f"a web archive of more than {_MOST_PARTS} parts")
    try:
        message = BytesParser(policy=policy.default.clone(max_count=1000)).parsebytes(data)
    except Exception:
        raise
    return message
