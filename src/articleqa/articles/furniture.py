"""Furniture that plain text saved from the web shows only among others: lines that many articles repeat.

A newsletter's box or a paper's slogan may say anything; what gives it away is that it stands, word for word,
on a line of its own in many articles of one folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from articleqa.articles.contract import TEXT_TYPES
from articleqa.models import Article, Block, BlockKind
from articleqa.text.blocks import blocks_of
from articleqa.text.boilerplate import LONGEST

FEWEST = 5
"""Articles from which on a line can be known by how many have it."""

SHARE = 0.2
"""Of the articles, which have a line that is furniture; three of them at least."""


class RepeatedLines:
    """The lines of some articles, and which of them too many have to be their own.

    Only articles whose text is that of their file count, and are changed: what is extracted from web pages
    has left its furniture there.
    """

    def __init__(self) -> None:
        """Start with no article."""
        self._articles = self._most = 0
        self._counts: Counter[int] = Counter()

    def count(self, text: str) -> None:
        """Count the lines of an article's text, each once."""
        self._articles += 1
        lines = {hash(line) for line in map(_folded, text.splitlines()) if line}  # less memory than strings
        self._counts.update(lines)
        self._most = max(self._most, max((self._counts[line] for line in lines), default=0))

    def has(self, line: str) -> bool:
        """Say whether `line` is in so many of the articles that it belongs to none."""
        folded = _folded(line)
        return bool(folded) and self._counts[hash(folded)] >= self._enough

    def left_out_of(self, article: Article) -> Article:
        """Return `article` with such lines of it as boilerplate; headings stay what they are."""
        if self._articles < FEWEST or article.media_type not in TEXT_TYPES:
            return article
        if self._most < self._enough:  # no article has any: no need to take it apart
            return article
        blocks = blocks_of(article.text, article.media_type) if article.blocks is None else article.blocks
        marked = tuple(self._marked(block, article.text) for block in blocks)
        return article if marked == tuple(blocks) else article.model_copy(update={"blocks": marked})

    @property
    def _enough(self) -> float:
        """In how many of the articles a line must be."""
        return max(3.0, SHARE * self._articles)

    def _marked(self, block: Block, text: str) -> Block:
        if block.kind is BlockKind.PROSE and len(block.span) <= LONGEST and self.has(block.span.of(text)):
            return Block(BlockKind.BOILERPLATE, block.span, block.level, block.hard_wrapped)
        return block


def mark_repeated_lines(articles: Sequence[Article]) -> list[Article]:
    """Return `articles`, in each the lines that too many of them have marked as boilerplate."""
    repeated = RepeatedLines()
    for article in articles:
        if article.media_type in TEXT_TYPES:
            repeated.count(article.text)
    return [repeated.left_out_of(article) for article in articles]


def _folded(line: str) -> str:
    """Return a line without what differs between copies; empty for one that is too long, or no words."""
    folded = " ".join(line.casefold().split())
    return folded if len(folded) <= LONGEST and any(map(str.isalpha, folded)) else ""
