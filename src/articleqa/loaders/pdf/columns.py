"""Reading order of a PDF page: full-width text, then column by column.

A page is cut where a gutter is clear over several rows, with running text on both sides: into the rows above,
the left side, the right side and the rows below. Each part is cut again (after Nagy and Seth 1984,
"Hierarchical representation of optically scanned documents").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

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


@dataclass(frozen=True, slots=True)
class _Zone:
    """Consecutive rows (from `top`, up to but not including `bottom`) with a clear gutter left of `edge`."""

    edge: int
    top: int
    bottom: int
    left: list[Row]
    right: list[Row]

    @property
    def rows(self) -> int:
        return min(len(self.left), len(self.right))


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
        known.add(zone.edge)
    above, below = rows[: zone.top], rows[zone.bottom :]
    sides = (rows_of([word for row in side for word in row]) for side in (zone.left, zone.right))
    parts = [above, *sides, below]
    return [leaf for part in parts for leaf in parts_in_reading_order(part, known, depth + 1)]


def _widest_zone(rows: list[Row], known: set[int]) -> _Zone | None:
    size = median(word.size for row in rows for word in row)
    starts = Counter[int]()
    for row in rows:
        right = row[0].left - size
        for word in row:
            if word.left - right >= _GUTTER * size:
                starts[round(word.left)] += 1
            right = max(right, word.right)
    best: _Zone | None = None
    frequent = sorted(starts, key=lambda start: (-starts[start], start))[:_CANDIDATES]
    for start in dict.fromkeys([*frequent, *sorted(known.intersection(starts))]):
        for zone in _zones(rows, start, size, best.rows if best else 0):
            if (best is None or zone.rows > best.rows) and _has_columns(zone, known):
                best = zone
    return best


def _zones(rows: list[Row], edge: int, size: float, more_than: int) -> list[_Zone]:
    """Return the runs of more than this number of rows with a clear gutter to the left of `edge`."""
    zones: list[_Zone] = []
    top = 0
    for bottom in range(len(rows) + 1):
        if bottom < len(rows) and not _crosses(rows[bottom], edge, size):
            continue
        if bottom - top > more_than:
            zone = _trimmed(rows, top, bottom, edge, size)
            if zone.left and zone.right:
                zones.append(zone)
        top = bottom + 1
    return zones


def _crosses(row: Row, edge: int, size: float) -> bool:
    return any(_is_left(word, edge, size) and word.right > edge - _GUTTER * size for word in row)


def _is_left(word: Word, edge: int, size: float) -> bool:
    return word.left < edge - 0.3 * size


def _trimmed(rows: list[Row], top: int, bottom: int, edge: int, size: float) -> _Zone:
    """Return the zone without the rows at its ends that come before or after its columns."""
    left = [[word for word in row if _is_left(word, edge, size)] for row in rows[top:bottom]]
    right = [[word for word in row if not _is_left(word, edge, size)] for row in rows[top:bottom]]
    start, end = 0, len(left)
    lefts, rights = _orders(left), _orders(right)
    if lefts and rights and _changes(lefts, rights) <= _MOST_SIDE_CHANGES:
        while end > start and not right[end - 1] and left[end - 1][0].order > rights[-1]:
            end -= 1
        while start < end and not left[start] and right[start][0].order < lefts[0]:
            start += 1
    # Rows above the columns that have only a left side are read first anyway, and may be a table's end.
    for place in range(start + 1, end):
        if right[place - 1]:
            break
        if rows[top + place][0].y - rows[top + place - 1][0].y > _WIDE_GAP * size:
            start = place
    return _Zone(
        edge,
        top + start,
        top + end,
        [row for row in left[start:end] if row],
        [row for row in right[start:end] if row],
    )


def _orders(rows: Sequence[Row]) -> list[int]:
    return sorted(word.order for row in rows for word in row)


def _changes(lefts: Sequence[int], rights: Sequence[int]) -> int:
    """Return how often drawing changes from one side to the other."""
    sides = [side for _, side in sorted([*((each, 0) for each in lefts), *((each, 1) for each in rights)])]
    return sum(side != following for side, following in pairwise(sides))


def _has_columns(zone: _Zone, known: set[int]) -> bool:
    """Return whether the sides of `zone` are columns of running text rather than the cells of a table.

    Columns are usually drawn one after the other. If they are drawn row by row, they count as columns only
    if their lines fill them.
    """
    lefts, rights = _orders(zone.left), _orders(zone.right)
    changes = _changes(lefts, rights)
    if changes == 1 and lefts[0] < rights[0]:
        if known.intersection(range(zone.edge - _SAME_EDGE, zone.edge + _SAME_EDGE + 1)):
            return True
        if zone.rows == 1:
            return len(zone.left) > _FEWEST_INTERLEAVED and _words_in_a_line(zone.left) >= 3
        return min(_words_in_a_line(zone.left), _words_in_a_line(zone.right)) >= 2
    if zone.rows < _FEWEST_INTERLEAVED:
        return False
    if changes <= _MOST_SIDE_CHANGES and zone.rows > 2 * changes:
        return min(_words_in_a_line(zone.left), _words_in_a_line(zone.right)) >= 2
    # A side may hold several columns whose lines are at different heights: each row has parts of some.
    sides_in_parts = [[part for row in side for part in _parts(row)] for side in (zone.left, zone.right)]
    return all(_words_in_a_line(parts) >= 3.5 and _is_filled(parts) for parts in sides_in_parts)


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
