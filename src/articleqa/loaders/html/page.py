"""The HTML loader: web pages saved from a browser."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

import regex
from pydantic import JsonValue

from articleqa.loaders.encoding import BinaryDataError, decode
from articleqa.loaders.html.main_text import main_blocks
from articleqa.loaders.html.metadata import page_metadata
from articleqa.loaders.protocol import MissingLibraryError, UnreadableDataError
from articleqa.loaders.text_builder import TextBuilder
from articleqa.models import Article

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST = 10_000_000
"""Bytes of markup, without the pictures written into it."""

_MOST_ELEMENTS = 300_000
_LONGEST_ATTRIBUTE = 2000
"""Characters; what is longer is a picture, a script or a style, and slow to search for names."""

_PICTURE = regex.compile(rb"(?<=data:)[\w/+.;=-]*+,[^\s\"'()<>]{100,}+")
_CHARSET = regex.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", regex.IGNORECASE)
_OLD_ENCODINGS = regex.compile(
    r"cp\d|iso8859|koi8|mac|gb|big5|euc|shift_jis|iso2022|johab|tis|ptcp|kz1048|hz"
)
"""What a page can say to be in: of Python's other encodings some are none of text, some very slow."""

_HEAD = 4096
"""Bytes in which a page's own word on its charset is looked for."""

_NO_TEXT = regex.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]")


def load_html(data: bytes, article_id: str, source: str) -> Article:
    """Return the main text of the web page in `data`, with what the page says of itself as metadata.

    Raises:
        MissingLibraryError: trafilatura is not installed.
        UnreadableDataError: `data` is not text, or too large a page.
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
    """Return what `load_html` does.

    `charset` is what came with the page and goes before its own word; so does `metadata`.

    Raises:
        MissingLibraryError: trafilatura is not installed.
        UnreadableDataError: `data` is not text, or too large a page.
    """
    try:
        import trafilatura  # noqa: F401
    except ImportError as error:
        raise MissingLibraryError("html") from error
    text = _decoded(_PICTURE.sub(b",", data), charset)
    builder = TextBuilder()
    try:
        page = _parsed(text)
        found = {**page_metadata(page, text[:_HEAD]), **(metadata or {})}
        title = str(found.pop("title", ""))
        for block in main_blocks(page, title, str(found.get("author", ""))):
            block.add_to(builder)
    except UnreadableDataError:
        raise
    except Exception as error:  # of whatever lxml, htmldate or trafilatura trips over
        raise UnreadableDataError("a web page that cannot be taken apart") from error
    return builder.article(
        article_id,
        source,
        title=title,
        media_type=media_type,
        extractor=f"trafilatura/{version('trafilatura')}",
        metadata=found,
    )


def _decoded(data: bytes, charset: str) -> str:
    """Return `data` as text: as UTF-8 where it is that, whatever it says it is, else as it says."""
    if len(data) > _LARGEST:
        raise UnreadableDataError(f"a web page of more than {_LARGEST // 1_000_000} MB")
    if not _is_unicode(data):
        stated = _CHARSET.search(data[:_HEAD])
        for name in (charset, stated[1].decode() if stated else ""):
            text = _decoded_as(name, data)
            if text is not None:
                return text
    try:
        return decode(data).text
    except BinaryDataError as error:
        raise UnreadableDataError("not a web page") from error


def _is_unicode(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return True


def _decoded_as(name: str, data: bytes) -> str | None:
    try:
        known = codecs.lookup(name).name
        # Browsers read what calls itself Latin-1 as Windows-1252.
        known = "cp1252" if known in ("iso8859-1", "ascii") else known
        return data.decode(known) if _OLD_ENCODINGS.match(known) else None
    except (LookupError, ValueError):
        return None


def _parsed(text: str) -> HtmlElement:
    from lxml import html

    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    markup = _NO_TEXT.sub("", text).encode("utf-8", "replace")
    # lxml refuses what has no element at all; an empty page is a page.
    page = html.document_fromstring(markup if markup.strip() else b"<body></body>", parser=parser)
    for count, element in enumerate(page.iter()):
        if count > _MOST_ELEMENTS:
            raise UnreadableDataError(f"a web page of more than {_MOST_ELEMENTS} elements")
        for name, value in element.items():
            if len(value) > _LONGEST_ATTRIBUTE:
                element.set(name, value[:_LONGEST_ATTRIBUTE])
    return page
