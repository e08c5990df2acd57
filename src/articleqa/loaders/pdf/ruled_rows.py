"""Columns of tables that have lines between their rows alone: the lines that would part the cells."""

from __future__ import annotations

import math
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, groupby, pairwise
from operator import attrgetter
from statistics import median
from typing import NamedTuple

import numpy as np

from articleqa.loaders.pdf.lines import Row
from articleqa.loaders.pdf.shapes import Shape
from articleqa.loaders.pdf.words import Word

_THIN = 2.0
"""Maximum thickness of a line, in points."""

_TOUCHING = 4.0
"""Lines at one height that are at most this many points apart are one line; so are those at most as far apart
in height. The edges of the lines of one table differ by less."""

_FEWEST_LINES = 4
"""A table of three lines has them around its header and below its last row, not between its rows."""

_TALLEST = 12.0
"""Maximum height of a row, in font sizes."""

_LEADING = 1.6
_PADDING = 1.0
"""Maximum distance between the lines of a row, and space above its first line, in font sizes."""

_GUTTER = 0.75
_NARROW = 0.35
"""Minimum width of the gap between two columns, in font sizes; and if the right one's lines begin at it."""

_MOST, _FEW = 0.75, 0.1
"""Shares of the lines."""

_MOST_SHAPES = 2_000
"""A page with more shapes than this is a drawing."""

Band = tuple[float, float]
"""The heights of two lines next to each other."""


class _Rules(NamedTuple):
    """Level lines with the same ends: their heights, and where each of them is put together of pieces."""

    left: float
    right: float
    heights: list[float]
    joints: list[float]


def column_lines(rows: Sequence[Row], shapes: Sequence[Shape]) -> list[Shape]:
    """Return upright lines that part the cells of tables with lines between rows, and none between columns.

    Browsers and office programs draw the line below a row cell by cell, which shows the columns; else the
    gaps between the words do. A table is left alone if each of its rows has one line of text, if most of what
    is between two lines are several rows, or if its columns are in doubt.
    """
    found: list[Shape] = []
    for rules in _rules(shapes):
        inner = [
            word for row in rows for word in row if rules.left <= (word.left + word.right) / 2 <= rules.right
        ]
        if not inner:
            continue
        size = median([word.size for word in inner])
        middles = np.array([word.y - word.size / 3 for word in inner])
        joints = _joints_of(rules)
        for bands in _runs(rules.heights, _TALLEST * size):
            if joints and _are_parted(shapes, joints, bands):
                continue
            words = [
                [inner[place] for place in np.flatnonzero((top < middles) & (middles <= bottom)).tolist()]
                for top, bottom in bands
            ]
            edges = joints or _gutters([word for in_band in words for word in in_band], size)
            if not edges or _are_parted(shapes, edges, bands) or not _are_cells(words, edges, size):
                continue
            if _are_stripes(bands, words, edges, shapes) and (last := _row_below(bands[-1][1], inner, edges)):
                bottom = max(word.y for word in last) + size / 3
                bands, words = [*bands, (bands[-1][1], bottom)], [*words, last]
                found.append(Shape(rules.left, bottom, rules.right, bottom))
            for (top, bottom), in_band in zip(bands, words, strict=True):
                clear = [x for x in edges if not any(word.left + 1 < x < word.right - 1 for word in in_band)]
                found += [Shape(x, top, x, bottom) for x in (rules.left, *clear, rules.right)]
    return found


def _are_stripes(
    bands: Sequence[Band], words: Sequence[Sequence[Word]], edges: Sequence[float], shapes: Sequence[Shape]
) -> bool:
    """Return whether every second band is a filled stripe, the last one too, with words in several columns.

    Where every second row of a table has a stripe, its last row may have no line below it. A heading with a
    stripe has one column.
    """
    filled = [
        any(abs(shape.top - top) <= _TOUCHING and abs(shape.bottom - bottom) <= _TOUCHING for shape in shapes)
        for top, bottom in bands
    ]
    return (
        filled[-1]
        and all(one != other for one, other in pairwise(filled))
        and all(len(_columns_of(line, edges)) > 1 for line in compress(words, filled))
    )


def _columns_of(words: Sequence[Word], edges: Sequence[float]) -> set[int]:
    """Return the columns between these edges that have words."""
    return {bisect(edges, (word.left + word.right) / 2) for word in words}


def _row_below(rule: float, words: Sequence[Word], edges: Sequence[float]) -> list[Word]:
    """Return the words of the table row below a line, or none if what is there has no such columns."""
    row: list[Word] = []
    below = [word for word in words if word.y - word.size / 3 > rule]
    for y, line in groupby(sorted(below, key=attrgetter("y", "left")), key=attrgetter("y")):
        in_line = list(line)
        size = in_line[0].size
        gap = y - row[-1].y if row else y - rule - _PADDING * size
        if gap > _LEADING * size or any(_is_within_text(x, in_line) for x in edges):
            break
        row += in_line
    return row if len(_columns_of(row, edges)) > 1 else []


def _is_within_text(x: float, line: Sequence[Word]) -> bool:
    """Return whether a place is within a word, or between two words with only a space between them."""
    return any(word.left + 1 < x < word.right - 1 for word in line) or any(
        word.right - 1 <= x <= after.left + 1 and after.left - word.right < _NARROW * word.size
        for word, after in pairwise(line)
    )


def _rules(shapes: Sequence[Shape]) -> list[_Rules]:
    """Return the level lines that have the same ends, from top to bottom."""
    if len(shapes) > _MOST_SHAPES:
        return []
    found: list[_Rules] = []
    for y, pieces in _pieces(shapes):
        for left, right, joints in _joined(pieces):
            same = next(
                (rules for rules in found if abs(rules.left - left) + abs(rules.right - right) <= _TOUCHING),
                None,
            )
            if same is None:
                found.append(_Rules(left, right, [y], joints))
            elif y - same.heights[-1] > _TOUCHING:
                same.heights.append(y)
                same.joints.extend(joints)
    return [rules for rules in found if len(rules.heights) >= _FEWEST_LINES]


def _pieces(shapes: Sequence[Shape]) -> Iterator[tuple[float, list[tuple[float, float]]]]:
    """Yield the heights at which level lines are drawn, with the ends of these lines."""
    height = -math.inf
    pieces: list[tuple[float, float]] = []
    for y, left, right in sorted(
        (y, shape.left, shape.right) for shape in shapes for y in _level_edges(shape)
    ):
        if y - height > _THIN:
            if pieces:
                yield height, pieces
            height, pieces = y, []
        pieces.append((left, right))
    if pieces:
        yield height, pieces


def _joined(pieces: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float, list[float]]]:
    """Yield the lines that touching pieces make: both ends, and where one piece follows on another."""
    first, *others = sorted(pieces)
    left, right = first
    joints: list[float] = []
    for start, end in others:
        if start > right + _TOUCHING:
            yield left, right, joints
            left, right, joints = start, end, []
        elif start >= right - _TOUCHING and start > left + _TOUCHING:
            joints.append((start + right) / 2)
        right = max(right, end)
    yield left, right, joints


def _level_edges(shape: Shape) -> tuple[float, ...]:
    """Return the heights of the level sides of a shape; one for a line, none for an upright line."""
    if shape.right - shape.left <= _THIN:
        return ()
    return (shape.top,) if shape.bottom - shape.top <= _THIN else (shape.top, shape.bottom)


def _joints_of(rules: _Rules) -> list[float]:
    """Return the places at which most of the lines are put together."""
    counts = Counter(round(x / _TOUCHING) * _TOUCHING for x in rules.joints)
    return sorted(x for x, count in counts.items() if count >= _MOST * len(rules.heights))


def _runs(heights: Sequence[float], tallest: float) -> Iterator[list[Band]]:
    """Yield the bands between lines that follow each other closely enough to be rows of one table."""
    run: list[Band] = []
    for band in [*pairwise(heights), (0.0, math.inf)]:
        if band[1] - band[0] <= tallest:
            run.append(band)
            continue
        if len(run) + 1 >= _FEWEST_LINES:
            yield run
        run = []


def _gutters(words: Sequence[Word], size: float) -> list[float]:
    """Return the middle of each gap between columns of words, from left to right.

    A gap that is not much wider than a space parts columns only if most lines begin right behind it.
    """
    gutters: list[float] = []
    reached = math.inf
    for left, right in sorted((word.left, word.right) for word in words):
        if left - reached >= _GUTTER * size or (
            left - reached >= _NARROW * size and _begin_at(left, reached, words)
        ):
            gutters.append((reached + left) / 2)
        reached = right if reached == math.inf else max(reached, right)
    return gutters


def _begin_at(left: float, reached: float, words: Sequence[Word]) -> bool:
    """Return whether most lines that have words right of a gap begin at its right edge."""
    starts: dict[int, float] = {}
    for word in words:
        if word.left > reached:
            line = round(word.y)
            starts[line] = min(starts.get(line, math.inf), word.left)
    return sum(start <= left + 1 for start in starts.values()) >= max(_FEWEST_LINES, _MOST * len(starts))


def _are_parted(shapes: Sequence[Shape], edges: Sequence[float], bands: Sequence[Band]) -> bool:
    """Return whether upright lines are drawn between the columns already."""
    top, bottom = bands[0][0], bands[-1][1]
    return any(
        shape.right - shape.left <= _THIN
        and shape.bottom - shape.top > _TOUCHING
        and top <= (shape.top + shape.bottom) / 2 <= bottom
        and edges[0] - _TOUCHING <= shape.left <= edges[-1] + _TOUCHING
        for shape in shapes
    )


def _are_cells(bands: Sequence[Sequence[Word]], edges: Sequence[float], size: float) -> bool:
    """Return whether what is between two lines is one row, with a cell of several lines in some columns.

    In most bands of several lines, some columns have fewer lines than others, and within a cell there are no
    gaps as between columns.
    """
    tall = full = lines = gaps = 0
    for words in bands:
        columns: list[dict[int, list[Word]]] = [{} for _ in range(len(edges) + 1)]
        for word in words:
            place = sum(edge < (word.left + word.right) / 2 for edge in edges)
            columns[place].setdefault(round(word.y), []).append(word)
        counts = [len(column) for column in columns]
        tall += max(counts) > 1
        full += max(counts) > 1 and min(counts) == max(counts)
        for line in (line for column in columns for line in column.values()):
            lines += 1
            in_order = sorted(line, key=lambda word: word.left)
            gaps += any(after.left - word.right >= _GUTTER * size for word, after in pairwise(in_order))
    return full < tall / 2 and gaps <= _FEW * lines
