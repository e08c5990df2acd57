"""Captions of pictures without the credits in them: "(Photo: T. Marn)", "© Agency"."""

from __future__ import annotations

from itertools import islice

import regex

from articleqa.language.web_pages import CREDIT
from articleqa.loaders.element_blocks import ElementBlock

_WHOLE = regex.compile(rf"[(\[]?\s*{CREDIT}\.?[)\]]?\.?", regex.VERBOSE | regex.IGNORECASE)
_AT_END = regex.compile(
    rf"(?<=[.!?…\"”’»)\]])\s+[(\[]?\s*{CREDIT}[)\]]?\.?$"
    rf"| \s*[(\[]\s*{CREDIT}[)\]]\.?$"
    rf"| \s+[/|•·–—-]\s+{CREDIT}$"
    rf"| \s+©[^.!?]{{1,120}}\.?$",
    regex.VERBOSE | regex.IGNORECASE,
)
_LONGEST_CREDIT = 160
_CAPTION_NAME = regex.compile(r"caption|credit|legend|bildunterschrift", regex.IGNORECASE)
_CHILDREN = 50
"""Parts of an element that are searched for a picture; one with line breaks only may hold a whole book."""

_LEVELS = 3
"""How many elements around a text are looked at to see that it is a caption."""


def without_credit(block: ElementBlock) -> ElementBlock | None:
    """Return `block` without the credit at its end, if it is a caption; None if it is a credit alone."""
    text = block.text
    if len(text) <= _LONGEST_CREDIT and _WHOLE.fullmatch(text):
        return None
    if not is_caption(block):
        return block
    shown = _AT_END.sub("", text).rstrip()
    if not shown or shown == text or len(block.cells) > 1:
        return block
    return block._replace(cells=(shown,))


def is_caption(block: ElementBlock) -> bool:
    """Return whether `block` is the caption of a picture, by its elements or their classes."""
    around = [block.element, *block.element.iterancestors()][:_LEVELS]
    for element in around:
        if element.tag in ("figcaption", "figure", "caption"):
            return True
        if _CAPTION_NAME.search(element.get("class") or ""):
            return True
    return has_picture(block)


def has_picture(block: ElementBlock) -> bool:
    """Return whether a picture stands in the text of `block`, near the beginning of its element."""
    return any(child.tag == "img" for child in islice(block.element, _CHILDREN))
