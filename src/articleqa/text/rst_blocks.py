"""reStructuredText into blocks, by a parser of lines: the text itself is left as it stands.

It is our own because docutils keeps no exact offsets, and takes a hundred times as long. Each line is read
once. A stack holds what is open: items, definitions, fields, directives and quotations, each with the column
at which its text stands. Where docutils reports an error, text is kept as a reader would take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

import regex

from articleqa.models import Block, BlockKind, Span
from articleqa.text.boilerplate import LONGEST, is_boilerplate
from articleqa.text.rst_directives import Use, use_of
from articleqa.text.rst_lines import BLANK, Lines
from articleqa.text.rst_tables import (
    Part,
    csv_rows,
    grid_end,
    grid_rows,
    is_simple_border,
    list_rows,
    simple_end,
    simple_rows,
)

LONGEST_TITLE_LINE = 200
"""A line of more characters is no title, whatever stands below it."""

_SHORTEST_ADORNMENT = 4
"""An underline has this many characters, if not as many as its title."""

_DEEPEST = 100
"""Lists, directives and quotations in each other; what lies deeper is text."""

_INFORMAL = 9
"""The level of a heading that is no section's: it stands below all sections."""

_HEAD_HEADINGS = 2
"""A title and a subtitle may stand above the fields of a document."""

_EXPLICIT = regex.compile(
    r"""\.\. (?:
        [ \t]+ (?P<footnote>\[[^\]\s]+\]) (?=\s|\Z)
      | [ \t]+ (?P<definition>\|[^|]+\|[ \t])
      | [ \t]+ (?P<directive>[\w:+.-]*\w) [ ]?::(?=\s|\Z)
      | (?P<rest>(?:[ \t]+\S.*)?) \Z
    )""",
    regex.VERBOSE,
)
_OPTION = regex.compile(r":(?=[^:\s])(?P<name>[^:]*+):(?:\s+|\Z)")
_FIELD = regex.compile(r":(?![:\s])(?P<name>(?:[^:\\]|\\.|:(?![\s`]|\Z))*+)(?<!\s):(?:\s+|\Z)")
_BULLET = regex.compile(r"[-*+•‣⁃](?:[ \t]+|\Z)")
_ENUMERATOR = regex.compile(
    r"""(?: \( (?:(?P<number>\d{1,9}|\#)|(?P<letter>[a-zA-Z]|[ivxlcdm]{1,9}|[IVXLCDM]{1,9})) \)
      | (?:(?P<number>\d{1,9}|\#)|(?P<letter>[a-zA-Z]|[ivxlcdm]{1,9}|[IVXLCDM]{1,9})) [.)]
    ) (?:[ \t]+|\Z)""",
    regex.VERBOSE,
)
_OPTION_LIST = regex.compile(
    r"""(?P<option> [-+]\w (?:[ ]?+[<\w][^ ,]*+)?+ | (?:--|/)[\w-]++ (?:[ =][<\w][^ ,]*+)?+ )
    (?: ,[ ] (?&option) )*+ (?: [ ]{2,} | \Z )""",
    regex.VERBOSE,
)
_ONLY_SUBSTITUTIONS = regex.compile(r"(?:\|[^|\s][^|]*+\|_{0,2}\s*+)++")
_WORD = regex.compile(r"\w")
_ROMAN = frozenset("ivxlcdmIVXLCDM")
_FIRST_OF_LIST = frozenset("aAiI")
_SETTINGS = frozenset({"orphan", "nocomments", "nosearch", "tocdepth"})
"""Fields that tell Sphinx what to do with a file."""

_MAIL_FIELD = regex.compile(r"(?P<name>[A-Za-z][\w-]*+):(?:[ \t]+|\Z)")
_COMMENT_FIELD = regex.compile(r"\.\.[ \t]+(?P<name>[a-z][\w-]*+):(?:[ \t]+|\Z)")
_LONGEST_SINGLE_FIELD = 80
_TITLE_WORDS = 15
"""A line of more words is no title, unless it has an adornment."""

_NO_TITLE_END = regex.compile(r"[.!…。！？:;,|][\"'”’»)\]]*$")
_SENTENCE_END = regex.compile(r"[.!?]\Z")

_Opening = tuple[int, int, BlockKind, int]
"""The start and end of a term or a field's name, and the kind and level of what it makes with its text."""


class Field(NamedTuple):
    """A field at a document's head: "Author: Bo", ":Date: 2020-05-17"."""

    name: str
    value: Span


class _Open:
    """What is open: it has the lines deeper than `floor`, and its text stands at `column`, if that is known.

    `depth` is the level of the innermost item around its text. `is_first` is true until an item has text of
    its own, and `opening` what its first paragraph is joined to.
    """

    __slots__ = ("column", "depth", "floor", "has_terms", "is_first", "opening")

    def __init__(self, floor: int, column: int, depth: int, *, is_first: bool = False) -> None:
        self.floor = floor
        self.column = column
        self.depth = depth
        self.is_first = is_first
        self.has_terms = False
        self.opening: _Opening | None = None


def rst_blocks(text: str) -> list[Block]:
    """Return the blocks of reStructuredText in order, disjoint.

    A line end inside a block is a space but in code. Adornments, comments, link targets and the marks of
    directives are boilerplate; bullets, enumerators and the bars of line blocks are left out.
    """
    return read_rst(text)[0]


def read_rst(text: str) -> tuple[list[Block], list[Field]]:
    """Return the blocks of reStructuredText, and the fields at its head."""
    parser = _Parser(Lines(text))
    parser.read()
    return parser.blocks, parser.fields


class _Parser:
    """The state of reading: the line that is read stands at `at`, in `column`, behind its markers."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.text = lines.text
        self.blocks: list[Block] = []
        self.fields: list[Field] = []
        self.stack = [_Open(BLANK, 0, 0)]
        self.levels: dict[tuple[str, bool], int] = {}
        self.headings = 0
        self.is_head = True
        self.at = 0
        self.column = 0

    def read(self) -> None:
        """Read all lines."""
        lines = self.lines
        number = self.read_head()
        while (number := lines.after_blank(number)) < len(lines):
            self.at, self.column = lines.starts[number], lines.columns[number]
            self.enter()
            after = self.construct(number)
            while after == number:  # a marker was read, and more stands on its line
                after = self.construct(number)
            number = after
        while self.stack:
            self.flush()
            self.stack.pop()
        if not self.levels:
            self.blocks = list(_with_guessed_headings(self.text, self.blocks))

    # What is open

    def enter(self) -> None:
        """Close what the line is not part of, and open a quotation where it is deeper than all text."""
        while self.column <= self.stack[-1].floor:
            self.flush()
            self.stack.pop()
        top = self.stack[-1]
        if top.column == BLANK or self.column < top.column:
            top.column = self.column
        elif self.column > top.column and len(self.stack) < _DEEPEST:
            self.open(_Open(top.column, self.column, top.depth))

    def open(self, opened: _Open) -> None:
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

    # A document's head

    def read_head(self) -> int:
        """Read fields as mail has them, or as comments (".. title: A walk"), if the text begins with them."""
        first = after = self.lines.after_blank(0)
        while not self.lines.is_blank(after):
            after += 1
        if first == after or self.lines.columns[first] > 0:
            return first
        for pattern in (_MAIL_FIELD, _COMMENT_FIELD):
            if rows := self.head_rows(first, after, pattern):
                for name, row, value in rows:
                    if row.start < value.end:
                        self.add(BlockKind.ROW, row.start, row.end)
                        self.fields.append(Field(name, value))
                return after
        return first

    def head_rows(self, first: int, after: int, pattern: regex.Pattern[str]) -> list[tuple[str, Span, Span]]:
        """Return the name, the row and the value of each field; none where a line is no part of one."""
        lines = self.lines
        rows: list[tuple[str, Span, Span]] = []
        for number in range(first, after):
            start, end = lines.starts[number], lines.ends[number]
            if lines.columns[number] > 0 and rows:
                name, row, value = rows[-1]
                value = Span(value.start if len(value) else start, end)
                rows[-1] = (name, Span(row.start, end), value)
                continue
            field = pattern.match(self.text, start, end)
            if field is None or (number + 1 < after and lines.is_adornment(number + 1)):
                return []
            rows.append((field["name"], Span(field.start("name"), end), Span(field.end(), end)))
        if len(rows) > 1:
            return rows
        row = rows[0][1]
        is_short = len(row) <= _LONGEST_SINGLE_FIELD and not _SENTENCE_END.search(row.of(self.text))
        return rows if is_short and pattern is _MAIL_FIELD else []

    # What a line opens

    def construct(self, number: int) -> int:
        """Read what begins at the current place; return the next line, or this one if more stands on it."""
        lines, at, end = self.lines, self.at, self.lines.ends[number]
        symbol = self.text[at]
        if symbol.isalpha() and symbol not in _ROMAN and not self.text.startswith((".", ")"), at + 1):
            return self.paragraph(number)  # the most frequent case: no marker begins so
        is_line = at == lines.starts[number]
        is_deep = len(self.stack) >= _DEEPEST
        if symbol == "." and not is_deep and (mark := _EXPLICIT.match(self.text, at, end)):
            return self.explicit(number, mark)
        if symbol == "_" and self.text.startswith("__ ", at):
            self.hide(at, end)
            return number + 1
        if is_line and not symbol.isalnum() and (after := self.lines_of_their_own(number, symbol)):
            return after
        behind = None if is_deep else self.marker(number, symbol)
        return self.paragraph(number) if behind is None else behind

    def lines_of_their_own(self, number: int, symbol: str) -> int:
        """Read tables, adornments, doctests and lone "::"; return 0 where there is none."""
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
        """Read the marker of an item, a field, an option or a line of a line block, if there is one."""
        text, at, end = self.text, self.at, self.lines.ends[number]
        if symbol in "-*+•‣⁃" and (mark := _BULLET.match(text, at, end)):
            return self.item(number, mark.end())
        if (symbol.isalnum() or symbol in "#(") and (mark := _ENUMERATOR.match(text, at, end)):
            return self.item(number, mark.end()) if self.is_enumerated(number, mark) else None
        if symbol == ":" and (mark := _FIELD.match(text, at, end)):
            return self.field(number, mark)
        if symbol in "-+/" and (mark := _OPTION_LIST.match(text, at, end)):
            if mark.end() == end and not self.has_below(number):
                return None
            return self.row(number, mark.end())
        if symbol == "|" and (at + 1 == end or text[at + 1].isspace()):
            return self.verse(number)
        return None

    def is_enumerated(self, number: int, mark: regex.Match[str]) -> bool:
        """Say whether an enumerator opens an item: neither an initial, nor a number at a line's start."""
        letter = mark["letter"]
        if letter and letter not in _FIRST_OF_LIST:
            last = next((b for b in self.blocks[-1:] if b.level > self.stack[-1].depth), None)
            if last is None or last.kind not in (BlockKind.ITEM, BlockKind.CODE):
                return False
        below = number + 1
        if self.lines.is_blank(below) or self.lines.columns[below] != self.column:
            return True
        return bool(_ENUMERATOR.match(self.text, self.lines.starts[below], self.lines.ends[below]))

    def has_below(self, number: int) -> bool:
        """Say whether the next line is deeper."""
        return not self.lines.is_blank(number + 1) and self.lines.columns[number + 1] > self.column

    def item(self, number: int, text_at: int) -> int:
        """Open an item whose text begins at `text_at`; return this line if it has text."""
        opened = _Open(self.column, BLANK, self.stack[-1].depth + 1, is_first=True)
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
        """Read a field: a row, with the first paragraph of its body."""
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
        """Read a field or an option, whose text begins at `text_at` or below."""
        level = self.level()
        self.open(_Open(self.column, BLANK, self.stack[-1].depth))
        if text_at < self.lines.ends[number]:
            return self.text_behind_mark(number, BlockKind.ROW, level)
        self.stack[-1].opening = (self.at, self.lines.ends[number], BlockKind.ROW, level)
        return number + 1

    def verse(self, number: int) -> int:
        """Read a line of a line block, with the deeper lines that go on with it."""
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

    def prose(self) -> BlockKind:
        return BlockKind.ITEM if self.stack[-1].depth else BlockKind.PROSE

    # Titles

    def is_title(self, number: int) -> bool:
        """Say whether a line is a section's title: it stands above an adornment that is long enough."""
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
            and not _EXPLICIT.match(self.text, lines.starts[number], lines.ends[number])
            and not self.text.startswith("..", lines.starts[number + 1])
        )

    def heading(self, number: int, *, has_line_above: bool) -> int:
        lines = self.lines
        below = number + 1
        adornment = (self.text[lines.starts[below]], has_line_above)
        level = self.levels.setdefault(adornment, len(self.levels) + 1)
        self.add(BlockKind.HEADING, lines.starts[number], lines.ends[number], level, wrapped=False)
        self.hide(lines.starts[below], lines.ends[below])
        return number + 2

    # Paragraphs

    def paragraph(self, number: int) -> int:
        """Read a paragraph, a title, or a term with its meaning."""
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
        """Read the paragraph that begins behind a marker: all deeper lines go on with it."""
        after = self.after_paragraph(number, self.stack[-1].floor, is_loose=True)
        return self.finish(number, after, kind, level)

    def after_paragraph(self, number: int, floor: int, *, is_loose: bool) -> int:
        """Return the line behind the paragraph that begins on line `number`."""
        lines, text = self.lines, self.text
        columns = lines.columns
        after = number + 1
        while not lines.is_blank(after):
            start, end = lines.starts[after], lines.ends[after]
            column = columns[after]
            ends_in_colon = text[lines.ends[after - 1] - 1] == ":"
            if column > self.column:
                # One deeper line below a term is its meaning; below more lines it goes on with them.
                if not is_loose and (after == number + 1 or ends_in_colon or self.stack[-1].has_terms):
                    break
            elif column < self.column and not (
                (is_loose and column > floor)
                or (self.stack[-1].is_first and column == floor and self.goes_on(after))
            ):
                break
            if not text[start].isalnum() and self.interrupts(
                after, ends_in_colon=ends_in_colon, is_loose=is_loose
            ):
                break
            if ends_in_colon and text[start].isdigit() and _ENUMERATOR.match(text, start, end):
                break
            after += 1
        return after

    def goes_on(self, number: int) -> bool:
        """Say whether a line that is not indented goes on with the item above it."""
        before = self.text[self.lines.ends[number - 1] - 1]
        return before not in ".!?:;" and self.text[self.lines.starts[number]].islower()

    def interrupts(self, number: int, *, ends_in_colon: bool, is_loose: bool) -> bool:
        """Say whether a line that begins with a symbol ends the paragraph above it without a blank line."""
        start, end = self.lines.starts[number], self.lines.ends[number]
        symbol = self.text[start]
        if symbol == "." and _EXPLICIT.match(self.text, start, end):
            return True
        if symbol == ">" and self.text.startswith(">>> ", start):
            return True
        if symbol == "+" and grid_end(self.lines, number) > number:
            return True
        if symbol == "=" and is_simple_border(self.lines, number):
            return True
        if symbol == ":" and is_loose and _FIELD.match(self.text, start, end):
            return True
        if (ends_in_colon or is_loose) and _BULLET.match(self.text, start, end):
            return True
        return self.lines.is_adornment(number)

    def term(self, number: int, after: int) -> int:
        """Open the meaning of a term: its first paragraph and the term are one block."""
        top = self.stack[-1]
        level = top.depth if top.is_first else top.depth + 1
        opened = _Open(self.column, BLANK, level)
        self.open(opened)
        opened.opening = (self.at, self.lines.ends[after - 1], BlockKind.ITEM, level)
        return after

    def finish(self, number: int, after: int, kind: BlockKind, level: int) -> int:
        """Add a paragraph, joined to the term or name that opens it, and the literal block it leads to."""
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
        if kind is BlockKind.ROW or end - start > LONGEST:
            return False
        stretch = self.text[start:end]
        if kind is BlockKind.PROSE:
            symbol = stretch[0] == "|"
            return is_boilerplate(stretch) or (symbol and bool(_ONLY_SUBSTITUTIONS.fullmatch(stretch)))
        return not _WORD.search(stretch)

    def literal(self, number: int, column: int) -> int:
        """Read the literal block behind "::": the lines deeper than `column`, or quoted ones."""
        lines = self.lines
        first = lines.after_blank(number)
        if first == len(lines):
            return number
        if lines.columns[first] > column:
            return self.add_code(first, lines.after_body(first, column))
        symbol = self.text[lines.starts[first]]
        if lines.columns[first] < column or symbol.isalnum() or lines.is_adornment(first):
            return number
        if symbol in "-*+.:|" or lines.is_adornment(first + 1):  # markers more often than quotes
            return number
        after = first
        while not lines.is_blank(after) and self.text[lines.starts[after]] == symbol:
            after += 1
        return self.add_code(first, after)

    # Directives, comments, footnotes and targets

    def explicit(self, number: int, mark: regex.Match[str]) -> int:
        """Read what begins with two dots."""
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
        """Make boilerplate of a line and all that is deeper below it."""
        after = self.lines.after_body(number + 1, self.column)
        self.hide(self.at, self.lines.ends[after - 1])
        return after

    def directive(self, number: int, name: str, mark_end: int) -> int:
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
            opened = _Open(self.column, BLANK, self.stack[-1].depth)
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
        """Make boilerplate of a mark, and of its whole line if that has no text; return where text begins."""
        end = self.lines.ends[number]
        if not has_text:
            self.hide(self.at, end)
            return end
        self.hide(self.at, mark_end)
        return self.lines.after_space(mark_end, end)

    def options(self, number: int) -> tuple[int, dict[str, str]]:
        """Make boilerplate of options; return the line behind them and what they are.

        The `header` of a table is a row.
        """
        lines = self.lines
        found: dict[str, str] = {}
        while not lines.is_blank(number) and lines.columns[number] > self.column:
            start, end = lines.starts[number], lines.ends[number]
            option = _OPTION.match(self.text, start, end)
            if option is None:
                break
            column, after = lines.columns[number], number + 1
            while not lines.is_blank(after) and lines.columns[after] > column:
                after += 1
            end = lines.ends[after - 1]
            found[option["name"]] = self.text[option.end() : end]
            if option["name"] == "header" and option.end() < end:
                self.hide(start, start + len(option[0].rstrip()))
                self.add_parts([(BlockKind.HEADER_ROW, Span(option.end(), end))])
            else:
                self.hide(start, end)
            number = after
        return number, found

    def directive_text(self, number: int, mark_end: int) -> int:
        """Read a note or the like: its text begins beside its mark or below it."""
        at = self.mark(number, mark_end, has_text=True)
        depth = self.stack[-1].depth
        if at == self.lines.ends[number]:
            after, _ = self.options(number + 1)
            self.open(_Open(self.column, BLANK, depth))
            return after
        self.open(_Open(self.column, BLANK, depth))
        self.at = at
        after = self.text_behind_mark(number, self.prose(), self.level())
        return self.options(after)[0]

    def titled(self, number: int, mark_end: int, use: Use) -> int:
        """Read a directive whose argument names what its body is about: an item, with the body below it."""
        lines = self.lines
        start = self.mark(number, mark_end, has_text=True)
        depth = self.stack[-1].depth
        after = number + 1
        while not lines.is_blank(after) and lines.columns[after] > self.column:
            if _OPTION.match(self.text, lines.starts[after], lines.ends[after]):
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
        body, _ = self.options(after)
        self.open(_Open(self.column, BLANK, depth))
        return body

    def formula(self, number: int, mark_end: int) -> int:
        start = self.mark(number, mark_end, has_text=True)
        if start < self.lines.ends[number]:
            after = self.lines.after_body(number + 1, self.column)
            self.add(BlockKind.CODE, start, self.lines.ends[after - 1], self.level(), wrapped=False)
            return after
        body, _ = self.options(number + 1)
        return self.add_code(body, self.lines.after_body(body, self.column))


def _with_guessed_headings(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks of a text without marked titles: short lines ahead of a longer paragraph head it."""
    for block, below in zip_longest(blocks, blocks[1:]):
        is_ahead = below is not None and below.kind is BlockKind.PROSE is block.kind
        if is_ahead and len(block.span) < len(below.span) and _could_be_title(block.span.of(text)):
            yield replace(block, kind=BlockKind.HEADING, level=1)
        else:
            yield block


def _could_be_title(line: str) -> bool:
    return (
        len(line) <= LONGEST_TITLE_LINE
        and "\n" not in line
        and not line[0].islower()
        and len(line.split()) <= _TITLE_WORDS
        and not _NO_TITLE_END.search(line)
    )
