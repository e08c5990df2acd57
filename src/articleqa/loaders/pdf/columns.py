"""Reading order of a PDF page: full-width text, then column by column.

A page is cut where a gutter is clear over several rows, with running text on both sides: into the rows above,
the left side, the right side and the rows below. Each part is cut again (after Nagy and Seth 1984,
"Hierarchical representation of optically scanned documents").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.loaders.pdf.lines import Row, rows_of
from articleqa.loaders.pdf.words import Word

_GUTTER = 0.75
"""Minimum width of a gutter, in font sizes; spaces between justified words are hardly ever this wide."""

_CANDIDATES = 8
"""Number of left edges tried for a gutter; edges shared by more lines are tried first."""

_WIDE_GAP = 1.5
"""Lines farther apart than this, in font sizes, belong to different paragraphs."""

_DEEPEST = 6
_SURE = 8
"""With at least this many rows on both sides, a gutter marks columns on later pages too."""

_SAME_EDGE = 3
"""Left edges at most this many points apart count as the same column edge."""

_MOST_SIDE_CHANGES = 3
_FEWEST_INTERLEAVED = 5

_FEWEST_TURNS = 3
_MOST_LEVEL = 0.75
"""The sides of a table are drawn in at least so many turns, this share of them from the same height on."""

Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]


def parts_in_reading_order(rows: list[Row], known: set[int], depth: int = 0) -> list[list[Row]]:
    """Return the parts of a page in reading order, each as the rows of one column.

    `known` holds the left edges of columns on earlier pages. The edges on this page that have at least
    `_SURE` rows on both sides are added to it.
    """
    if not rows:
        return []
    zone = _widest_zone(rows, known) if depth < _DEEPEST else None
    if zone is None:
        return [rows]
    if zone.rows >= _SURE:
        known.add(zone.sides.edge)
    above, below = rows[: zone.top], rows[zone.bottom :]
    sides = (rows_of([word for row in zone.side(rows, left) for word in row]) for left in (True, False))
    parts = [above, *sides, below]
    return [leaf for part in parts for leaf in parts_in_reading_order(part, known, depth + 1)]


def _widest_zone(rows: list[Row], known: set[int]) -> _Zone | None:
    words = _Words(rows)
    starts = words.starts()
    best: _Zone | None = None
    frequent = sorted(starts, key=lambda start: (-starts[start], start))[:_CANDIDATES]
    edges = list(dict.fromkeys([*frequent, *sorted(known.intersection(starts))]))
    for place in range(0, len(edges), _CANDIDATES):
        for zone in _zones(words, edges[place : place + _CANDIDATES], known):
            most_rows = best.rows if best else 0
            if zone.rows > most_rows:
                trimmed = _trimmed(zone, rows)
                if trimmed.rows > most_rows and _has_columns(trimmed, rows, known):
                    best = trimmed
    return best


class _Words:
    """The words of some rows as parallel arrays.

    `first` has the place of the first word of each row, `lengths` the number of its words.
    """

    def __init__(self, rows: list[Row]) -> None:
        """Take the words of `rows`, none of which is empty."""
        self.words = [word for row in rows for word in row]
        self.left = np.array([word.left for word in self.words])
        self.right = np.array([word.right for word in self.words])
        self.size = median([word.size for word in self.words])
        self.lengths = np.array([len(row) for row in rows])
        self.first = np.cumsum(self.lengths) - self.lengths
        self.in_cells = np.array([row[0].in_cell for row in rows])

    @cached_property
    def order(self) -> Counts:
        """The place of each word in drawing order."""
        return np.array([word.order for word in self.words])

    @cached_property
    def as_drawn(self) -> Counts:
        """The places of the words in drawing order; a bullet and its word, as they are in their row."""
        return np.argsort(self.order, kind="stable")

    def starts(self) -> dict[int, int]:
        """Return how many words begin at each distance from the left, in points, after a gutter."""
        # The farthest right edge of the words before each word of a row: a maximum of ranks, row by row.
        row = np.repeat(np.arange(len(self.lengths)), self.lengths)
        by_right = np.argsort(self.right, kind="stable")
        rank = np.empty_like(by_right)
        rank[by_right] = row[by_right] * len(row) + np.arange(len(row))
        farthest = np.maximum.accumulate(rank) - row * len(row)
        before = np.append(0.0, self.right[by_right[farthest]][:-1])
        before[self.first] = -np.inf
        before = np.maximum(before, self.left[self.first][row] - self.size)
        found = np.rint(self.left[self.left - before >= _GUTTER * self.size]).astype(np.int64)
        return Counter(found.tolist())


class _Sides(NamedTuple):
    """Which words begin left of an edge, and how many in each row."""

    words: _Words
    edge: int
    is_left: Flags
    in_left: Counts
    in_right: Counts


def _zones(words: _Words, edges: Sequence[int], known: set[int]) -> Iterator[_Zone]:
    """Yield the runs of rows that an edge does not cut, and that may have columns left and right of it.

    A row of table cells with lines around them is never a piece of two columns.
    """
    at = np.array(edges, dtype=float)[:, None]
    is_left = words.left < at - 0.3 * words.size
    reaches = is_left & (words.right > at - _GUTTER * words.size)
    in_left, cuts = (
        np.add.reduceat(flags, words.first, axis=1, dtype=np.int64) for flags in (is_left, reaches)
    )
    in_right = words.lengths - in_left
    has_left, has_right = in_left > 0, in_right > 0
    is_clear = (cuts == 0) & ~(words.in_cells & has_left & has_right)
    # The runs of all edges are counted at once; a row that is cut ends a run, and is not of it.
    count = is_clear.shape[1] + 1
    runs = np.cumsum(~is_clear, axis=1) + count * np.arange(len(edges))[:, None]
    left_rows = np.bincount(runs[has_left & is_clear], minlength=count * len(edges))
    right_rows = np.bincount(runs[has_right & is_clear], minlength=count * len(edges))
    is_known = np.repeat([_is_known(edge, known) for edge in edges], count)
    rows = np.minimum(left_rows, right_rows)
    # `_has_columns` says what one row needs; most runs have but one on their shorter side.
    may_have_columns = (rows > 1) | ((rows == 1) & (is_known | (left_rows > _FEWEST_INTERLEAVED)))
    for run in np.flatnonzero(may_have_columns).tolist():
        number = run // count
        of_run = np.flatnonzero((runs[number] == run) & is_clear[number])
        sides = _Sides(words, edges[number], is_left[number], in_left[number], in_right[number])
        yield _Zone(sides, int(of_run[0]), int(of_run[-1]) + 1)


def _is_known(edge: int, known: set[int]) -> bool:
    """Return whether an edge is that of a column of an earlier page."""
    return not known.isdisjoint(range(edge - _SAME_EDGE, edge + _SAME_EDGE + 1))


class _Zone:
    """Consecutive rows (from `top`, up to but not including `bottom`) with a clear gutter left of an edge."""

    def __init__(self, sides: _Sides, top: int, bottom: int) -> None:
        """Take the rows that have words on each side."""
        self.sides, self.top, self.bottom = sides, top, bottom
        self.in_left, self.in_right = sides.in_left[top:bottom], sides.in_right[top:bottom]

    @cached_property
    def left_rows(self) -> int:
        """The number of rows with words on the left."""
        return int(np.count_nonzero(self.in_left))

    @cached_property
    def rows(self) -> int:
        """The number of rows with words on the side that has fewer of them."""
        return min(self.left_rows, int(np.count_nonzero(self.in_right)))

    @cached_property
    def drawn(self) -> Counts:
        """The places of its words in drawing order."""
        words = self.sides.words
        first = words.first[self.top]
        last = first + words.lengths[self.top : self.bottom].sum()
        is_inside = (words.as_drawn >= first) & (words.as_drawn < last)
        return np.compress(is_inside, words.as_drawn)

    @cached_property
    def drawing(self) -> _Drawing:
        """In which order the words of a zone with words on both sides are drawn."""
        sides = self.sides.is_left[self.drawn].tobytes()
        changes = sides.count(b"\0\1") + sides.count(b"\1\0")
        ends = self.drawn[[sides.index(1), sides.index(0), sides.rindex(0)]]
        first_left, first_right, last_right = self.sides.words.order[ends].tolist()
        return _Drawing(first_left, first_right, last_right, changes)

    def side(self, rows: list[Row], left: bool) -> list[Row]:
        """Return the words left or right of the gutter, row by row."""
        is_left = self.sides.is_left[self.sides.words.first[self.top] :].tolist()
        flags = iter(is_left)
        halves = ([word for word in row if next(flags) == left] for row in rows[self.top : self.bottom])
        return [half for half in halves if half]

    @property
    def words_in_lines(self) -> tuple[float, float]:
        """The mean number of words of a row, left and right."""
        right_rows = np.count_nonzero(self.in_right)
        return float(self.in_left.sum() / self.left_rows), float(self.in_right.sum() / right_rows)


class _Drawing(NamedTuple):
    """When the words on both sides of a gutter are drawn, and how often drawing changes the side."""

    first_left: int
    first_right: int
    last_right: int
    changes: int


def _trimmed(zone: _Zone, rows: list[Row]) -> _Zone:
    """Return a zone without the rows at its ends that come before or after its columns."""
    start, end = zone.top, zone.bottom
    in_left, in_right = zone.sides.in_left, zone.sides.in_right
    drawing = zone.drawing
    if drawing.changes <= _MOST_SIDE_CHANGES:
        while end > start and not in_right[end - 1] and rows[end - 1][0].order > drawing.last_right:
            end -= 1
        while start < end and not in_left[start] and rows[start][0].order < drawing.first_left:
            start += 1
    # Rows above the columns that have only a left side are read first anyway, and may be a table's end.
    for place in range(start + 1, end):
        if in_right[place - 1]:
            break
        if rows[place][0].y - rows[place - 1][0].y > _WIDE_GAP * zone.sides.words.size:
            start = place
    return zone if (start, end) == (zone.top, zone.bottom) else _Zone(zone.sides, start, end)


def _has_columns(zone: _Zone, rows: list[Row], known: set[int]) -> bool:
    """Return whether the sides of `zone` are columns of running text rather than the cells of a table.

    Columns are usually drawn one after the other. If they are drawn row by row, they count as columns only
    if their lines fill them.
    """
    edge, drawing = zone.sides.edge, zone.drawing
    if drawing.changes == 1 and drawing.first_left < drawing.first_right:
        if _is_known(edge, known):
            return True
        if zone.rows == 1:
            return zone.left_rows > _FEWEST_INTERLEAVED and zone.words_in_lines[0] >= 3
        return min(zone.words_in_lines) >= 2
    if zone.rows < _FEWEST_INTERLEAVED:
        return False
    if drawing.changes <= _MOST_SIDE_CHANGES and zone.rows > 2 * drawing.changes:
        return min(zone.words_in_lines) >= 2
    if _are_rows_of_cells(zone):
        return False
    # A side may hold several columns whose lines are at different heights: each row has parts of some.
    sides_in_parts = (
        [part for row in zone.side(rows, left) for part in _parts(row)] for left in (True, False)
    )
    return all(_words_in_a_line(parts) >= 3.5 and _is_filled(parts) for parts in sides_in_parts)


def _are_rows_of_cells(zone: _Zone) -> bool:
    """Return whether the sides are drawn in turns that begin at the same height, with several lines in many.

    So cells of several lines are drawn, row by row; lines of columns of text are drawn one by one.
    """
    words, is_left = zone.sides.words, zone.sides.is_left
    tops: dict[bool, list[float]] = {True: [], False: []}
    tall = 0
    for side, run in groupby(zone.drawn.tolist(), key=lambda place: bool(is_left[place])):
        heights = [words.words[place].y for place in run]
        tops[side].append(min(heights))
        tall += max(heights) - min(heights) > words.size
    level = sum(
        abs(left - right) < 0.5 * words.size for left, right in zip(tops[True], tops[False], strict=False)
    )
    turns = max(map(len, tops.values()))
    return turns >= _FEWEST_TURNS and level >= _MOST_LEVEL * turns and tall >= turns / 2


def _words_in_a_line(rows: list[Row]) -> float:
    return sum(map(len, rows)) / len(rows)


def _parts(row: Row) -> list[Row]:
    """Return the parts of `row` between gaps as wide as a gutter."""
    parts = [[row[0]]]
    for word, following in pairwise(row):
        if following.left - word.right >= _GUTTER * word.size:
            parts.append([])
        parts[-1].append(following)
    return parts


def _is_filled(parts: list[Row]) -> bool:
    """Return whether most lines of a column are about as wide as the widest, a few overlong ones aside."""
    widths = sorted(_right(part) - part[0].left for part in parts)
    return median(widths) >= 0.6 * widths[(9 * len(widths)) // 10]


def _right(row: Sequence[Word]) -> float:
    return max(word.right for word in row)
