"""The HTML loader: web pages saved from a browser."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import TYPE_CHECKING

import regex
from pydantic import JsonValue

from articleqa.loaders.element_trees import parsed_html
from articleqa.loaders.encoding import BinaryDataError, decode
from articleqa.loaders.html.main_text import main_blocks
from articleqa.loaders.html.metadata import page_metadata
from articleqa.loaders.html.shown import without_noscript
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.loaders.text_builder import TextBuilder
from articleqa.models import Article

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST = 10_000_000
"""Maximum bytes of markup, not counting embedded pictures."""

_LONGEST_ATTRIBUTE = 2000
"""Characters kept of an attribute; a longer one is a picture, a script or a style, and slow to search."""

_PICTURE = regex.compile(rb"data:[\w/+.;=-]*+,[^\s\"'()<>]{100,}+")
_CHARSET = regex.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", regex.IGNORECASE)
_OLD_ENCODINGS = regex.compile(
    r"cp\d|iso8859|koi8|mac|gb|big5|euc|shift_jis|iso2022|johab|tis|ptcp|kz1048|hz"
)
"""Encodings that a page may declare; of Python's others, some are not for text and some are very slow."""

_HEAD = 4096
"""Number of bytes at the beginning of a page that are searched for its charset declaration."""

_NO_TEXT = regex.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]")


def load_html(data: bytes, article_id: str, source: str) -> Article:
    """Return the main text of the web page in `data`, with the page's own metadata.

    Raises:
        MissingLibraryError: trafilatura is not installed.
        UnreadableDataError: `data` is not text, cannot be parsed, is too large, or nested too deep.
    """
    return article_of_page(data, article_id, source, media_type="text/html")


def article_of_page(
    data: bytes,
    article_id: str,
    source: str,
    *,
    media_type: str,
    charset: str = "",
    metadata: Mapping[str, JsonValue] | None = None,
) -> Article:
    """Return the main text of the web page in `data`, as `load_html` does.

    `charset` and `metadata` are those that came with the page; they override what the page itself declares.

    Raises:
        MissingLibraryError: trafilatura is not installed.
        UnreadableDataError: `data` is not text, cannot be parsed, is too large, or nested too deep.
    """
    optional_import("trafilatura", extra="html")
    text = decoded_markup(data, charset)
    builder = TextBuilder()
    try:
        page = parsed_page(text)
        kept = list(page.iter())  # else lxml makes a new object for an element each time it is visited
        found = {**page_metadata(page, text[:_HEAD]), **(metadata or {})}
        title = str(found.pop("title", ""))
        for block in main_blocks(page, title):
            block.add_to(builder)
        del kept
    except UnreadableDataError:
        raise
    except Exception as error:  # lxml, htmldate and trafilatura raise errors of many types
        raise UnreadableDataError(
            "a web page that cannot be parsed; save it from the browser again"
        ) from error
    return builder.article(
        article_id,
        source,
        title=title,
        media_type=media_type,
        extractor=f"trafilatura/{library_version('trafilatura')}",
        metadata=found,
    )


def decoded_markup(data: bytes, charset: str = "") -> str:
    """Return the page in `data` as text without embedded pictures.

    It is decoded as UTF-8 or UTF-16 if it is that, else as declared, else as guessed.

    Raises:
        UnreadableDataError: `data` is not text, or too large.
    """
    data = _PICTURE.sub(b"data:,", data)
    if len(data) > _LARGEST:
        raise UnreadableDataError(f"a web page of more than {_LARGEST // 1_000_000} MB; split it")
    if not _is_unicode(data):
        stated = _CHARSET.search(data[:_HEAD])
        for name in (charset, stated[1].decode() if stated else ""):
            text = _decoded_as(name, data)
            if text is not None:
                return text
    try:
        return decode(data).text
    except BinaryDataError as error:
        raise UnreadableDataError("not a web page; save it from the browser again") from error


def _is_unicode(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return True


def _decoded_as(name: str, data: bytes) -> str | None:
    try:
        known = codecs.lookup(name).name
        # Browsers decode pages declared as Latin-1 as Windows-1252.
        known = "cp1252" if known in ("iso8859-1", "ascii") else known
        return data.decode(known) if _OLD_ENCODINGS.match(known) else None
    except (LookupError, ValueError):
        return None


def parsed_page(text: str) -> HtmlElement:
    """Return the root element of the page in `text`, with long attributes cut.

    Raises:
        UnreadableDataError: the page is nested too deep, or has too many elements.
    """
    markup = without_noscript(_NO_TEXT.sub("", text)).encode("utf-8", "replace")
    # lxml refuses input without any element, but an empty page is still a page.
    page = parsed_html(markup if markup.strip() else b"<body></body>", "a web page")
    for element in page.iter():
        for name, value in element.items():
            if len(value) > _LONGEST_ATTRIBUTE:
                element.set(name, value[:_LONGEST_ATTRIBUTE])
    return page
