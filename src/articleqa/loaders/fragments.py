"""HTML that is all text, as in mails and feeds: there are no menus and advertisements around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articleqa.loaders.element_trees import parsed_html
from articleqa.loaders.html.shown import keep_shown
from articleqa.loaders.protocol import UnreadableDataError, optional_import

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def shown_fragment(markup: str, *, extra: str) -> HtmlElement | None:
    """Return the body of a fragment with what a browser shows of it; None if there is nothing in it.

    `extra` installs the library.

    Raises:
        MissingLibraryError: lxml is not installed.
        UnreadableDataError: the fragment has too many elements, or they are nested too deep.
    """
    etree = optional_import("lxml.etree", extra=extra)
    try:
        page = parsed_html(markup.encode("utf-8", "replace"), "holds HTML")
    except UnreadableDataError:
        raise
    except (etree.ParserError, ValueError):
        return None
    body: HtmlElement | None = page.find("body")
    if body is not None:
        keep_shown(body)
    return body
