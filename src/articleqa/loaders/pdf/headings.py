"""Detection of the headings of a PDF and their levels."""

from __future__ import annotations

from collections.abc import Iterable

from articleqa.loaders.pdf.layout_stats import LARGE, LayoutStats
from articleqa.loaders.pdf.paragraphs import Block, Kind, has_leaders

_DEEPEST = 6
_LONGEST = 250
"""Maximum characters of a heading; a longer block in large type is an opening paragraph."""

_MOST_WORDS = 15
"""Maximum words of a heading that is only bold, or only in capitals."""

_BOLD_AT_LEAST = 0.93
_SMALL_CAPITALS = 0.75
_SAME_SIZE = 1.04


class Headings:
    """The levels of a document's headings: larger type ranks first, then bold, then capitals."""

    def __init__(self, blocks: Iterable[Block], measures: LayoutStats) -> None:
        """Rank the styles of the headings among `blocks`."""
        self._measures = measures
        styles = {style for block in blocks if (style := self._style(block)) is not None}
        self._levels: dict[tuple[float, int], int] = {}
        level, above = 0, (0.0, 0)
        for style in sorted(styles, reverse=True):
            if not (level and above[0] < style[0] * _SAME_SIZE and above[1] == style[1]):
                level += 1
            above = style
            self._levels[style] = min(level, _DEEPEST)

    def level_of(self, block: Block) -> int | None:
        """Return the heading level of `block`, or None if it is not a heading."""
        style = self._style(block)
        return None if style is None else self._levels[style]

    def _style(self, block: Block) -> tuple[float, int] | None:
        """Return a heading's font size and emphasis, or None if `block` is not a heading.

        The emphasis is 2 for bold, 1 for capitals, 0 for neither.
        """
        if block.kind is Kind.TABLE:
            return None
        text = " ".join(line.text for line in block.lines)
        letters = sum(char.isalpha() for char in text)
        if letters < 2 or len(text) > _LONGEST or has_leaders(text):
            return None
        body = self._measures.size
        is_bold = block.bold and not self._measures.bold
        if block.size >= LARGE * body:
            return (block.size, 0) if len(text.split()) <= _MOST_WORDS or text[-1] not in ".;," else None
        if len(block.lines) > 2 or len(text.split()) > _MOST_WORDS or text[-1] in ".;,":
            return None
        if is_bold and block.size >= _BOLD_AT_LEAST * body:
            return body, 2
        if len(block.lines) == 1 and letters > 3 and text.isupper() and block.size >= _SMALL_CAPITALS * body:
            return body, 1
        return None
