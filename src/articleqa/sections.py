"""The sections of an article: its headings, and below them paragraphs of sentences, as spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from articleqa.models import Article, Block, BlockKind, Span
from articleqa.text.blocks import article_blocks
from articleqa.text.sentences.spans import sentence_spans

MOST_HEADINGS = 30
"""Headings that a section keeps, the innermost: an outline may have thousands in a row."""

MOST_LEAD_INS = 4
"""Items around an item that are kept as what it stands under, the innermost."""

LONGEST_CODE = 1_000
"""A longer block of code is cut at its blank lines, where it has some."""

FEWEST_WORDS = 4
"""Words that a heading must have to be a whole sentence: "Not so fast!" says nothing."""

_ANSWERING = frozenset({BlockKind.PROSE, BlockKind.ITEM, BlockKind.ROW, BlockKind.CODE})
"""Blocks whose sentences answer; each other kind ends a section."""

_QUOTE_MARKS = regex.compile(r"(?:>[ \t]*+)++(?=\S)")
_CLOSING = "\"'”’»›)]}*_`"
_SENTENCE_ENDS = (".", "!", "…", "。", "！")
_BLANK_LINES = regex.compile(r"(?:\r\n?|\n)(?:[ \t]*+(?:\r\n?|\n))++")


class LedIn(NamedTuple):
    """A sentence, and what an item of a list stands under: see `Passage.lead_ins`."""

    span: Span
    lead_ins: tuple[Span, ...] = ()


class Section(NamedTuple):
    """Paragraphs, each with its sentences in order, and the headings above them, the outermost first."""

    headings: tuple[Span, ...]
    paragraphs: list[list[LedIn]]


def sections_of(article: Article) -> Iterator[Section]:
    """Yield the sections of `article` that have sentences, in reading order.

    Boilerplate inside a section divides it in two, so that no passage spans it, and so does a table
    with a header row, which is a heading of its rows alone. A heading that is a whole sentence is the
    first paragraph below it too.
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
    """Return the sentences of a block that can answer; none of one that cannot."""
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
    """Return a sentence of Markdown without the ">" that opens each line of a quotation."""
    marks = _QUOTE_MARKS.match(text, sentence.start, sentence.end)
    return Span(marks.end(), sentence.end) if marks else sentence


def _cut_code(text: str, code: Span) -> list[Span]:
    """Return a block of code as one sentence, or its stretches between blank lines where it is long."""
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
    return heading.rstrip(_CLOSING).endswith(_SENTENCE_ENDS) and len(heading.split()) >= FEWEST_WORDS


class _Lists:
    """What the items of lists stand under, as blocks come in reading order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._opening: tuple[Span, ...] = ()  # the line that leads in what comes next
        self._around: list[tuple[int, Span]] = []  # the items that the next may stand below, by their level

    def led_in(self, block: Block, sentences: Sequence[Span]) -> list[LedIn]:
        """Return the sentences of `block` with what they stand under; the next block may stand under them."""
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
        """Say whether `block` stands below the item; code does on its level too, where it is led in."""
        return level < block.level or (
            block.kind is BlockKind.CODE and level == block.level and self._leads_in(span)
        )

    def _leads_in(self, span: Span) -> bool:
        """Say whether a sentence stops before its end: with a colon, a question mark or none at all."""
        return not span.of(self._text).rstrip(_CLOSING).endswith(_SENTENCE_ENDS)
