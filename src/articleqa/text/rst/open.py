"""What is open while a reStructuredText is read, and the blocks that were made of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from articleqa.models import Block, BlockKind, Span
from articleqa.text.rst.lines import BLANK, Lines
from articleqa.text.rst.tables import Part

DEEPEST = 100
"""Lists, directives and quotations in each other; what lies deeper is text."""

_HEAD_HEADINGS = 2
"""A title and a subtitle may stand above the fields of a document."""

Opening = tuple[int, int, BlockKind, int]
"""The start and end of a term or a field's name, and the kind and level of what it makes with its text."""


class Field(NamedTuple):
    """A field at a document's head: "Author: Bo", ":Date: 2020-05-17"."""

    name: str
    value: Span


class Open:
    """What is open: it has the lines deeper than `floor`, and its text stands at `column`, if that is known.

    `depth` is the level of the innermost item around its text. `is_first` is true until an item has text of
    its own, and `opening` what its first paragraph is joined to.
    """

    __slots__ = ("column", "depth", "floor", "has_terms", "is_first", "opening")

    def __init__(self, floor: int, column: int, depth: int, *, is_first: bool = False) -> None:
        """Open what has the lines deeper than `floor`."""
        self.floor = floor
        self.column = column
        self.depth = depth
        self.is_first = is_first
        self.has_terms = False
        self.opening: Opening | None = None


class OpenBlocks:
    """A stack of what is open, and the blocks so far. The line that is read stands at `at`, in `column`."""

    def __init__(self, lines: Lines) -> None:
        """Open a document."""
        self.lines = lines
        self.text = lines.text
        self.blocks: list[Block] = []
        self.fields: list[Field] = []
        self.stack = [Open(BLANK, 0, 0)]
        self.levels: dict[tuple[str, bool], int] = {}
        self.headings = 0
        self.is_head = True
        self.at = 0
        self.column = 0

    def enter(self) -> None:
        """Close what the line is not part of, and open a quotation where it is deeper than all text."""
        while self.column <= self.stack[-1].floor:
            self.flush()
            self.stack.pop()
        top = self.stack[-1]
        if top.column == BLANK or self.column < top.column:
            top.column = self.column
        elif self.column > top.column and len(self.stack) < DEEPEST:
            self.open(Open(top.column, self.column, top.depth))

    def open(self, opened: Open) -> None:
        """Put what is opened on the stack."""
        self.flush()
        self.stack[-1].is_first = False
        self.stack.append(opened)

    def flush(self) -> None:
        """Make a block of a term or field's name that has no paragraph."""
        opening, self.stack[-1].opening = self.stack[-1].opening, None
        if opening is not None:
            start, end, kind, level = opening
            self.add(kind, start, end, level)

    def level(self) -> int:
        """Return the level of what comes next."""
        top = self.stack[-1]
        return top.depth + 1 if top.depth and not top.is_first else top.depth

    def add(self, kind: BlockKind, start: int, end: int, level: int = 0, *, wrapped: bool = True) -> None:
        """Add a block of what is to be shown."""
        self.flush()
        self.stack[-1].is_first = False
        self.headings += kind is BlockKind.HEADING
        if (kind is not BlockKind.HEADING and kind is not BlockKind.ROW) or self.headings > _HEAD_HEADINGS:
            self.is_head = False
        self.blocks.append(Block(kind, Span(start, end), level=level, hard_wrapped=wrapped))

    def hide(self, start: int, end: int) -> None:
        """Add a block of boilerplate."""
        self.flush()
        self.blocks.append(Block(BlockKind.BOILERPLATE, Span(start, end)))

    def add_parts(self, parts: Iterable[Part]) -> None:
        """Add the rows of a table."""
        level = self.level()
        for kind, span in parts:
            if kind is BlockKind.BOILERPLATE:
                self.hide(span.start, span.end)
            else:
                self.is_head = False
                self.add(kind, span.start, span.end, level)

    def add_code(self, first: int, after: int) -> int:
        """Add the lines up to `after` as one block of code; return `after`."""
        first = self.lines.after_blank(first)
        if first < after:
            level = self.level()
            self.add(
                BlockKind.CODE, self.lines.starts[first], self.lines.ends[after - 1], level, wrapped=False
            )
        return after

    def prose(self) -> BlockKind:
        """Return the kind of text: below an item it belongs to that."""
        return BlockKind.ITEM if self.stack[-1].depth else BlockKind.PROSE
