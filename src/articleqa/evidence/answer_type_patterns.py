"""Mentions in a sentence that could answer a question: dates, numbers, names, causes and the like.

Mentions are found by text patterns alone, without a model or a list of names. The `strength` of a mention (0
to 1) says how certain it is that the mention has its answer type.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from articleqa.language import LANGUAGE
from articleqa.language.answer_types import AnswerType
from articleqa.text.terms import tokens

_LONGEST = 2_000
"""How many characters of a sentence are searched."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a sentence, `sentence[start:end]`, that could answer questions of one answer type."""

    kind: AnswerType
    strength: float
    start: int
    end: int
    text: str
    terms: frozenset[str]


@lru_cache(maxsize=20_000)
def mentions_of(sentence: str, kind: AnswerType) -> tuple[Mention, ...]:
    """Return the mentions of one answer type in a sentence, in the order of the patterns in the table."""
    looked_at = sentence[:_LONGEST]
    return tuple(
        Mention(
            kind,
            strength,
            match.start(),
            match.end(),
            match[0],
            frozenset(term for token in tokens(match[0]) if not token.is_stop for term in token.terms),
        )
        for strength, pattern in _patterns_of(kind)
        for match in pattern.finditer(looked_at)
    )


@cache
def _patterns_of(kind: AnswerType) -> list[tuple[float, regex.Pattern[str]]]:
    """Return the strengths and patterns of one answer type; compiling all of them takes 30 ms."""
    table = LANGUAGE.evidence.mentions
    return [(strength, regex.compile(pattern)) for each, strength, pattern in table if each is kind]
