"""Split a text into blocks, as spans: prose, headings, list items, table rows, code and boilerplate."""

from __future__ import annotations

from collections.abc import Sequence

from articleqa.models import Article, Block
from articleqa.text.plain.blocks import plain_blocks


def blocks_of(text: str, media_type: str = "text/plain") -> list[Block]:
    """Return the blocks of `text` in text order; they do not overlap.

    "text/markdown" is read as CommonMark and "text/x-rst" as reStructuredText. Any other `media_type` is read
    as plain text, whose blocks cover everything except white space and the markers of list items, answers and
    quoted mail.
    """
    if media_type == "text/x-rst":
        from articleqa.text.rst.blocks import rst_blocks

        return rst_blocks(text)
    if media_type == "text/markdown":
        from articleqa.text.markdown.blocks import markdown_blocks

        return markdown_blocks(text)
    return plain_blocks(text)


def article_blocks(article: Article) -> Sequence[Block]:
    """Return the blocks of `article` in text order: those its extractor found, or those found in its text."""
    return blocks_of(article.text, article.media_type) if article.blocks is None else article.blocks
