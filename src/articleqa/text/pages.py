"""Page breaks in plain text: form feeds, and the headers and footers around them.

A footer is a line that is repeated on each page with a number that counts up. A header is one of the first
lines after a footer or a form feed, and is repeated on other pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.models import Span
from articleqa.text.lines import Line, line_text

LONGEST = 140
"""A header or footer has at most this many characters."""

_FEWEST_PAGES = 3
"""Pages needed to recognise a line as a footer by its page number alone, without form feeds."""

_HEADER_LINES = 3
"""A header has at most this many lines, and so has a footer."""

_PAGE_WORD = any_of(*LAYOUT.page)
_OF = any_of("/", *LAYOUT.of_pages)
_NUMBER = r"(?:\d{1,5}|[ivxlc]{1,7})"
_PAGE_NUMBER = regex.compile(
    rf"\[?{_PAGE_WORD}\s{{1,3}}{_NUMBER}(?:\s?{_OF}\s?\d{{1,5}})?\]?(?=$|\s{{2}})"
    rf"|^[-–—]\s?{_NUMBER}\s?[-–—]$|^\[{_NUMBER}\]$"
    rf"|(?:^|\s{{3}}){_NUMBER}$|^{_NUMBER}\s{{3}}"
)
_LAST = "0123456789]-–—ivxlc"
"""Most lines with a page number end in one of these or contain a hint: a quick check before the slow one."""

_DIGITS = regex.compile(r"\d+")
_WHITE = regex.compile(r"\s+")
_NEWLINE = r"(?>\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])"
_BLANK_LINES = regex.compile(rf"{_NEWLINE}(?:[^\S\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*+{_NEWLINE})++")


def headers_and_footers(text: str, lines: Sequence[Line]) -> set[int]:
    """Return the indices of those of `lines` that are headers or footers of pages."""
    footers = _numbered_footers(text, lines)
    breaks = sorted({*footers, *(n - 1 for n, line in enumerate(lines) if line.opens_page)})
    if len(breaks) < 2:
        return footers
    return footers | _repeated(text, lines, breaks, footers)


def _numbered_footers(text: str, lines: Sequence[Line]) -> set[int]:
    """Return the indices of lines that differ only in a page number, which counts up from page to page."""
    alike: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, line in enumerate(lines):
        if line.end - line.start > LONGEST:
            continue
        before_feed = number + 1 < len(lines) and lines[number + 1].opens_page
        after_blank = line.opens_run or number + 1 == len(lines) or lines[number + 1].opens_run
        if not (after_blank or before_feed or line.opens_page):
            continue
        said = line_text(text, line)
        is_likely = said[-1] in _LAST or said[0].isdigit() or any(map(said.__contains__, LAYOUT.page_hints))
        found = _PAGE_NUMBER.search(said) if is_likely else None
        if found is None:
            continue
        digits = _DIGITS.search(found[0])
        is_named = found[0].strip()[0] in "[-–—" or not found[0].strip()[0].isdigit()
        if not (is_named or before_feed or line.opens_page):
            continue  # a bare number may be anything
        rest = _WHITE.sub(" ", said[: found.start()] + "#" + said[found.end() :])
        alike[rest].append((number, int(digits[0]) if digits else -1))
    return {number for pages in alike.values() for number in _pages_in_order(lines, pages)}


def _pages_in_order(lines: Sequence[Line], pages: Sequence[tuple[int, int]]) -> Iterator[int]:
    counted = [page for page in pages if page[1] >= 0]
    rising = sum(0 < second[1] - first[1] <= 2 for first, second in pairwise(counted))
    at_feeds = any(n + 1 < len(lines) and lines[n + 1].opens_page for n, _ in pages)
    fewest = 2 if at_feeds else _FEWEST_PAGES
    if len(counted) >= fewest and rising >= 0.7 * (len(counted) - 1):
        yield from (number for number, _ in pages)
    elif at_feeds:
        yield from (n for n, _ in pages if n + 1 < len(lines) and lines[n + 1].opens_page)


def _repeated(text: str, lines: Sequence[Line], breaks: Sequence[int], footers: set[int]) -> set[int]:
    """Return the indices of lines around page breaks that are also found around other page breaks."""
    alike: defaultdict[str, set[int]] = defaultdict(set)
    for last in breaks:
        first = last + (last in footers)
        for number in range(first, min(len(lines), last + 1 + _HEADER_LINES)):
            line = lines[number]
            if number >= 0 and number not in footers and line.end - line.start <= LONGEST:
                words = sorted(
                    _DIGITS.sub("#", line_text(text, line)).split()
                )  # left pages mirror right ones
                alike[" ".join(words)].add(number)
    enough = max(2, min(_FEWEST_PAGES, len(breaks) // 2))
    known = {number for numbers in alike.values() if len(numbers) >= enough for number in numbers}
    boilerplate = known | footers
    return {number for number in known if _is_set_apart(lines, number, boilerplate)}


def _is_set_apart(lines: Sequence[Line], number: int, boilerplate: set[int]) -> bool:
    """Return whether a line opens or ends a run of lines, not counting other headers and footers."""
    has_below = number + 1 < len(lines) and not lines[number + 1].opens_run
    opens = lines[number].opens_run or lines[number].opens_page or number - 1 in boilerplate
    return opens or not has_below or number + 1 in boilerplate


def is_page_break(text: str, start: int, end: int) -> bool:
    """Return whether `text[start:end]`, between two lines of text, is a page break."""
    breaks = page_breaks(text, start, end)
    return len(breaks) == 1 and breaks[0].end == end


def page_breaks(text: str, start: int, end: int) -> list[Span]:
    """Return the page breaks in `text[start:end]`, a paragraph that continues over pages.

    A page break is a stretch of blank lines, or several with at most three lines of headers or footers
    between them. It contains a form feed or a page number.
    """
    breaks: list[Span] = []
    for blank in _BLANK_LINES.finditer(text, start, end):
        if breaks and _is_boilerplate(text, breaks[-1].end, blank.start()):
            breaks[-1] = Span(breaks[-1].start, blank.end())
        else:
            breaks.append(Span(blank.start(), blank.end()))
    breaks = [Span(each.start, _end_of_white(text, each.end, end)) for each in breaks]
    return [each for each in breaks if _has_page_number(text, each)]


def _is_boilerplate(text: str, start: int, end: int) -> bool:
    if end - start > (_HEADER_LINES + 1) * LONGEST:
        return False
    lines = text[start:end].splitlines()
    return len(lines) <= _HEADER_LINES and all(len(line.strip()) <= LONGEST for line in lines)


def _has_page_number(text: str, span: Span) -> bool:
    inside = span.of(text)
    return "\f" in inside or any(_PAGE_NUMBER.search(line.strip()) for line in inside.splitlines())


def _end_of_white(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start
