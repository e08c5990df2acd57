"""Paragraphs of reStructuredText, and what the next lines turn them into: titles, terms, literal blocks."""

from __future__ import annotations

import regex

from articleqa.models import BlockKind
from articleqa.text.boilerplate import LONGEST, is_boilerplate
from articleqa.text.endings import CLAUSE_MARKS, SENTENCE_MARKS
from articleqa.text.rst.lines import BLANK
from articleqa.text.rst.marks import BULLET, ENUMERATOR, EXPLICIT, FIELD
from articleqa.text.rst.open import Open, OpenBlocks
from articleqa.text.rst.tables import grid_end, is_simple_border

LONGEST_TITLE_LINE = 200
"""A line of more characters is not a title, whatever is below it."""

_SHORTEST_ADORNMENT = 4
"""An underline has at least this many characters, or as many as its title."""

_ONLY_SUBSTITUTIONS = regex.compile(r"(?:\|[^|\s][^|]*+\|_{0,2}\s*+)++")
_WORD = regex.compile(r"\w")


class Paragraphs(OpenBlocks):
    """Reads constructs that begin with text."""

    def is_title(self, number: int) -> bool:
        """Return whether a line is a section's title: it is above an adornment that is long enough."""
        lines = self.lines
        if len(self.stack) > 1 or lines.is_blank(number) or not lines.is_adornment(number + 1):
            return False
        length = lines.ends[number] - lines.starts[number]
        below = lines.ends[number + 1] - lines.starts[number + 1]
        return (
            length <= LONGEST_TITLE_LINE
            and lines.columns[number + 1] == 0
            and below >= min(length, _SHORTEST_ADORNMENT)
            and not lines.is_adornment(number)
            and not EXPLICIT.match(self.text, lines.starts[number], lines.ends[number])
            and not self.text.startswith("..", lines.starts[number + 1])
        )

    def heading(self, number: int, *, has_line_above: bool) -> int:
        """Add a title and hide the line below it; adornments get levels in the order of their first use."""
        lines = self.lines
        below = number + 1
        adornment = (self.text[lines.starts[below]], has_line_above)
        level = self.levels.setdefault(adornment, len(self.levels) + 1)
        self.add(BlockKind.HEADING, lines.starts[number], lines.ends[number], level, wrapped=False)
        self.hide(lines.starts[below], lines.ends[below])
        return number + 2

    def paragraph(self, number: int) -> int:
        """Read a paragraph, a title, or a term and its meaning."""
        lines, top, at = self.lines, self.stack[-1], self.at
        is_line = at == lines.starts[number]
        if is_line and self.column == 0 and self.is_title(number):
            return self.heading(number, has_line_above=False)
        if not is_line:
            return self.text_behind_mark(number, self.prose(), self.level())
        after = self.after_paragraph(number, top.floor, is_loose=False)
        last = lines.ends[after - 1]
        is_deeper = not lines.is_blank(after) and lines.columns[after] > self.column
        if is_deeper and (after == number + 1 or top.has_terms) and not self.text.endswith("::", at, last):
            return self.term(number, after)
        return self.finish(number, after, self.prose(), self.level())

    def text_behind_mark(self, number: int, kind: BlockKind, level: int) -> int:
        """Read the paragraph that begins after a marker; all deeper lines continue it."""
        after = self.after_paragraph(number, self.stack[-1].floor, is_loose=True)
        return self.finish(number, after, kind, level)

    def after_paragraph(self, number: int, floor: int, *, is_loose: bool) -> int:
        """Return the line after the paragraph that begins on line `number`."""
        lines, text = self.lines, self.text
        columns = lines.columns
        after = number + 1
        while not lines.is_blank(after):
            start, end = lines.starts[after], lines.ends[after]
            column = columns[after]
            ends_in_colon = text[lines.ends[after - 1] - 1] == ":"
            if column <= floor or not (is_loose or column >= self.column):
                if not (self.stack[-1].is_first and column == floor and self.goes_on(after)):
                    break
            # A deeper line below a single line is a term's meaning; below several lines it continues them.
            elif (column > self.column and not is_loose) and (
                after == number + 1 or ends_in_colon or self.stack[-1].has_terms
            ):
                break
            if not text[start].isalnum() and self.interrupts(
                after, ends_in_colon=ends_in_colon, is_loose=is_loose
            ):
                break
            if ends_in_colon and text[start].isdigit() and ENUMERATOR.match(text, start, end):
                break
            after += 1
        return after

    def goes_on(self, number: int) -> bool:
        """Return whether a line that is not indented continues the item above it."""
        before = self.text[self.lines.ends[number - 1] - 1]
        return before not in SENTENCE_MARKS + CLAUSE_MARKS and self.text[self.lines.starts[number]].islower()

    def interrupts(self, number: int, *, ends_in_colon: bool, is_loose: bool) -> bool:
        """Return whether a line that begins with a symbol ends the paragraph above without a blank line."""
        start, end = self.lines.starts[number], self.lines.ends[number]
        symbol = self.text[start]
        if symbol == "." and EXPLICIT.match(self.text, start, end):
            return True
        if symbol == ">" and self.text.startswith(">>> ", start):
            return True
        if symbol == "+" and grid_end(self.lines, number) > number:
            return True
        if symbol == "=" and is_simple_border(self.lines, number):
            return True
        if symbol == ":" and is_loose and FIELD.match(self.text, start, end):
            return True
        if (ends_in_colon or is_loose) and BULLET.match(self.text, start, end):
            return True
        return self.lines.is_adornment(number)

    def term(self, number: int, after: int) -> int:
        """Open the meaning of a term; the term and the first paragraph of its meaning are one block."""
        top = self.stack[-1]
        level = top.depth if top.is_first else top.depth + 1
        opened = Open(self.column, BLANK, level)
        self.open(opened)
        opened.opening = (self.at, self.lines.ends[after - 1], BlockKind.ITEM, level)
        return after

    def finish(self, number: int, after: int, kind: BlockKind, level: int) -> int:
        """Add a paragraph, joined to the term or name that opens it, and the literal block it introduces."""
        top, start, end = self.stack[-1], self.at, self.lines.ends[after - 1]
        opening, top.opening = top.opening, None
        if opening is not None:
            start, _, kind, level = opening
        if self.is_no_text(start, end, kind):
            self.hide(start, end)
        else:
            self.add(kind, start, end, level)
        if self.text.endswith("::", start, end):
            base = self.column if top.column == BLANK else top.column
            if self.at != self.lines.starts[number] and top.column == BLANK:
                base = top.floor
            return self.literal(after, base)
        return after

    def is_no_text(self, start: int, end: int, kind: BlockKind) -> bool:
        """Return whether a paragraph shows no text: only symbols, images by name, or a web page's menu."""
        if kind is BlockKind.ROW or end - start > LONGEST:
            return False
        stretch = self.text[start:end]
        if kind is BlockKind.PROSE:
            symbol = stretch[0] == "|"
            return is_boilerplate(stretch) or (symbol and bool(_ONLY_SUBSTITUTIONS.fullmatch(stretch)))
        return not _WORD.search(stretch)

    def literal(self, number: int, column: int) -> int:
        """Read the literal block after "::": the lines deeper than `column`, or quoted ones."""
        lines = self.lines
        first = lines.after_blank(number)
        if first == len(lines):
            return number
        if lines.columns[first] > column:
            return self.add_code(first, lines.after_body(first, column))
        symbol = self.text[lines.starts[first]]
        if lines.columns[first] < column or symbol.isalnum() or lines.is_adornment(first):
            return number
        if symbol in "-*+.:|" or lines.is_adornment(first + 1):  # more often markers than quotes
            return number
        after = first
        while not lines.is_blank(after) and self.text[lines.starts[after]] == symbol:
            after += 1
        return self.add_code(first, after)
