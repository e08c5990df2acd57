"""Assignment of the words of a PDF page to the table cells drawn around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from articleqa.loaders.pdf.lines import Row
from articleqa.loaders.pdf.shapes import Shape
from articleqa.loaders.pdf.words import Word

_THIN = 2.0
"""Maximum thickness of a line, in points."""

_SMALLEST = 6.0
"""A shape that is no wider and no higher than this, in points, is a dot."""

_SHORTEST = 0.7
"""Minimum length of a line that separates two words, in font sizes."""

_TALLEST = 12.0
"""Maximum height of a cell, in font sizes; a higher box is a frame around a text."""

_INSET = 0.02
"""Share of a cell's width that is left free on each side, so that cells next to each other do not touch."""

_MOST_LINES = 2_000
"""A page with more lines than this is a drawing, and its lines are ignored."""


class _Cell(NamedTuple):
    """The edges of a cell, rounded to half a point."""

    top: float
    bottom: float
    left: float
    right: float

    @property
    def band(self) -> tuple[float, float]:
        """The top and bottom edges, which all cells of a table row share."""
        return self.top, self.bottom


def with_cells(rows: list[Row], shapes: Sequence[Shape]) -> list[Row]:
    """Return `rows` with each table row merged into one row, the words of each cell together.

    The first word of every cell except the first is marked `ruled`. Outside cells, a word is marked `ruled`
    if a line is drawn between it and the previous word. Text next to a table gets rows of its own.
    """
    grid = _Grid(shapes)
    if grid.is_empty:
        return rows
    placed: list[Row | _Band] = []
    bands: dict[tuple[float, float], _Band] = {}
    for row in rows:
        found = [(word, grid.cell_of(word)) for word in row]
        free = [word for word, cell in found if cell is None]
        if free:
            placed.append(grid.ruled(free))
        for band in dict.fromkeys(cell.band for _, cell in found if cell):
            if band not in bands:
                bands[band] = _Band()
                placed.append(bands[band])
            bands[band].rows.append([(word, cell) for word, cell in found if cell and cell.band == band])
    return [row for part in placed for row in (part.merged() if isinstance(part, _Band) else [part])]


class _Band:
    """The rows of words between two horizontal lines, each word with its cell."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[Word, _Cell]]] = []

    def merged(self) -> list[Row]:
        """Return the band as one row, cell by cell, or its rows unchanged if its only cell is a frame."""
        cells: dict[_Cell, Row] = {}
        for row in self.rows:
            for word, cell in row:
                cells.setdefault(cell, []).append(word)
        if len(cells) == 1:
            return [[word for word, _ in row] for row in self.rows]
        y = self.rows[0][0][0].y
        merged: Row = []
        for cell in sorted(cells, key=lambda cell: cell.left):
            words = [word._replace(y=y) for word in _on_one_line(cells[cell], cell)]
            merged += [words[0]._replace(ruled=bool(merged)), *words[1:]]
        return [merged]


def _on_one_line(words: Row, cell: _Cell) -> Row:
    """Return the words of a cell as one line; words from several lines get equal shares of its width."""
    if words[-1].y - words[0].y < words[0].size / 2:
        return words
    inset = _INSET * (cell.right - cell.left)
    step = (cell.right - cell.left - 2 * inset) / len(words)
    lefts = [cell.left + inset + number * step for number in range(len(words))]
    return [
        word._replace(left=left, right=left + step, spaced=True)
        for word, left in zip(words, lefts, strict=True)
    ]


class _Grid:
    """The vertical and horizontal lines on a page."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        """Find the lines among `shapes`: thin shapes, and the sides of the others."""
        edges = [edge for shape in shapes for edge in _edges(shape)]
        if len(edges) > _MOST_LINES:
            edges = []
        self._upright = [edge for edge in edges if edge.right - edge.left <= _THIN]
        self._level = [edge for edge in edges if edge.right - edge.left > _THIN]

    @property
    def is_empty(self) -> bool:
        """Whether the page has no vertical line, and so none that could separate words."""
        return not self._upright

    def cell_of(self, word: Word) -> _Cell | None:
        """Return the cell around `word`, or None if a side has no line or the cell is too high."""
        x, y = (word.left + word.right) / 2, word.y - word.size / 3
        beside = [(rule.left + rule.right) / 2 for rule in self._upright if rule.top <= y <= rule.bottom]
        around = [(rule.top + rule.bottom) / 2 for rule in self._level if rule.left <= x <= rule.right]
        left = max((edge for edge in beside if edge < x), default=None)
        right = min((edge for edge in beside if edge >= x), default=None)
        top = max((edge for edge in around if edge < y), default=None)
        bottom = min((edge for edge in around if edge >= y), default=None)
        if left is None or right is None or top is None or bottom is None:
            return None
        if bottom - top > _TALLEST * word.size:
            return None
        return _Cell(*(round(edge * 2) / 2 for edge in (top, bottom, left, right)))

    def ruled(self, row: Row) -> Row:
        """Return `row` with each word marked `ruled` if a line is drawn between it and the previous word."""
        ruled = [row[0]]
        for word in row[1:]:
            y = word.y - word.size / 3
            between = any(
                # Letters may extend up to 1 point beyond the edge that pdfium reports for their word.
                ruled[-1].right - 1 <= rule.left <= word.left + 1
                and rule.top <= y <= rule.bottom
                and rule.bottom - rule.top >= _SHORTEST * word.size
                for rule in self._upright
            )
            ruled.append(word._replace(ruled=True) if between else word)
        return ruled


def _edges(shape: Shape) -> list[Shape]:
    """Return the lines of a shape: none for a dot, the shape itself if it is thin, else its four sides."""
    left, top, right, bottom = shape
    if max(right - left, bottom - top) <= _SMALLEST:
        return []
    if right - left <= _THIN or bottom - top <= _THIN:
        return [shape]
    return [
        Shape(left, top, left, bottom),
        Shape(right, top, right, bottom),
        Shape(left, top, right, top),
        Shape(left, bottom, right, bottom),
    ]
