"""Tables in plain text: cells separated by tabs, vertical bars, or two or more spaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import regex

from articleqa.models import BlockKind
from articleqa.text.lines import Line, Run, line_text

TABLE_TITLE_LEVEL = 8
"""The level of a title directly above the rows of a table, as a heading: deeper than any section."""

_FEWEST_ROWS = 3
_CELL_ENDS = regex.compile(r"\t+|[ \t]\|[ \t]")
_CELL = regex.compile(r"\S+(?:[ ]\S+)*")
_RULE = regex.compile(r"(?=.*(?:[-=_+|]{2}|\+))[-=_+|: \t]*$")
_GRID_ROW = regex.compile(r"\|.*\|$")
_DIGIT = regex.compile(r"\d")
_AFTER_SENTENCE = regex.compile(r"[.!?:]$")

_HEADER_WORDS = 4
"""A header cell has at most this many words."""

_ALIGNED = 0.8
"""Share of a table's lines in which a cell must start or end at the same column."""


class TableRow(NamedTuple):
    """The lines `first` to `last` of a run, both included: a row, the header row, a title or a rule."""

    first: int
    last: int
    kind: BlockKind


def stroked_rows(text: str, run: Run) -> list[TableRow]:
    """Return the rows of a table, or a grid, with the same number of tabs or vertical bars in each line.

    The list is empty for any other run.
    """
    if len(run) < _FEWEST_ROWS:
        return []
    if not any(text.find(mark, run[0].start, run[-1].end) >= 0 for mark in "|\t"):
        return []
    said = [line_text(text, line) for line in run]
    rows = [number for number, line in enumerate(said) if not _RULE.match(line)]
    if not rows:
        return []
    has_rules = len(rows) < len(said)
    ends = len(_CELL_ENDS.findall(said[rows[0]]))
    is_alike = ends > 0 and all(len(_CELL_ENDS.findall(said[number])) == ends for number in rows)
    in_grid = has_rules and all(_GRID_ROW.match(said[number]) for number in rows)
    if not is_alike or (in_grid and len(rows) < 2):
        return []
    return [
        TableRow(
            number,
            number,
            BlockKind.BOILERPLATE
            if number not in rows
            else BlockKind.HEADER_ROW
            if number == rows[0]
            else BlockKind.ROW,
        )
        for number in range(len(said))
    ]


def spaced_rows(text: str, run: Run) -> list[TableRow]:
    """Return the rows of a table with columns separated by two or more spaces; empty for any other run."""
    if len(run) < _FEWEST_ROWS or text.find("  ", run[0].start, run[-1].end) < 0:
        return []
    said = [line_text(text, line) for line in run]
    if sum("  " in line for line in said) < _ALIGNED * (len(said) - 1):
        return []
    rules = {number for number, line in enumerate(said) if _RULE.match(line)}
    cells = [_cells(line, where) for line, where in zip(said, run, strict=True)]
    rows = [number for number in range(len(said)) if number not in rules and len(cells[number]) > 1]
    column = _shared_column(cells, rows)
    if column is None or len(rows) + len(rules) < _FEWEST_ROWS or len(rows) < 2:
        return []
    left = min(run[number].indent for number in rows)
    made: list[TableRow] = []
    for number in range(len(said)):
        if number in rules:
            made.append(TableRow(number, number, BlockKind.BOILERPLATE))
        elif not made and number not in rows and run[0].indent <= left:
            made.append(TableRow(number, number, BlockKind.HEADING))
        elif number in rows or not made:
            made.append(TableRow(number, number, BlockKind.ROW))
        elif made[-1].kind is BlockKind.ROW and run[number].indent > left:  # a cell continues
            made[-1] = TableRow(made[-1].first, number, BlockKind.ROW)
        else:
            made.append(TableRow(number, number, BlockKind.ROW))
    if _has_header(said, cells, rows, rules):
        made = [
            TableRow(row.first, row.last, BlockKind.HEADER_ROW) if row.first == rows[0] else row
            for row in made
        ]
    return made


_Cell = tuple[int, int]


def _cells(said: str, line: Line) -> list[_Cell]:
    """Return the columns where each cell of a line starts and ends; empty for a line with tabs."""
    if "\t" in said:
        return []
    return [(line.indent + cell.start(), line.indent + cell.end()) for cell in _CELL.finditer(said)]


def _shared_column(cells: Sequence[Sequence[_Cell]], rows: Sequence[int]) -> int | None:
    """Return a column at which a cell other than the first starts, or ends, in most of the lines."""
    starts = Counter(start for number in rows for start, _ in cells[number][1:])
    ends = Counter(end for number in rows for _, end in cells[number][1:])
    for columns in (starts, ends):
        if columns:
            column, count = columns.most_common(1)[0]
            if count >= max(2, _ALIGNED * len(rows)) and len(rows) >= _ALIGNED * (len(cells) - 1) / 2:
                return column
    return None


def _has_header(
    said: Sequence[str], cells: Sequence[Sequence[_Cell]], rows: Sequence[int], rules: set[int]
) -> bool:
    """Return whether the first row names the columns: short words, without the numbers of the other rows."""
    if rules and rows[0] + 1 in rules:
        return True
    first, others = said[rows[0]], [said[number] for number in rows[1:]]
    if _DIGIT.search(first) or not first[0].isalnum() or len(rows) < _FEWEST_ROWS:
        return False
    if len(cells[rows[0]]) < max(len(cells[number]) for number in rows[1:]):
        return False
    words = [cell.split() for cell in _CELL.findall(first)]
    if any(len(cell) > _HEADER_WORDS for cell in words) or _AFTER_SENTENCE.search(first):
        return False
    with_numbers = sum(_DIGIT.search(other) is not None for other in others)
    all_short = all(len(cell.split()) < _HEADER_WORDS for other in others for cell in _CELL.findall(other))
    return 2 * with_numbers >= len(others) or all_short
