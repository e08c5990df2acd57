"""Split reStructuredText into blocks, with a parser of lines; the text itself is unchanged.

We have our own parser because docutils keeps no exact offsets and takes a hundred times as long. Each line is
read once. A stack holds the open constructs: items, definitions, fields, directives and quotations, each with
the column where its text starts. Where docutils reports an error, text is kept as a person would understand
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

import regex

from articleqa.models import Block, BlockKind, Span
from articleqa.text.endings import CLAUSE_MARKS, STATEMENT_MARKS, ends_with
from articleqa.text.rst.explicit import ExplicitMarkup
from articleqa.text.rst.head import head_rows
from articleqa.text.rst.lines import BLANK, Lines
from articleqa.text.rst.marks import BULLET, ENUMERATOR, EXPLICIT, FIELD, OPTION_LIST
from articleqa.text.rst.open import DEEPEST, Field, Open
from articleqa.text.rst.paragraphs import LONGEST_TITLE_LINE
from articleqa.text.rst.tables import grid_end, grid_rows, simple_end, simple_rows

_ROMAN = frozenset("ivxlcdmIVXLCDM")
_FIRST_OF_LIST = frozenset("aAiI")
_SETTINGS = frozenset({"orphan", "nocomments", "nosearch", "tocdepth"})
"""Fields that tell Sphinx how to treat a file."""

_TITLE_WORDS = 15
"""A line of more words is not a title, unless it has an adornment."""

_NO_TITLE_ENDS = STATEMENT_MARKS + CLAUSE_MARKS + ",|"


def rst_blocks(text: str) -> list[Block]:
    """Return the blocks of reStructuredText in text order; they do not overlap.

    A line end inside a block counts as a space, except in code. Adornments, comments, link targets and the
    markers of directives are boilerplate. Bullets, enumerators and the bars of line blocks are left out.
    """
    return read_rst(text)[0]


def read_rst(text: str) -> tuple[list[Block], list[Field]]:
    """Return the blocks of reStructuredText, and the fields at its top."""
    parser = _Parser(Lines(text))
    parser.read()
    return parser.blocks, parser.fields


class _Parser(ExplicitMarkup):
    """Reads all lines of a text."""

    def read(self) -> None:
        """Read all lines."""
        lines = self.lines
        number = self.read_head()
        while (number := lines.after_blank(number)) < len(lines):
            self.at, self.column = lines.starts[number], lines.columns[number]
            self.enter()
            after = self.construct(number)
            while after == number:  # a marker was read, and more follows on its line
                after = self.construct(number)
            number = after
        while self.stack:
            self.flush()
            self.stack.pop()
        if not self.levels:
            self.blocks = list(_with_guessed_headings(self.text, self.blocks))

    def read_head(self) -> int:
        """Read the fields at the start of the text, if there are any; return the line after them."""
        first = after = self.lines.after_blank(0)
        while not self.lines.is_blank(after):
            after += 1
        if first == after or self.lines.columns[first] > 0:
            return first
        rows = head_rows(self.lines, first, after)
        for name, row, value in rows:
            self.add(BlockKind.ROW, row.start, row.end)
            self.fields.append(Field(name, value))
        return after if rows else first

    def construct(self, number: int) -> int:
        """Read what begins at the current place; return the next line, or this one if more follows on it."""
        lines, at, end = self.lines, self.at, self.lines.ends[number]
        symbol = self.text[at]
        if symbol.isalpha() and symbol not in _ROMAN and not self.text.startswith((".", ")"), at + 1):
            return self.paragraph(number)  # the most frequent case: no marker starts with such a letter
        is_line = at == lines.starts[number]
        is_deep = len(self.stack) >= DEEPEST
        if symbol == "." and not is_deep and (mark := EXPLICIT.match(self.text, at, end)):
            return self.explicit(number, mark)
        if symbol == "_" and self.text.startswith("__ ", at):
            self.hide(at, end)
            return number + 1
        if is_line and not symbol.isalnum() and (after := self.lines_of_their_own(number, symbol)):
            return after
        behind = None if is_deep else self.marker(number, symbol)
        return self.paragraph(number) if behind is None else behind

    def lines_of_their_own(self, number: int, symbol: str) -> int:
        """Read tables, adornments, doctests and a lone "::"; return the next line, or 0 if there is none."""
        lines = self.lines
        start, end = lines.starts[number], lines.ends[number]
        if symbol == ">" and self.text.startswith(">>> ", start):
            after = number
            while not lines.is_blank(after) and lines.columns[after] >= self.column:
                after += 1
            return self.add_code(number, after)
        if symbol == "+" and (after := grid_end(lines, number)) > number:
            self.add_parts(grid_rows(lines, number, after))
            return after
        if symbol == "=" and (after := simple_end(lines, number)) > number:
            self.add_parts(simple_rows(lines, number, after))
            return after
        if symbol == ":" and self.text[start:end] == "::":
            self.hide(start, end)
            return self.literal(number + 1, self.column)
        if lines.is_adornment(number):
            if self.is_title(number + 1) and lines.line(number) == lines.line(number + 2):
                self.hide(start, end)
                return self.heading(number + 1, has_line_above=True)
            self.hide(start, end)
            return number + 1
        return 0

    def marker(self, number: int, symbol: str) -> int | None:
        """Read the marker of an item, a field, an option or a line of a line block.

        Return the next line, this one if more follows on it, or None if there is no such marker.
        """
        text, at, end = self.text, self.at, self.lines.ends[number]
        if symbol in "-*+•‣⁃" and (mark := BULLET.match(text, at, end)):
            return self.item(number, mark.end())
        if (symbol.isalnum() or symbol in "#(") and (mark := ENUMERATOR.match(text, at, end)):
            return self.item(number, mark.end()) if self.is_enumerated(number, mark) else None
        if symbol == ":" and (mark := FIELD.match(text, at, end)):
            return self.field(number, mark)
        if symbol in "-+/" and (mark := OPTION_LIST.match(text, at, end)):
            if mark.end() == end and not self.has_below(number):
                return None
            return self.row(number, mark.end())
        if symbol == "|" and (at + 1 == end or text[at + 1].isspace()):
            return self.verse(number)
        return None

    def is_enumerated(self, number: int, mark: regex.Match[str]) -> bool:
        """Return whether an enumerator opens an item.

        It does not if it is an initial, or a number that happens to start a line.
        """
        letter = mark["letter"]
        if letter and letter not in _FIRST_OF_LIST:
            last = next((b for b in self.blocks[-1:] if b.level > self.stack[-1].depth), None)
            if last is None or last.kind not in (BlockKind.ITEM, BlockKind.CODE):
                return False
        below = number + 1
        if self.lines.is_blank(below) or self.lines.columns[below] != self.column:
            return True
        return bool(ENUMERATOR.match(self.text, self.lines.starts[below], self.lines.ends[below]))

    def has_below(self, number: int) -> bool:
        """Return whether the next line is indented deeper."""
        return not self.lines.is_blank(number + 1) and self.lines.columns[number + 1] > self.column

    def item(self, number: int, text_at: int) -> int:
        """Open an item whose text begins at `text_at`; return this line if it has text, else the next."""
        opened = Open(self.column, BLANK, self.stack[-1].depth + 1, is_first=True)
        self.open(opened)
        end = self.lines.ends[number]
        at = self.lines.after_space(text_at, end)
        if at == end:
            return number + 1
        between = self.text[self.at : at]
        self.column += (
            len((" " * (self.column % 8) + between).expandtabs()) - self.column % 8
            if "\t" in between
            else len(between)
        )
        opened.column, self.at = self.column, at
        return number

    def field(self, number: int, mark: regex.Match[str]) -> int:
        """Read a field as a row, with the first paragraph of its body."""
        name = mark["name"]
        if name.lower() in _SETTINGS or (
            mark.end() == self.lines.ends[number] and not self.has_below(number)
        ):
            self.hide(self.at, self.lines.ends[number])
            return number + 1
        is_head = self.is_head and len(self.stack) == 1
        value = mark.end()
        after = self.row(number, value)
        if is_head:
            if value == self.lines.ends[number]:
                value, last = (
                    self.lines.starts[number + 1],
                    self.lines.after_body(number + 1, self.column) - 1,
                )
                self.fields.append(Field(name, Span(value, self.lines.ends[last])))
            else:
                self.fields.append(Field(name, Span(value, self.blocks[-1].span.end)))
        return after

    def row(self, number: int, text_at: int) -> int:
        """Read a field or an option as a row; its text begins at `text_at` or below it."""
        level = self.level()
        self.open(Open(self.column, BLANK, self.stack[-1].depth))
        if text_at < self.lines.ends[number]:
            return self.text_behind_mark(number, BlockKind.ROW, level)
        self.stack[-1].opening = (self.at, self.lines.ends[number], BlockKind.ROW, level)
        return number + 1

    def verse(self, number: int) -> int:
        """Read a line of a line block, with the deeper lines that continue it."""
        lines = self.lines
        end = lines.ends[number]
        start = lines.after_space(self.at + 1, end)
        after = number + 1
        if start == end:
            return after
        while not lines.is_blank(after) and lines.columns[after] > self.column:
            after += 1
        self.add(self.prose(), start, lines.ends[after - 1], self.level())
        return after


def _with_guessed_headings(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks of a text without titles; short lines before longer paragraphs become headings."""
    for block, below in zip_longest(blocks, blocks[1:]):
        is_ahead = below is not None and below.kind is BlockKind.PROSE is block.kind
        is_shorter = is_ahead and len(block.span) < len(below.span)
        between = text[block.span.end : below.span.start] if is_shorter else ""
        is_alone = between.isspace() and len(between.splitlines()) > 1
        if is_alone and _could_be_title(block.span.of(text)):
            yield replace(block, kind=BlockKind.HEADING, level=1)
        else:
            yield block


def _could_be_title(line: str) -> bool:
    return (
        len(line) <= LONGEST_TITLE_LINE
        and "\n" not in line
        and not line[0].islower()
        and len(line.split()) <= _TITLE_WORDS
        and not ends_with(line, _NO_TITLE_ENDS)
    )
