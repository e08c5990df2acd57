"""Detection of the headings of a PDF and their levels."""

from __future__ import annotations

from collections.abc import Sequence

from articleqa.loaders.pdf.layout_stats import LARGE, LayoutStats
from articleqa.loaders.pdf.lines import BULLET
from articleqa.loaders.pdf.paragraphs import Block, Kind, has_leaders
from articleqa.loaders.pdf.reflow import FlowedBlock

_DEEPEST = 6
_MOST_HEADINGS = 0.4
"""If more than this share of the text has the type of headings, most of it is no heading."""

_LONGEST = 250
"""Maximum characters of a heading; a longer block in large type is an opening paragraph."""

_MOST_WORDS = 15
"""Maximum words of a heading that is only bold, or only in capitals."""

_BOLD_AT_LEAST = 0.93
_SMALL_CAPITALS = 0.75
_SAME_SIZE = 1.04


def heading_levels(blocks: Sequence[FlowedBlock], measures: LayoutStats) -> list[int | None]:
    """Return the heading level of each block, or None if it is not a heading.

    Larger type ranks first, then bold, then capitals. Where much of the text has the type of headings, as on
    slides, only the largest block of each page is a heading.
    """
    styles = [_style(block.head, measures) for block in blocks]
    lengths = [_length(block.head) for block in blocks]
    in_style = sum(length for length, style in zip(lengths, styles, strict=True) if style is not None)
    if in_style > _MOST_HEADINGS * sum(lengths):
        styles = _slide_titles(blocks, styles)
    levels: dict[tuple[float, int], int] = {}
    level, above = 0, (0.0, 0)
    for style in sorted({style for style in styles if style is not None}, reverse=True):
        if not (level and above[0] < style[0] * _SAME_SIZE and above[1] == style[1]):
            level += 1
        above = style
        levels[style] = min(level, _DEEPEST)
    return [None if style is None else levels[style] for style in styles]


def _length(block: Block) -> int:
    return sum(len(line.text) for line in block.lines)


def _slide_titles(
    blocks: Sequence[FlowedBlock], styles: Sequence[tuple[float, int] | None]
) -> list[tuple[float, int] | None]:
    """Return `styles` without those of blocks that are not the first of the largest on their page."""
    largest: dict[int, tuple[float, int]] = {}
    for number, (block, style) in enumerate(zip(blocks, styles, strict=True)):
        if style is not None:
            size = block.head.size, -number
            largest[block.page] = max(largest.get(block.page, size), size)
    return [
        style if style is not None and largest[block.page][1] == -number else None
        for number, (block, style) in enumerate(zip(blocks, styles, strict=True))
    ]


def _style(block: Block, measures: LayoutStats) -> tuple[float, int] | None:
    """Return a heading's font size and emphasis, or None if `block` is not a heading.

    The emphasis is 2 for bold, 1 for capitals, 0 for neither.
    """
    if block.kind is Kind.TABLE or BULLET.match(block.lines[0].text):
        return None
    if _length(block) + len(block.lines) > _LONGEST + 1:
        return None
    text = " ".join([line.text for line in block.lines])
    size, body = block.size, measures.size
    is_large = size >= LARGE * body
    is_long, is_clause = len(text.split()) > _MOST_WORDS, text[-1] in ".;,"
    if (is_long and is_clause) if is_large else (is_long or is_clause or len(block.lines) > 2):
        return None
    letters = sum(map(str.isalpha, text))
    if letters < 2 or has_leaders(text):
        return None
    if is_large:
        return size, 0
    is_bold = block.bold and not measures.bold
    if is_bold and size >= _BOLD_AT_LEAST * body:
        return body, 2
    if len(block.lines) == 1 and letters > 3 and text.isupper() and size >= _SMALL_CAPITALS * body:
        return body, 1
    return None
