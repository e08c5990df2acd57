"""Text in vector graphics (SVG), in which some e-books have whole pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from lxml.etree import _Element

_NOT_DRAWN = ("defs", "desc", "metadata", "style", "symbol", "title")
_BROKEN = regex.compile(r"(\p{L}+)[-\u00ad‐]\s*$")
_REST = regex.compile(r"\s*(\p{Ll}\p{L}*)")
_COMPOUND = regex.compile(r"\p{L}+[-‐]\p{L}+")


def show_drawn_text(body: _Element) -> None:
    """Make the text in vector graphics into paragraphs; a word that is broken at a line end is joined.

    The hyphen stays where the same word has one within a line.
    """
    drawings = [*body.iter("svg")]
    compounds = {
        word.replace("‐", "-").casefold()
        for drawing in drawings
        for text in drawing.itertext("tspan")
        for word in _COMPOUND.findall(text)
    }
    for drawing in drawings:
        for element in [*drawing.iter("*")]:
            if element.tag in _NOT_DRAWN:
                element.clear(keep_tail=True)
            elif element.tag == "tspan" and _ends_line(element):
                _end_line(element, compounds)
            element.tag = "p" if element.tag == "text" else element.tag
        drawing.tag = "div"


def _ends_line(element: _Element) -> bool:
    """Return whether the part of a text after this one is at another height."""
    after = element.getnext()
    if after is None or after.tag != "tspan":
        return False
    if after.get("dy") is not None:
        return True
    return after.get("y") is not None and after.get("y") != element.get("y")


def _end_line(element: _Element, compounds: set[str]) -> None:
    after = element.getnext()
    broken = _BROKEN.search(element.text or "") if len(element) == 0 else None
    rest = _REST.match(after.text or "") if broken and after is not None else None
    if broken is None or rest is None:
        element.tail = f" {element.tail or ''}"
        return
    is_compound = f"{broken[1]}-{rest[1]}".casefold() in compounds
    element.text = (element.text or "")[: broken.end(1)] + ("-" if is_compound else "")
    element.tail = (element.tail or "").strip()
