"""Which neighbouring words of a sentence belong together, and which never stand in one phrase."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from articleqa.answering.mentions import MONTHS
from articleqa.answering.words import words_of

_BREAK = regex.compile(r"[;:!?()\[\]{}“”\"«»—]|\s[-–]|[-–]\s|[.\n\r]\s")
_APART = regex.compile(r"[\s,]")

_LARGE = r"(?:hundred|thousand|million|billion|trillion|dozen)s?"
_SMALL = r"(?i:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty)"
_FIGURE = regex.compile(
    rf"(?:[\d.,]+|{_SMALL}|{_LARGE}) {_LARGE}|\d+(?:st|nd|rd|th)? {MONTHS}|{MONTHS} \d+(?:st|nd|rd|th)?"
    r"|\d+ (?:BCE?|AD|CE)|AD \d+|\d+(?:st|nd|rd|th) (?:century|centuries)|\d+(?:st|nd|rd|th)?, \d{4}"
)
"""Two words that make a figure or a date together."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How the words of a sentence that `words_of` gives hang together, an entry for each.

    `holds` says whether a word belongs to the one before it: in a name, a figure, a date or a compound;
    `breaks` whether it does not stand in one phrase with it, and `commas` whether a comma is between.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    holds: tuple[bool, ...]
    breaks: tuple[bool, ...]
    commas: tuple[bool, ...]


@lru_cache(maxsize=5_000)
def phrasing_of(sentence: str) -> Phrasing:
    """Return how the words of `sentence` hang together."""
    words = words_of(sentence)
    starts, ends = tuple(words.starts.tolist()), tuple(words.ends.tolist())
    holds, breaks, commas = [False], [True], [False]
    for before, (start, end) in enumerate(zip(starts[1:], ends[1:], strict=True)):
        between = sentence[ends[before] : start]
        holds.append(_belong(sentence, starts[before], ends[before], start, end))
        breaks.append(not holds[-1] and between != " " and _BREAK.search(between) is not None)
        commas.append(not holds[-1] and "," in between)
    return Phrasing(starts, ends, tuple(holds), tuple(breaks), tuple(commas))


def _belong(sentence: str, start: int, end: int, next_start: int, next_end: int) -> bool:
    """Say whether the word `sentence[next_start:next_end]` belongs to the one before it."""
    between, this = sentence[end:next_start], sentence[next_start:next_end]
    if between == " " and this[:1].isupper() and sentence[start].isupper():
        return start > 0  # the first word has its capital anyway
    if between == ". " and end - start == 1 and sentence[start].isupper():
        return this[:1].isupper()  # an initial
    if between in (" ", ", "):
        return _FIGURE.fullmatch(sentence, start, next_end) is not None
    return not _APART.search(between) and not _BREAK.search(between)
