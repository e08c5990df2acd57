"""Splitting text into sentences, as spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from articleqa.language import SENTENCES
from articleqa.language.word_lists import any_of
from articleqa.models import Span
from articleqa.text.pages import page_breaks
from articleqa.text.sentences.boundaries import boundaries

LONGEST_SENTENCE = 10_000
"""A longer stretch without a sentence end (a table, a log, base64) is cut, so that it can be quoted."""

MAX_SENTENCE = 2_000
"""The most characters in a piece of such a stretch."""

# The line ends of str.splitlines; "\r\n" counts as one.
_NEWLINE = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LINE = re.compile(rf"[^{_NEWLINE}]++")
_BLANK_LINES = re.compile(rf"(?>\r\n|[{_NEWLINE}])(?:[^\S{_NEWLINE}]*+(?>\r\n|[{_NEWLINE}]))++")

_YES_OR_NO = re.compile(
    rf"\s*(?:\w{{1,20}}: +)?[\"“*_]*{any_of(*SENTENCES.yes_or_no)}[.!]+[\"”*_]*\s*", re.IGNORECASE
)
"""A bare yes or no, which means nothing without the sentence after it."""

_PIECE = re.compile(rf"\S(?:.{{0,{MAX_SENTENCE - 2}}}\S)?(?!\S)|\S{{{MAX_SENTENCE}}}", re.DOTALL)


def sentence_spans(
    text: str, start: int = 0, end: int | None = None, *, hard_wrapped: bool = False
) -> list[Span]:
    """Return the sentences of `text[start:end]` in order, as spans of `text`.

    The spans do not overlap, are not empty, have no white space at either end, and together cover everything
    that is not white space. None contains a blank line, except in a page break of a `hard_wrapped` text, over
    which a sentence may continue. A single newline also ends a sentence, unless the text is `hard_wrapped`,
    where it counts as a space. A "Yes." or "No." belongs to the sentence after it. A stretch of more than
    LONGEST_SENTENCE characters in which no sentence ends is cut into pieces of at most MAX_SENTENCE
    characters, at white space if there is any.

    Boundaries follow the rules of `articleqa.text.sentences.boundaries`, with the parameters and heuristics
    of Punkt (Kiss & Strunk 2006), in time linear in the length of the text.

    Raises DataFileError if a data file of the package is damaged.
    """
    end = len(text) if end is None else end
    breaks = page_breaks(text, start, end) if hard_wrapped else []
    blocks = _paragraphs(text, start, end, breaks) if hard_wrapped else _lines(text, start, end)
    return [
        piece
        for block in blocks
        for sentence in _sentences(text, block, breaks)
        for piece in ([sentence] if len(sentence) <= LONGEST_SENTENCE else _pieces(text, sentence))
    ]


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _LINE.finditer(text, start, end):
        yield Span(match.start(), match.end())


def _paragraphs(text: str, start: int, end: int, breaks: Sequence[Span]) -> Iterator[Span]:
    for match in _BLANK_LINES.finditer(text, start, end):
        if _is_in(match.start(), breaks):
            continue
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, end)


def _is_in(place: int, breaks: Sequence[Span]) -> bool:
    """Return whether `place` is inside one of the page breaks, which are in order."""
    if not breaks:
        return False
    before = bisect_right(breaks, place, key=lambda span: span.start) - 1
    return before >= 0 and place < breaks[before].end


def _sentences(text: str, block: Span, breaks: Sequence[Span]) -> Iterator[Span]:
    start = block.start
    for cut in boundaries(text, block.start, block.end):
        if _is_in(cut, breaks) or _YES_OR_NO.fullmatch(text, start, cut):
            continue
        yield from _stripped(text, start, cut)
        start = cut
    yield from _stripped(text, start, block.end)


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    """Yield the pieces of a sentence that is too long to quote."""
    for match in _PIECE.finditer(text, sentence.start, sentence.end):
        yield Span(match.start(), match.end())


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the span without outer white space, unless nothing is left."""
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        start += len(piece) - len(piece.lstrip())
        yield Span(start, start + len(inner))
