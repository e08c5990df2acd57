"""The sections of an article: headings, and below them paragraphs of sentences, as spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from articleqa.models import Article, Block, BlockKind, Span
from articleqa.text.blocks import article_blocks
from articleqa.text.endings import CLOSING, STATEMENT_MARKS, ends_with
from articleqa.text.sentences.spans import sentence_spans

MOST_HEADINGS = 30
"""How many headings a section keeps, the innermost ones: an outline may have thousands in a row."""

MOST_LEAD_INS = 4
"""How many of the items around an item are kept as its lead-ins, the innermost ones."""

LONGEST_CODE = 1_000
"""A block of code with more characters than this is cut at its blank lines, if it has any."""

FEWEST_WORDS = 4
"""How many words a heading must have to be a whole sentence: "Not so fast!" says nothing."""

_ANSWERING = frozenset({BlockKind.PROSE, BlockKind.ITEM, BlockKind.ROW, BlockKind.CODE})
"""Kinds of block whose sentences can answer; each other kind ends a section."""

_QUOTE_MARKS = regex.compile(r"(?:>[ \t]*+)++(?=\S)")
_CLOSING = CLOSING + "›}*_`"
_BLANK_LINES = regex.compile(r"(?:\r\n?|\n)(?:[ \t]*+(?:\r\n?|\n))++")


class LedIn(NamedTuple):
    """A sentence and its lead-ins, if it is in an item of a list; see `Passage.lead_ins`."""

    span: Span
    lead_ins: tuple[Span, ...] = ()


class Section(NamedTuple):
    """Paragraphs, each with its sentences in order, and the headings above them, the outermost first."""

    headings: tuple[Span, ...]
    paragraphs: list[list[LedIn]]


def sections_of(article: Article) -> Iterator[Section]:
    """Yield the sections of `article` that have sentences, in reading order.

    Boilerplate inside a section divides it in two, so that no passage spans it. So does a table with a header
    row, because that row is a heading only of the table's rows. A heading that is a whole sentence is also
    the first paragraph below it.
    """
    headings: list[Block] = []
    header_row: tuple[Span, ...] = ()
    paragraphs: list[list[LedIn]] = []
    lists = _Lists(article.text)
    has_text = False
    for block in article_blocks(article):
        ends_table = bool(header_row) and block.kind is not BlockKind.ROW
        if paragraphs and (ends_table or block.kind not in _ANSWERING):
            yield Section((*(heading.span for heading in headings), *header_row), paragraphs)
            paragraphs = []
        if ends_table:
            header_row = ()
        if block.kind is BlockKind.HEADER_ROW:
            header_row = (block.span,)
        elif block.kind is BlockKind.HEADING:
            if has_text:
                headings = [heading for heading in headings if heading.level < block.level]
            headings = [*headings[1 - MOST_HEADINGS :], block]
            has_text = False
        sentences = _sentences(article, block)
        paragraph = lists.led_in(block, sentences)
        if paragraph:
            paragraphs.append(paragraph)
            has_text = has_text or block.kind is not BlockKind.HEADING
    if paragraphs:
        yield Section((*(heading.span for heading in headings), *header_row), paragraphs)


def _sentences(article: Article, block: Block) -> list[Span]:
    """Return the sentences of a block that can answer; empty for other blocks."""
    text = article.text
    if block.kind is BlockKind.ROW:
        return [block.span]
    if block.kind is BlockKind.CODE:
        return _cut_code(text, block.span)
    if block.kind is BlockKind.HEADING:
        return [block.span] if _is_whole_sentence(block.span.of(text)) else []
    if block.kind not in _ANSWERING:
        return []
    sentences = sentence_spans(text, block.span.start, block.span.end, hard_wrapped=block.hard_wrapped)
    if article.media_type != "text/markdown":
        return sentences
    return [_without_quote_marks(text, sentence) for sentence in sentences]


def _without_quote_marks(text: str, sentence: Span) -> Span:
    """Return a Markdown sentence without the ">" marks of a quotation that it begins with."""
    marks = _QUOTE_MARKS.match(text, sentence.start, sentence.end)
    return Span(marks.end(), sentence.end) if marks else sentence


def _cut_code(text: str, code: Span) -> list[Span]:
    """Return a block of code as one sentence or, if it is long, as its stretches between blank lines."""
    if len(code) <= LONGEST_CODE:
        return [code]
    pieces: list[Span] = []
    start = code.start
    for blank in _BLANK_LINES.finditer(text, code.start, code.end):
        pieces += _quotable(text, start, blank.start())
        start = blank.end()
    return [*pieces, *_quotable(text, start, code.end)]


def _quotable(text: str, start: int, end: int) -> list[Span]:
    return sentence_spans(text, start, end) if end - start > LONGEST_CODE else [Span(start, end)]


def _is_whole_sentence(heading: str) -> bool:
    return ends_with(heading, STATEMENT_MARKS, _CLOSING) and len(heading.split()) >= FEWEST_WORDS


class _Lists:
    """Tracks what introduces the items of lists, as blocks come in reading order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._opening: tuple[Span, ...] = ()  # the line that introduces what comes next
        self._around: list[tuple[int, Span]] = []  # items that may be above the next, by level

    def led_in(self, block: Block, sentences: Sequence[Span]) -> list[LedIn]:
        """Return the sentences of `block` with their lead-ins, and keep those that later blocks may need."""
        if block.kind is BlockKind.ITEM or (block.kind is BlockKind.CODE and block.level):
            lead_ins = self._above(block)
            if sentences and block.kind is BlockKind.ITEM:
                ends_open = self._leads_in(sentences[-1])
                self._around.append((block.level, sentences[-1] if ends_open else sentences[0]))
            return [LedIn(sentence, lead_ins) for sentence in sentences]
        if block.kind is BlockKind.CODE:
            return [LedIn(sentence, self._opening) for sentence in sentences]
        if block.kind is not BlockKind.BOILERPLATE:
            self._around = []
            leads_in = block.kind is BlockKind.PROSE and sentences and self._leads_in(sentences[-1])
            self._opening = (sentences[-1],) if leads_in else ()
        return [LedIn(sentence) for sentence in sentences]

    def _above(self, block: Block) -> tuple[Span, ...]:
        while self._around and not self._is_above(block, *self._around[-1]):
            self._around.pop()
        return (*self._opening, *(span for _, span in self._around[-MOST_LEAD_INS:]))

    def _is_above(self, block: Block, level: int, span: Span) -> bool:
        """Return whether `block` is nested under the item; code may be level with an item that opens it."""
        return level < block.level or (
            block.kind is BlockKind.CODE and level == block.level and self._leads_in(span)
        )

    def _leads_in(self, span: Span) -> bool:
        """Return whether a sentence has no final full stop or the like; it may end in a colon or a "?"."""
        return not ends_with(span.of(self._text), STATEMENT_MARKS, _CLOSING)
