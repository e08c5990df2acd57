"""What a sentence shows by its form alone, whatever is asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

_CLOSERS = r"[\"'”’»)\]]*$"
_END = regex.compile(r"[.!?…。！？]" + _CLOSERS)
_QUESTION = regex.compile(r"[?？]" + _CLOSERS)
_LEANING = regex.compile(
    r"(?i)^\W*(?:he|she|it|they|this|these|those|that|such|his|her|its|their|both|here|there"
    r"|the (?:former|latter|same))\b"
)
_LIST = regex.compile(r"\w,(?: [\w’'-]+){1,8},? (?:and|or) \w")
_LONGEST = 2_000
"""Characters of a sentence that are looked at, from each end."""


@dataclass(frozen=True, slots=True)
class SentenceForm:
    """Traits of a sentence's form.

    `open_ended`: no full stop, or what stands for one; `asks`: a question mark; `leans`: begins with
    a word that stands for something said before; `lists`: has a list of three
    things or more.
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
        open_ended=_END.search(tail) is None,
        asks=_QUESTION.search(tail) is not None,
        leans=_LEANING.match(head) is not None,
        lists=_LIST.search(head) is not None,
    )
