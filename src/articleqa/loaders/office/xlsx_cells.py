"""The cells of Excel sheets: openpyxl reads each, and one that it cannot read takes nothing else with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from articleqa.loaders.office.xlsx_values import is_name, shown_value

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last row and column that Excel has; what a file claims to have beyond is not read."""

_NAMED = 3
"""How many of the cells that cannot be read are named."""


class Cell(NamedTuple):
    """The text of a cell; `is_name` says that it may name a column: words, a year or a date."""

    text: str
    is_bold: bool
    is_name: bool


Row = dict[int, Cell]
"""The cells of a row that are not empty, by their columns, which count from 1."""


class Unreadable:
    """What could not be read of a workbook."""

    def __init__(self) -> None:
        """Start without anything."""
        self._cells: list[str] = []
        self._others: list[str] = []
        self._count = 0

    def add_cell(self, sheet: str, place: str) -> None:
        """Note a cell by its place, such as "B7"."""
        self._count += 1
        if len(self._cells) < _NAMED:
            self._cells.append(f"{sheet}!{place}")

    def add_sheet(self, sheet: str, row: int) -> None:
        """Note that a sheet is damaged behind a row."""
        self.add(f"the sheet {sheet!r}" + (f" below row {row}" if row else ""))

    def add(self, what: str) -> None:
        """Note a part of another kind."""
        if len(self._others) < _NAMED:
            self._others.append(what)

    def __str__(self) -> str:
        """Return what a warning says of it; empty if all could be read."""
        cells = f"{self._count} cells" if self._count > 1 else "1 cell"
        more = ", ..." if self._count > len(self._cells) else ""
        said = [f"{cells} ({', '.join(self._cells)}{more})"] if self._count else []
        return " and ".join([*said, *self._others])


def rows_of(sheet: Any, unreadable: Unreadable) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a sheet of openpyxl that are not blank, with their numbers; note what is unreadable.

    openpyxl's own reading of rows stops at the first cell that it cannot read, and makes all the blank rows
    and cells between two that are far from each other.
    """
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
    from openpyxl.xml.functions import iterparse

    book = sheet.parent
    number = 0
    with sheet._get_source() as part:
        parser = WorkSheetParser(
            part,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        try:
            for _, element in iterparse(part):
                if element.tag != ROW_TAG:
                    continue
                row: Row = {}
                stated = element.get("r", "")
                number = int(stated) if stated.isdecimal() and len(stated) < 20 else number + 1
                if number > LAST_ROW:
                    break
                parser.row_counter, parser.col_counter = number, 0
                for cell in element:
                    try:
                        read = parser.parse_cell(cell)
                        if read["value"] is not None and read["column"] <= LAST_COLUMN:
                            shown = _shown(ReadOnlyCell(sheet, **read))
                            if shown.text:
                                row[read["column"]] = shown
                    except Exception:  # ValueError, IndexError, OverflowError, ...: it depends on the damage
                        unreadable.add_cell(sheet.title, cell.get("r") or f"in row {number}")
                element.clear()
                if row:
                    yield number, row
        except MemoryError:
            raise
        except Exception:  # the XML ends or breaks here: what came before it is kept
            unreadable.add_sheet(sheet.title, number)


def _shown(cell: Any) -> Cell:
    try:
        is_bold = bool(cell.font is not None and cell.font.b)
        text = shown_value(cell)
    except IndexError:  # a style that the workbook does not have
        cell._style_id = 0
        is_bold, text = False, shown_value(cell)
    return Cell(text, is_bold, is_name(cell.value))
