"""Read the HTML of a mail: all that it shows, since there are no menus and advertisements around its text."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from articleqa.loaders.elements import blocks_of_elements
from articleqa.loaders.html.shown import keep_shown
from articleqa.loaders.mail.html_lines import part_lines
from articleqa.loaders.mail.html_quotes import remove_quotes
from articleqa.loaders.protocol import UnreadableDataError, optional_import
from articleqa.loaders.text_builder import TextBuilder

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_ELEMENTS = 300_000


def read_markup(markup: str, builder: TextBuilder, *, is_forward: bool) -> None:
    """Add the text of a mail in HTML to `builder`, without what it quotes if anything else is in it.

    Raises:
        MissingLibraryError: lxml is not installed.
        UnreadableDataError: the HTML has too many elements.
    """
    body = _body_of(markup)
    if body is None:
        return
    keep_shown(body)
    own = deepcopy(body)
    remove_quotes(own, is_forward=is_forward)
    shown = own if any(c.isalnum() for c in own.text_content()) else body
    part_lines(shown)
    for block in blocks_of_elements(shown):
        block.add_to(builder)


def _body_of(markup: str) -> HtmlElement | None:
    """Return the body of a mail; None if there is nothing in it."""
    etree, html = (optional_import(f"lxml.{name}", extra="mail") for name in ("etree", "html"))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None
    if sum(1 for _ in page.iter()) > MOST_ELEMENTS:
        raise UnreadableDataError(f"a mail with more than {MOST_ELEMENTS:,} elements; split it")
    body: HtmlElement | None = page.find("body")
    return body
