"""Traits of a sentence's form, independent of the question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from articleqa.language import LANGUAGE
from articleqa.text.endings import ends_question, ends_sentence

_LEANING = regex.compile(LANGUAGE.evidence.leaning)
_LIST = regex.compile(LANGUAGE.evidence.enumeration)
_LONGEST = 2_000
"""How many characters of a sentence are examined at each end."""


@dataclass(frozen=True, slots=True)
class SentenceForm:
    """Traits of a sentence's form.

    - `open_ended`: it does not end with a full stop or an equivalent
    - `asks`: it ends with a question mark
    - `leans`: it begins with a word that refers to something said before
    - `lists`: it contains a list of three or more things
    """

    open_ended: bool
    asks: bool
    leans: bool
    lists: bool


@lru_cache(maxsize=20_000)
def sentence_form(sentence: str) -> SentenceForm:
    """Return the traits of `sentence`."""
    head, tail = sentence[:_LONGEST], sentence[-_LONGEST:]
    return SentenceForm(
        open_ended=not ends_sentence(tail),
        asks=ends_question(tail),
        leans=_LEANING.match(head) is not None,
        lists=_LIST.search(head) is not None,
    )
