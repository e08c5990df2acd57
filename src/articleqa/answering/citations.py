"""Citations: the exact place of a sentence in its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from articleqa.models import Citation, Passage, Span
from articleqa.passage_text import SURROUNDINGS, PassageText
from articleqa.passages import LONG_HEADING


def cite(text: PassageText, span: Span) -> Citation:
    """Return the citation of a sentence of the passage, at `span` in its article."""
    return _cite(text, span, _above(text.passage, span))


def cite_passage(text: PassageText) -> Citation:
    """Return the citation of the whole passage."""
    passage = text.passage
    return _cite(text, passage.span, (*passage.headings, *passage.lead_ins_of(0)))


def _cite(text: PassageText, span: Span, above: Iterable[Span]) -> Citation:
    page, last_page = text.page_of(span.start), text.page_of(span.end - 1)
    recognised = text.metadata.get("ocr_pages")
    return Citation(
        article_id=text.article_id,
        title=text.title,
        source=text.source,
        start=span.start,
        end=span.end,
        page=page,
        page_end=last_page if last_page != page else None,
        ocr=isinstance(recognised, list) and (page in recognised or last_page in recognised),
        time=_time_said(text.seconds_at(span.start)),
        section=tuple(_line(text, heading) for heading in above),
        line=text.line_of(span.start),
        quote=text.of_span(span),
        prefix=text.between(span.start - SURROUNDINGS, span.start),
        suffix=text.between(span.end, span.end + SURROUNDINGS),
        context=text.passage.span,
        extractor=str(text.metadata.get("extractor", "")),
    )


def _time_said(seconds: float | None) -> str | None:
    """Return a time in a recording as "1:02:03"."""
    if seconds is None:
        return None
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


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


def _line(text: PassageText, heading: Span) -> str:
    """Return a heading as one line, or only its beginning if it is overlong."""
    return " ".join(text.of_span(heading)[:LONG_HEADING].split())
