"""An article with a stretch of its text cut out, its blocks and pages with it."""

from __future__ import annotations

from dataclasses import replace

from articleqa.models import Article, Block, Span


def cut_out(article: Article, cut: Span) -> Article:
    """Return `article` without the text of `cut`.

    What is left of each block stays a block of its kind, without outer white space; a block of which nothing
    is left is gone. Pages keep their numbers, an empty one too.
    """
    text = article.text[: cut.start] + article.text[cut.end :]
    blocks = article.blocks
    if blocks is not None:
        blocks = tuple(kept for block in blocks if len((kept := _left(block, cut, text)).span))
    pages = tuple(_moved(page, cut) for page in article.pages)
    return article.model_copy(update={"text": text, "blocks": blocks, "pages": pages})


def _moved(offset: int, cut: Span) -> int:
    """Return where an offset comes to be; one within the cut comes to where that was."""
    return offset if offset <= cut.start else max(cut.start, offset - len(cut))


def _left(block: Block, cut: Span, text: str) -> Block:
    """Return what the cut leaves of a block."""
    start, end = _moved(block.span.start, cut), _moved(block.span.end, cut)
    said = text[start:end]
    start += len(said) - len(said.lstrip())
    return replace(block, span=Span(start, start + len(said.strip())))
