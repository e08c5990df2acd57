"""What holds for all trees of HTML elements, whatever file they are in: their size, and what hides a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from articleqa.loaders.protocol import UnreadableDataError

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ELEMENTS = 300_000
"""Maximum elements of a page, a chapter, a mail or an entry of a feed."""

_HIDING = regex.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", regex.IGNORECASE)


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
