"""Boilerplate that plain text saved from the web shows only among others: lines that most articles repeat.

A newsletter's box or a paper's slogan may say anything; what gives it away is that it stands, word for word,
on a line of its own at the edge of most articles of one folder. Prose that is repeated is a copied story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from articleqa.loaders.protocol import TEXT_TYPES
from articleqa.models import Article, Block, BlockKind
from articleqa.text.blocks import article_blocks
from articleqa.text.boilerplate import LONGEST

FEWEST = 5
"""Articles, copies counted once, from which on a line can be known by how many have it."""

SHARE = 0.5
"""More than this part of the articles must have a line that is boilerplate."""

EDGE = 5
"""It is one of as many blocks at the start or the end of an article."""

LONGEST_SENTENCE = 60
"""Characters, at most, of one that ends as a sentence does: a slogan, "This site uses cookies."."""

OWN = 0.4
"""Of an article's characters, those of lines that most articles do not have: else it is a copied story."""

MARKABLE = frozenset({BlockKind.PROSE, BlockKind.ITEM})
"""Kinds of blocks that may turn out to be boilerplate."""

_ENDS = 4
"""Words at the start or end of a line that say that most articles have it, but for a word elsewhere in it."""

_SENTENCE_END = regex.compile(r"[.!?…。！？]\P{L}*$")
_FIELD = regex.compile(r"^\p{L}[\p{L} -]{0,30}:[ \t]+\S")
_MARKER = regex.compile(r"^(?:[•‣◦▪●·*+–—-]|\p{N}{1,3}[.)])[ \t]+")


class RepeatedLines:
    """The lines of some articles, and which of them are boilerplate.

    Only articles whose text is that of their file count, and are changed: what is extracted from web pages
    has left its boilerplate there. What differs in case, space and a list's marker is one line.
    """

    def __init__(self) -> None:
        """Start with no article."""
        self._texts: set[int] = set()
        self._counts: Counter[int] = Counter()
        self._most = 0

    def count(self, text: str) -> None:
        """Count the lines of an article's text, each once, if it is no copy of one that was counted."""
        lines = _folded_lines(text)
        whole = hash(tuple(lines))
        if whole not in self._texts:
            self._texts.add(whole)
            # Less memory than strings.
            keys = {hash(key) for line in lines for key in _keys(line)}
            self._counts.update(keys)
            self._most = max(self._most, max((self._counts[key] for key in keys), default=0))

    def left_out_of(self, article: Article) -> Article:
        """Return `article` with such lines of it as boilerplate; headings stay what they are."""
        if len(self._texts) < FEWEST or article.media_type not in TEXT_TYPES:
            return article
        if self._most <= self._fewest or not self._has_its_own(article.text):
            return article
        blocks = article_blocks(article)
        marked = list(blocks)
        for step in (1, -1):
            for number in self._boilerplate(blocks, article.text, step):
                marked[number] = replace(blocks[number], kind=BlockKind.BOILERPLATE)
        return article if marked == list(blocks) else article.model_copy(update={"blocks": tuple(marked)})

    def _has_its_own(self, text: str) -> bool:
        """Say whether `text` has repeated lines, and is for the most part no copy."""
        lines = _folded_lines(text)
        own = sum(len(line) for line in lines if not any(map(self._is_repeated, _keys(line))))
        total = sum(map(len, lines))
        return OWN * total <= own < total

    def _boilerplate(self, blocks: Sequence[Block], text: str, step: int) -> Iterator[int]:
        """Yield the numbers of blocks at one edge that are boilerplate: `step` 1 the first, -1 the last ones.

        One that ends as a sentence does has nothing of the article between itself and the edge.
        """
        at_edge = True
        for number in list(range(len(blocks)))[::step][:EDGE]:
            block = blocks[number]
            if block.kind in (BlockKind.HEADING, BlockKind.BOILERPLATE):
                continue
            if block.kind in MARKABLE and self._is_boilerplate(block, text, at_edge=at_edge):
                yield number
            else:
                at_edge = False

    def _is_boilerplate(self, block: Block, text: str, *, at_edge: bool) -> bool:
        if len(block.span) > LONGEST:
            return False
        line = block.span.of(text)
        if _SENTENCE_END.search(line):
            return at_edge and len(line) <= LONGEST_SENTENCE and self._repeats(line)
        return not _FIELD.match(line) and self._repeats(line)

    def _repeats(self, block: str) -> bool:
        lines = _folded_lines(block)
        return bool(lines) and all(map(self._is_repeated, lines))

    def _is_repeated(self, key: str) -> bool:
        return self._counts[hash(key)] > self._fewest

    @property
    def _fewest(self) -> float:
        """What the number of articles with a line must be above."""
        return SHARE * len(self._texts)


def mark_repeated_lines(articles: Sequence[Article]) -> list[Article]:
    """Return `articles`, in each the lines that most of them repeat at their edges marked as boilerplate."""
    repeated = RepeatedLines()
    for article in articles:
        if article.media_type in TEXT_TYPES:
            repeated.count(article.text)
    return [repeated.left_out_of(article) for article in articles]


def _folded_lines(text: str) -> list[str]:
    return [line for line in map(_folded, text.splitlines()) if line]


def _folded(line: str) -> str:
    """Return a line without what differs between copies; empty for one without words."""
    folded = _MARKER.sub("", " ".join(line.casefold().split()))
    return folded if any(map(str.isalpha, folded)) else ""


def _keys(line: str) -> Iterator[str]:
    """Yield a folded line, and what it has in common with a copy in which a word differs."""
    yield line
    words = line.split()
    if len(words) >= 2 * _ENDS:
        yield f"{' '.join(words[:_ENDS])}\n"
        yield f"\n{' '.join(words[-_ENDS:])}"
