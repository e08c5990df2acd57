"""Tables whose cells are wider than a column or taller than a row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

GROUP = " / "
"""Stands between the name of a group of columns and that of a column."""

MOST_COLUMNS = 1_000
"""A cell is at most this many columns wide, as in HTML."""

LONGEST_LABEL = 300
"""A cell with more characters is text, which is not repeated in each of the rows that it stands beside."""

_MOST_HEADER_ROWS = 4
"""More rows of header cells are a table of names."""

_MOST_REPEATED = 10
"""What is repeated makes a table at most this many times as long; a made-up table could grow without end."""


class SpanningCell(NamedTuple):
    """A cell of a table; `is_covered` says that a cell above it, several rows tall, is in its place."""

    text: str
    columns: int = 1
    is_covered: bool = False


TableRow = Sequence[SpanningCell]


def filled_rows(rows: Sequence[TableRow]) -> Iterator[list[str]]:
    """Yield the texts of each row, with the label that covers the place of a cell in each row beside it.

    A cell over several columns is followed by an empty one for each further column, so that what stands to
    its right stays in its own column.
    """
    columns = _columns(rows)
    left = _MOST_REPEATED * sum(len(cell.text) for row in rows for cell in row)
    most_empty = _MOST_REPEATED * sum(map(len, rows))
    above: dict[int, str] = {}
    for row in rows:
        texts: list[str] = []
        within: dict[int, str] = {}
        last = -1
        for column, cell in _placed(row):
            text = cell.text
            if cell.is_covered:
                if column not in above:  # the second column of a wide cell
                    continue
                within[column] = above[column]
                text = above[column] if len(above[column]) <= min(LONGEST_LABEL, left) else ""
                left -= len(text)
            else:
                within[column] = text
            empty = min(most_empty, bisect_left(columns, column) - bisect_right(columns, last))
            most_empty -= empty
            texts += [""] * empty
            texts.append(text)
            last = column
        above = within
        yield texts


def joined_header(rows: Sequence[TableRow], heads: int) -> list[str]:
    """Return one header row for the first `heads` rows: "2023 / Q1", its group's name before each column's.

    A title that is as wide as the table stands above the first column alone. Empty for a single row, for
    more rows than a header has, and if the names would grow without end.
    """
    if not 1 < heads <= _MOST_HEADER_ROWS:
        return []
    placed = [dict(_placed(row)) for row in rows[:heads]]
    starts = [list(row) for row in placed]
    width = max((column + row[column].columns for row in placed for column in row), default=0)
    left = _MOST_REPEATED * sum(len(cell.text) for row in rows[:heads] for cell in row)
    named = {column for row in placed for column in row}
    last = max(named, default=0)
    names: list[str] = []
    for column in sorted(named.union(column for column in _columns(rows) if column < last)):
        above = (_text_above(column, row, begins, width) for row, begins in zip(placed, starts, strict=True))
        name = GROUP.join(dict.fromkeys(filter(None, above))) if column in named else ""
        left -= len(name)
        if left < 0:
            return []
        names.append(name)
    return names


def _columns(rows: Sequence[TableRow]) -> list[int]:
    """Return the columns of a table: those in which a cell begins, however wide other cells say they are."""
    return sorted({column for row in rows for column, cell in _placed(row) if not cell.is_covered})


def _text_above(column: int, row: Mapping[int, SpanningCell], starts: Sequence[int], width: int) -> str:
    """Return the text of the cell of a row that reaches over `column`; `starts` has the row's columns."""
    place = bisect_right(starts, column) - 1
    if place < 0 or column >= starts[place] + row[starts[place]].columns:
        return ""
    cell = row[starts[place]]
    is_title = place == 0 and cell.columns == width
    return "" if is_title and column else cell.text


def _placed(row: TableRow) -> Iterator[tuple[int, SpanningCell]]:
    """Yield the cells of a row with the columns in which they begin."""
    column = 0
    for cell in row:
        yield column, cell
        column += max(1, min(cell.columns, MOST_COLUMNS))
