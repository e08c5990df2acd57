"""Find the tables on an Excel sheet, and the rows that name their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from articleqa.loaders.office.xlsx_cells import Cell, Row
from articleqa.loaders.table_spans import GROUP
from articleqa.loaders.text_builder import LONG_CELL, SHORT_CELL


def regions(rows: dict[int, Row]) -> Iterator[list[Row]]:
    """Yield the rows that stand together, between blank ones, and of tables beside each other one by one."""
    region: list[Row] = []
    last = 0
    for number in sorted(rows):
        if region and number > last + 1:
            yield from _beside(region)
            region = []
        region.append(rows[number])
        last = number
    if region:
        yield from _beside(region)


def _beside(region: list[Row]) -> Iterator[list[Row]]:
    """Yield the tables that stand beside each other in a region, with a blank column between them."""
    columns = sorted({column for row in region for column in row})
    for place in range(2, len(columns) - 1):
        if columns[place] > columns[place - 1] + 1:
            left, right = _part(region, columns[:place]), _part(region, columns[place:])
            if _are_apart(left, right):
                yield left
                yield from _beside(right)
                return
    yield region


def _part(region: list[Row], columns: Sequence[int]) -> list[Row]:
    within = range(columns[0], columns[-1] + 1)
    cut = [{column: cell for column, cell in row.items() if column in within} for row in region]
    return [row for row in cut if row]


def _are_apart(left: list[Row], right: list[Row]) -> bool:
    """Return whether two parts of a region are tables of their own, and not columns of one table.

    Each has a header row and names in its first column, and they have the same column names or end in
    different rows.
    """
    tables = [[row for row in part if len(row) > 1] for part in (left, right)]
    if not all(len(table) > 1 and header_rows(table) and _has_names(table) for table in tables):
        return False
    names = [{cell.text for cell in table[0].values()} for table in tables]
    return bool(names[0] & names[1]) or len(left) != len(right)


def _has_names(table: Sequence[Row]) -> bool:
    first = min(table[0])
    return all(first in row and row[first].is_name for row in table)


def header_rows(table: Sequence[Row]) -> int:
    """Return how many rows at the top of a table name its columns: 0, 1, or 2 if the first names groups."""
    if len(table) < 2 or not (names_columns(table[0]) or _asks(table)) or _is_form(table):
        return 0
    if len(table) < 3 or not names_columns(table[1]):
        return 1
    cells = list(table[0].values())
    is_merged = any(one is other for number, one in enumerate(cells) for other in cells[:number])
    unnamed = set(table[1]) - set(table[0]) - {min(table[1])}
    below = [row[column] for row in table[2:] for column in unnamed if column in row]
    return 2 if is_merged or (unnamed and not all(cell.is_name for cell in below)) else 1


def _asks(table: Sequence[Row]) -> bool:
    """Return whether a first row has the questions of a survey: words, however long, above figures."""
    head, below = table[0], table[1:]
    if not all(cell.is_name and len(cell.text) <= LONG_CELL for cell in head.values()):
        return False
    return any(all(column in row and not row[column].is_name for row in below) for column in head)


def _is_form(table: Sequence[Row]) -> bool:
    """Return whether a table has labels and what was filled in beside them, and no header row."""
    if any(len(row) > 2 or cell.is_bold for row in table for cell in row.values()) or len(table[0]) != 2:
        return False
    first, second = sorted(table[0])
    values = [row[second] for row in table if second in row]
    labels = [row[first] for row in table if first in row]
    return all(label.text.endswith(":") for label in labels) or _are_mixed(values[1:])


def _are_mixed(values: Sequence[Cell]) -> bool:
    return len({any(c.isalpha() for c in value.text) for value in values}) > 1


def names_columns(row: Row) -> bool:
    """Return whether all cells of a row may name columns: short words, or bold."""
    is_bold = all(cell.is_bold for cell in row.values())
    return all((cell.is_name or is_bold) and len(cell.text) <= SHORT_CELL for cell in row.values())


def name_of(heads: Sequence[Row], column: int) -> str:
    """Return the name of a column: that of its group, and its own."""
    return GROUP.join(dict.fromkeys(head[column].text for head in heads if column in head))
