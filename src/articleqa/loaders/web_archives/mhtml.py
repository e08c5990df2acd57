"""The MHTML loader: web pages saved as a single file."""

from __future__ import annotations

from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag

from pydantic import JsonValue

from articleqa.loaders.html import article_of_page
from articleqa.loaders.mime import parsed_message
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.models import Article

_PAGES = ("text/html", "application/xhtml+xml")


def load_mhtml(data: bytes, article_id: str, source: str) -> Article:
    """Return the main text of the page saved in `data`, extracted as in `load_html`.

    The metadata has the page's address as `url`, and the time when it was saved as `saved`.

    Raises:
        MissingLibraryError: trafilatura is not installed.
        UnreadableDataError: `data` is not MHTML, or holds no page that can be read.
    """
    message = parsed_message(data, "web archive")
    try:
        page = _page_part(message)
        markup = page.get_payload(decode=True) if page is not None else None
        charset = (page.get_content_charset() or "") if page is not None else ""
    except (RecursionError, ValueError, LookupError, TypeError) as error:
        raise UnreadableDataError("a damaged web archive; save it from the browser again") from error
    if not isinstance(markup, bytes):
        raise UnreadableDataError("not a web archive, or one without a page; save it from the browser again")
    return article_of_page(
        markup,
        article_id,
        source,
        media_type="multipart/related",
        charset=charset,
        metadata=_saved(message),
    )


def _page_part(message: Message) -> Message | None:
    """Return the page's part: the one with the page's address, else the first (others are frames)."""
    pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    address = _field(message, "Snapshot-Content-Location")
    named = (part for part in pages if address and _same(_field(part, "Content-Location"), address))
    return next(named, pages[0] if pages else None)


def _saved(message: Message) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    if address := _field(message, "Snapshot-Content-Location"):
        found["url"] = address
    try:
        moment = parsedate_to_datetime(_field(message, "Date"))
        # In UTC: the time zone says where the person who saved the page was, nothing about the page.
        found["saved"] = (moment.astimezone(UTC) if moment.tzinfo else moment).isoformat()
    except (ValueError, OverflowError):
        pass
    return found


def _field(message: Message, name: str) -> str:
    return str(message.get(name, "")).encode("ascii", "ignore").decode().strip()


def _same(address: str, other: str) -> bool:
    return urldefrag(address).url == urldefrag(other).url
