"""Citations: the exact place of a sentence in its article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from operator import itemgetter

from pydantic import JsonValue

from articleqa.loaders.protocol import TEXT_TYPES
from articleqa.models import Article, Citation, Passage, Span
from articleqa.passages import LONG_HEADING, check_place

SURROUNDINGS = 32
"""Characters kept on each side of a quote (the W3C's TextQuoteSelector leaves the number open)."""

_STRIDE = 4096
"""Characters between two entries of a line table: few enough that counting from one costs nothing."""


class Citer:
    """Creates citations. It counts the lines of an article only once, however often it cites the article."""

    def __init__(self) -> None:
        """Start without any article."""
        self._lines: dict[str, LineTable] = {}

    def cite(self, article: Article, span: Span, passage: Passage) -> Citation:
        """Return the citation of a sentence of `passage`, at `span` in `article`."""
        return self._cite(article, span, passage, _above(passage, span))

    def cite_passage(self, article: Article, passage: Passage) -> Citation:
        """Return the citation of a whole passage of `article`."""
        return self._cite(article, passage.span, passage, (*passage.headings, *passage.lead_ins_of(0)))

    def _cite(self, article: Article, span: Span, passage: Passage, above: Iterable[Span]) -> Citation:
        check_place(article, passage)
        text = article.text
        return Citation(
            article_id=article.id,
            title=article.title,
            source=article.source,
            start=span.start,
            end=span.end,
            page=bisect_right(article.pages, span.start) or None,
            time=_time_of(article, span.start),
            section=tuple(_line(text, heading) for heading in above),
            line=self._line_of(article, span.start),
            quote=span.of(text),
            prefix=text[max(0, span.start - SURROUNDINGS) : span.start],
            suffix=text[span.end : span.end + SURROUNDINGS],
            context=passage.span,
            extractor=str(article.metadata.get("extractor", "")),
        )

    def _line_of(self, article: Article, offset: int) -> int | None:
        if article.media_type not in TEXT_TYPES:
            return None
        if article.id not in self._lines:
            self._lines[article.id] = LineTable(article.text)
        return self._lines[article.id].line_of(offset)


def _time_of(article: Article, offset: int) -> str | None:
    """Return the time in a recording at which the text at `offset` is said, as "1:02:03"."""
    number = bisect_right(article.times, offset, key=itemgetter(0))
    if not number:
        return None
    minutes, seconds = divmod(int(article.times[number - 1][1]), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def sorted_metadata(metadata: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return metadata with sorted keys at every level: an index on disk keeps no other order."""
    return {key: _sorted(metadata[key]) for key in sorted(metadata)}


def _sorted(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return sorted_metadata(value)
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def _above(passage: Passage, span: Span) -> tuple[Span, ...]:
    """Return the spans that are above a sentence of `passage`: its headings and lead-ins."""
    if not passage.lead_ins:
        return passage.headings
    return (*passage.headings, *passage.lead_ins_of(passage.sentence_spans.index(span)))


def _line(text: str, heading: Span) -> str:
    """Return a heading as one line, or only its beginning if it is overlong."""
    return " ".join(text[heading.start : min(heading.end, heading.start + LONG_HEADING)].split())


class LineTable:
    """A table of how many lines end before each stretch of a text; \\n, \\r\\n and \\r each end a line."""

    def __init__(self, text: str) -> None:
        """Count the line ends of `text` once."""
        self._text = text
        counts = (_line_ends(text, at, at + _STRIDE) for at in range(0, len(text), _STRIDE))
        self._ended = list(accumulate(counts, initial=0))

    def line_of(self, offset: int) -> int:
        """Return the 1-based line of the character at `offset`."""
        stretch = offset // _STRIDE
        return 1 + self._ended[stretch] + _line_ends(self._text, stretch * _STRIDE, offset)


def _line_ends(text: str, start: int, end: int) -> int:
    """Count the line ends in `text[start:end]`; a \\n after a \\r adds none, wherever `start` is."""
    pairs = text.count("\r\n", max(0, start - 1), end)
    return text.count("\n", start, end) + text.count("\r", start, end) - pairs
