"""What a paragraph is to its article where its own words do not say: a photo's caption, an author's note.

A reader who asks "who took the picture?" uses words that a caption never does: it shows what it is.
"""

from __future__ import annotations

import regex

_NAME = r"(?:[ \u00a0]\p{Lu}[\p{L}.’'-]*){2,4}"
_ROLES: tuple[tuple[str, regex.Pattern[str]], ...] = (
    (
        "photo photograph photographer picture image caption credit",
        regex.compile(
            r"©|^(?i:photo|image|picture|caption)\b.{0,20}:"
            r"|\b(?i:photo|photograph|image|picture)s? (?i:by|credit|courtesy)\b"
            r"|[(/](?:AP|AFP|Reuters|EPA|Getty(?: Images)?)\)?$|\((?:AP|AFP|Reuters) (?i:photo|image)"
        ),
    ),
    (
        "author writer write article",
        regex.compile(
            rf"^(?i:editor[’']s note|about the (?:author|writer))\W|^(?i:written by|by){_NAME}\W*$"
        ),
    ),
)
LONGEST = 600
"""A paragraph of more characters is prose, whatever it holds."""


def role_words(paragraph: str) -> str:
    """Return words for what `paragraph` is, empty for ordinary prose."""
    if len(paragraph) > LONGEST:
        return ""
    return " ".join(words for words, pattern in _ROLES if pattern.search(paragraph))
