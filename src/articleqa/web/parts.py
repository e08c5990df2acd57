"""A part of an article as structured text: what one page of a long article shows."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from articleqa import Article, ArticleIndex, Block, BlockKind, UnknownArticleError, article_blocks

PART = 30_000
"""Characters of a part, about ten printed pages: more than most articles have."""

SEARCHED = 10_000
"""A part ends at the first blank line within this many characters after `PART`: it cuts no paragraph."""

WHOLE = 200_000
"""In a text of at most this many characters, blocks are found in all of it, which takes 70 ms; in a longer
one in the part alone, where rules that look at the whole text, such as those for footers, may differ."""

LONGEST_MARKER = 8
"""The most characters before an item on its line that are shown as its marker: "-", "12.", "(iv)"."""

_GAPS = (re.compile(r"\n[ \t\r]*\n"), re.compile(r"\n"), re.compile(r"\s"))


class PartBlock(NamedTuple):
    """A block: its text, where that starts in the article, and the marker of an item ("-", "1.")."""

    kind: BlockKind
    level: int
    marker: str
    start: int
    text: str


class Part(NamedTuple):
    """A part of an article, `text[start:end]`, in blocks.

    `number` is counted from 1. `breaks` has the offset of each page that starts in this part, with the page's
    number; `pages` is the number of pages of the article, 0 if it has none.
    """

    article_id: str
    title: str
    media_type: str
    metadata: Mapping[str, JsonValue]
    number: int
    parts: int
    start: int
    end: int
    length: int
    blocks: Sequence[PartBlock]
    breaks: Sequence[tuple[int, int]]
    pages: int


def read_part(index: ArticleIndex, article_id: str, *, offset: int = 0, number: int | None = None) -> Part:
    """Return the part with this number, or else the one that has `offset`; the nearest if there is none.

    Raises:
        UnknownArticleError: the index has no such article.
    """
    try:
        article = index.articles[article_id]
    except KeyError:
        raise UnknownArticleError("no such article; it may have been removed") from None
    text = article.text
    parts = count_parts(text)
    if number is None:
        number = 1 + part_at(text, min(max(offset, 0), len(text)))
    number = min(max(number, 1), parts)
    start, end = boundary(text, number - 1), boundary(text, number) if number < parts else len(text)
    first = bisect_left(article.pages, start)
    breaks = [(at, first + n) for n, at in enumerate(article.pages[first:], start=1) if at < end]
    return Part(
        article_id=article.id,
        title=article.title or article.id,
        media_type=article.media_type,
        metadata=article.metadata,
        number=number,
        parts=parts,
        start=start,
        end=end,
        length=len(text),
        blocks=list(_blocks(article, start, end)),
        breaks=breaks,
        pages=len(article.pages),
    )


def count_parts(text: str) -> int:
    """Return how many parts `text` has: at least one."""
    parts = max(1, -(-len(text) // PART))
    while parts > 1 and boundary(text, parts - 1) >= len(text):
        parts -= 1
    return parts


def boundary(text: str, number: int) -> int:
    """Return where the part with this number, counted from 0, begins."""
    at = number * PART
    if number <= 0 or at >= len(text):
        return 0 if number <= 0 else len(text)
    for gap in _GAPS:
        if found := gap.search(text, at, at + SEARCHED):
            return found.end()
    return at


def part_at(text: str, offset: int) -> int:
    """Return the number, counted from 0, of the part that has the character at `offset`."""
    number = min(offset // PART, count_parts(text) - 1)
    return number - 1 if number and offset < boundary(text, number) else number


def _blocks(article: Article, start: int, end: int) -> Iterator[PartBlock]:
    """Yield the blocks of a part, each cut at the part's ends."""
    text = article.text
    if article.blocks is not None or len(text) <= WHOLE:
        blocks = article_blocks(article)
        moved = 0
        first = bisect_right(blocks, start, key=lambda block: block.span.end)
    else:
        blocks = article_blocks(article.model_copy(update={"text": text[start:end]}))
        moved, first = start, 0
    done = start
    for block in blocks[first:]:
        opens, closes = max(block.span.start + moved, start), min(block.span.end + moved, end)
        if opens >= end:
            return
        if opens < closes:
            yield PartBlock(
                block.kind, block.level, _marker(text, block, done, opens), opens, text[opens:closes]
            )
            done = closes


def _marker(text: str, block: Block, done: int, start: int) -> str:
    """Return what stands before an item on its line, after the block that ends at `done`."""
    if block.kind is not BlockKind.ITEM:
        return ""
    before = text[max(done, start - 4 * LONGEST_MARKER) : start].rpartition("\n")[2].strip()
    return before if len(before) <= LONGEST_MARKER else ""
