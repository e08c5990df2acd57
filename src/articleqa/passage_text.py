"""The text of a passage, with as much around it as a citation of any of its sentences needs.

So an index need not read whole articles to answer a question.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import itemgetter
from typing import Self

from pydantic import JsonValue

from articleqa.loaders.protocol import TEXT_TYPES
from articleqa.models import Article, Passage, Span
from articleqa.passages import check_place
from articleqa.text.markup import MARKED_UP, without_markup

SURROUNDINGS = 32
"""Characters kept on each side of a quote (the W3C's TextQuoteSelector leaves the number open)."""

_STRIDE = 4096
"""Characters between two entries of a line table: few enough that counting from one costs nothing."""


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage's text with `SURROUNDINGS` characters around it, and what is cited of its article.

    All offsets are those of the article. `text` begins at `start`; `above` has the headings and lead-ins of
    the passage. `line` is the line on which the passage begins, None if its article has no lines of its own;
    `page` is the page at `start`, 0 if there is none, and `pages` has the offsets in `text` at which further
    pages begin; `times` has the offsets of what is said, with its seconds, from the last
    one before the passage on. The other fields are the article's.
    """

    article_id: str
    title: str
    source: str
    media_type: str
    metadata: Mapping[str, JsonValue]
    passage: Passage
    start: int
    text: str
    above: Mapping[Span, str]
    line: int | None
    page: int
    pages: tuple[int, ...]
    times: tuple[tuple[int, float], ...]

    @classmethod
    def of(cls, article: Article, passage: Passage, lines: LineTable) -> Self:
        """Return the text of a passage of `article`; `lines` is the line table of the article's text.

        Raises:
            IndexDamagedError: the passage does not lie in the article's text.
        """
        check_place(article, passage)
        text, span = article.text, passage.span
        start, end = max(0, span.start - SURROUNDINGS), span.end + SURROUNDINGS
        page = bisect_right(article.pages, start)
        return cls(
            article_id=article.id,
            title=article.title,
            source=article.source,
            media_type=article.media_type,
            metadata=article.metadata,
            passage=passage,
            start=start,
            text=text[start:end],
            above={each: each.of(text) for each in chain(passage.headings, *passage.lead_ins)},
            line=lines.line_of(span.start) if article.media_type in TEXT_TYPES else None,
            page=page,
            pages=article.pages[page : bisect_right(article.pages, span.end)],
            times=_times_in(article.times, span) if article.times else (),
        )

    def of_span(self, span: Span) -> str:
        """Return the text at `span`: a heading, a lead-in, or a place within the passage's surroundings."""
        begin, end = span.start - self.start, span.end - self.start
        if begin >= 0 and end <= len(self.text):
            return self.text[begin:end]
        return self.above[span] if span in self.above else self.between(span.start, span.end)

    def between(self, start: int, end: int) -> str:
        """Return the text from `start` to `end`, as far as it is held."""
        return self.text[max(0, start - self.start) : max(0, end - self.start)]

    def plain(self, span: Span) -> str:
        """Return the text at `span`, with spaces in place of inline markup if the article has any."""
        text = self.of_span(span)
        return without_markup(text) if self.media_type in MARKED_UP else text

    def line_of(self, offset: int) -> int | None:
        """Return the line, counted from 1, of an offset in the passage; None without lines."""
        if self.line is None:
            return None
        begin = self.passage.span.start - self.start
        return self.line + _line_ends(self.text, begin, offset - self.start)

    def page_of(self, offset: int) -> int | None:
        """Return the page, counted from 1, of an offset in the passage; None without pages."""
        return self.page + bisect_right(self.pages, offset) or None

    def seconds_at(self, offset: int) -> float | None:
        """Return when in a recording the text at an offset in the passage is said; None without times."""
        number = _said(self.times, offset)
        return self.times[number - 1][1] if number else None


class LineTable:
    """A table of how many lines end before each stretch of a text; \\n, \\r\\n and \\r each end a line.

    The lines are counted when the first one is asked for.
    """

    def __init__(self, text: str) -> None:
        """Count nothing yet."""
        self._text = text
        self._ended: list[int] | None = None

    def line_of(self, offset: int) -> int:
        """Return the 1-based line of the character at `offset`."""
        if self._ended is None:
            text = self._text
            counts = (_line_ends(text, at, at + _STRIDE) for at in range(0, len(text), _STRIDE))
            self._ended = list(accumulate(counts, initial=0))
        stretch = offset // _STRIDE
        return 1 + self._ended[stretch] + _line_ends(self._text, stretch * _STRIDE, offset)


def _times_in(times: tuple[tuple[int, float], ...], span: Span) -> tuple[tuple[int, float], ...]:
    """Return the times of texts that begin in `span`, and the last one before them."""
    return times[max(0, _said(times, span.start) - 1) : _said(times, span.end)]


def _said(times: Sequence[tuple[int, float]], offset: int) -> int:
    """Return how many of the times are of texts that begin at `offset` or before."""
    return bisect_right(times, offset, key=itemgetter(0))


def _line_ends(text: str, start: int, end: int) -> int:
    """Count the line ends in `text[start:end]`; a \\n after a \\r adds none, wherever `start` is."""
    before = max(0, start - 1)
    if text.find("\r", before, end) < 0:  # as in most texts
        return text.count("\n", start, end)
    pairs = text.count("\r\n", before, end)
    return text.count("\n", start, end) + text.count("\r", start, end) - pairs
