"""Removal of headers, footers and page numbers from the pages of a PDF."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

import regex

from articleqa.loaders.pdf.close_headers import SENTENCE_END, Place, add_close, is_of_table
from articleqa.loaders.pdf.lines import Row, text_of

_EDGE = 3
"""Number of rows examined at the top and at the bottom of each page."""

_SAME_PLACE = 3.0
"""Rows whose heights on their pages differ by at most this many points are at the same place."""

_ZONE = 0.12
"""Share of a page's height, at its top and at its bottom, in which headers and footers may be."""

_SHARE = 0.6
"""Minimum share of the pages on which a header or footer must repeat at one place."""

_FEW_SHARE = 0.3
"""Minimum share of the pages that have the same header or footer, where other pages have none or others."""

_SINGLE_SHARE = 0.4
"""Minimum share of the pages with a header or footer at one place, where others are that on the other pages.
Left pages, which are half of all, often share one text."""

_FEWEST = 3
"""Minimum number of pages on which a header or footer must repeat; two if the PDF has only two pages."""

_LEADINGS = 2.0
_PARAGRAPHS = 1.15
_SIZES = 3.2
"""A header or footer is farther from the body than `_LEADINGS` times the line spacing and `_PARAGRAPHS` times
the paragraph spacing; `_SIZES` font sizes always suffice."""

_LARGE = 1.2
"""Text larger than this many times the body's font size is a title."""

_APART = 2.0
"""A page number is at least this many font sizes from the text of its header or footer."""

_COPIED, _LAST = 0.8, 4
"""A page is a copy if it shares this share of its rows, edges aside, with one of so many pages before it."""

_MOST_NUMBERS = 4
_NUMBER = regex.compile(r"\p{Nd}{1,9}+")
_ROMAN = regex.compile(r"[ivxlc]+|[IVXLC]+")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

Key = tuple[str, tuple[tuple[str, int], ...]]


def remove_headers_footers(pages: Sequence[Sequence[Row]], body: float) -> list[list[Row]]:
    """Return the rows of each page without headers and footers.

    A header or footer is in the margin, and what is there is the same text at the same place on several
    pages. Its numbers may differ between pages if they grow with the page number. If it is set apart from
    the body, it is enough that the pages of each chapter share a text; `add_close` says what holds close to
    the body. `body` is the font size of the body. In doubt, or if no row would be left on any page, nothing
    is removed.
    """
    found = _found(_without_copies(pages), body)
    if not found:
        return [list(rows) for rows in pages]
    repeated = {place for group in found for place in group}
    gap = _least_gap(pages, body)
    apart = {
        (page, place)
        for number, rows in enumerate(pages)
        for page, place in _set_apart(rows, number, repeated, gap)
        if not is_of_table(rows, place, fewest=3)
    }
    filled = sum(map(bool, pages))
    few = max(_FEW_SHARE * filled, _FEWEST)
    most = max(_SHARE * filled, min(_FEWEST, len(pages)), 2)
    running: set[Place] = set()
    for group in _at_same_place(pages, repeated):
        set_apart = {page for page, row in group if (page, row) in apart}
        if len(set_apart) >= max(most, _SHARE * len({page for page, _ in group})):
            running.update(group)
    for group in found:
        if len({page for page, row in group if (page, row) in apart}) >= few:
            running.update(group)
    add_close(pages, found, few, running, body)
    _add_single(pages, body, max(_SINGLE_SHARE * filled, min(_FEWEST, len(pages)), 2), running)
    kept = [
        _between_edges(rows, [(page, place) in running for place in range(len(rows))])
        for page, rows in enumerate(pages)
    ]
    return kept if any(kept) else [list(rows) for rows in pages]


def _without_copies(pages: Sequence[Sequence[Row]]) -> list[Sequence[Row]]:
    """Return the pages, those empty that are copies of an earlier one: their whole text repeats."""
    seen: list[set[tuple[int, str]]] = []
    kept: list[Sequence[Row]] = []
    for rows in pages:
        texts = {(round(row[0].y), text_of(row)) for row in rows[_EDGE:-_EDGE]}
        is_copy = len(texts) >= _EDGE and any(
            len(texts & other) >= _COPIED * len(texts) for other in seen[-_LAST:]
        )
        kept.append([] if is_copy else rows)
        seen.append(texts)
    return kept


def _found(pages: Sequence[Sequence[Row]], body: float) -> list[list[Place]]:
    """Return the rows in the margins whose text repeats at the same place on several pages, text by text."""
    if len(pages) < 2:
        return []
    ys = [row[0].y for rows in pages for row in rows]
    top, bottom = min(ys, default=0.0), max(ys, default=0.0)
    zone = _ZONE * (bottom - top)
    found: dict[Key, list[Place]] = defaultdict(list)
    for page, rows in enumerate(pages):
        for place in _edges(rows):
            row = rows[place]
            if top + zone < row[0].y < bottom - zone:
                continue
            for key in keys_of(row, page):
                if not (_is_title(row, body) and _is_numbered(key)):
                    found[key].append((page, place))
    return [
        group
        for places in found.values()
        for group in _at_same_place(pages, places)
        if len({page for page, _ in group}) > 1
    ]


def _is_title(row: Row, body: float) -> bool:
    text = _without_page_number(row)
    is_large = max(word.size for word in text) > _LARGE * body
    return is_large or (text == row and all(word.bold for word in row))


def _without_page_number(row: Row) -> Row:
    """Return a row without a number that stands apart at one of its ends, as that of a heading does not."""
    if len(row) < 2:
        return row
    if row[0].text.isdecimal() and row[1].left - row[0].right >= _APART * row[0].size:
        return row[1:]
    if row[-1].text.isdecimal() and row[-1].left - row[-2].right >= _APART * row[-1].size:
        return row[:-1]
    return row


def _is_numbered(key: Key) -> bool:
    """Return whether a key is that of text with a number that grows, as numbered headings have it."""
    return any(change == "grows" for change, _ in key[1]) and _has_letters(key[0])


def _add_single(pages: Sequence[Sequence[Row]], body: float, fewest: float, running: set[Place]) -> None:
    """Add rows at a place where many pages have a header or footer: the head of a chapter of one page.

    They must be of the same size, and as far from the row next to them as the closest of the others.
    """
    places: dict[tuple[int, int], list[Place]] = defaultdict(list)
    for page, place in running:
        row = pages[page][place]
        places[round(row[0].y / _SAME_PLACE), round(2 * row[0].size)].append((page, place))
    for (_, size), group in places.items():
        if len({page for page, _ in group}) < fewest:
            continue
        y = median(pages[page][place][0].y for page, place in group)
        gaps = [gap for page, place in group if (gap := _gap(pages[page], place)) is not None]
        closest = min(gaps, default=0.0)
        for page, rows in enumerate(pages):
            for place in {0, len(rows) - 1} if rows else ():
                row, gap = rows[place], _gap(rows, place)
                if (
                    abs(row[0].y - y) <= 1.0
                    and round(2 * row[0].size) == size
                    and gap is not None
                    and gap >= closest - 1.0
                    and not (_is_title(row, body) or SENTENCE_END.search(row[-1].text))
                ):
                    running.add((page, place))


def _gap(rows: Sequence[Row], place: int) -> float | None:
    """Return the distance from the first or last row to the row next to it; None if it is the only one."""
    if len(rows) < 2:
        return None
    inner = place + 1 if place < len(rows) / 2 else place - 1
    return abs(rows[inner][0].y - rows[place][0].y)


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


def keys_of(row: Row, page: int) -> list[Key]:
    """Return the keys by which a row can match a header or footer on another page.

    Each number may stay the same or grow with the page number, so there is one key for each combination. Of
    many numbers, the first two and the last two count.
    """
    text = text_of(row).casefold()
    if _ROMAN.fullmatch(text):
        text = str(_roman(text))
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if len(numbers) > _MOST_NUMBERS:  # such as a date and a time: the others may be any
        numbers = numbers[: _MOST_NUMBERS // 2] + numbers[-_MOST_NUMBERS // 2 :]
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
