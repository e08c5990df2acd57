"""Tables in a column of a PDF page, recognised by cells aligned below each other."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from articleqa.loaders.pdf.lines import Cell, Line

_FEWEST_ROWS = 3
_FEWEST_RULED = 2
_LEADING = 1.45
"""Lines of one cell are at most this many font sizes apart."""

_LARGER = 1.1
"""Letters that are so many times as large as those of a table's first row are those of a heading below it."""

_FARTHEST = 4.0
"""Rows of one table are at most this many font sizes apart, unless lines are drawn between their cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, header row first, made of the lines from `start` up to but not including `end`.

    `cells` has for each text of `rows` the cells of lines that it is made of.
    """

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...]
    cells: tuple[tuple[tuple[Cell, ...], ...], ...] = ()


def tables_in(lines: Sequence[Line]) -> list[Table]:
    """Return the tables among `lines`, from top to bottom.

    A table has at least three lines with two or more cells, or two if lines are drawn between the cells, and
    all its cells fall into clearly separate columns.
    """
    tables: list[Table] = []
    start = 0
    while start < len(lines):
        if len(lines[start].cells) == 1:
            start += 1
            continue
        end = _end(lines, start)
        table = _table(lines, start, end)
        if table:
            tables.append(table)
        start = max(end, start + 1)
    return tables


def have_same_columns(lines: Sequence[Line], others: Sequence[Line]) -> bool:
    """Return whether the cells of two tables, given by their lines, fall into the same columns."""
    count = len(_columns([*lines, *others]))
    return count == len(_columns(lines)) == len(_columns(others))


def _end(lines: Sequence[Line], start: int) -> int:
    """Return the end of the run of lines from `start` that may form one table.

    A line with one cell belongs to it only if it continues a cell above or the table goes on after it. One in
    larger letters is a heading, and what follows another table.
    """
    lefts: list[float] = []
    end = start
    for place in range(start, len(lines)):
        line = lines[place]
        size = line.size
        if place > start and line.y - lines[place - 1].y > _FARTHEST * size and not line.ruled:
            break
        if len(line.cells) > 1:
            lefts += [cell.left for cell in line.cells]
            end = place + 1
        elif size > _LARGER * lines[start].size and not line.ruled:
            break
        elif not any(abs(line.left - left) < 0.5 * size for left in lefts[-20:]):
            if lefts or place > start:
                break
        elif line.left > min(lefts) + size and line.y - lines[place - 1].y <= _LEADING * size:
            end = place + 1
        elif place - end >= 2:
            break
        if not lefts:
            break
    return end


def _table(lines: Sequence[Line], start: int, end: int) -> Table | None:
    chosen = lines[start:end]
    fewest = _FEWEST_RULED if chosen and all(line.ruled for line in chosen) else _FEWEST_ROWS
    if sum(len(line.cells) > 1 for line in chosen) < fewest or _is_justified(lines, start, end):
        return None
    columns = _columns(chosen)
    if len(columns) < 2:
        return None
    placed = [{_column(cell, columns): cell for cell in line.cells} for line in chosen]
    if any(len(cells) < len(line.cells) for cells, line in zip(placed, chosen, strict=True)):
        return None
    starts = _row_starts(chosen, placed)
    rows: list[list[list[Cell]]] = []
    for place, cells in enumerate(placed):
        if place in starts:
            rows.append([[] for _ in columns])
        for column, cell in cells.items():
            rows[-1][column].append(cell)
    if len(rows) < fewest:
        return None
    texts = tuple(tuple(" ".join(cell.text for cell in cells).strip() for cells in row) for row in rows)
    return Table(start, end, texts, tuple(tuple(map(tuple, row)) for row in rows))


def _is_justified(lines: Sequence[Line], start: int, end: int) -> bool:
    """Return whether a line next to these has the same left and right edges, as in a justified paragraph."""
    for line, other in ((start, start - 1), (end - 1, end)):
        if 0 <= other < len(lines) and abs(lines[other].y - lines[line].y) <= _LEADING * lines[line].size:
            edges = ((each.left, each.right) for each in (lines[line], lines[other]))
            (left, right), (other_left, other_right) = edges
            if abs(left - other_left) < 1.0 and abs(right - other_right) < 1.0:
                return True
    return False


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the left and right edges of the columns; cells that overlap horizontally share a column."""
    columns: list[tuple[float, float]] = []
    cells = sorted((cell for line in lines for cell in line.cells), key=lambda cell: (cell.left, cell.right))
    for cell in cells:
        if columns and cell.left <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], cell.right))
        else:
            columns.append((cell.left, cell.right))
    return columns


def _column(cell: Cell, columns: Sequence[tuple[float, float]]) -> int:
    return bisect(columns, cell.left, key=lambda column: column[0]) - 1


def _row_starts(lines: Sequence[Line], placed: Sequence[dict[int, Cell]]) -> set[int]:
    """Return the indices of the lines that begin a row: all lines, unless cells span several lines."""
    if all(0 in cells for cells in placed) or all(line.ruled for line in lines):
        return set(range(len(lines)))
    gaps = [below.y - line.y for line, below in pairwise(lines)]
    within = _LEADING * max(line.size for line in lines)
    if max(gaps) > 1.15 * within:
        return {0, *(place for place, gap in enumerate(gaps, 1) if gap > within)}
    return {0, *(place for place, cells in enumerate(placed) if 0 in cells)}
