"""Assignment of the words of a PDF page to the table cells drawn around them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array
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

_AT_ONCE = 512
"""Words compared with all lines at a time."""

Flags = NDArray[np.bool_]


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
    if grid.is_empty or not rows:
        return rows
    placed: list[Row | _Band] = []
    bands: dict[tuple[float, float], _Band] = {}
    beside = grid.are_beside(rows)
    cells = iter(grid.cells_of(list(compress(rows, beside))))
    free_rows: dict[int, Row] = {}
    for row, is_beside in zip(rows, beside, strict=True):
        if not is_beside:
            placed.append(row)
            continue
        found = list(zip(row, cells, strict=False))
        free = [word for word, cell in found if cell is None]
        if free:
            free_rows[len(placed)] = free
            placed.append(free)
        for band in dict.fromkeys(cell.band for _, cell in found if cell):
            if band not in bands:
                bands[band] = _Band()
                placed.append(bands[band])
            bands[band].rows.append([(word, cell) for word, cell in found if cell and cell.band == band])
    for place, row in zip(free_rows, grid.ruled(list(free_rows.values())), strict=True):
        placed[place] = row
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
            words = [word._replace(y=y, in_cell=True) for word in _on_one_line(cells[cell], cell)]
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
        self._upright = _Lines([edge for edge in edges if edge.right - edge.left <= _THIN])
        self._level = _Lines([edge for edge in edges if edge.right - edge.left > _THIN])

    @property
    def is_empty(self) -> bool:
        """Whether the page has no vertical line, and so none that could separate words."""
        return not len(self._upright.left)

    def are_beside(self, rows: Sequence[Row]) -> list[bool]:
        """Return for each row whether any of its words has a vertical line left or right of it."""
        y = np.array([word.y for row in rows for word in row])
        size = np.array([word.size for row in rows for word in row])
        order = np.argsort(self._upright.top)
        tops, reached = self._upright.top[order], np.maximum.accumulate(self._upright.bottom[order])
        y -= size / 3
        before = np.searchsorted(tops, y, side="right")
        beside = (before > 0) & (reached[before - 1] >= y)
        lengths = np.array([len(row) for row in rows])
        of_rows: list[bool] = np.logical_or.reduceat(beside, np.cumsum(lengths) - lengths).tolist()
        return of_rows

    def cells_of(self, rows: Sequence[Row]) -> list[_Cell | None]:
        """Return the cell around each word, or None if a side has no line or the cell is too high.

        How high it may be depends on the largest type of the row: a raised number stays in its row.
        """
        sizes = [max(word.size for word in row) for row in rows]
        places = [
            (word.left, word.right, word.y, word.size, size)
            for row, size in zip(rows, sizes, strict=True)
            for word in row
        ]
        cells: list[_Cell | None] = []
        for start in range(0, len(places), _AT_ONCE):
            cells += self._cells_at(np.array(places[start : start + _AT_ONCE]))
        return cells

    def _cells_at(self, places: Float64Array) -> list[_Cell | None]:
        x, y, size = (places[:, 0] + places[:, 1]) / 2, places[:, 2] - places[:, 3] / 3, places[:, 4]
        left, right = _nearest((self._upright.left + self._upright.right) / 2, x, self._upright.beside(y))
        top, bottom = _nearest((self._level.top + self._level.bottom) / 2, y, self._level.around(x))
        edges = np.stack((top, bottom, left, right), axis=1)
        closed = np.flatnonzero(np.isfinite(edges).all(axis=1))
        closed = closed[bottom[closed] - top[closed] <= _TALLEST * size[closed]]
        cells: list[_Cell | None] = [None] * len(places)
        for place, rounded in zip(closed.tolist(), (np.rint(edges[closed] * 2) / 2).tolist(), strict=True):
            cells[place] = _Cell(*rounded)
        return cells

    def ruled(self, rows: Sequence[Row]) -> list[Row]:
        """Return `rows` with each word marked `ruled` if a line is drawn between it and the previous word."""
        pairs = [(word, following) for row in rows for word, following in pairwise(row)]
        marks: list[bool] = []
        for start in range(0, len(pairs), _AT_ONCE):
            marks += self._are_parted(pairs[start : start + _AT_ONCE])
        if not any(marks):
            return list(rows)
        marked = iter(marks)
        return [
            [row[0], *(word._replace(ruled=True) if next(marked) else word for word in row[1:])]
            for row in rows
        ]

    def _are_parted(self, pairs: Sequence[tuple[Word, Word]]) -> list[bool]:
        places = np.array([(before.right, word.left, word.y, word.size) for before, word in pairs])
        right, left, y, size = (column[:, None] for column in places.T)
        lines = self._upright
        # Letters may extend up to 1 point beyond the edge that pdfium reports for their word.
        are_between = (right - 1 <= lines.left) & (lines.left <= left + 1)
        are_long = lines.bottom - lines.top >= _SHORTEST * size
        are_beside = lines.beside(y[:, 0] - size[:, 0] / 3)
        parted: list[bool] = (are_between & are_long & are_beside).any(axis=1).tolist()
        return parted


class _Lines:
    """The edges of lines as parallel arrays."""

    def __init__(self, lines: Sequence[Shape]) -> None:
        """Take the edges from these shapes."""
        self.left, self.top, self.right, self.bottom = np.array(lines, dtype=float).reshape(-1, 4).T

    def beside(self, y: Float64Array) -> Flags:
        """Return for each height which lines are drawn at it."""
        flags: Flags = (self.top <= y[:, None]) & (y[:, None] <= self.bottom)
        return flags

    def around(self, x: Float64Array) -> Flags:
        """Return for each distance from the left which lines are drawn at it."""
        flags: Flags = (self.left <= x[:, None]) & (x[:, None] <= self.right)
        return flags


def _nearest(lines: Float64Array, places: Float64Array, drawn: Flags) -> tuple[Float64Array, Float64Array]:
    """Return for each place the nearest line before it, and that at it or after it; infinite without one."""
    are_before = lines < places[:, None]
    before = np.where(drawn & are_before, lines, -np.inf).max(axis=1, initial=-np.inf)
    after = np.where(drawn & ~are_before, lines, np.inf).min(axis=1, initial=np.inf)
    return before, after


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
