"""The constructs that are open while reStructuredText is read, and the blocks made so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from articleqa.models import Block, BlockKind, Span
from articleqa.text.rst.lines import BLANK, Lines
from articleqa.text.rst.tables import Part

DEEPEST = 100
"""The deepest nesting of lists, directives and quotations; anything deeper is read as text."""

_HEAD_HEADINGS = 2
"""A title and a subtitle may come before the fields of a document."""

Opening = tuple[int, int, BlockKind, int]
"""The start and end of a term or field name, and the kind and level of the block it forms with its text."""


class Field(NamedTuple):
    """A field at the top of a document: "Author: Bo", ":Date: 2020-05-17"."""

    name: str
    value: Span


class Open:
    """An open construct: it has the lines deeper than `floor`; its text starts at `column`, if that is known.

    `depth` is the level of the innermost item around its text. `is_first` is true until an item has text of
    its own. `opening` is what its first paragraph is joined to.
    """

    __slots__ = ("column", "depth", "floor", "has_terms", "is_first", "opening")

    def __init__(self, floor: int, column: int, depth: int, *, is_first: bool = False) -> None:
        """Open a construct that has the lines deeper than `floor`."""
        self.floor = floor
        self.column = column
        self.depth = depth
        self.is_first = is_first
        self.has_terms = False
        self.opening: Opening | None = None


class OpenBlocks:
    """A stack of open constructs, and the blocks so far; the line that is read is at `at`, in `column`."""

    def __init__(self, lines: Lines) -> None:
        """Start a document."""
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
        """Close the constructs that the line is not in; open a quotation if it is deeper than all text."""
        while self.column <= self.stack[-1].floor:
            self.flush()
            self.stack.pop()
        top = self.stack[-1]
        if top.column == BLANK or self.column < top.column:
            top.column = self.column
        elif self.column > top.column and len(self.stack) < DEEPEST:
            self.open(Open(top.column, self.column, top.depth))

    def open(self, opened: Open) -> None:
        """Put a construct on the stack."""
        self.flush()
        self.stack[-1].is_first = False
        self.stack.append(opened)

    def flush(self) -> None:
        """Add the block of a term or field name that has no paragraph."""
        opening, self.stack[-1].opening = self.stack[-1].opening, None
        if opening is not None:
            start, end, kind, level = opening
            self.add(kind, start, end, level)

    def level(self) -> int:
        """Return the level of the next block."""
        top = self.stack[-1]
        return top.depth + 1 if top.depth and not top.is_first else top.depth

    def add(self, kind: BlockKind, start: int, end: int, level: int = 0, *, wrapped: bool = True) -> None:
        """Add a block of content."""
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
        """Add the lines from `first` up to `after` as one block of code; return `after`."""
        first = self.lines.after_blank(first)
        if first < after:
            level = self.level()
            self.add(
                BlockKind.CODE, self.lines.starts[first], self.lines.ends[after - 1], level, wrapped=False
            )
        return after

    def prose(self) -> BlockKind:
        """Return the kind of a block of text: below an item it is part of the item."""
        return BlockKind.ITEM if self.stack[-1].depth else BlockKind.PROSE
