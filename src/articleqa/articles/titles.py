"""An article's title, from its text."""

from __future__ import annotations

from articleqa.text.blocks import BlockKind, blocks_of

LONGEST_TITLE = 120
"""Characters; a longer first line is cut at a word and ends in an ellipsis."""


def title_of(text: str, media_type: str = "text/plain") -> str:
    """Return the first line of `text` that is not boilerplate, empty when there is none."""
    head = text[:20_000]
    for block in blocks_of(head, media_type):
        if block.kind is not BlockKind.BOILERPLATE:
            line = " ".join(block.span.of(head).splitlines()[0].split())
            return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
    return ""
