"""Find boilerplate in plain text saved from the web: lines that most articles of a folder repeat.

A newsletter's box or a paper's slogan may say anything. It is recognised because it is repeated, word for
word, on a line of its own near the start or end of most articles of a folder. Repeated prose is a copied
story.
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
from articleqa.text.bullets import BULLETS
from articleqa.text.endings import SENTENCE_MARKS

FEWEST = 5
"""Minimum number of articles, copies counted once, for a line to be judged by how many have it."""

SHARE = 0.5
"""A line is boilerplate only if more than this share of the articles have it."""

EDGE = 5
"""How many blocks at the start and at the end of an article may be boilerplate."""

LONGEST_SENTENCE = 60
"""Maximum characters of boilerplate that ends like a sentence: a slogan, "This site uses cookies."."""

MIN_OWN_SHARE = 0.4
"""Minimum share of an article's characters in lines of its own; with less, it is a copied story.

Lines of its own are those that most articles do not have.
"""

MARKABLE = frozenset({BlockKind.PROSE, BlockKind.ITEM})
"""Kinds of blocks that may be marked as boilerplate."""

_ENDS = 4
"""How many words at the start or end of a line identify its copies in which a word elsewhere differs."""

_SENTENCE_END = regex.compile(rf"[{SENTENCE_MARKS}]\P{{L}}*$")
_FIELD = regex.compile(r"^\p{L}[\p{L} -]{0,30}:[ \t]+\S")
_MARKER = regex.compile(rf"^(?:[{BULLETS}*+–—-]|\p{{N}}{{1,3}}[.)])[ \t]+")


class RepeatedLines:
    """The lines of a set of articles, and which of them are boilerplate.

    Only articles whose text is the text of their file are counted and changed: the extraction of web pages
    has already removed their boilerplate. Lines that differ only in case, white space or a list marker are
    the same line.
    """

    def __init__(self) -> None:
        """Start with no article."""
        self._texts: set[int] = set()
        self._counts: Counter[int] = Counter()
        self._most = 0

    def count(self, text: str) -> None:
        """Count each line of an article's text once, unless the text is a copy of one already counted."""
        lines = _folded_lines(text)
        whole = hash(tuple(lines))
        if whole not in self._texts:
            self._texts.add(whole)
            # Hashes take less memory than strings.
            keys = {hash(key) for line in lines for key in _keys(line)}
            self._counts.update(keys)
            self._most = max(self._most, max((self._counts[key] for key in keys), default=0))

    def mark_boilerplate_in(self, article: Article) -> Article:
        """Return `article` with its repeated lines marked as boilerplate; headings stay headings."""
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
        """Return whether `text` has repeated lines, but also enough lines of its own not to be a copy."""
        lines = _folded_lines(text)
        own = sum(len(line) for line in lines if not any(map(self._is_repeated, _keys(line))))
        total = sum(map(len, lines))
        return MIN_OWN_SHARE * total <= own < total

    def _boilerplate(self, blocks: Sequence[Block], text: str, step: int) -> Iterator[int]:
        """Yield the numbers of the boilerplate blocks at one edge; `step` is 1 for the start, -1 for the end.

        A block that ends like a sentence counts only if no text of the article is between it and the edge.
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
        """A line is repeated if more articles than this have it."""
        return SHARE * len(self._texts)


def mark_repeated_lines(articles: Sequence[Article]) -> list[Article]:
    """Return `articles` with the lines that most of them repeat at their edges marked as boilerplate."""
    repeated = RepeatedLines()
    for article in articles:
        if article.media_type in TEXT_TYPES:
            repeated.count(article.text)
    return [repeated.mark_boilerplate_in(article) for article in articles]


def _folded_lines(text: str) -> list[str]:
    return [line for line in map(_folded, text.splitlines()) if line]


def _folded(line: str) -> str:
    """Return a line without what may differ between copies; empty if it has no letters."""
    folded = _MARKER.sub("", " ".join(line.casefold().split()))
    return folded if any(map(str.isalpha, folded)) else ""


def _keys(line: str) -> Iterator[str]:
    """Yield a folded line and, if it is long, the two ends that a copy with one changed word may share."""
    yield line
    words = line.split()
    if len(words) >= 2 * _ENDS:
        yield f"{' '.join(words[:_ENDS])}\n"
        yield f"\n{' '.join(words[-_ENDS:])}"
