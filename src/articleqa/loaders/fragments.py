"""HTML that is all text, as in mails and feeds: there are no menus and advertisements around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articleqa.loaders.element_trees import check_size
from articleqa.loaders.html.shown import keep_shown
from articleqa.loaders.protocol import optional_import

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def shown_fragment(markup: str, *, extra: str) -> HtmlElement | None:
    """Return the body of a fragment with what a browser shows of it; None if there is nothing in it.

    `extra` installs the library.

    Raises:
        MissingLibraryError: lxml is not installed.
        UnreadableDataError: the fragment has too many elements.
    """
    etree, html = (optional_import(f"lxml.{name}", extra=extra) for name in ("etree", "html"))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None
    check_size(page, "holds HTML")
    body: HtmlElement | None = page.find("body")
    if body is not None:
        keep_shown(body)
    return body
