"""Drop caps: the large first letter of a text, put back before the rest of its word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import regex

from articleqa.loaders.pdf.dictionary import is_likelier
from articleqa.loaders.pdf.lines import Row
from articleqa.loaders.pdf.pieces import DROP_CAP
from articleqa.loaders.pdf.words import Word

_FARTHEST = 1.2
"""Maximum distance to the rest of the word, in font sizes of the body."""

_CAP = regex.compile(r"[\"'“‘„«]?\p{Lu}")
_WORDS = frozenset("AIO")
"""Capital letters that are words by themselves."""


def with_drop_caps(rows: list[Row], body: float) -> list[Row]:
    """Return the rows of a page with each drop cap joined to the first word beside its top.

    `body` is the font size of the body.
    """
    caps = [
        (place, word)
        for place, row in enumerate(rows)
        for word in row
        if word.size >= DROP_CAP * body and _CAP.fullmatch(word.text)
    ]
    if not caps:
        return rows
    joined = [list(row) for row in rows]
    heights = [row[0].y for row in rows]
    for place, cap in caps:
        first = bisect_left(heights, cap.y - cap.size)
        for row in joined[first:place]:
            number = next((n for n, word in enumerate(row) if _is_beside(word, cap, body)), None)
            if number is not None:
                row[number : number + 1] = _with_cap(cap, row[number])
                joined[place].remove(cap)
                break
    return [row for row in joined if row]


def _is_beside(word: Word, cap: Word, body: float) -> bool:
    """Return whether `word` begins right of the upper part of `cap`."""
    return (
        word.size < cap.size / 1.5
        and -0.3 * body <= word.left - cap.right <= _FARTHEST * body
        and cap.y - cap.size <= word.y <= cap.y - 0.5 * word.size
    )


def _with_cap(cap: Word, word: Word) -> Sequence[Word]:
    letter = cap.text[-1]
    if letter in _WORDS and not is_likelier(letter + word.text, word.text):
        small = cap._replace(y=word.y, size=word.size, bold=word.bold, font=word.font)
        return small, word._replace(spaced=True)
    whole = cap.text + word.text
    return (word._replace(text=whole, left=cap.left, spaced=cap.spaced, drawn=(cap.order, word.order)),)
