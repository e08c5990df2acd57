"""Chunking: which neighbouring words of a sentence form a phrase, and which never do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from articleqa.language import LANGUAGE
from articleqa.ranking.word_features import words_of

STOP_WORD = 3
"""The column of the stop-word mark in `SentenceWords.marks`."""

_BREAK = regex.compile(r"[;:!?()\[\]{}“”\"«»—]|\s[-–]|[-–]\s|\.\s")
_SEPARATING = regex.compile(r"[\s,]")
_SPACE = regex.compile(r"\s+")

_OPENERS = LANGUAGE.words.clause_openers
_DATE = regex.compile(LANGUAGE.evidence.date_word)
_FIGURE = regex.compile(LANGUAGE.evidence.figure)


@dataclass(frozen=True, slots=True)
class Chunking:
    """How a sentence's words, as `words_of` gives them, form phrases; each field has one entry per word.

    - `starts`, `ends`: the offsets of the word in the sentence
    - `holds`: whether the word belongs to the one before it: in a name, a figure, a date or a compound
    - `breaks`: whether a bracket, a full stop or the like is between them; `commas`: whether a comma is
    - `opens`: whether the word is not part of a phrase: an auxiliary verb, or a word that opens a clause
    - `dates`: whether it is a month or begins with a digit; `names`: whether it begins with a capital
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
    """Return how the words of `sentence` form phrases."""
    words = words_of(sentence)
    starts, ends = tuple(words.starts.tolist()), tuple(words.ends.tolist())
    said = [sentence[start:end] for start, end in zip(starts, ends, strict=True)]
    gaps = [_SPACE.sub(" ", sentence[end:start]) for end, start in zip(ends, starts[1:], strict=False)]
    holds = [False, *map(_holds, said, gaps, said[1:])]
    if len(said) > 1 and words.marks[0, STOP_WORD] and gaps[0] == " " and said[1][0].isupper():
        holds[1] = False  # a sentence that begins with "In March"
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
    """Return whether `word` belongs to the word `before` it; `gap` is the text between them."""
    capitals = before[0].isupper() and word[0].isupper()
    if gap in (" ", " & ") and capitals:
        return True
    if gap == ". " and capitals:
        return len(before) == 1  # an initial
    if gap in (" ", ", ", " °"):
        return _FIGURE.fullmatch(before + gap + word) is not None
    return not _SEPARATING.search(gap) and not _BREAK.search(gap)
