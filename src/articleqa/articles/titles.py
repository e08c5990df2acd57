"""An article's title, from its text."""

from __future__ import annotations

from articleqa.text.blocks import first_shown_line

LONGEST_TITLE = 120
"""Characters; a longer first line is cut at a word and ends in an ellipsis."""


_LOOKED_AT = 20_000
"""Characters within which the first line of the article itself is found."""


def title_of(text: str) -> str:
    """Return the first line of plain `text` that is not boilerplate, empty when there is none."""
    return shortened(" ".join(first_shown_line(text[:_LOOKED_AT]).split()))


def shortened(line: str) -> str:
    """Return `line`, cut at a word where it is too long for a title."""
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
