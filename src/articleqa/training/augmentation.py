"""Other ways to ask the same: without capitals and question mark, or in key words alone."""

from __future__ import annotations

import random

import regex

from articleqa.text.terms import stop_terms

_WORD = regex.compile(r"[\w’'.-]*\w")

LOWER, BARE, KEY_WORDS = 0.15, 0.07, 0.12
"""How often a question is asked in each of these ways."""


def augment(question: str, chance: random.Random) -> str:
    """Return `question`, mostly as it is; the ways are drawn from `chance`."""
    drawn = chance.random()
    if drawn < LOWER:
        return bare(question).lower()
    if drawn < LOWER + BARE:
        return bare(question)
    if drawn < LOWER + BARE + KEY_WORDS:
        return key_words(question)
    return question


def bare(question: str) -> str:
    """Return the question without its question mark."""
    return question.rstrip(" ?") or question


def key_words(question: str) -> str:
    """Return what one types into a search box: no capitals, no stop words, no marks."""
    words = [word for word in _WORD.findall(question.lower()) if word not in stop_terms()]
    return " ".join(words) if len(words) > 1 else bare(question).lower()
