"""Which neighbouring words of a sentence belong together, and which never stand in one phrase."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from articleqa.answering.mentions import MONTHS
from articleqa.answering.words import SentenceWords, words_of

STOP_WORD = 3
"""The place of a stop word's mark among `SentenceWords.marks`."""

_BREAK = regex.compile(r"[;:!?()\[\]{}“”\"«»—]|\s[-–]|[-–]\s|\.\s")
_APART = regex.compile(r"[\s,]")
_SPACE = regex.compile(r"\s+")

_HELPING = (
    *("am", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "having"),
    *("do", "does", "did", "can", "could", "may", "might", "must", "shall", "should", "will", "would"),
)
_OPENING = (
    *("who", "whom", "whose", "which", "that", "when", "where", "while", "whereas", "although", "though"),
    *("because", "but", "if", "then", "than", "so", "yet", "whether", "as"),
    *("he", "it", "she", "they", "its", "this", "these", "those"),
)
_OPENERS = frozenset((*_HELPING, *_OPENING))
"""Stop words that end a phrase, or begin another."""

_SMALL = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty)"
_LARGE = r"(?:hundred|thousand|million|billion|trillion|dozen)s?"
_UNITS = (
    r"(?:percent|per cent|k?m|cm|mm|mi|ft|kg|g|lbs?|miles?|(?:kilo|centi)?met(?:er|re)s?|feet|foot"
    r"|inch(?:es)?|acres|hectares|tons?|tonnes|pounds|kilograms|lit(?:er|re)s|gallons|degrees|dollars|euros)"
)
_DATE = regex.compile(rf"\d.*|{MONTHS}")
_FIGURE = regex.compile(
    rf"(?i:[\d.,]+|{_SMALL}|{_LARGE}) (?:{_LARGE}|{_UNITS})|\d+ ?°[CF]|degrees (?:Celsius|Fahrenheit)"
    rf"|\d+(?:st|nd|rd|th)? {MONTHS}|{MONTHS} \d+(?:st|nd|rd|th)?|\d+(?:st|nd|rd|th)?, \d{{4}}"
    r"|\d+ (?:BCE?|AD|CE)|AD \d+|\d+(?:st|nd|rd|th) (?:century|centuries)"
)
"""Two words that make a figure, a measure or a date together."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How the words of a sentence that `words_of` gives hang together, an entry for each.

    `holds` says whether a word belongs to the one before it: in a name, a figure, a date or a compound;
    `breaks` whether a bracket, a full stop or the like is between them, and `commas` whether a comma is.
    `dates` says that a word is a month, or begins with a digit, `names` that it begins with a capital;
    `opens` that a word is none of a phrase: a verb that helps others, or what opens a clause.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    holds: tuple[bool, ...]
    breaks: tuple[bool, ...]
    commas: tuple[bool, ...]
    opens: tuple[bool, ...]
    dates: tuple[bool, ...]
    names: tuple[bool, ...]


@lru_cache(maxsize=5_000)
def phrasing_of(sentence: str) -> Phrasing:
    """Return how the words of `sentence` hang together."""
    words = words_of(sentence)
    starts, ends = tuple(words.starts.tolist()), tuple(words.ends.tolist())
    between = [_SPACE.sub(" ", sentence[end:start]) for end, start in zip(ends, starts[1:], strict=False)]
    holds = [False, *(_holds(sentence, words, number, gap) for number, gap in enumerate(between, start=1))]
    return Phrasing(
        starts,
        ends,
        holds=tuple(holds),
        breaks=(True, *(not h and bool(_BREAK.search(b)) for h, b in zip(holds[1:], between, strict=True))),
        commas=(False, *(not h and "," in b for h, b in zip(holds[1:], between, strict=True))),
        opens=tuple(not h and term in _OPENERS for h, term in zip(holds, words.terms, strict=True)),
        dates=tuple(_DATE.fullmatch(sentence, s, e) is not None for s, e in zip(starts, ends, strict=True)),
        names=tuple(sentence[start : start + 1].isupper() for start in starts),
    )


def _holds(sentence: str, words: SentenceWords, number: int, between: str) -> bool:
    """Say whether word `number` belongs to the one before it, `between` which this stands."""
    start, end = int(words.starts[number - 1]), int(words.ends[number - 1])
    next_start, next_end = int(words.starts[number]), int(words.ends[number])
    capitals = sentence[start].isupper() and sentence[next_start].isupper()
    if between == " " and capitals:
        # "In March", but not "New York", where the sentence begins so.
        return start > 0 or not words.marks[0, STOP_WORD]
    if between == " & " and capitals:
        return True
    if between == ". " and capitals:
        return end - start == 1  # an initial
    if between in (" ", ", ", " °"):
        return _FIGURE.fullmatch(sentence[start:end] + between + sentence[next_start:next_end]) is not None
    return not _APART.search(between) and not _BREAK.search(between)
