"""Grouping of the words of a PDF page into lines."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

import regex

from articleqa.loaders.pdf.pieces import MAX_WORD_GAP
from articleqa.loaders.pdf.words import Word, raised
from articleqa.text.bullets import BULLETS

Row = list[Word]
"""Words on one baseline, from left to right."""

BULLET = regex.compile(rf"[{BULLETS}✓✔]")
NUMBERING = regex.compile(r"\(?(?:\p{Nd}{1,3}|\p{L}|[ivxlc]{1,5})[.)]|\[\p{Nd}{1,3}\]|[-–—*]")
_BREAKABLE = regex.compile(r"[^-‐–—]*[-‐–—]?")
_SOFT_HYPHEN = "\u00ad"
_RIGHT_TO_LEFT = ("R", "AL")
_RAISED = 0.6
"""Raised and lowered words are at most this many font sizes of their row above or below its baseline."""

_LEFTWARD = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}]")


class Cell(NamedTuple):
    """A part of a line, set off by wide gaps or drawn lines; `text` is made of `words`."""

    text: str
    left: float
    right: float
    words: Sequence[Word] = ()


class Line(NamedTuple):
    """A line of text, its words joined by spaces; `words` are these words in reading order.

    `cells` are its parts between wide gaps and drawn lines. `first` is the width of the text that could have
    moved to the end of the previous line: the first word, up to a hyphen. `ruled` is true if lines are drawn
    between the cells. `bold` is true if all words are bold, `partly_bold` if any is.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool
    first: float
    cells: tuple[Cell, ...]
    ruled: bool = False
    partly_bold: bool = False
    words: Sequence[Word] = ()


def text_of(row: Sequence[Word]) -> str:
    """Return the words of a row with spaces between them."""
    return " ".join([word.text for word in row])


def rows_of(words: Sequence[Word]) -> list[Row]:
    """Return `words` as rows, top to bottom; raised and lowered words are in the row they belong to."""
    rows: list[Row] = []
    uneven: dict[int, Row] = {}
    row: Row = []
    y = size = -math.inf
    for word in sorted(words, key=attrgetter("y", "left")):
        if word.y == y:
            row.append(word)
        elif word.y - y <= 0.3 * min(word.size, size):
            row.append(word)
            uneven[id(row)] = row
        else:
            row = [word]
            rows.append(row)
            y, size = word.y, word.size
    for row in uneven.values():
        row.sort(key=attrgetter("left", "order"))
    return _with_raised_words(rows)


def _with_raised_words(rows: list[Row]) -> list[Row]:
    kept: list[Row] = []
    above = 0.0
    for row in rows:
        size = max([word.size for word in row])
        if not kept or abs(row[0].y - kept[-1][0].y) > _RAISED * max(size, above):
            kept.append(row)
        elif _belongs(row, kept[-1]):
            kept[-1] = sorted(kept[-1] + row, key=lambda word: word.left)
            size = max(size, above)
        elif _belongs(kept[-1], row):
            lifted = [word._replace(text=raised(word.text)) for word in kept.pop()]
            kept.append(sorted(lifted + row, key=lambda word: word.left))
            size = max(size, above)
        else:
            kept.append(row)
        above = size
    return kept


def _belongs(small: Row, row: Row) -> bool:
    """Return whether the words of `small` are raised or lowered next to words of `row`."""
    size = max([word.size for word in row])
    if any(word.size > 0.85 * size or abs(word.y - row[0].y) > _RAISED * size for word in small):
        return False
    lefts = [word.left for word in row]
    for word in small:
        place = bisect(lefts, word.left)
        near = row[max(0, place - 1) : place + 1]
        gaps = [max(word.left - other.right, other.left - word.right) for other in near]
        if not -0.3 * size <= min(gaps) <= 0.6 * size:
            return False
    return True


def line_of(row: Row) -> Line:
    """Return the words of `row` as a line."""
    size, y, is_bold, is_partly_bold = _type_of(row)
    left, right = row[0].left, max([word.right for word in row])
    words, text = row, _text(row)
    rightward = text.isascii() or _is_rightward(row)
    if not rightward:
        words = row[::-1]
        text = _text(words)
    unit = _BREAKABLE.match(words[0].text)
    share = len(unit[0]) / len(words[0].text) if unit and unit[0] else 1.0
    first = (words[0].right - words[0].left) * share
    ruled = any(word.ruled for word in row)
    cells = _cells(row, size)
    if len(cells) == 1 and rightward:
        made = [Cell(text, left, right, words)]
    else:
        made = [Cell(_text(cell), cell[0].left, max(word.right for word in cell), cell) for cell in cells]
    return Line(text, left, right, y, size, is_bold, first, tuple(made), ruled, is_partly_bold, words)


def _type_of(row: Row) -> tuple[float, float, bool, bool]:
    """Return the size of most of a row, its baseline, and whether all and any of its words are bold."""
    if len({(word.size, word.bold) for word in row}) == 1:
        return rounded(row[0].size), row[0].y, row[0].bold, row[0].bold
    sizes, bold = Counter[float](), 0
    for word in row:
        sizes[rounded(word.size)] += len(word.text)
        bold += len(word.text) * word.bold
    size = max(sizes, key=lambda size: (sizes[size], size))
    y = next(word.y for word in row if rounded(word.size) == size)
    return size, y, bold > 0.95 * sizes.total(), bold > 0


@lru_cache(maxsize=1_000)
def rounded(size: float) -> float:
    """Return a font size to a tenth of a point; a PDF has few, and rounding takes longer than looking up."""
    return round(size, 1)


def _cells(row: Row, size: float) -> list[Row]:
    """Return the words of each cell of a row."""
    cuts = [
        place
        for place, (word, following) in enumerate(pairwise(row), 1)
        if following.ruled or (following.left - word.right >= size and not _opens(word, row))
    ]
    return [row[start:end] for start, end in pairwise([0, *cuts, len(row)])] if cuts else [row]


def _opens(word: Word, row: Row) -> bool:
    """Return whether a word is the bullet or number that a row begins with."""
    return word is row[0] and bool(BULLET.fullmatch(word.text) or NUMBERING.fullmatch(word.text))


def _text(words: Row) -> str:
    if all(word.spaced for word in words[1:]):
        text = text_of(words)
    else:
        parts = [words[0].text]
        for word, following in pairwise(words):
            if following.spaced or _are_apart(word, following):
                parts.append(" ")
            parts.append(following.text)
        text = "".join(parts)
    return text[:-1].replace(_SOFT_HYPHEN, "") + text[-1:] if _SOFT_HYPHEN in text else text


def _are_apart(word: Word, following: Word) -> bool:
    gap = max(following.left - word.right, word.left - following.right)
    return gap > MAX_WORD_GAP * min(word.size, following.size)


def _is_rightward(row: Row) -> bool:
    """Return whether at least half of the words that have a direction are read from left to right."""
    if not any(_LEFTWARD.search(word.text) for word in row if not word.text.isascii()):
        return True
    return sum(_direction(word) for word in row) >= 0


def _direction(word: Word) -> int:
    """Return -1 for a right-to-left word, 1 for a left-to-right word, 0 for a number."""
    for char in word.text:
        direction = unicodedata.bidirectional(char)
        if direction in _RIGHT_TO_LEFT:
            return -1
        if direction == "L":
            return 1
    return 0
