"""Constructs that begin with two dots: directives, comments, footnotes, targets, substitutions."""

from __future__ import annotations

import regex

from articleqa.models import BlockKind, Span
from articleqa.text.rst.directives import Use, use_of
from articleqa.text.rst.lines import BLANK
from articleqa.text.rst.marks import OPTION
from articleqa.text.rst.open import Open
from articleqa.text.rst.paragraphs import Paragraphs
from articleqa.text.rst.tables import csv_rows, list_rows

_INFORMAL = 9
"""The level of a heading that is not a section's: below all sections."""

_VALUES = frozenset({"type", "default", "value", "values", "choices", "required", "platform", "synopsis"})
"""Options that describe what a directive names: `:default: False` below `.. confval::`."""


class ExplicitMarkup(Paragraphs):
    """Reads constructs that begin with two dots."""

    def explicit(self, number: int, mark: regex.Match[str]) -> int:
        """Read a construct that begins with two dots."""
        lines = self.lines
        if mark["footnote"]:
            return self.directive_text(number, mark.end())
        if mark["directive"]:
            return self.directive(number, mark["directive"].lower(), mark.end())
        end = lines.ends[number]
        if mark["rest"] == "" and lines.is_blank(number + 1):
            self.hide(self.at, end)
            return number + 1
        return self.hide_all(number)

    def hide_all(self, number: int) -> int:
        """Mark a line and everything deeper below it as boilerplate."""
        after = self.lines.after_body(number + 1, self.column)
        self.hide(self.at, self.lines.ends[after - 1])
        return after

    def directive(self, number: int, name: str, mark_end: int) -> int:
        """Read a directive in the way that its name requires."""
        lines = self.lines
        below = lines.after_blank(number + 1)
        use = use_of(name, has_body=below < len(lines) and lines.columns[below] > self.column)
        if use is Use.NOTHING:
            return self.hide_all(number)
        if use is Use.TEXT:
            return self.directive_text(number, mark_end)
        if use is Use.FORMULA:
            return self.formula(number, mark_end)
        if use in (Use.TITLE, Use.HEADING):
            return self.titled(number, mark_end, use)
        title = use in (Use.LIST_TABLE, Use.CSV_TABLE)
        start = self.mark(number, mark_end, has_text=title)
        if title and start < lines.ends[number]:
            self.add(self.prose(), start, lines.ends[number], self.level())
        body, options = self.options(number + 1)
        if use in (Use.BODY, Use.TERMS):
            opened = Open(self.column, BLANK, self.stack[-1].depth)
            self.open(opened)
            opened.has_terms = use is Use.TERMS
            return body
        after = lines.after_body(body, self.column)
        if use is Use.CODE:
            return self.add_code(body, after)
        header_rows = options.get("header-rows", "")
        count = int(header_rows) if header_rows.isdecimal() and len(header_rows) < 3 else 0
        rows = list_rows if use is Use.LIST_TABLE else csv_rows
        self.add_parts(rows(lines, body, after, count))
        return after

    def mark(self, number: int, mark_end: int, *, has_text: bool) -> int:
        """Make a marker boilerplate, or its whole line if that has no text; return where text begins."""
        end = self.lines.ends[number]
        if not has_text:
            self.hide(self.at, end)
            return end
        self.hide(self.at, mark_end)
        return self.lines.after_space(mark_end, end)

    def options(self, number: int, *, rows: bool = False) -> tuple[int, dict[str, str]]:
        """Mark options as boilerplate; return the line after them, and their values by name.

        The `header` of a table is a row; with `rows`, so are the options that describe the directive's
        subject.
        """
        lines = self.lines
        found: dict[str, str] = {}
        while not lines.is_blank(number) and lines.columns[number] > self.column:
            start, end = lines.starts[number], lines.ends[number]
            option = OPTION.match(self.text, start, end)
            if option is None:
                break
            column, after = lines.columns[number], number + 1
            while not lines.is_blank(after) and lines.columns[after] > column:
                after += 1
            end = lines.ends[after - 1]
            found[option["name"]] = self.text[option.end() : end]
            if rows and option["name"] in _VALUES and option.end() < end:
                self.add(BlockKind.ROW, start, end, self.level())
                number = after
                continue
            if option["name"] == "header" and option.end() < end:
                self.hide(start, start + len(option[0].rstrip()))
                self.add_parts([(BlockKind.HEADER_ROW, Span(option.end(), end))])
            else:
                self.hide(start, end)
            number = after
        return number, found

    def directive_text(self, number: int, mark_end: int) -> int:
        """Read a note or the like, whose text begins next to its marker or below it."""
        at = self.mark(number, mark_end, has_text=True)
        depth = self.stack[-1].depth
        if at == self.lines.ends[number]:
            after, _ = self.options(number + 1)
            self.open(Open(self.column, BLANK, depth))
            return after
        self.open(Open(self.column, BLANK, depth))
        self.at = at
        after = self.text_behind_mark(number, self.prose(), self.level())
        return self.options(after)[0]

    def titled(self, number: int, mark_end: int, use: Use) -> int:
        """Read a directive whose argument names what its body is about, as an item with the body below it.

        With `Use.HEADING` the argument is a heading instead.
        """
        lines = self.lines
        start = self.mark(number, mark_end, has_text=True)
        depth = self.stack[-1].depth
        after = number + 1
        while not lines.is_blank(after) and lines.columns[after] > self.column:
            if OPTION.match(self.text, lines.starts[after], lines.ends[after]):
                break
            after += 1
        if start == lines.ends[number]:
            after = number + 1
        elif use is Use.HEADING:
            self.add(BlockKind.HEADING, start, lines.ends[after - 1], _INFORMAL)
        else:
            level = self.level() if depth else 1
            self.add(BlockKind.ITEM, start, lines.ends[after - 1], level)
            depth = level
        self.open(Open(self.column, BLANK, depth))
        return self.options(after, rows=True)[0]

    def formula(self, number: int, mark_end: int) -> int:
        """Read a formula next to or below its marker, as code."""
        start = self.mark(number, mark_end, has_text=True)
        if start < self.lines.ends[number]:
            after = self.lines.after_body(number + 1, self.column)
            self.add(BlockKind.CODE, start, self.lines.ends[after - 1], self.level(), wrapped=False)
            return after
        body, _ = self.options(number + 1)
        return self.add_code(body, self.lines.after_body(body, self.column))
