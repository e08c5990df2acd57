"""Words for what a paragraph is, where it does not say so: a photo's caption, an author's note.

A caption says what a picture shows, not that it is a picture. So the words of "who took the picture?" are not
in it, and are added here.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from articleqa.language import LANGUAGE

_CREDIT = regex.compile(LANGUAGE.roles.credit)
_AUTHOR = regex.compile(LANGUAGE.roles.author_note)
CAPTION_WORDS = LANGUAGE.roles.caption_words
LONGEST = 600
"""A paragraph of more characters counts as prose, whatever it contains."""


_KEPT = 1_000
"""How many paragraphs are kept with their words: one that is a passage is looked at a second time."""


def role_words(paragraph: str) -> str:
    """Return words for what `paragraph` is, or an empty string for ordinary prose."""
    return "" if len(paragraph) > LONGEST else _role_words(paragraph)


@lru_cache(_KEPT)
def _role_words(paragraph: str) -> str:
    if _CREDIT.search(paragraph):
        return CAPTION_WORDS
    return LANGUAGE.roles.author_words if _AUTHOR.search(paragraph) else ""


def caption_part_words(sentence: str) -> str:
    """Return words for what a sentence of a caption does: credit the photo, or say what it shows."""
    return LANGUAGE.roles.credit_words if _CREDIT.search(sentence) else LANGUAGE.roles.showing_words
