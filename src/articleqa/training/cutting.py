"""Cut a span out of an article's text, and adjust its blocks and pages."""

from __future__ import annotations

from dataclasses import replace

from articleqa.models import Article, Block, Span


def cut_out(article: Article, cut: Span) -> Article:
    """Return `article` without the text of `cut`.

    What remains of a block stays a block of the same kind, without outer white space; a block with nothing
    left is dropped. Pages keep their numbers, even if they become empty.
    """
    text = article.text[: cut.start] + article.text[cut.end :]
    blocks = article.blocks
    if blocks is not None:
        blocks = tuple(kept for block in blocks if len((kept := _left(block, cut, text)).span))
    pages = tuple(_moved(page, cut) for page in article.pages)
    times = tuple((_moved(offset, cut), seconds) for offset, seconds in article.times)
    return article.model_copy(update={"text": text, "blocks": blocks, "pages": pages, "times": times})


def _moved(offset: int, cut: Span) -> int:
    """Return where `offset` is after the cut; an offset inside the cut moves to where the cut was."""
    return offset if offset <= cut.start else max(cut.start, offset - len(cut))


def _left(block: Block, cut: Span, text: str) -> Block:
    """Return what remains of `block` after the cut."""
    start, end = _moved(block.span.start, cut), _moved(block.span.end, cut)
    said = text[start:end]
    start += len(said) - len(said.lstrip())
    return replace(block, span=Span(start, start + len(said.strip())))
