"""The XLSX loader: Excel workbooks, read with openpyxl.

A sheet is a section. In it, rows of several cells are tables, as far as the next blank row, and a row of a
single cell is a paragraph, or a heading if it is bold.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZipFile

import regex
from pydantic import JsonValue

from articleqa.loaders.office.docx_package import docx_package
from articleqa.loaders.office.properties import stated
from articleqa.loaders.office.xlsx_cells import LAST_COLUMN, LAST_ROW, Row, Unreadable, rows_of
from articleqa.loaders.office.xlsx_objects import Objects
from articleqa.loaders.office.xlsx_tables import header_rows, name_of, names_columns, regions
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.loaders.text_builder import SHORT_CELL, TextBuilder
from articleqa.models import Article

if TYPE_CHECKING:
    from openpyxl import Workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

HIDDEN = "(hidden sheet)"
"""Stands behind the name of a sheet that is not shown."""

MOST_CELLS = 2_000_000
"""Maximum number of cells in a workbook; openpyxl reads about 200,000 a second."""

_PROPERTIES = "docProps/core.xml"
"""Without it, openpyxl invents an author and a date."""

_DISPENSABLE = frozenset({_PROPERTIES, "docProps/custom.xml", "xl/styles.xml", "xl/theme/theme1.xml"})
"""Parts of a package without which openpyxl reads the values; it refuses a workbook for one odd color."""

_MERGED = regex.compile(rb"<(?:\w+:)?mergeCell\s[^>]{0,200}?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_MOST_MERGED = 100_000
_ROOT = regex.compile(rb"(<((?:\w+:)?)worksheet\b[^>]{0,5000}>)")
_PLAIN_NAME = regex.compile(r"(?:Sheet|Tabelle|Feuil|Hoja|Foglio|Blad|Planilha)\d*", regex.IGNORECASE)


class _Area(NamedTuple):
    """Merged cells, as columns and rows; the last are included."""

    left: int
    top: int
    right: int
    bottom: int


def load_xlsx(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in an Excel workbook; formulas are the values that Excel last computed for them.

    The names of hidden sheets say so; hidden rows and columns are read like others, since filters hide them.
    A cell that is merged over several rows is in each of them. Below its cells, a sheet has the texts of its
    shapes, the titles of its charts, and the notes on its cells. Cells that cannot be read are left out, and
    `metadata["unreadable_parts"]` names them.

    Raises:
        MissingLibraryError: openpyxl is not installed.
        UnreadableDataError: `data` is not an XLSX file, is damaged, locked by a password, or too large.
    """
    openpyxl = optional_import("openpyxl", extra="xlsx")
    package = docx_package(data, "XLSX")
    _refuse_document_types(package)
    builder = TextBuilder()
    unreadable = Unreadable()
    try:
        workbook, package = _opened(openpyxl.load_workbook, package, unreadable)
        first_line = _read_sheets(workbook, Objects(ZipFile(package)), builder, unreadable)
        title, metadata = _properties(workbook) if _PROPERTIES in ZipFile(package).namelist() else ("", {})
    except (UnreadableDataError, MemoryError):
        raise
    except Exception:  # openpyxl's, KeyError, ParseError, ...: it depends on the damage
        raise UnreadableDataError(
            "not an XLSX file, or a damaged one; open it in its program and save it again"
        ) from None
    return builder.article(
        article_id,
        source,
        title=title or first_line or PurePath(article_id).stem,
        media_type=MEDIA_TYPE,
        extractor=f"openpyxl/{library_version('openpyxl')}",
        metadata={**metadata, **({"unreadable_parts": lost} if (lost := str(unreadable)) else {})},
    )


def _opened(
    load_workbook: Callable[..., Workbook], package: io.BytesIO, unreadable: Unreadable
) -> tuple[Workbook, io.BytesIO]:
    """Open a package, if need be without `_DISPENSABLE` parts; return the package that was opened too.

    openpyxl refuses a workbook also for a sheet that does not state its size and breaks off.
    """
    options = {"read_only": True, "data_only": True, "keep_links": False}
    try:
        return load_workbook(package, **options), package
    except MemoryError:
        raise
    except Exception:  # ValueError, TypeError, KeyError, ParseError: it depends on what is wrong
        try:
            sized = _copied(package, without=frozenset())
            return load_workbook(sized, **options), sized
        except Exception:
            bare = _copied(package, without=_DISPENSABLE)
            workbook = load_workbook(bare, **options)
            unreadable.add("its number formats and properties")
            return workbook, bare


def _copied(package: io.BytesIO, without: frozenset[str]) -> io.BytesIO:
    """Return a copy of a package whose sheets state a size."""
    made = io.BytesIO()
    with ZipFile(package) as whole, ZipFile(made, "w") as copy:
        for member in whole.infolist():
            if member.filename not in without:
                part = _ROOT.sub(rb'\1<\2dimension ref="A1"/>', whole.read(member), count=1)
                copy.writestr(member.filename, part)
    return made


def _refuse_document_types(package: io.BytesIO) -> None:
    # A document type could only declare entities, which serve to blow up a small file.
    data = package.getbuffer()
    if regex.search(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0D\0O|\0<\0!\0D", data):
        raise UnreadableDataError(
            "declares a document type, which an XLSX file must not do;"
            " open it in its program and save it again"
        )


def _properties(workbook: Workbook) -> tuple[str, dict[str, JsonValue]]:
    properties = workbook.properties
    found = {
        "author": properties.creator,
        "date": properties.created.isoformat() if properties.created else "",
        "language": properties.language,
        "description": properties.description,
    }
    return properties.title or "", stated(found)


def _read_sheets(workbook: Workbook, objects: Objects, builder: TextBuilder, unreadable: Unreadable) -> str:
    """Read all sheets, and return the text above the table of the first one if it is a single cell."""
    left = MOST_CELLS
    first_line: str | None = None
    sheets = workbook.worksheets
    for sheet in sheets:
        is_hidden = sheet.sheet_state != "visible"
        rows: dict[int, Row] = {}
        for number, row in rows_of(sheet, unreadable):
            rows[number] = row
            left -= len(row)
            if left < 0:
                raise UnreadableDataError(f"has more than {MOST_CELLS:,} cells; split it")
        _fill_merged(rows, _merged(sheet))
        drawn, notes = objects.drawn(sheet._worksheet_path), objects.notes(sheet._worksheet_path)
        if not (rows or drawn or notes):
            continue
        if len(sheets) > 1 or is_hidden or not _PLAIN_NAME.fullmatch(sheet.title):
            builder.heading(f"{sheet.title} {HIDDEN}" if is_hidden else sheet.title, 1)
        if first_line is None:
            first = next(iter(rows.values()), {})
            first_line = next(iter(first.values())).text if len(first) == 1 and len(rows) > 1 else ""
        for region in regions(rows):
            _read_region(region, builder)
        for paragraph in drawn:
            if paragraph.item_level:
                builder.item(paragraph.text, paragraph.item_level)
            else:
                builder.paragraph(paragraph.text)
        for note in notes:
            builder.paragraph(note)
    return first_line or ""


def _merged(sheet: Any) -> list[_Area]:
    """Return the merged cells of a sheet; openpyxl does not read them while it reads row by row."""
    from openpyxl.utils.cell import range_boundaries

    with sheet._get_source() as part:
        found = _MERGED.findall(part.read())[:_MOST_MERGED]
    areas = (_Area(*range_boundaries(each.decode())) for each in found)
    return [area for area in areas if area.right <= LAST_COLUMN and area.bottom <= LAST_ROW]


def _fill_merged(rows: dict[int, Row], areas: Sequence[_Area]) -> None:
    """Put what a cell over several rows says into each of them, as far as they have other cells.

    In a row of words, a cell over several columns stands above each of them.
    """
    for area in areas:
        cell = rows.get(area.top, {}).get(area.left)
        if cell is None:
            continue
        for number in range(area.top + 1, min(area.bottom, area.top + len(rows)) + 1):
            if number in rows:
                rows[number].setdefault(area.left, cell)
        above = rows[area.top]
        below = rows.get(area.top + 1, {})
        is_title = len(above) == 1 and area.left <= min(below, default=0)
        is_wide = area.right > area.left and area.bottom == area.top
        if is_wide and not is_title and _is_group_row(above, below):
            for column in range(area.left + 1, area.right + 1):
                if column in below:
                    above.setdefault(column, cell)


def _is_group_row(row: Row, below: Row) -> bool:
    """Return whether a row stands above the names of columns."""
    return len(below) > 1 and all(cell.is_name for cell in (*row.values(), *below.values()))


def _read_region(region: Sequence[Row], builder: TextBuilder) -> None:
    """Read a table, and the rows of a single cell above and below it."""
    wide = [number for number, row in enumerate(region) if len(row) > 1]
    start, end = (wide[0], wide[-1] + 1) if wide else (len(region), len(region))
    if len(wide) == 1 and names_columns(region[start]):  # no other row has a value beside its first
        end = len(region)
    for row in region[:start]:
        _read_single(row, builder)
    table = region[start:end]
    columns = sorted({column for row in table for column in row})
    heads = header_rows(table)
    if heads:
        builder.header_row([name_of(table[:heads], column) for column in columns])
    for row in table[heads:]:
        builder.row([row[column].text if column in row else "" for column in columns])
    for row in region[end:]:
        _read_single(row, builder)


def _read_single(row: Row, builder: TextBuilder) -> None:
    (cell,) = row.values()
    if cell.is_bold and len(cell.text) <= 2 * SHORT_CELL:
        builder.heading(cell.text, 2)
    else:
        builder.paragraph(cell.text)
