"""An article's title, from its text."""

from __future__ import annotations

from articleqa.text.blocks import first_shown_line

LONGEST_TITLE = 120
"""Characters; a longer first line is cut at a word and ends in an ellipsis."""


_LOOKED_AT = 20_000
"""Characters within which the first line of the article itself is found."""


def title_of(text: str, media_type: str = "text/plain") -> str:
    """Return the first line of `text` that is not boilerplate, empty when there is none."""
    return shortened(first_line(text, media_type))


def first_line(text: str, media_type: str) -> str:
    """Return what `title_of` does, at full length."""
    return " ".join(first_shown_line(text[:_LOOKED_AT], media_type).split())


def shortened(line: str) -> str:
    """Return `line`, cut at a word where it is too long for a title."""
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
