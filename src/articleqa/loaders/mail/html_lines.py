"""Make the lines of a mail in HTML into paragraphs, unless a line goes on in the next.

In web pages a line end seldom ends a sentence. In mails it does: people press the Enter key, and programs
that send receipts and notices write a fact a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING

from articleqa.text.endings import ends_sentence

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST_OWN_LINE = 55
"""A line of more characters without a full stop may be cut by a program: it goes on below."""

_INLINE = frozenset(
    str.split("a abbr b big code em font i ins label mark s small span strike strong sub sup tt u wbr")
)


def part_lines(page: HtmlElement) -> None:
    """Put a second line end behind each one between two lines that do not continue each other."""
    for line_end in list(page.iter("br")):
        above, below = _text_before(line_end), _text_after(line_end)
        if above and below and _are_apart(above, below):
            second = copy(line_end)
            line_end.tail = None
            line_end.addnext(second)


def _are_apart(above: str, below: str) -> bool:
    if ends_sentence(above) or above.endswith(":"):
        return True
    return len(above) <= LONGEST_OWN_LINE and not below[0].islower()


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
