"""The loaders for feeds: RSS and Atom, read with feedparser, and JSON Feed. Each entry is an article."""

from __future__ import annotations

import calendar
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin

import regex
from pydantic import JsonValue

from articleqa.language.feeds import APPEARED_FIRST
from articleqa.loaders.archives import MEGABYTE
from articleqa.loaders.elements import blocks_of_elements
from articleqa.loaders.encoding import BinaryDataError, decode
from articleqa.loaders.fragments import shown_fragment
from articleqa.loaders.protocol import (
    Fields,
    NamedData,
    UnreadableDataError,
    library_version,
    optional_import,
)
from articleqa.loaders.text_builder import TextBuilder
from articleqa.loaders.titles import shortened, title_of
from articleqa.models import Article

LARGEST_FEED = 50 * MEGABYTE
MOST_ENTRIES = 100_000

_EXTRACTOR = "articleqa/feeds-1"
_NO_TEXT = regex.compile(r"(?!\s)[\p{Cc}\p{Cs}]")
_AMPERSAND = regex.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,31});)",
    regex.IGNORECASE | regex.DOTALL,
)
"""An ampersand that the author of a feed forgot to escape: feedparser makes "AT&T;" of "AT&T"."""

_MARKUP = regex.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")


class _Entry(NamedTuple):
    """An entry of a feed: `key` identifies it, and its content is text or HTML."""

    key: str
    title: str
    content: str
    is_html: bool
    metadata: dict[str, JsonValue]


def feed_members(file: NamedData, _: Fields) -> Iterator[Article]:
    """Yield an article for each entry of an RSS or Atom feed.

    Raises:
        MissingLibraryError: feedparser or lxml is not installed.
        UnreadableDataError: `file` is not a feed, is too large, or declares entities.
    """
    feedparser = optional_import("feedparser", extra="feeds")
    _check_size(file.data)
    if b"<!ENTITY" in file.data:  # they serve to blow up a small file
        raise UnreadableDataError("declares entities, which a feed need not do; remove them")
    try:
        # A stream, since feedparser would take bytes or text that look like an address for one.
        data = io.BytesIO(_AMPERSAND.sub(_escaped, file.data))
        feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
        entries = [_parsed(entry, feed.feed) for entry in feed.entries]
    except Exception:  # feedparser's, the XML parser's, RecursionError, ...: it depends on the damage
        raise UnreadableDataError("a damaged feed; copy or download it again") from None
    if not feed.get("version"):
        raise UnreadableDataError("not an RSS or Atom feed; copy or download it again")
    yield from _articles(entries, file, "application/atom+xml", f"feedparser/{library_version('feedparser')}")


def json_feed_members(file: NamedData, _: Fields) -> Iterator[Article]:
    """Yield an article for each item of a JSON Feed.

    Raises:
        MissingLibraryError: an item is in HTML, and lxml is not installed.
        UnreadableDataError: `file` is not a JSON Feed, or is too large.
    """
    _check_size(file.data)
    try:
        feed = json.loads(decode(file.data).text)
    except (BinaryDataError, ValueError, RecursionError):
        raise UnreadableDataError("not a JSON Feed, or a damaged one; copy or download it again") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise UnreadableDataError("not a JSON Feed; write one object a line, as .jsonl")
    entries = [_item(item, feed) for item in items if isinstance(item, dict)]
    yield from _articles(entries, file, "application/feed+json", _EXTRACTOR)


def _escaped(found: regex.Match[bytes]) -> bytes:
    return b"&amp;" if found[0] == b"&" else found[0]


def _check_size(data: bytes) -> None:
    if len(data) > LARGEST_FEED:
        raise UnreadableDataError(f"a feed of more than {LARGEST_FEED // MEGABYTE} MB; split it")


def _articles(
    entries: Sequence[_Entry], file: NamedData, media_type: str, extractor: str
) -> Iterator[Article]:
    if len(entries) > MOST_ENTRIES:
        raise UnreadableDataError(f"has more than {MOST_ENTRIES:,} entries; split it")
    taken: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        key = entry.key if entry.key and entry.key not in taken else str(number)
        while key in taken:
            key = f"{key}.{number}"
        taken.add(key)
        article_id, source = f"{file.article_id}#{key}", f"{file.source}#{key}"
        if entry.is_html and (read := _read(entry.content)).length:
            yield read.article(
                article_id,
                source,
                title=entry.title,
                media_type=media_type,
                extractor=f"lxml/{library_version('lxml')}",
                metadata=entry.metadata,
            )
            continue
        text = "" if entry.is_html else entry.content.replace("\r\n", "\n").strip()
        text = text or entry.title
        yield Article(
            id=article_id,
            title=shortened(entry.title) or title_of(text) or key,
            text=text,
            source=source,
            media_type=media_type,
            metadata=entry.metadata | {"extractor": extractor},
        )


def _read(content: str) -> TextBuilder:
    """Return the text of an entry in HTML."""
    builder = TextBuilder()
    body = shown_fragment(content, extra="feeds")
    for block in () if body is None else blocks_of_elements(body):
        if APPEARED_FIRST.fullmatch(block.text):
            builder.boilerplate(block.text)
        else:
            block.add_to(builder)
    return builder


def _parsed(entry: Any, feed: Any) -> _Entry:
    """Return an entry as feedparser found it; the longer of its content and its summary is read."""
    contents = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    content = max(contents, key=lambda each: len(each.get("value") or ""))
    value = _clean(content.get("value"))
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    date = datetime.fromtimestamp(calendar.timegm(moment), UTC).isoformat() if moment else ""
    title = _line(entry.get("title"))
    return _Entry(
        key=_line(entry.get("id") or entry.get("link")),
        title=_without_markup(title),
        content=value,
        is_html="html" in (content.get("type") or "") or _MARKUP.search(value) is not None,
        metadata=_stated(
            author=entry.get("author") or feed.get("author"),
            date=date,
            url=_address(entry.get("link"), feed.get("link")),
            site=_without_markup(_line(feed.get("title"))),
            language=feed.get("language"),
        ),
    )


def _item(item: Mapping[str, Any], feed: Mapping[str, Any]) -> _Entry:
    text, markup = item.get("content_text"), item.get("content_html")
    is_html = isinstance(markup, str) and not isinstance(text, str)
    content = markup if is_html else text if isinstance(text, str) else item.get("summary")
    return _Entry(
        key=_line(item.get("id") or item.get("url")),
        title=_line(item.get("title")),
        content=_clean(content),
        is_html=is_html,
        metadata=_stated(
            author=_author(item) or _author(feed),
            date=item.get("date_published") or item.get("date_modified"),
            url=_address(item.get("url") or item.get("external_url"), feed.get("home_page_url")),
            site=feed.get("title"),
            language=item.get("language") or feed.get("language"),
        ),
    )


def _address(link: object, base: object) -> str:
    """Return the address of an entry, which may be relative to that of its site."""
    try:
        return urljoin(_line(base), _line(link)) if link else ""
    except ValueError:  # brackets that are no address
        return _line(link)


def _author(holder: Mapping[str, Any]) -> str:
    """Return the names of the authors; version 1 of JSON Feed has a single one."""
    authors = holder.get("authors")
    named = authors if isinstance(authors, list) else [holder.get("author")]
    return "; ".join(_line(each["name"]) for each in named if isinstance(each, dict) and each.get("name"))


def _without_markup(title: str) -> str:
    if not _MARKUP.search(title):
        return title
    from lxml.html import fromstring

    return _line(fromstring(f"<p>{title}</p>").text_content())


def _stated(**values: object) -> dict[str, JsonValue]:
    return {name: line for name, value in values.items() if (line := _line(value))}


def _line(value: object) -> str:
    is_plain = isinstance(value, str | int | float)
    return " ".join(_clean(value).split()) if is_plain else ""


def _clean(value: object) -> str:
    return "" if value is None else _NO_TEXT.sub("", str(value))
