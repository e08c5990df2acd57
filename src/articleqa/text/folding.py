"""When two texts are the same: equal but for case, space and punctuation."""

from __future__ import annotations

from functools import lru_cache

import regex

_SET_ASIDE = regex.compile(
    r"(?:(?!(?<=\p{N})[.,:/\p{Pd}](?=\p{N})|(?<![\p{L}\p{N}])\p{Pd}(?=\p{N}))[^\p{L}\p{M}\p{N}\p{S}%#])+"
)
"""Space and punctuation, but for what makes a number or a name another: -5, 1.5, 5%, $5, C#, C++."""


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return `text` with case, space and punctuation folded away; figures and names stay what they are.

    A text of nothing else stays as it is: texts that fold alike are the same, and no others.
    """
    folded = _SET_ASIDE.sub(" ", text.casefold()).strip()
    return folded or text
