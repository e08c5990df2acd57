"""Headers and footers that are as close to the body of a PDF's pages as its own lines are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.loaders.pdf.layout_stats import SMALL
from articleqa.loaders.pdf.lines import Row, text_of

Place = tuple[int, int]
"""The index of a page, and the index of a row on it."""

SENTENCE_END = regex.compile(r"[.!?][\"'”’)]*$")

_SAME_PLACE = 3.0
"""Cells whose left edges differ by at most this many points are below each other."""

_FLOWING_SHARE = 0.3
"""Minimum share of the page breaks at which a sentence goes on over a header or footer in the body's type."""

_PAGE_NUMBER = regex.compile(
    rf"\W*(?:{any_of(*LAYOUT.page, *LAYOUT.short_pages)}\W*)?\p{{Nd}}+"
    rf"(?:\s*{any_of('/', *LAYOUT.of_pages)}\s*\p{{Nd}}+)?\W*",
    regex.I,
)

_CAPTION = regex.compile(rf"{any_of(*LAYOUT.captions, *LAYOUT.pdf_captions)}\s*[\p{{Nd}}.:]+", regex.I)
_STARTS_LOWER = regex.compile(r"\p{Ll}")


def add_close(
    pages: Sequence[Sequence[Row]], found: Sequence[list[Place]], few: float, running: set[Place], body: float
) -> None:
    """Add the headers and footers that are close to the body to `running`.

    `found` has rows with the same text at the same place. They must be on at least `few` pages, the outermost
    rows there, and no sentences, captions, or rows of a table. If their numbers grow from page to page, as
    those of headings may, they must be in smaller type than the body, or within sentences of it.
    """
    before = -1
    while len(running) > before:  # below one that is found, the next row is the outermost
        before = len(running)
        for group in found:
            outer = [place for place in group if _is_outermost(pages[place[0]], *place, running)]
            if not running.issuperset(outer) and _is_running(pages, outer, few, running, body):
                running.update(outer)


def _is_running(
    pages: Sequence[Sequence[Row]], group: Sequence[Place], few: float, running: set[Place], body: float
) -> bool:
    on = {page for page, _ in group}
    if len(on) < min(few, len(pages)):
        return False
    rows = [pages[page][place] for page, place in group]
    texts = {text_of(row) for row in rows}
    if any(SENTENCE_END.search(text) or _CAPTION.fullmatch(text) for text in texts):
        return False
    if any(is_of_table(pages[page], place, fewest=2) for page, place in group):
        return False
    if len(on) >= few and (len(texts) == 1 or all(_PAGE_NUMBER.fullmatch(text) for text in texts)):
        return True
    is_small = len(on) >= few and all(word.size < SMALL * body for row in rows for word in row)
    return is_small or _sentences_go_on(pages, group, running)


def _sentences_go_on(pages: Sequence[Sequence[Row]], group: Sequence[Place], running: set[Place]) -> bool:
    """Return whether at many of these rows a sentence goes on from one page to the next."""
    skipped = running.union(group)
    breaks = flowing = 0
    for page, place in group:
        above = page if place >= len(pages[page]) / 2 else page - 1
        if 0 <= above < len(pages) - 1:
            breaks += 1
            last = next(_body(pages, above, skipped, backwards=True), None)
            first = next(_body(pages, above + 1, skipped, backwards=False), None)
            goes_on = last and not SENTENCE_END.search(text_of(last))
            flowing += bool(goes_on and first and _STARTS_LOWER.match(text_of(first)))
    return flowing >= max(min(2, len(pages) - 1), _FLOWING_SHARE * breaks)


def _body(
    pages: Sequence[Sequence[Row]], page: int, skipped: set[Place], *, backwards: bool
) -> Iterator[Row]:
    """Yield the rows of a page that are not `skipped`, from its top or from its bottom."""
    places = range(len(pages[page]))
    for place in reversed(places) if backwards else places:
        if (page, place) not in skipped:
            yield pages[page][place]


def _is_outermost(rows: Sequence[Row], page: int, place: int, running: set[Place]) -> bool:
    """Return whether only headers are above the row or only footers below it."""
    above = all((page, other) in running for other in range(place))
    below = all((page, other) in running for other in range(place + 1, len(rows)))
    return above != below or len(rows) == 1


def is_of_table(rows: Sequence[Row], place: int, *, fewest: int) -> bool:
    """Return whether a row has so many cells below or above cells of the row next to it, as in a table."""
    starts = [_starts(rows[near]) for near in (place, place - 1, place + 1) if 0 <= near < len(rows)]
    return any(
        sum(any(abs(left - other) <= _SAME_PLACE for other in others) for left in starts[0]) >= fewest
        for others in starts[1:]
    )


def _starts(row: Row) -> list[float]:
    """Return where the cells of a row begin."""
    wide = (right.left for left, right in pairwise(row) if right.left - left.right >= left.size)
    return [row[0].left, *wide]
