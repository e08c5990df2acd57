"""The words of the pages: places, dates and formats."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import JsonValue

from articleqa import Citation
from articleqa.printing import one_line

FORMATS = {
    "text/plain": "Text",
    "text/markdown": "Markdown",
    "text/x-rst": "reStructuredText",
    "text/html": "Web page",
    "text/csv": "Table (CSV)",
    "application/pdf": "PDF",
    "application/rtf": "RTF",
    "application/epub+zip": "E-book",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.oasis.opendocument.text": "OpenDocument",
    "message/rfc822": "Mail",
}
"""Names of formats; one that is not here is shown as its media type."""

ABOVE = 80
"""The most characters of a heading in the place of a quote."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")


def format_name(media_type: str) -> str:
    """Return the name of a format."""
    return FORMATS.get(media_type, media_type)


def title_of(citation: Citation) -> str:
    """Return the title of the cited article, or its id."""
    return one_line(citation.title) or one_line(citation.article_id)


def file_of(citation: Citation) -> str:
    """Return the name of the cited article's file: the article's id without folders."""
    return one_line(re.split(r"[/\\]", citation.article_id)[-1])


def place_of(citation: Citation) -> list[str]:
    """Return where a quote is in its article: page, time, section, line."""
    parts = [citation.pages] if citation.pages else []
    if citation.time is not None:
        parts.append(f"at {citation.time}")
    above = [_short(one_line(line)) for line in citation.section if line != citation.title]
    if above:
        parts.append(f"“{' › '.join(above)}”")
    if citation.line is not None and not citation.pages:
        parts.append(f"line\N{NO-BREAK SPACE}{citation.line:,}")
    return parts


def date_of(metadata: Mapping[str, JsonValue]) -> str:
    """Return the date in an article's metadata as text; empty if there is none."""
    date = metadata.get("date")
    if not isinstance(date, str | int) or isinstance(date, bool):
        return ""
    told = one_line(str(date))
    return told[:10] if _DAY.match(told) else told[:40]


def _short(text: str) -> str:
    return text if len(text) <= ABOVE else text[: ABOVE - 1].rstrip() + "…"
