"""A sentence's place into a citation."""

from __future__ import annotations

from articleqa.models import Article, Citation, Span

SURROUNDINGS = 32
"""Characters on each side of the quote (the W3C's TextQuoteSelector leaves the number open)."""


def cite(article: Article, span: Span, context: Span) -> Citation:
    """Return the citation of `span` in `article`, within the passage at `context`."""
    text = article.text
    return Citation(
        article_id=article.id,
        title=article.title,
        source=article.source,
        start=span.start,
        end=span.end,
        line=line_of(text, span.start),
        quote=span.of(text),
        prefix=text[max(0, span.start - SURROUNDINGS) : span.start],
        suffix=text[span.end : span.end + SURROUNDINGS],
        context=context,
    )


def line_of(text: str, offset: int) -> int:
    """Return the 1-based line on which `offset` lies; \\n, \\r\\n and \\r each end a line."""
    return 1 + text.count("\n", 0, offset) + text.count("\r", 0, offset) - text.count("\r\n", 0, offset)
