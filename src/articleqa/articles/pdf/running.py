"""The running heads, running feet and page numbers of a PDF."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

import regex

from articleqa.articles.pdf.lines import Row

_EDGE = 3
"""Rows looked at on each side of a page."""

_SAME_PLACE = 3.0
"""Points between places that count as one."""

_FEW_PAGES = 5
"""In a document of so few pages, what is on two of them is running, as is what has a page number; else it
must be on three."""

_LARGE = 1.2
"""Text of so many times the body's size is a title; it runs only where it is on half of the pages."""

_MOST_NUMBERS = 4
_NUMBER = regex.compile(r"\p{Nd}{1,9}+")
_ROMAN = regex.compile(r"[ivxlc]+|[IVXLC]+")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

Key = tuple[str, tuple[tuple[str, int], ...]]


def without_running_rows(pages: Sequence[Sequence[Row]], body: float) -> list[list[Row]]:
    """Return the rows of each page but those that run: the same text at the same place of several pages.

    Numbers in it may differ where they grow with the page. `body` is the size of the body's text. Where
    nothing would be left of any page, nothing is left out.
    """
    found: dict[Key, list[tuple[int, int, float]]] = defaultdict(list)
    for page, rows in enumerate(pages):
        for place in _edges(rows):
            for key in _keys(rows[place], page):
                found[key].append((page, place, rows[place][0].y))
    running: set[tuple[int, int]] = set()
    for key, places in found.items():
        page, place, _ = places[0]
        is_large = max(word.size for word in pages[page][place]) > _LARGE * body
        is_numbered = any(change == "grows" for change, _ in key[1])
        fewest = 2 if len(pages) <= _FEW_PAGES or is_numbered else 3
        needed = max(fewest, len(pages) // 2) if is_large else fewest
        if is_large and key[1]:
            continue
        for group in _at_same_place(places):
            if len({page for page, _, _ in group}) >= needed:
                running.update((page, place) for page, place, _ in group)
    kept = [
        _between_edges(rows, [(page, place) in running for place in range(len(rows))])
        for page, rows in enumerate(pages)
    ]
    return kept if any(kept) else [list(rows) for rows in pages]


def _between_edges(rows: Sequence[Row], is_running: Sequence[bool]) -> list[Row]:
    """Return the rows between those that run at the head of the page and those that do at its foot."""
    top, bottom = 0, len(rows)
    while top < bottom and is_running[top]:
        top += 1
    while top < bottom and is_running[bottom - 1]:
        bottom -= 1
    return list(rows[top:bottom])


def _edges(rows: Sequence[Row]) -> Iterator[int]:
    return (place for place in range(len(rows)) if place < _EDGE or place >= len(rows) - _EDGE)


def _keys(row: Row, page: int) -> list[Key]:
    """Return what a row may have in common with a running row of another page.

    Each number may stay the same or grow with the page, so there is a key for each combination.
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


def _at_same_place(places: list[tuple[int, int, float]]) -> Iterator[list[tuple[int, int, float]]]:
    group: list[tuple[int, int, float]] = []
    for place in sorted(places, key=lambda place: place[2]):
        if group and place[2] - group[-1][2] > _SAME_PLACE:
            yield group
            group = []
        group.append(place)
    yield group


def _roman(numeral: str) -> int:
    digits = [_ROMAN_DIGITS[digit] for digit in numeral]
    return sum(
        -digit if digit < following else digit
        for digit, following in zip(digits, [*digits[1:], 0], strict=True)
    )
