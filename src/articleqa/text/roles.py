"""Words for what a paragraph is, where it does not say so: a photo's caption, an author's note.

A caption says what a picture shows, not that it is a picture. So the words of "who took the picture?" are not
in it, and are added here.
"""

from __future__ import annotations

import regex

_NAME = r"(?:[ \u00a0]\p{Lu}[\p{L}.’'-]*){2,4}"
_CREDIT = regex.compile(
    r"©|\b(?i:photo|photograph|image|picture)s? (?i:by|credit|courtesy)\b"
    r"|^(?i:photo|image|picture)\W{1,3}\p{Lu}"
    r"|[(/](?:AP|AFP|Reuters|EPA|Getty(?: Images)?)\)?$|\((?:AP|AFP|Reuters) (?i:photo|image)"
)
_AUTHOR = regex.compile(
    rf"^(?i:editor[’']s note|about the (?:author|writer))\W|^(?i:written by|by){_NAME}\W*$"
)
CAPTION_WORDS = "photo photograph picture image caption"
_CREDIT_WORDS = "photographer credit take agency"
_SHOWING_WORDS = "show depict"
_AUTHOR_WORDS = "author writer write article piece story"
LONGEST = 600
"""A paragraph of more characters counts as prose, whatever it contains."""


def role_words(paragraph: str) -> str:
    """Return words for what `paragraph` is, or an empty string for ordinary prose."""
    if len(paragraph) > LONGEST:
        return ""
    if _CREDIT.search(paragraph):
        return CAPTION_WORDS
    return _AUTHOR_WORDS if _AUTHOR.search(paragraph) else ""


def caption_part_words(sentence: str) -> str:
    """Return words for what a sentence of a caption does: credit the photo, or say what it shows."""
    return _CREDIT_WORDS if _CREDIT.search(sentence) else _SHOWING_WORDS
