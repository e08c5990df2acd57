"""Folding of texts: those that differ only in case, spacing or punctuation count as the same."""

from __future__ import annotations

from functools import lru_cache

import regex

_IGNORED = regex.compile(
    r"(?:(?!(?<=\p{N})[.,:/\p{Pd}](?=\p{N})|(?<![\p{L}\p{N}])\p{Pd}(?=\p{N}))[^\p{L}\p{M}\p{N}\p{S}%#])+"
)
"""Space and punctuation, except where they distinguish numbers or names: -5, 1.5, 5%, $5, C#, C++."""


_AT_EDGES = "\"'()[]!?;.,:“”‘’"
"""Punctuation that distinguishes nothing at the start or end of a word."""


def folded(text: str) -> str:
    """Return `text` with case, spacing and punctuation folded away; numbers and names stay distinct.

    A text of space and punctuation only is returned unchanged. Two texts count as the same if, and only if,
    they fold to the same string.
    """
    words = [word if word.isalnum() else _fold_word(word) for word in text.casefold().split()]
    return " ".join(filter(None, words)) or text


fold = lru_cache(maxsize=20_000)(folded)
"""`folded`, for texts that are folded more than once."""


def _fold_word(word: str) -> str:
    bare = word.strip(_AT_EDGES)
    return bare if bare.isalnum() else _IGNORED.sub(" ", bare).strip()
