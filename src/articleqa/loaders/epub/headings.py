"""Detection of e-book headings that are marked only by their font size, as word processors write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import regex

from articleqa.loaders.element_blocks import ElementBlock, Role

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGER = 1.1
"""Minimum font size of a heading, as a multiple of the text's."""

LONGEST = 200
"""Maximum characters of a heading."""

PLAIN = 12.0
"""Font size of text for which no rule sets one, in points."""

_RULE = regex.compile(r"\.([\w-]+)\s*+\{([^{}]*+)\}")
_SIZE = regex.compile(r"(?:^|[;\s])font-size\s*+:\s*+([0-9.]++)(pt|px|r?em|%)")
_POINTS = {"pt": 1.0, "px": 0.75, "em": PLAIN, "rem": PLAIN, "%": PLAIN / 100}


def sizes_of_classes(style_sheets: Iterable[str]) -> dict[str, float]:
    """Return the font size, in points, of each class, as set by rules for that class alone."""
    found: dict[str, float] = {}
    for sheet in style_sheets:
        for name, declarations in _RULE.findall(sheet):
            size = _SIZE.search(declarations)
            if size:
                found[name] = float(size[1]) * _POINTS[size[2]] if size[1].count(".") < 2 else PLAIN
    return found


def with_styled_headings(blocks: list[ElementBlock], sizes: Mapping[str, float]) -> list[ElementBlock]:
    """Return `blocks` with short paragraphs in large type as headings, if the book marks no headings.

    The largest type gets the outermost level.
    """
    if not sizes or any(block.role is Role.HEADING for block in blocks):
        return blocks
    found = [_size(block.element, sizes) if block.role is Role.PARAGRAPH else PLAIN for block in blocks]
    characters = Counter[float]()
    for block, size in zip(blocks, found, strict=True):
        characters[size] += len(block.text)
    text = max(characters, key=lambda size: characters[size], default=PLAIN)
    pairs = list(zip(blocks, found, strict=True))
    is_heading = [size >= LARGER * text and len(block.text) <= LONGEST for block, size in pairs]
    levels = sorted({size for size, large in zip(found, is_heading, strict=True) if large}, reverse=True)
    return [
        block._replace(role=Role.HEADING, level=min(6, 1 + levels.index(size))) if large else block
        for block, size, large in zip(blocks, found, is_heading, strict=True)
    ]


def _size(element: _Element, sizes: Mapping[str, float]) -> float:
    """Return the font size of most of an element's characters."""
    characters = Counter[float]()
    for size, text in _sized_texts(element, sizes, _inherited(element, sizes)):
        characters[size] += len(text.strip())
    return max(characters, key=lambda size: characters[size], default=PLAIN)


def _sized_texts(element: _Element, sizes: Mapping[str, float], size: float) -> Iterator[tuple[float, str]]:
    yield size, element.text or ""
    for inner in element.iterdescendants():
        yield _inherited(inner, sizes), inner.text or ""
        yield _inherited(inner.getparent(), sizes), inner.tail or ""


def _inherited(element: _Element | None, sizes: Mapping[str, float]) -> float:
    """Return the font size of the element or of its nearest ancestor that has one, else `PLAIN`."""
    while element is not None:
        for name in (element.get("class") or "").split():
            if name in sizes:
                return sizes[name]
        element = element.getparent()
    return PLAIN
