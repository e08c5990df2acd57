"""Columns of tables that have lines between their rows alone: the lines that would part the cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

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

_GUTTER = 0.75
"""Minimum width of the gap between two columns, in font sizes."""

_MOST_SHAPES = 2_000
"""A page with more shapes than this is a drawing."""

Band = tuple[float, float]
"""The heights of two lines next to each other."""


def column_lines(rows: Sequence[Row], shapes: Sequence[Shape]) -> list[Shape]:
    """Return upright lines that part the cells of tables with lines between rows, and none between columns.

    A table is left alone if each of its rows has one line of text, or if most of what is between two lines
    are several rows without lines between them.
    """
    found: list[Shape] = []
    for (left, right), heights in _rules(shapes).items():
        inner = [word for row in rows for word in row if left <= (word.left + word.right) / 2 <= right]
        if not inner:
            continue
        size = median(word.size for word in inner)
        for bands in _runs(heights, _TALLEST * size):
            words = [_within(inner, band) for band in bands]
            edges = _gutters([word for in_band in words for word in in_band], _GUTTER * size)
            if edges and not _are_parted(shapes, edges, bands) and _have_tall_cells(words, edges):
                for (top, bottom), in_band in zip(bands, words, strict=True):
                    clear = [x for x in edges if not any(word.left < x < word.right for word in in_band)]
                    found += [Shape(x, top, x, bottom) for x in (left, *clear, right)]
    return found


def _rules(shapes: Sequence[Shape]) -> dict[tuple[float, float], list[float]]:
    """Return the heights of the level lines that have the same ends, by these ends."""
    if len(shapes) > _MOST_SHAPES:
        return {}
    edges = sorted((y, shape.left, shape.right) for shape in shapes for y in _level_edges(shape))
    joined: list[tuple[float, float, float]] = []
    for y, left, right in edges:
        for place in range(len(joined) - 1, -1, -1):
            other_y, other_left, other_right = joined[place]
            if y - other_y > _THIN:
                joined.append((y, left, right))
                break
            if left <= other_right + _TOUCHING and right >= other_left - _TOUCHING:
                joined[place] = other_y, min(left, other_left), max(right, other_right)
                break
        else:
            joined.append((y, left, right))
    rules: dict[tuple[float, float], list[float]] = defaultdict(list)
    for y, left, right in joined:
        ends = next(
            (ends for ends in rules if abs(ends[0] - left) + abs(ends[1] - right) <= _TOUCHING), (left, right)
        )
        if not rules[ends] or y - rules[ends][-1] > _TOUCHING:
            rules[ends].append(y)
    return {ends: heights for ends, heights in rules.items() if len(heights) >= _FEWEST_LINES}


def _level_edges(shape: Shape) -> tuple[float, ...]:
    """Return the heights of the level sides of a shape; one for a line, none for an upright line."""
    if shape.right - shape.left <= _THIN:
        return ()
    return (shape.top,) if shape.bottom - shape.top <= _THIN else (shape.top, shape.bottom)


def _runs(heights: Sequence[float], tallest: float) -> Iterator[list[Band]]:
    """Yield the bands between lines that follow each other closely enough to be rows of one table."""
    run: list[Band] = []
    for band in pairwise(heights):
        if band[1] - band[0] <= tallest:
            run.append(band)
            continue
        if len(run) + 1 >= _FEWEST_LINES:
            yield run
        run = []
    if len(run) + 1 >= _FEWEST_LINES:
        yield run


def _within(words: Sequence[Word], band: Band) -> list[Word]:
    return [word for word in words if band[0] < word.y - word.size / 3 <= band[1]]


def _gutters(words: Sequence[Word], narrowest: float) -> list[float]:
    """Return the middle of each gap between the columns of words, from left to right."""
    gutters: list[float] = []
    reached = None
    for left, right in sorted((word.left, word.right) for word in words):
        if reached is not None and left - reached >= narrowest:
            gutters.append((reached + left) / 2)
        reached = right if reached is None else max(reached, right)
    return gutters


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


def _have_tall_cells(bands: Sequence[Sequence[Word]], edges: Sequence[float]) -> bool:
    """Return whether in most bands of several lines some columns have fewer lines than others."""
    tall = full = 0
    for words in bands:
        columns: dict[int, set[int]] = defaultdict(set)
        for word in words:
            columns[sum(edge < word.left for edge in edges)].add(round(word.y))
        counts = [len(columns[place]) for place in range(len(edges) + 1)]
        tall += max(counts) > 1
        full += max(counts) > 1 and min(counts) == max(counts)
    return full < tall / 2
