"""Grouping of the lines of one PDF column into paragraphs (headings included), list items and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

import regex

from articleqa.loaders.pdf.layout_stats import LARGE, SMALL, LayoutStats
from articleqa.loaders.pdf.lines import BULLET, NUMBERING, Cell, Line
from articleqa.loaders.pdf.tables import tables_in
from articleqa.text.endings import CLAUSE_MARKS, CLOSING, SENTENCE_MARKS, ends_with

_WIDEST_GAP = 1.3
"""Lines of a paragraph are at most this many times the usual distance apart."""

_ALIKE = 4
_SAME_EDGE = 5.0
"""At least `_ALIKE` lines that begin within about `_SAME_EDGE` points of each other are needed to show where
full lines with that left edge end."""

_PROSE = 12.0
"""A line of running text is wider than this many font sizes."""

_INDENT = 0.7
"""Minimum indent, in font sizes."""

_SPACE = 0.3
"""The width of a space, in font sizes."""

_TAIL = 80
"""Number of characters examined at the end of a text."""

_CLOSING = CLOSING + "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LETTER = regex.compile(r"(?:^|\s)\p{L}\.$")
_NOTE = regex.compile(r"[\p{Nd}⁰¹²³⁴⁵⁶⁷⁸⁹*†‡§]{1,3}\s?\p{Lu}")
_LOWER = regex.compile(r"[-–—(“\"'‘\[]?\s?\p{Ll}")
_FEWEST_DOTS = 4
_LEADERS = regex.compile(rf"(?:\.\s?){{{_FEWEST_DOTS},}}\s*\S{{1,8}}$")
_WIDE_GAP = 3.0
"""A line with a gap wider than this, in font sizes, is not joined to the line above or below it."""


class Kind(Enum):
    """The kind of a block."""

    PARAGRAPH = auto()
    ITEM = auto()
    TABLE = auto()


@dataclass(slots=True)
class Block:
    """A block on one page: its lines and, for a table, its rows and their cells.

    `right` is where its full lines end.
    """

    kind: Kind
    lines: list[Line]
    left: float
    right: float
    justified: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    cells: tuple[tuple[tuple[Cell, ...], ...], ...] = ()

    @property
    def size(self) -> float:
        """The font size of most of its lines."""
        sizes = [line.size for line in self.lines]
        return sizes[0] if len(set(sizes)) == 1 else Counter(sizes).most_common(1)[0][0]

    @property
    def bold(self) -> bool:
        """Whether all its lines are bold."""
        return all(line.bold for line in self.lines)


def has_ended(text: str) -> bool:
    """Return whether `text` ends like a sentence."""
    return ends_with(text[-_TAIL:], SENTENCE_MARKS + CLAUSE_MARKS, _CLOSING)


def has_leaders(text: str) -> bool:
    """Return whether `text` ends in dots and a page number, like an entry in a table of contents."""
    tail = text[-_TAIL:]
    return tail.count(".") >= _FEWEST_DOTS and _LEADERS.search(tail) is not None


def starts_lower(text: str) -> bool:
    """Return whether `text` begins with a lower-case letter, as only a continuation does."""
    return _LOWER.match(text) is not None


def blocks_in(lines: Sequence[Line], measures: LayoutStats) -> list[Block]:
    """Return the blocks of one column, from top to bottom."""
    blocks: list[Block] = []
    done = 0
    for table in tables_in(lines):
        blocks += _Column(lines[done : table.start], measures).blocks()
        of_table = list(lines[table.start : table.end])
        left, right = of_table[0].left, max(line.right for line in of_table)
        blocks.append(Block(Kind.TABLE, of_table, left, right, rows=table.rows, cells=table.cells))
        done = table.end
    return blocks + _Column(lines[done:], measures).blocks()


class _Column:
    """Consecutive lines of a column, and the margins at which their full lines end."""

    def __init__(self, lines: Sequence[Line], measures: LayoutStats) -> None:
        self.lines = lines
        self.measures = measures
        self.left = min((line.left for line in lines), default=0.0)
        self.right = max((line.right for line in lines), default=0.0)
        self.rights: dict[int, tuple[int, float]] = {}
        for line in lines:
            count, right = self.rights.get(round(line.left / _SAME_EDGE), (0, line.right))
            self.rights[round(line.left / _SAME_EDGE)] = count + 1, max(right, line.right)
        self.wide = [_has_wide_gap(line) for line in lines]
        self.near = self._near()
        self.margins: list[tuple[float, float, bool]] = []
        start = 0
        for end in range(1, len(lines) + 1):
            if end == len(lines) or not self.near[end]:
                self.margins += [self._margins(start, end)] * (end - start)
                start = end

    def blocks(self) -> list[Block]:
        blocks: list[Block] = []
        for place, line in enumerate(self.lines):
            if blocks and not self._begins(place, blocks[-1]):
                blocks[-1].lines.append(line)
                continue
            left, right, justified = self.margins[place]
            kind = Kind.ITEM if _opens_item(line) else Kind.PARAGRAPH
            blocks.append(Block(kind, [line], left, right, justified))
        return blocks

    def _near(self) -> list[bool]:
        """Return for each line whether it is as close to the line above as lines of one paragraph are."""
        leadings = [self.measures.leading_of(line) for line in self.lines]
        return [False] + [
            abs(line.size - above.size) <= 0.08 * max(line.size, above.size)
            and line.y - above.y <= _WIDEST_GAP * max(leading, leading_above)
            for (above, line), (leading_above, leading) in zip(
                pairwise(self.lines), pairwise(leadings), strict=True
            )
        ]

    def _margins(self, start: int, end: int) -> tuple[float, float, bool]:
        """Return the left and right margins of a run of lines, and whether they are justified."""
        near = self.lines[start:end]
        size = near[0].size
        rights = sorted((line.right for line in near), reverse=True)
        if len(near) < 3 or rights[1] < rights[0] - 1.5 * size:
            # Too few full lines here: use all lines of the column with the same left edge.
            left = min(line.left for line in near)
            place = round(left / _SAME_EDGE)
            alike = [self.rights[p] for p in range(place - 1, place + 2) if p in self.rights]
            if sum(count for count, _ in alike) < _ALIKE:
                return self.left, self.right, False
            return left, max(right for _, right in alike), False
        # The median, because a long word may stick out of a narrow column.
        edge = rights[(len(rights) - 1) // 2]
        full = sum(abs(right - edge) < 0.15 * size for right in rights)
        justified = full >= max(3, 0.6 * (len(near) - 1)) and sum(self.wide[start:end]) <= len(near) / 2
        return min(line.left for line in near), edge if justified else rights[0], justified

    def _begins(self, place: int, block: Block) -> bool:
        """Return whether the line at `place` begins a new block instead of continuing `block`."""
        line, above = self.lines[place], self.lines[place - 1]
        full = is_full(block, above, line)
        if not self.margins[place][2] and (self.wide[place] or self.wide[place - 1]):
            return True
        if not self.near[place] and not (full and self._is_evenly_spaced(place)):
            return True
        if BULLET.match(line.text) or (_is_numbered(line) and self._may_number(line, above, block, full)):
            return True
        if line.size < SMALL * self.measures.size and _NOTE.match(line.text) and has_ended(above.text):
            return True
        if min(line.size, above.size) > LARGE * self.measures.size:
            # A title may have a word in another font; only a line that shares no weight begins another.
            return (line.bold and not above.partly_bold) or (above.bold and not line.partly_bold)
        if line.bold != above.bold and not full:
            return True
        indent = self._breaks_by_indent(place, block, full)
        if indent is not None:
            return indent
        return not full and self._ends_short(above, line, block)

    def _is_evenly_spaced(self, place: int) -> bool:
        """Return whether the line is equally far from the lines above and below, as in wide spacing."""
        if place + 1 == len(self.lines):
            return False
        above, line, below = self.lines[place - 1 : place + 2]
        gap = line.y - above.y
        alike = above.size == line.size == below.size
        return (
            is_prose(above)
            and not has_ended(above.text)
            and alike
            and abs(below.y - line.y - gap) <= 0.03 * gap
            and gap < 2.5 * line.size
        )

    def _may_number(self, line: Line, above: Line, block: Block, full: bool) -> bool:
        if block.kind is Kind.ITEM and abs(line.left - block.lines[0].left) < 0.5 * line.size:
            return True
        return (
            (has_ended(above.text) and not _LETTER.search(above.text[-_TAIL:]))
            or (not full and not starts_lower(line.text))
            or line.left - above.left > _INDENT * line.size
        )

    def _breaks_by_indent(self, place: int, block: Block, full: bool) -> bool | None:
        """Return whether the line's left edge begins a new block, or None if the edge does not decide it."""
        line, above = self.lines[place], self.lines[place - 1]
        indent = (line.left - above.left) / line.size
        is_second = len(block.lines) == 1
        if abs(indent) <= _INDENT or _are_centred(line, above, block):
            return None
        if indent > 0:
            if is_second and (block.kind is Kind.ITEM or (full and self._hangs(place))):
                return False
            return not full or has_ended(above.text)
        if is_second and full and (block.kind is not Kind.ITEM or not has_ended(above.text)):
            return False
        return has_ended(above.text) or not starts_lower(line.text)

    def _hangs(self, place: int) -> bool:
        """Return whether the line below the one at `place` has the same indent."""
        if place + 1 == len(self.lines) or not self.near[place + 1]:
            return False
        return abs(self.lines[place + 1].left - self.lines[place].left) < 0.3 * self.lines[place].size

    def _ends_short(self, above: Line, line: Line, block: Block) -> bool:
        """Return whether `above`, which has room for more, is the last line of its block."""
        if starts_lower(line.text) and not has_ended(above.text):
            return False
        if block.justified or has_ended(above.text):
            return True
        return block.right - above.right > 0.15 * (block.right - block.left)


def is_prose(line: Line) -> bool:
    """Return whether `line` is wide enough to be running text."""
    return line.right - line.left > _PROSE * line.size


def is_full(block: Block, line: Line, following: Line) -> bool:
    """Return whether `line` of `block` had no room for the first word of `following`."""
    room = block.right - line.right
    if block.justified and has_ended(line.text):
        return room <= 0.4 * line.size
    return room < following.first + _SPACE * line.size


def _opens_item(line: Line) -> bool:
    return BULLET.match(line.text) is not None or _is_numbered(line)


def _is_numbered(line: Line) -> bool:
    return NUMBERING.fullmatch(line.text.split(" ", 1)[0]) is not None


def _has_wide_gap(line: Line) -> bool:
    widest = _WIDE_GAP * line.size
    gaps = [following.left - cell.right > widest for cell, following in pairwise(line.cells)]
    return any(gaps) or has_leaders(line.text)


def _are_centred(line: Line, above: Line, block: Block) -> bool:
    middle = (block.left + block.right) / 2
    return all(
        each.left > block.left + each.size and abs((each.left + each.right) / 2 - middle) < each.size
        for each in (line, above)
    )
