"""What a paragraph is to its article where its own words do not say: a photo's caption, an author's note.

A reader who asks "who took the picture?" uses words that a caption never does: it shows what it is.
"""

from __future__ import annotations

import regex

_NAME = r"(?:[ \u00a0]\p{Lu}[\p{L}.’'-]*){2,4}"
_CREDIT = regex.compile(
    r"©|\b(?i:photo|photograph|image|picture)s? (?i:by|credit|courtesy)\b|^(?i:photo|image|picture)\W{1,3}\p{Lu}"
    r"|[(/](?:AP|AFP|Reuters|EPA|Getty(?: Images)?)\)?$|\((?:AP|AFP|Reuters) (?i:photo|image)"
)
_AUTHOR = regex.compile(rf"^(?i:editor[’']s note|about the (?:author|writer))\W|^(?i:written by|by){_NAME}\W*$")
_CAPTION_WORDS = "photo photograph picture image caption"
_CREDIT_WORDS = "photographer credit take"
_AUTHOR_WORDS = "author writer write article"
LONGEST = 600
"""A paragraph of more characters is prose, whatever it holds."""


def role_words(paragraph: str) -> str:
    """Return words for what `paragraph` is, empty for ordinary prose."""
    if len(paragraph) > LONGEST:
        return ""
    if _CREDIT.search(paragraph):
        return _CAPTION_WORDS
    return _AUTHOR_WORDS if _AUTHOR.search(paragraph) else ""


def credit_words(sentence: str) -> str:
    """Return words for a sentence of a caption that credits the photo, empty for any other."""
    return _CREDIT_WORDS if len(sentence) <= LONGEST and _CREDIT.search(sentence) else ""
