"""Removal of headers, footers and page numbers from the pages of a PDF."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

import regex

from articleqa.loaders.pdf.lines import Row

_EDGE = 3
"""Number of rows examined at the top and at the bottom of each page."""

_SAME_PLACE = 3.0
"""Rows whose heights on their pages differ by at most this many points are at the same place."""

_ZONE = 0.12
"""Share of a page's height, at its top and at its bottom, in which headers and footers may be."""

_SHARE = 0.6
"""Minimum share of the pages on which a header or footer must repeat at one place."""

_FEWEST = 3
"""Minimum number of pages on which a header or footer must repeat; two if the PDF has only two pages."""

_LEADINGS = 2.0
_PARAGRAPHS = 1.15
_SIZES = 3.2
"""A header or footer is farther from the body than `_LEADINGS` times the line spacing and `_PARAGRAPHS` times
the paragraph spacing; `_SIZES` font sizes always suffice."""

_LARGE = 1.2
"""Text larger than this many times the body's font size is a title."""

_MOST_NUMBERS = 4
_NUMBER = regex.compile(r"\p{Nd}{1,9}+")
_ROMAN = regex.compile(r"[ivxlc]+|[IVXLC]+")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

Key = tuple[str, tuple[tuple[str, int], ...]]
Place = tuple[int, int]
"""The index of a page, and the index of a row on it."""


def remove_headers_footers(pages: Sequence[Sequence[Row]], body: float) -> list[list[Row]]:
    """Return the rows of each page without headers and footers.

    A header or footer is the same text at the same place on most pages, in the margin and set apart from the
    body. Its numbers may differ between pages if they grow with the page number. `body` is the font size of
    the body. In doubt, or if no row would be left on any page, nothing is removed.
    """
    repeated = _repeated(pages, body)
    gap = _least_gap(pages, body)
    apart = {place for page in range(len(pages)) for place in _set_apart(pages[page], page, repeated, gap)}
    needed = max(_SHARE * sum(map(bool, pages)), min(_FEWEST, len(pages)), 2)
    running: set[Place] = set()
    for group in _at_same_place(pages, repeated):
        found = {page for page, row in group if (page, row) in apart}
        if len(found) >= max(needed, _SHARE * len({page for page, _ in group})):
            running.update(group)
    kept = [
        _between_edges(rows, [(page, place) in running for place in range(len(rows))])
        for page, rows in enumerate(pages)
    ]
    return kept if any(kept) else [list(rows) for rows in pages]


def _repeated(pages: Sequence[Sequence[Row]], body: float) -> set[Place]:
    """Return the rows in the margins whose text repeats at the same place on several pages."""
    ys = [row[0].y for rows in pages for row in rows]
    top, bottom = min(ys, default=0.0), max([0.0, *ys])
    zone = _ZONE * (bottom - top)
    found: dict[Key, list[Place]] = defaultdict(list)
    for page, rows in enumerate(pages):
        for place in _edges(rows):
            row = rows[place]
            if top + zone < row[0].y < bottom - zone:
                continue
            is_title = max(word.size for word in row) > _LARGE * body or all(word.bold for word in row)
            for text, changes in _keys(row, page):
                if not (is_title and any(change == "grows" for change, _ in changes) and _has_letters(text)):
                    found[text, changes].append((page, place))
    repeated: set[Place] = set()
    for places in found.values():
        for group in _at_same_place(pages, places):
            if len({page for page, _ in group}) > 1:
                repeated.update(group)
    return repeated


def _least_gap(pages: Sequence[Sequence[Row]], body: float) -> float:
    """Return the distance from the body, in points, beyond which a row is set apart from it."""
    gaps = [[below[0].y - row[0].y for row, below in pairwise(rows)] for rows in pages]
    leading = max(1.15 * body, median(itertools.chain(*gaps)) if any(gaps) else 0.0)
    wide = [gap for inner in gaps for gap in inner[1:-1] if gap > 1.4 * leading]
    return min(max(_LEADINGS * leading, _PARAGRAPHS * median(wide) if wide else 0.0), _SIZES * body)


def _set_apart(rows: Sequence[Row], page: int, repeated: set[Place], gap: float) -> Iterator[Place]:
    """Yield the repeated rows at the top and bottom of a page that are set apart from its other rows."""
    for places in (range(len(rows)), range(len(rows) - 1, -1, -1)):
        outer: list[Place] = []
        for place, inner in pairwise(places[: _EDGE + 1]):
            if (page, place) not in repeated:
                break
            outer.append((page, place))
            if abs(rows[place][0].y - rows[inner][0].y) > gap:
                yield from outer


def _between_edges(rows: Sequence[Row], is_running: Sequence[bool]) -> list[Row]:
    """Return the rows between the headers at the top of the page and the footers at its bottom."""
    top, bottom = 0, len(rows)
    while top < bottom and is_running[top]:
        top += 1
    while top < bottom and is_running[bottom - 1]:
        bottom -= 1
    return list(rows[top:bottom])


def _edges(rows: Sequence[Row]) -> Iterator[int]:
    return (place for place in range(len(rows)) if place < _EDGE or place >= len(rows) - _EDGE)


def _keys(row: Row, page: int) -> list[Key]:
    """Return the keys by which a row can match a header or footer on another page.

    Each number may stay the same or grow with the page number, so there is one key for each combination.
    """
    text = " ".join(word.text for word in row).casefold()
    if _ROMAN.fullmatch(text):
        text = str(_roman(text))
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if len(numbers) > _MOST_NUMBERS:
        return [(text, ())]
    skeleton = _NUMBER.sub("#", text)
    choices = [(("same", number), ("grows", number - page)) for number in numbers]
    return [(skeleton, choice) for choice in itertools.product(*choices)]


def _has_letters(text: str) -> bool:
    return any(char.isalpha() for char in text)


def _at_same_place(pages: Sequence[Sequence[Row]], places: Iterable[Place]) -> Iterator[list[Place]]:
    """Yield `places` in groups that are at the same height on their pages."""
    group: list[Place] = []
    above = 0.0
    for y, page, place in sorted((pages[page][place][0].y, page, place) for page, place in places):
        if group and y - above > _SAME_PLACE:
            yield group
            group = []
        group.append((page, place))
        above = y
    if group:
        yield group


def _roman(numeral: str) -> int:
    digits = [_ROMAN_DIGITS[digit] for digit in numeral]
    return sum(
        -digit if digit < following else digit
        for digit, following in zip(digits, [*digits[1:], 0], strict=True)
    )
