"""Augmentation of questions: without capitals and question mark, or reduced to keywords."""

from __future__ import annotations

import random

import regex

from articleqa.text.terms import stop_terms

_WORD = regex.compile(r"[\w’'.-]*\w")

LOWER, BARE, KEY_WORDS = 0.15, 0.07, 0.12
"""Shares of questions in lower case without question mark, only without question mark, and as keywords."""


def augment(question: str, chance: random.Random) -> str:
    """Return `question`, mostly unchanged; `chance` decides whether and how it is changed."""
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
    """Return what people type into a search box: no capitals, no stop words, no punctuation."""
    words = [word for word in _WORD.findall(question.lower()) if word not in stop_terms()]
    return " ".join(words) if len(words) > 1 else bare(question).lower()
