"""CommonMark into blocks, by markdown-it-py's line maps: the text itself is left as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import regex
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, reference
from markdown_it.token import Token

from articleqa.models import Block, BlockKind, Span
from articleqa.text.boilerplate import is_boilerplate

_LINE_END = regex.compile(r"\r\n?|\n")
_LINE = regex.compile(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_MARKERS = regex.compile(r"(?:[ \t]*+(?:>|(?:[-*+]|\d{1,9}[.)]|#{1,6})(?=[ \t])))*+[ \t]*+")
FRONT_MATTER = 20_000
"""Characters within which front matter ends."""

_FIRST_LOOK = 2_000
"""Characters behind the front matter in which an article's first block usually ends."""

_DEEPEST = 100
"""Quotes and lists in each other; what lies deeper is left out."""

_MOST_UNQUOTED = 16
"""Stretches of lines without a ">" that a quote may have between lines that have one."""

_LONGEST_TARGET = 100
"""Lines of the definition of a link, its title among them."""

_TOKENS_OF_BLOCKS = frozenset(
    ("heading_open", "paragraph_open", "thead_open", "tr_open", "fence", "code_block", "html_block")
)
_UNUSED = Token("unused", "", 0)
"""What the parser's rules write to where a token is not kept."""

_HIDDEN = regex.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|head|template)\b.*?(?:</\1\s*>|\Z)", regex.DOTALL | regex.IGNORECASE
)
_TAGS = regex.compile(r"(?:\s*+</?[A-Za-z!?][^<>]*+>)*+\s*+")
# Backwards from the end of a line: forwards, each of many tags would be tried as the first of the last ones.
_TAGS_BEHIND = regex.compile(r"(?r)\s*+(?:<(?=/?[A-Za-z])[^<>]*+>\s*+)++")


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a block quote by markdown-it's rule, within what can be its lines.

    The rule looks at all lines up to a blank one, and may take the first of them alone: what stands without
    a mark between quoted lines belongs to the quote only where it goes on with a paragraph.
    """
    opens = not silent and _is_quoted(state, start)
    return blockquote(state, start, _end_of_quote(state, start, end) if opens else end, silent)


def _is_quoted(state: StateBlock, line: int) -> bool:
    at = state.bMarks[line] + state.tShift[line]
    return state.src.startswith(">", at) and state.sCount[line] >= state.blkIndent


def _end_of_quote(state: StateBlock, start: int, end: int) -> int:
    unquoted = 0
    was_quoted = True
    for line in range(start + 1, end):
        if state.isEmpty(line):
            return end
        is_quoted = _is_quoted(state, line)
        if is_quoted and not was_quoted:
            unquoted += 1
            if unquoted > _MOST_UNQUOTED:
                return line
        was_quoted = is_quoted
    return end


def _link_target(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the definition of a link by markdown-it's rule, within a number of lines."""
    last, state.lineMax = state.lineMax, min(state.lineMax, start + _LONGEST_TARGET)
    try:
        return reference(state, start, end, silent)
    finally:
        state.lineMax = last


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    parser.block.ruler.at("blockquote", _quote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.block.ruler.at("reference", _link_target)
    parser.block.ruler.getRules("")  # made ready here: several threads may be the first to read
    return parser


_PARSER = _parser()


class _Lines(StateBlock):
    """The state of a parser that keeps no token without a place, as those of cells and closing tags are."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Add a token; one that no block is made of costs no more than it must."""
        if ttype in _TOKENS_OF_BLOCKS:
            return super().push(ttype, tag, nesting)
        self.level += nesting
        return _UNUSED


def markdown_blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text, without front matter, rules, HTML tags and markers.

    A line end inside a paragraph is a space; in code and HTML each line is a block, and of a table each row.
    """
    return list(_blocks_of(text, front_matter_lines(text)))


def first_shown_block(text: str) -> Block | None:
    """Return the first block that is not boilerplate, if there is one.

    Where a block and what comes behind it begin in the first lines, the rest does not change it.
    """
    body = front_matter_lines(text)
    lines = _line_bounds(text)
    start = lines[body][0] if body < len(lines) else len(text)
    end = next((end for end, _ in lines if end > start + _FIRST_LOOK), len(text))
    if end < len(text):
        blocks = _blocks_of(text[:end], body)
        first = next(filter(_is_shown, blocks), None)
        if first and next(blocks, None):
            return first
    return next(filter(_is_shown, _blocks_of(text, body)), None)


def _is_shown(block: Block) -> bool:
    return block.kind is not BlockKind.BOILERPLATE


def _blocks_of(text: str, body: int) -> Iterator[Block]:
    """Yield the blocks of a text whose first `body` lines are front matter."""
    lines = _line_bounds(text)
    # Front matter is blanked, not cut off, so that line numbers hold; line ends are those of markdown-it.
    source = "\n" * body + (text[lines[body][0] :] if body < len(lines) else "")
    source = _LINE_END.sub("\n", source).replace("\0", "\ufffd")
    tokens: list[Token] = []
    state = _Lines(source, _PARSER, {}, tokens)
    _PARSER.block.tokenize(state, 0, state.lineMax)
    heads = {token.map[0] for token in tokens if token.type == "thead_open" and token.map}
    for token in tokens:
        if token.map:
            yield from _blocks(token, text, lines, heads)


def front_matter_lines(text: str) -> int:
    """Return how many lines at the top of `text` are front matter, fenced by lines of "---"."""
    head = text[:FRONT_MATTER]
    lines = [head[start:end].rstrip() for start, end in _line_bounds(head)] if head.startswith("---") else []
    if lines[:1] != ["---"]:
        return 0
    return next((number + 2 for number, line in enumerate(lines[1:]) if line in ("---", "...")), 0)


def _line_bounds(text: str) -> list[tuple[int, int]]:
    """Return the start and end of the lines as markdown-it counts them: ended by \\n, \\r\\n or \\r alone."""
    return [m.span() for m in _LINE.finditer(text) if m.end() > m.start()]


def _blocks(token: Token, text: str, lines: Sequence[tuple[int, int]], heads: set[int]) -> Iterator[Block]:
    assert token.map is not None
    first, last = token.map
    last = min(last, len(lines))
    if token.type == "heading_open":
        # The last line of a setext heading is its underline.
        end = last - 1 if token.markup in ("=", "-") else last
        span = _trim(text, lines[first][0], lines[end - 1][1])
        title = span.of(text).rstrip("#")
        if token.markup.startswith("#") and (not title or title[-1].isspace()):
            span = Span(span.start, span.start + len(title.rstrip()))
        yield from _block(text, span, BlockKind.HEADING, level=int(token.tag[1:]))
    elif token.type == "paragraph_open":
        span = _trim(text, lines[first][0], lines[last - 1][1])
        yield from _block(text, span, BlockKind.PROSE, hard_wrapped=True)
    elif token.type == "tr_open":
        span = _trim(text, *lines[first])
        yield from _block(text, span, BlockKind.HEADER_ROW if first in heads else BlockKind.ROW)
    elif token.type in ("fence", "code_block"):
        opened = token.type == "fence"
        # A fence that is never closed runs to the end of its text, without a closing line.
        closed = opened and last - first > 1 and text.find(token.markup, *lines[last - 1]) >= 0
        for line in lines[first + opened : last - closed]:
            yield from _block(text, _trim(text, *line), BlockKind.PROSE)
    elif token.type == "html_block":
        yield from _html(text, lines[first][0], lines[last - 1][1])


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
            closing = _TAGS_BEHIND.match(text, left, line.end())
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
