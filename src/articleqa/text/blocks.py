"""A text into blocks: prose, headings, items, rows, code and boilerplate, as spans."""

from __future__ import annotations

from collections.abc import Sequence

from articleqa.models import Article, Block
from articleqa.text.plain.blocks import plain_blocks


def blocks_of(text: str, media_type: str = "text/plain") -> list[Block]:
    """Return the blocks of `text` in order, disjoint.

    `media_type` "text/markdown" reads CommonMark, "text/x-rst" reStructuredText; any other is plain text,
    whose blocks cover all that is not white space but the marks of items, answers and quoted mail.
    """
    if media_type == "text/x-rst":
        from articleqa.text.rst.blocks import rst_blocks

        return rst_blocks(text)
    if media_type == "text/markdown":
        from articleqa.text.markdown.blocks import markdown_blocks

        return markdown_blocks(text)
    return plain_blocks(text)


def article_blocks(article: Article) -> Sequence[Block]:
    """Return the blocks of `article`: what its extractor knows, or else what its text shows."""
    return blocks_of(article.text, article.media_type) if article.blocks is None else article.blocks
