"""The rows of tables of HTML elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from articleqa.loaders.element_blocks import ElementBlock, Role
from articleqa.loaders.table_spans import MOST_COLUMNS, SpanningCell, filled_rows, joined_header

if TYPE_CHECKING:
    from lxml.etree import _Element

_LONGEST_CELL = 500
"""A cell with more characters than this holds paragraphs, so its table only lays out the page."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MOST_ROWS = 65_534
"""A cell is at most this many rows tall, as in HTML."""

_MOST_COVERED = 10
"""Maximum number of cells that are covered, for each cell; a made-up table could have any number."""

_Tall = dict[int, tuple[int, int]]
"""The cells that reach into the next row, by column: how many rows are left of each, and its columns."""

TextOf = Callable[["_Element"], str]
"""Returns the text of a cell or a caption on one line."""


class _Row(NamedTuple):
    """A row of a table, its cells, and their texts."""

    element: _Element
    cells: list[_Element]
    texts: tuple[str, ...]


def blocks_of_table(table: _Element, text_of: TextOf) -> list[ElementBlock]:
    """Return the caption and the rows of a table.

    Empty if it has no rows of several cells, but just lays out the page. Several header rows become one. The
    text of a cell that is several rows tall is in each of them.
    """
    rows = _rows_of_data_table(table, text_of)
    return [*_captions(table, text_of), *_row_blocks(rows)] if rows else []


def _rows_of_data_table(table: _Element, text_of: TextOf) -> list[_Row]:
    if table.get("role") in ("presentation", "none"):
        return []
    if next(table.iterdescendants("table", *_HEADINGS), None) is not None:
        return []
    rows: list[_Row] = []
    for row in table.iterdescendants("tr"):
        cells = list(row.iterchildren("td", "th"))
        texts = tuple(map(text_of, cells))
        if any(len(text) > _LONGEST_CELL for text in texts):
            return []
        rows.append(_Row(row, cells, texts))
    return rows if any(len(row.cells) > 1 for row in rows) else []


def _captions(table: _Element, text_of: TextOf) -> Iterator[ElementBlock]:
    for caption in table.iterchildren("caption"):
        if text := text_of(caption):
            yield ElementBlock(Role.PARAGRAPH, (text,), caption)


def _row_blocks(rows: Sequence[_Row]) -> Iterator[ElementBlock]:
    placed = list(_placed(rows))
    texts = list(filled_rows(placed))
    heads = sum(1 for _ in takewhile(_is_header_row, rows))
    names = joined_header(placed, heads) if heads < len(rows) else []
    if names:
        linked = sum(map(_linked, rows[:heads]))
        yield ElementBlock(Role.HEADER_ROW, tuple(names), rows[heads - 1].element, linked=linked)
    for number, row in enumerate(rows):
        if any(row.texts) and not (names and number < heads):
            role = Role.HEADER_ROW if number < heads else Role.ROW
            yield ElementBlock(role, tuple(texts[number]), row.element, linked=_linked(row))


def _placed(rows: Sequence[_Row]) -> Iterator[list[SpanningCell]]:
    """Yield the cells of each row, with covered cells where one above is several rows tall."""
    left = _MOST_COVERED * sum(len(row.cells) for row in rows)
    tall: _Tall = {}
    for row in rows:
        placed: list[SpanningCell] = []
        below: _Tall = {}
        column = 0
        for cell, text in zip(row.cells, row.texts, strict=True):
            column = _cover(column, tall, below, placed)
            columns = _span(cell, "colspan", MOST_COLUMNS)
            if (rest := _span(cell, "rowspan", _MOST_ROWS) - 1) > 0:
                below[column] = (rest, columns)
            placed.append(SpanningCell(text, columns))
            column += columns
        _cover(column, tall, below, placed)
        left -= len(placed) - len(row.cells)
        tall = below if left > 0 else {}
        yield placed


def _cover(column: int, tall: _Tall, below: _Tall, placed: list[SpanningCell]) -> int:
    """Put a covered cell wherever a tall one reaches from `column` on, and return the column behind them."""
    while column in tall:
        rest, columns = tall[column]
        if rest > 1:
            below[column] = (rest - 1, columns)
        placed.append(SpanningCell("", columns, is_covered=True))
        column += columns
    return column


def _span(cell: _Element, name: str, most: int) -> int:
    stated = (cell.get(name) or "").strip()
    return max(1, min(int(stated), most)) if stated.isdecimal() and len(stated) < 9 else 1


def _linked(row: _Row) -> int:
    links = row.element.iterdescendants("a")
    return sum(len("".join("".join(link.itertext()).split())) for link in links)


def _is_header_row(row: _Row) -> bool:
    parent = row.element.getparent()
    # The corner cell above the row headings is often an empty `td`.
    return (parent is not None and parent.tag == "thead") or all(
        cell.tag == "th" or not text for cell, text in zip(row.cells, row.texts, strict=True)
    )
