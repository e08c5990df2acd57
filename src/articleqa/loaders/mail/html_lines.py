"""Make the lines of a mail in HTML into paragraphs, unless a line goes on in the next.

People press the Enter key, and programs that send receipts and notices write a fact a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING

from articleqa.loaders.line_ends import are_apart

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_INLINE = frozenset(
    str.split("a abbr b big code em font i ins label mark s small span strike strong sub sup tt u wbr")
)


def part_lines(page: HtmlElement) -> None:
    """Put a second line end behind each one between two lines that do not continue each other."""
    for line_end in list(page.iter("br")):
        above, below = _text_before(line_end), _text_after(line_end)
        if above and below and are_apart(above, below):
            second = copy(line_end)
            line_end.tail = None
            line_end.addnext(second)


def _text_before(line_end: HtmlElement) -> str:
    """Return the text on the line that `line_end` ends."""
    parts: list[str] = []
    for text in _before(line_end):
        parts.append(text)
    return " ".join("".join(reversed(parts)).split())


def _before(element: HtmlElement) -> Iterator[str]:
    while True:
        above = element.getprevious()
        while above is not None:
            yield above.tail or ""
            if above.tag not in _INLINE or above.find(".//br") is not None:
                return
            yield above.text_content()
            above = above.getprevious()
        parent = element.getparent()
        if parent is None:
            return
        yield parent.text or ""
        if parent.tag not in _INLINE:
            return
        element = parent


def _text_after(line_end: HtmlElement) -> str:
    """Return the text right behind `line_end`; empty if another line end or a block comes first."""
    element = line_end
    while True:
        if (element.tail or "").strip():
            return (element.tail or "").strip()
        below = element.getnext()
        while below is not None:
            if below.tag not in _INLINE:
                return ""
            if said := f"{below.text_content()}{below.tail or ''}".strip():
                return said
            below = below.getnext()
        parent = element.getparent()
        if parent is None or parent.tag not in _INLINE:
            return ""
        element = parent
