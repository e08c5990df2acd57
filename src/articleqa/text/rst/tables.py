"""Tables of reStructuredText: grids, simple tables, and the directives `list-table` and `csv-table`.

Each `..._rows` function yields the kinds and spans of the lines from `first` to `last` (excluded). A row is
one span, however many lines it has.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from articleqa.models import BlockKind, Span
from articleqa.text.rst.lines import BLANK, Lines

Part = tuple[BlockKind, Span]

_GRID_BORDER = regex.compile(r"\+(?:[-=]++\+)++")
_SIMPLE_BORDER = regex.compile(r"=++(?:[ ]++=++)++")
_UNDERLINE = regex.compile(r"-++(?:[ ]++-++)*+")
_WORD = regex.compile(r"\w")
_ROW = regex.compile(r"[-*+•‣⁃]\s+(?:[-*+•‣⁃](?:\s+|$))?")


def grid_end(lines: Lines, first: int) -> int:
    """Return the line after the grid table that begins with line `first`, or `first` if none does."""
    if not _GRID_BORDER.fullmatch(lines.text, lines.starts[first], lines.ends[first]):
        return first
    column, number = lines.columns[first], first
    while number < len(lines) and lines.columns[number] == column:
        if lines.text[lines.starts[number]] not in "+|":
            break
        number += 1
    return number


def grid_rows(lines: Lines, first: int, last: int) -> Iterator[Part]:
    """Yield borders as boilerplate, and rows; those above a border of "=" are header rows."""
    heads = [number for number in range(first, last) if lines.line(number).startswith("+=")]
    row = first
    for number in range(first, last + 1):
        is_border = number < last and lines.line(number).startswith(("+-", "+="))
        if is_border or number == last:
            if row < number:
                is_head = bool(heads) and number <= heads[0] and number < last
                yield _row(lines, row, number, is_head)
            row = number + 1
        if is_border:
            yield BlockKind.BOILERPLATE, Span(lines.starts[number], lines.ends[number])


def simple_end(lines: Lines, first: int) -> int:
    """Return the line after the simple table that begins with line `first`, or `first` if none does."""
    if not is_simple_border(lines, first):
        return first
    column, number, has_head = lines.columns[first], first + 1, False
    while number < len(lines) and (lines.columns[number] == BLANK or lines.columns[number] >= column):
        if lines.columns[number] == column and is_simple_border(lines, number):
            if has_head or lines.is_blank(number + 1):
                return number + 1
            has_head = True
        number += 1
    return first


def is_simple_border(lines: Lines, number: int) -> bool:
    """Return whether a line has two or more runs of "=", one for each column of a simple table."""
    start, end = lines.starts[number], lines.ends[number]
    return lines.text.startswith("=", start) and bool(_SIMPLE_BORDER.fullmatch(lines.text, start, end))


def simple_rows(lines: Lines, first: int, last: int) -> Iterator[Part]:
    """Yield borders as boilerplate, and rows; a line without a first cell continues the row above."""
    border = lines.line(first)
    second = lines.columns[first] + len(border) - len(border.lstrip("=").lstrip())
    borders = [number for number in range(first, last) if is_simple_border(lines, number)]
    head_end = borders[1] if len(borders) > 2 else first
    row: int | None = None
    for number in range(first, last):
        if lines.columns[number] == BLANK:
            continue
        line = lines.line(number)
        is_border = is_simple_border(lines, number) or bool(_UNDERLINE.fullmatch(line))
        if row is not None and (is_border or lines.columns[number] < second):
            yield _row(lines, row, number, row < head_end)
            row = None
        if is_border:
            yield BlockKind.BOILERPLATE, Span(lines.starts[number], lines.ends[number])
        elif row is None:
            row = number


def list_rows(lines: Lines, first: int, last: int, header_rows: int) -> Iterator[Part]:
    """Yield the rows of a `list-table`: each is an item whose nested items are the cells."""
    first = lines.after_blank(first)
    if first >= last:
        return
    column = lines.columns[first]
    opened = [number for number in range(first, last) if BLANK < lines.columns[number] <= column]
    for count, (row, after) in enumerate(zip(opened, [*opened[1:], last], strict=True)):
        kind, span = _row(lines, row, after, count < header_rows)
        mark = _ROW.match(lines.text, span.start, span.end)
        start = lines.after_space(mark.end(), span.end) if mark else span.start
        if start < span.end:
            yield kind, Span(start, span.end)


def csv_rows(lines: Lines, first: int, last: int, header_rows: int) -> Iterator[Part]:
    """Yield the rows of a `csv-table`; a line end inside quotation marks does not end a row."""
    row: int | None = None
    count = quotes = 0
    for number in range(first, last):
        if lines.columns[number] == BLANK:
            continue
        row = number if row is None else row
        quotes += lines.text.count('"', lines.starts[number], lines.ends[number])
        if quotes % 2 == 0 or number == last - 1:
            yield _row(lines, row, number + 1, count < header_rows)
            row, count = None, count + 1


def _row(lines: Lines, first: int, after: int, is_head: bool) -> Part:
    """Return the row of the lines from `first`, which has text, up to `after`."""
    while lines.columns[after - 1] == BLANK:
        after -= 1
    span = Span(lines.starts[first], lines.ends[after - 1])
    if not _WORD.search(lines.text, span.start, span.end):
        return BlockKind.BOILERPLATE, span
    return BlockKind.HEADER_ROW if is_head else BlockKind.ROW, span
