"""Which neighbouring words of a sentence belong together, and which never stand in one phrase."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from articleqa.evidence.answer_type_patterns import MONTHS
from articleqa.ranking.word_features import words_of

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
class Chunking:
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
def chunking_of(sentence: str) -> Chunking:
    """Return how the words of `sentence` hang together."""
    words = words_of(sentence)
    starts, ends = tuple(words.starts.tolist()), tuple(words.ends.tolist())
    said = [sentence[start:end] for start, end in zip(starts, ends, strict=True)]
    gaps = [_SPACE.sub(" ", sentence[end:start]) for end, start in zip(ends, starts[1:], strict=False)]
    holds = [False, *map(_holds, said, gaps, said[1:])]
    if len(said) > 1 and words.marks[0, STOP_WORD] and gaps[0] == " " and said[1][0].isupper():
        holds[1] = False  # "In March", where the sentence begins so
    return Chunking(
        starts,
        ends,
        holds=tuple(holds),
        breaks=(True, *(not h and bool(_BREAK.search(gap)) for h, gap in zip(holds[1:], gaps, strict=True))),
        commas=(False, *(not h and "," in gap for h, gap in zip(holds[1:], gaps, strict=True))),
        opens=tuple(not h and term in _OPENERS for h, term in zip(holds, words.terms, strict=True)),
        dates=tuple(_DATE.fullmatch(word) is not None for word in said),
        names=tuple(word[:1].isupper() for word in said),
    )


def _holds(before: str, gap: str, word: str) -> bool:
    """Say whether a word belongs to the one before it, `gap` being what is between them."""
    capitals = before[0].isupper() and word[0].isupper()
    if gap in (" ", " & ") and capitals:
        return True
    if gap == ". " and capitals:
        return len(before) == 1  # an initial
    if gap in (" ", ", ", " °"):
        return _FIGURE.fullmatch(before + gap + word) is not None
    return not _APART.search(gap) and not _BREAK.search(gap)
