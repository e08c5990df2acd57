"""CommonMark into blocks, by markdown-it-py's line maps: the text itself is left as it stands."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from markdown_it import MarkdownIt
from markdown_it.token import Token

from articleqa.models import Block, BlockKind, Span
from articleqa.text.boilerplate import is_boilerplate

_LINE = regex.compile(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_MARKERS = regex.compile(r"(?:[ \t]*+(?:>|(?:[-*+]|\d{1,9}[.)]|#{1,6})(?=[ \t])))*+[ \t]*+")
FRONT_MATTER = 20_000
"""Characters within which front matter ends."""

_DEEPEST = 100
"""Quotes and lists in each other; what lies deeper is left out."""

_HIDDEN = regex.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|head|template)\b.*?(?:</\1\s*>|\Z)", regex.DOTALL | regex.IGNORECASE
)
_TAGS = regex.compile(r"(?:\s*+</?[A-Za-z!?][^<>]*+>)*+\s*+")
_TAGS_BEHIND = regex.compile(r"\s*+(?:</?[A-Za-z][^<>]*+>\s*+)++$")


def markdown_blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text, without front matter, rules, HTML tags and markers.

    A line end inside a paragraph is a space; in code and HTML each line is a block, and of a table each row.
    """
    lines = _line_spans(text)
    body = front_matter_lines(text)
    # Front matter is blanked, not cut off, so that line numbers hold.
    source = "\n" * body + (text[lines[body].start :] if body < len(lines) else "")
    # Inline markup stays in the text: reading it would take most of the time, and more than linear.
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable("inline")
    tokens = parser.parse(source)
    heads = {token.map[0] for token in tokens if token.type == "thead_open" and token.map}
    return [block for token in tokens if token.map for block in _blocks(token, text, lines, heads)]


def front_matter_lines(text: str) -> int:
    """Return how many lines at the top of `text` are front matter, fenced by lines of "---"."""
    head = text[:FRONT_MATTER]
    lines = [span.of(head).rstrip() for span in _line_spans(head)] if head.startswith("---") else []
    if lines[:1] != ["---"]:
        return 0
    return next((number + 2 for number, line in enumerate(lines[1:]) if line in ("---", "...")), 0)


def _line_spans(text: str) -> list[Span]:
    """Return the lines as markdown-it counts them: ended by \\n, \\r\\n or \\r alone."""
    return [Span(m.start(), m.end()) for m in _LINE.finditer(text) if m.end() > m.start()]


def _blocks(token: Token, text: str, lines: list[Span], heads: set[int]) -> Iterator[Block]:
    assert token.map is not None
    first, last = token.map
    last = min(last, len(lines))
    if token.type == "heading_open":
        # The last line of a setext heading is its underline.
        end = last - 1 if token.markup in ("=", "-") else last
        span = _trim(text, lines[first].start, lines[end - 1].end)
        title = span.of(text).rstrip("#")
        if token.markup.startswith("#") and (not title or title[-1].isspace()):
            span = Span(span.start, span.start + len(title.rstrip()))
        yield from _block(text, span, BlockKind.HEADING, level=int(token.tag[1:]))
    elif token.type == "paragraph_open":
        span = _trim(text, lines[first].start, lines[last - 1].end)
        yield from _block(text, span, BlockKind.PROSE, hard_wrapped=True)
    elif token.type == "tr_open":
        span = _trim(text, lines[first].start, lines[first].end)
        yield from _block(text, span, BlockKind.HEADER_ROW if first in heads else BlockKind.ROW)
    elif token.type in ("fence", "code_block"):
        opened = token.type == "fence"
        # A fence that is never closed runs to the end of its text, without a closing line.
        closed = opened and last - first > 1 and token.markup in lines[last - 1].of(text)
        for line in lines[first + opened : last - closed]:
            yield from _block(text, _trim(text, line.start, line.end), BlockKind.PROSE)
    elif token.type == "html_block":
        yield from _html(text, lines[first].start, lines[last - 1].end)


def _block(
    text: str, span: Span, kind: BlockKind, *, level: int = 0, hard_wrapped: bool = False
) -> Iterator[Block]:
    """Yield the block, unless nothing but markers is left of it; know furniture from prose."""
    if not len(span):
        return
    if kind is BlockKind.PROSE and is_boilerplate(span.of(text)):
        kind = BlockKind.BOILERPLATE
    yield Block(kind, span, level=level, hard_wrapped=hard_wrapped)


def _html(text: str, start: int, end: int) -> Iterator[Block]:
    """Yield the lines of raw HTML that show text, without the tags around it."""
    hidden = [match.span() for match in _HIDDEN.finditer(text, start, end)]
    for shown, until in zip([start, *(h[1] for h in hidden)], [*(h[0] for h in hidden), end], strict=True):
        for line in _LINE.finditer(text, shown, until):
            opening = _TAGS.match(text, line.start(), line.end())
            left = opening.end() if opening else line.start()
            closing = _TAGS_BEHIND.search(text, left, line.end())
            yield from _block(
                text, _trim(text, left, closing.start() if closing else line.end()), BlockKind.PROSE
            )


def _trim(text: str, start: int, end: int) -> Span:
    """Return `text[start:end]` without markers ahead of it and outer white space."""
    markers = _MARKERS.match(text, start, end)
    start = markers.end() if markers else start
    stretch = text[start:end]
    left = len(stretch) - len(stretch.lstrip())
    return Span(start + left, start + max(left, len(stretch.rstrip())))
