"""A sentence's place into a citation."""

from __future__ import annotations

from bisect import bisect_right

from articleqa.articles.contract import TEXT_TYPES
from articleqa.exceptions import IndexDamagedError
from articleqa.models import Article, Citation, Passage, Span

SURROUNDINGS = 32
"""Characters on each side of the quote (the W3C's TextQuoteSelector leaves the number open)."""


def cite(article: Article, span: Span, passage: Passage) -> Citation:
    """Return the citation of `span` in `article`, within `passage`."""
    check_place(article, passage)
    text = article.text
    return Citation(
        article_id=article.id,
        title=article.title,
        source=article.source,
        start=span.start,
        end=span.end,
        page=bisect_right(article.pages, span.start) or None,
        section=tuple(" ".join(heading.of(text).split()) for heading in passage.headings),
        line=line_of(text, span.start) if article.media_type in TEXT_TYPES else None,
        quote=span.of(text),
        prefix=text[max(0, span.start - SURROUNDINGS) : span.start],
        suffix=text[span.end : span.end + SURROUNDINGS],
        context=passage.span,
        extractor=str(article.metadata.get("extractor", "")),
    )


def check_place(article: Article, passage: Passage) -> None:
    """Refuse a passage that does not lie in the text of its article, as an index may claim.

    Raises:
        IndexDamagedError: it does not.
    """
    if passage.span.end > len(article.text):
        raise IndexDamagedError(
            f"a passage does not lie in the text of {article.id!r}: the index is damaged;"
            " rebuild it with `articleqa index check KB --repair`"
        )


def line_of(text: str, offset: int) -> int:
    """Return the 1-based line on which `offset` lies; \\n, \\r\\n and \\r each end a line."""
    return 1 + text.count("\n", 0, offset) + text.count("\r", 0, offset) - text.count("\r\n", 0, offset)
