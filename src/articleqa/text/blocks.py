"""A text into blocks: prose, headings, items, rows, code and boilerplate, as spans."""

from __future__ import annotations

from articleqa.models import Block, BlockKind
from articleqa.text.plain_blocks import plain_blocks


def blocks_of(text: str, media_type: str = "text/plain") -> list[Block]:
    """Return the blocks of `text` in order, disjoint.

    `media_type` "text/markdown" reads CommonMark; any other is plain text, whose blocks cover all that is
    not white space but the marks of items, answers and quoted mail.
    """
    if media_type == "text/markdown":
        from articleqa.text.markdown_blocks import markdown_blocks

        return markdown_blocks(text)
    return plain_blocks(text)


def first_shown_line(text: str, media_type: str = "text/plain") -> str:
    """Return the first line of the first block that is not boilerplate, empty where there is none."""
    if media_type == "text/markdown":
        from articleqa.text.markdown_blocks import first_shown_block

        first = first_shown_block(text)
    else:
        first = next((b for b in plain_blocks(text) if b.kind is not BlockKind.BOILERPLATE), None)
    return first.span.of(text).splitlines()[0] if first else ""
