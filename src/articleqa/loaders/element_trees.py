"""What holds for all trees of HTML elements, whatever file they are in: their size, and what hides a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from articleqa.loaders.protocol import UnreadableDataError

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

MOST_ELEMENTS = 300_000
"""Maximum elements of a page, a chapter, a mail or an entry of a feed."""

_MOST_DEEP_ELEMENTS = 5_000
"""The same where elements are nested deeper than libxml2 reads by default (about 256), which takes longer."""

_TOO_DEEP = "Excessive depth"
"""What libxml2 says when it leaves out the rest of a page."""

_HIDING = regex.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", regex.IGNORECASE)


def parsed_html(markup: bytes, what: str) -> HtmlElement:
    """Return the tree of HTML in UTF-8, also with deeply nested elements; `what` is as for `check_size`.

    Raises:
        UnreadableDataError: it has too many elements, or they are nested too deep.
        lxml.etree.ParserError: it has no element.
    """
    from lxml import html

    for is_huge in (False, True):
        parser = html.HTMLParser(
            encoding="utf-8", no_network=True, huge_tree=is_huge, remove_comments=True, remove_pis=True
        )
        page: HtmlElement = html.document_fromstring(markup, parser=parser)
        check_size(page, what)
        if not any(_TOO_DEEP in error.message for error in parser.error_log):
            if not is_huge or page.xpath("count(descendant-or-self::*)") <= _MOST_DEEP_ELEMENTS:
                return page
            break
    raise UnreadableDataError(f"{what} with elements nested too deep; save it again as plain text")


def check_size(root: _Element, what: str) -> None:
    """Refuse a tree with too many elements; `what` names it in the message, such as "a web page".

    Raises:
        UnreadableDataError: it has more than `MOST_ELEMENTS`.
    """
    # Counted within libxml2: visiting each makes an object of Python for it.
    if root.xpath("count(descendant-or-self::*)") > MOST_ELEMENTS:
        raise UnreadableDataError(f"{what} with more than {MOST_ELEMENTS:,} elements; split it")


def is_hidden(element: _Element) -> bool:
    """Return whether an element says itself that it is not shown: by its attribute or its style."""
    return element.get("hidden") is not None or _HIDING.search(element.get("style") or "") is not None
