"""The words of a PDF page into the cells that are drawn around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from articleqa.loaders.pdf.lines import Row
from articleqa.loaders.pdf.shapes import Shape
from articleqa.loaders.pdf.words import Word

_THIN = 2.0
"""A line is at most so wide, in points."""

_SMALLEST = 6.0
"""What is no longer and no higher, in points, is a dot."""

_SHORTEST = 0.7
"""And at least so long, in font sizes."""

_TALLEST = 12.0
"""A cell is at most so high, in font sizes: what is higher frames a text."""

_MOST_LINES = 2_000
"""A page of more lines is a drawing."""


class _Cell(NamedTuple):
    """Where a cell is, to half a point."""

    top: float
    bottom: float
    left: float
    right: float

    @property
    def band(self) -> tuple[float, float]:
        """What it has in common with the others of its row."""
        return self.top, self.bottom


def with_cells(rows: list[Row], shapes: Sequence[Shape]) -> list[Row]:
    """Return `rows` with those of one row of a table in one, each cell's words together.

    The first word of each cell but the first is `ruled`; so are words that have a line between them and
    the word before where there are no cells. What stands beside a table is in rows of its own.
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
    """What stands between two level lines: rows of words, each with its cell."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[Word, _Cell]]] = []

    def merged(self) -> list[Row]:
        """Return it as one row, cell after cell; as it is where its one cell is but a frame."""
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
    """Return the words of a cell as if it had one line: those of several get shares of its width."""
    if words[-1].y - words[0].y < words[0].size / 2:
        return words
    step = (cell.right - cell.left) / len(words)
    lefts = [cell.left + number * step for number in range(len(words))]
    return [
        word._replace(left=left, right=left + step, spaced=True)
        for word, left in zip(words, lefts, strict=True)
    ]


class _Grid:
    """The upright and level lines on a page."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        """Find the lines among `shapes`: thin ones, and the sides of others."""
        edges = [edge for shape in shapes for edge in _edges(shape)]
        if len(edges) > _MOST_LINES:
            edges = []
        self._upright = [edge for edge in edges if edge.right - edge.left <= _THIN]
        self._level = [edge for edge in edges if edge.right - edge.left > _THIN]

    @property
    def is_empty(self) -> bool:
        """Whether no line stands between words."""
        return not self._upright

    def cell_of(self, word: Word) -> _Cell | None:
        """Return the cell that `word` stands in; None without a line on each side of it."""
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
        """Return `row`, in which each word knows whether a line stands between it and the word before."""
        ruled = [row[0]]
        for word in row[1:]:
            y = word.y - word.size / 3
            between = any(
                # As far as letters may stand out over where their word is said to end.
                ruled[-1].right - 1 <= rule.left <= word.left + 1
                and rule.top <= y <= rule.bottom
                and rule.bottom - rule.top >= _SHORTEST * word.size
                for rule in self._upright
            )
            ruled.append(word._replace(ruled=True) if between else word)
        return ruled


def _edges(shape: Shape) -> list[Shape]:
    """Return the lines of a shape: itself where it is thin, none of a dot, else its four sides."""
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
