"""Removal of running titles and page numbers that stand in the outer margin, beside the lines of the body."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from articleqa.loaders.pdf.headers_footers import Key, keys_of
from articleqa.loaders.pdf.lines import Row

_BIN = 5.0
"""Width, in points, of the strips of a page whose lines are counted."""

_EMPTY = 0.05
"""A strip with less than this share of the lines of the fullest strip is empty, as a gutter is."""

_BODY = 0.4
"""Neighbouring strips are a column of the body if they have this share of the text of the fullest column."""

_BODY_LINES = 0.6
"""They are one too if they have this share of its lines: a column of a table, beside several that a line
of text above them joins. Titles in the margin have few lines, at most `_MOST_LINES`."""

_SHARE = 0.3
_FEWEST = 2
"""A running title is at the same height on this share of the pages, and at least on this number of them."""

_SAME_HEIGHT = 36.0
"""Copies are at most this many points apart: the first page of an article has its own lower down."""

_MOST_LINES = 6
"""More lines than this beside the body are the first or last column of a table."""

_WIDEST = 5_000.0
"""A row wider than this, in points, is not counted; no page that people read is as wide."""

Part = tuple[int, int, int, int]
"""Words of a row: the page, the row, and the indices of the first word and of the word after the last."""


def without_margin_heads(pages: Sequence[list[Row]]) -> list[list[Row]]:
    """Return the rows of each page without repeated text beside the body.

    Text is beside the body if it is left or right of nearly all lines of the even or odd pages, as the outer
    margin changes sides. It is removed if it is repeated at about the same height; its numbers may grow with
    the page number.
    """
    if len(pages) < _FEWEST:
        return list(pages)
    bodies = [_body(pages[parity::2]) for parity in (0, 1)]
    found: dict[Key, list[tuple[float, Part]]] = defaultdict(list)
    for page, rows in enumerate(pages):
        left, right = bodies[page % 2]
        for place, row in enumerate(rows):
            if left <= row[0].left + _BIN and row[-1].right <= right + _BIN:
                continue
            for start, end in _parts(row):
                if row[end - 1].right <= left or row[start].left >= right:
                    for key in keys_of(row[start:end], page):
                        found[key].append((row[0].y, (page, place, start, end)))
    needed = max(_FEWEST, _SHARE * sum(map(bool, pages)))
    repeated: dict[tuple[int, int], set[int]] = defaultdict(set)
    for places in found.values():
        for group in _at_same_height(places):
            if needed <= len({page for page, *_ in group}) == len(group):
                for page, place, start, end in group:
                    repeated[page, place].update(range(start, end))
    counts = Counter(page for page, _ in repeated)
    removed = {place: words for place, words in repeated.items() if counts[place[0]] <= _MOST_LINES}
    if not removed:
        return list(pages)
    return [
        [kept for place, row in enumerate(rows) if (kept := _without(row, removed.get((page, place))))]
        for page, rows in enumerate(pages)
    ]


def _without(row: Row, removed: set[int] | None) -> Row:
    return [word for number, word in enumerate(row) if number not in removed] if removed else row


def _body(pages: Sequence[list[Row]]) -> tuple[float, float]:
    """Return the left and right edges of the strip in which most lines of these pages stand."""
    ends = Counter[int]()
    for rows in pages:
        for row in rows:
            if row[-1].right - row[0].left <= _WIDEST:
                for start, end in _parts(row):
                    first, last = round(row[start].left / _BIN), round(row[end - 1].right / _BIN)
                    if first <= last:
                        ends[first] += 1
                        ends[last + 1] -= 1
    counts: dict[int, int] = {}
    count = 0
    for place, following in pairwise(sorted(ends)):
        count += ends[place]
        if count:
            counts.update(dict.fromkeys(range(place, following), count))
    fewest = _EMPTY * max(counts.values(), default=0)
    strips = sorted(place for place, count in counts.items() if count > fewest)
    if not strips:
        return 0.0, 0.0
    cuts = [number for number, (one, other) in enumerate(pairwise(strips), 1) if other - one > 1]
    columns = [strips[start:end] for start, end in pairwise([0, *cuts, len(strips)])]
    sizes = [sum(counts[place] for place in column) for column in columns]
    lines = [max(counts[place] for place in column) for column in columns]
    fewest = max(_BODY_LINES * max(lines), _MOST_LINES * sum(map(bool, pages)))
    body = [
        column
        for column, size, height in zip(columns, sizes, lines, strict=True)
        if size >= _BODY * max(sizes) or height > fewest
    ]
    return (body[0][0] - 1) * _BIN, (body[-1][-1] + 1) * _BIN


def _parts(row: Row) -> list[tuple[int, int]]:
    """Return where the parts of `row` that wide gaps set off begin and end."""
    pairs = enumerate(pairwise(row), 1)
    cuts = [number for number, (word, after) in pairs if after.left - word.right >= word.size]
    return list(pairwise([0, *cuts, len(row)]))


def _at_same_height(places: list[tuple[float, Part]]) -> list[list[Part]]:
    groups: list[list[Part]] = []
    above = float("-inf")
    for y, part in sorted(places):
        if not groups or y - above > _SAME_HEIGHT:
            groups.append([])
        groups[-1].append(part)
        above = y
    return groups
