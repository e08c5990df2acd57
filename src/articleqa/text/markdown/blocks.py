"""Split Markdown into blocks, with the line maps of markdown-it-py; the text itself is unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import regex
from markdown_it.token import Token

from articleqa.models import Block, BlockKind, Span
from articleqa.text.boilerplate import LONGEST as LONGEST_BOILERPLATE
from articleqa.text.boilerplate import is_boilerplate
from articleqa.text.markdown.front_matter import LONGEST, front_matter
from articleqa.text.markdown.html import RawHtml, opens_with_tag
from articleqa.text.markdown.paragraphs import BOLD_HEADING, Paragraphs, is_contents, trimmed
from articleqa.text.markdown.parser import block_tokens
from articleqa.text.section_names import names_a_section

_LINE_END = regex.compile(r"\r\n?|\n")
_LINE = regex.compile(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_MARKERS = regex.compile(
    r"(?:[ \t]*+(?:>|(?:[-*+:]|\d{1,9}[.)]|#{1,6})(?=[ \t])|\[\^[^\[\]\s]{1,100}\]:))*+[ \t]*+"
)
_CHECK_BOX = regex.compile(r"\[[ xX]\][ \t]++(?=\S)")
_QUOTE_MARKS = regex.compile(r"(?:[ \t]*+>)++[ \t]*+")
_ANCHOR = regex.compile(r"<a\b[^<>]*+>\s*+</a>\s*+", regex.IGNORECASE)
_ANCHORS_BEHIND = regex.compile(
    r"(?r)\s*+(?:\{(?=:?[ \t]*+[#.:])[^{}]*+\}|<a\b[^<>]*+>[ \t]*+</a>)[ \t]*+#*+\s*+", regex.IGNORECASE
)
_DIAGRAM = regex.compile(r"\W*(?:mermaid|plantuml|puml|dot|graphviz|ditaa|toctree|comment)\b")
"""Fences whose content is drawn as a diagram, or is inserted from elsewhere."""
_WORD = regex.compile(r"\w")

_LEAD_IN = 200
"""Characters at the end of a paragraph in which a lead-in to a list is looked for."""

_FEWEST_WORDS_OF_LEAD_IN = 5
"""The fewest words of a line that introduces a list; a heading of a table of contents has fewer."""

_TITLE_WITHIN = 2_000
"""Characters after the front matter in which a text's own heading usually is."""

_TITLE_WITHIN_AT_MOST = 20_000
"""Characters after the front matter in which the heading is looked for."""


def markdown_blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text, without thematic breaks, HTML tags and markers.

    The fields of its front matter come first. A line end inside a paragraph counts as a space. A code block
    is one block, and each row of a table is a block.
    """
    matter = front_matter(text)
    return [*matter.blocks, *_resolved_by_neighbours(_blocks_of(text, matter.lines), text)]


def title_block(text: str) -> Block | None:
    """Return the block that is the title of a Markdown text, or None if it has none.

    It is the first heading of level 1, else the first heading, else the first paragraph or list item.
    Headings that only name a section ("Contents") are skipped.
    """
    body = front_matter(text).lines
    lines = _line_bounds(text[: LONGEST + _TITLE_WITHIN_AT_MOST])
    start = lines[body][0] if body < len(lines) else len(text)
    for within in (start + _TITLE_WITHIN, start + _TITLE_WITHIN_AT_MOST):
        end = next((end for _, end in lines if end > within), len(text))
        blocks = _resolved_by_neighbours(_blocks_of(text[:end], body), text)
        if end < len(text):
            blocks = blocks[:-1]  # the rest of the text may change the last block
        shown = [block for block in blocks if _could_be_title(block, text)]
        headings = [block for block in shown if block.kind is BlockKind.HEADING]
        if title := next((heading for heading in headings if heading.level == 1), None):
            return title
        if end == len(text):
            break
    return next(iter([*headings, *shown]), None)


def _could_be_title(block: Block, text: str) -> bool:
    if block.kind is BlockKind.HEADING:
        return not names_a_section(block.span.of(text))
    return block.kind in (BlockKind.PROSE, BlockKind.ITEM)


def _line_bounds(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each line as markdown-it counts them: ended by \\n, \\r\\n or \\r only."""
    return [m.span() for m in _LINE.finditer(text) if m.end() > m.start()]


def _blocks_of(text: str, body: int) -> list[Block]:
    """Return the blocks of a text whose first `body` lines are front matter."""
    lines = _line_bounds(text)
    # Front matter is blanked, not cut off, to keep line numbers valid; markdown-it needs "\n" as line ends.
    source = "\n" * body + (text[lines[body][0] :] if body < len(lines) else "")
    if "\r" in source:
        source = _LINE_END.sub("\n", source)
    tokens = block_tokens(source.replace("\0", "\ufffd"))
    return list(_Reading(text, lines, [*_html_joined(text, lines, tokens)]).blocks())


def _html_joined(text: str, lines: Sequence[tuple[int, int]], tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens, joining raw HTML that continues after a blank line, perhaps indented, into one token."""
    joined: Token | None = None
    for token in tokens:
        if joined and joined.map and token.map and token.type in ("html_block", "code_block"):
            start = lines[token.map[0]][0]
            gap = text[lines[joined.map[1] - 1][1] : start]
            line = text[slice(*lines[token.map[0]])]
            if not gap.strip() and opens_with_tag(text, start + len(line) - len(line.lstrip())):
                joined.map[1] = min(token.map[1], len(lines))
                continue
        if joined:
            yield joined
        joined = token if token.type == "html_block" and token.map else None
        if joined and joined.map:
            joined.map[1] = min(joined.map[1], len(lines))
        else:
            yield token
    if joined:
        yield joined


def _resolved_by_neighbours(blocks: Sequence[Block], text: str) -> list[Block]:
    """Return blocks after the decisions that depend on their neighbours.

    A list that only links to places on its own page is boilerplate, unless a sentence introduces it. A bold
    line is a heading only if something other than a heading follows it.
    """
    settled: list[Block] = []
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        group = list(run)
        is_led_in = bool(settled) and _leads_in(settled[-1], text)
        if kind is BlockKind.ITEM and not is_led_in and all(is_contents(b.span.of(text)) for b in group):
            group = [_as(BlockKind.BOILERPLATE, block) for block in group]
        settled += group
    following: Block | None = None
    for number in range(len(settled) - 1, -1, -1):
        block = settled[number]
        heads_text = following is not None and following.kind is not BlockKind.HEADING
        if block.kind is BlockKind.HEADING and block.level == BOLD_HEADING and not heads_text:
            settled[number] = Block(BlockKind.PROSE, block.span, hard_wrapped=True)
        if block.kind is not BlockKind.BOILERPLATE:
            following = block
    return settled


def _leads_in(block: Block, text: str) -> bool:
    """Return whether a block introduces a list, with more words than "On this page:"."""
    words = text[max(block.span.start, block.span.end - _LEAD_IN) : block.span.end].split()
    is_open = block.kind is BlockKind.PROSE and words[-1].endswith(":")
    return is_open and len(words) >= _FEWEST_WORDS_OF_LEAD_IN


def _as(kind: BlockKind, block: Block) -> Block:
    return Block(kind, block.span, block.level, block.hard_wrapped)


class _Reading:
    """Goes through the tokens of a text once, and keeps track of the lists and quotes around each."""

    def __init__(self, text: str, lines: Sequence[tuple[int, int]], tokens: Sequence[Token]) -> None:
        self._text = text
        self._lines = lines
        self._tokens = tokens
        self._heads = {token.map[0] for token in tokens if token.type == "thead_open" and token.map}
        self._items: list[int] = []  # the levels of the enclosing items
        self._opens_item = False
        self._quotes = 0
        self._html = RawHtml(text)
        self._paragraphs = Paragraphs(text)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in order."""
        for number, token in enumerate(self._tokens):
            if token.map and token.type in _READ:
                yield from _READ[token.type](self, token, *self._bounds(token), number)
                self._opens_item = False
            else:
                self._enter_or_leave(token.type)

    def _enter_or_leave(self, type_: str) -> None:
        if type_ in ("list_item_open", "dd_open"):
            deeper = 1 if type_ == "list_item_open" else 2  # a definition is nested below its term
            self._items.append((self._items[-1] if self._items else 0) + deeper)
            self._opens_item = True
        elif type_ in ("list_item_close", "dd_close"):
            self._items.pop()
            self._opens_item = False
        elif type_ == "blockquote_open":
            self._quotes += 1
        elif type_ == "blockquote_close":
            self._quotes -= 1

    def _bounds(self, token: Token) -> tuple[int, int]:
        """Return the first line of a token, and the line after its last."""
        assert token.map is not None
        return token.map[0], min(token.map[1], len(self._lines))

    def _level(self) -> int:
        """Return the level of this place: that of its item, one deeper where the item continues, or 0."""
        return self._items[-1] + (not self._opens_item) if self._items else 0

    def _heading(self, token: Token, first: int, last: int, _: int) -> Iterator[Block]:
        text = self._text
        # The last line of a setext heading is its underline.
        end = last - 1 if token.markup in ("=", "-") else last
        span = Span(*self._trim(self._lines[first][0], self._lines[end - 1][1]))
        title = span.of(text).rstrip("#")
        if token.markup.startswith("#") and (not title or title[-1].isspace()):
            span = Span(span.start, span.start + len(title.rstrip()))
        if anchor := _ANCHOR.match(text, span.start, span.end):
            span = Span(anchor.end(), span.end)
        if anchor := _ANCHORS_BEHIND.match(text, span.start, span.end):
            span = Span(span.start, anchor.start())
        if len(span):
            yield Block(BlockKind.HEADING, span, level=int(token.tag[1:]))

    def _paragraph(self, token: Token, first: int, last: int, number: int) -> Iterator[Block]:
        start, end = self._trim(self._lines[first][0], self._lines[last - 1][1])
        if self._items and (box := _CHECK_BOX.match(self._text, start, end)):
            start = box.end()
        if start >= end:
            return
        level = self._level()
        next_types = [following.type for following in self._tokens[number + 1 : number + 2]]
        if last - first == 1 and next_types == ["dd_open"]:  # a term
            yield Block(BlockKind.ITEM, Span(start, end), level=max(1, level))
            return
        for part in self._paragraphs.parts(start, end, outermost=not self._items and not self._quotes):
            kind, level_of_part = part.kind, part.level
            if kind is BlockKind.ITEM:
                level_of_part = max(1, level) - 1 + part.deeper
            elif kind is BlockKind.PROSE and level:
                kind, level_of_part = BlockKind.ITEM, level + (part.deeper if self._opens_item else 0)
            is_text = kind in (BlockKind.PROSE, BlockKind.ITEM)
            if is_text and self._is_boilerplate(part.start, part.end):
                kind = BlockKind.BOILERPLATE
            yield Block(kind, Span(part.start, part.end), level=level_of_part, hard_wrapped=is_text)

    def _is_boilerplate(self, start: int, end: int) -> bool:
        return end - start <= LONGEST_BOILERPLATE and is_boilerplate(self._text[start:end])

    def _row(self, token: Token, first: int, last: int, _: int) -> Iterator[Block]:
        start, end = self._trim(*self._lines[first])
        if _WORD.search(self._text, start, end):
            kind = BlockKind.HEADER_ROW if first in self._heads else BlockKind.ROW
            yield Block(kind, Span(start, end), level=self._level())

    def _code(self, token: Token, first: int, last: int, _: int) -> Iterator[Block]:
        start, end = self._code_lines(token, first, last)
        if start >= end:
            return
        at, until = self._lines[start][0], self._lines[end - 1][1]
        markers = _MARKERS if start == first and self._opens_item else _QUOTE_MARKS if self._quotes else None
        if markers and (marks := markers.match(self._text, at, until)):
            at = marks.end()
        at, until = trimmed(self._text, at, until)
        if at < until:
            kind = BlockKind.BOILERPLATE if _DIAGRAM.match(token.info) else BlockKind.CODE
            yield Block(kind, Span(at, until), level=self._level())

    def _code_lines(self, token: Token, first: int, last: int) -> tuple[int, int]:
        """Return the first line of the code inside its fences, and the line after the last."""
        if token.type == "code_block":
            return first, last
        if "lines" in token.meta:  # a fence made of a shortcode
            start, end = token.meta["lines"]
            return start, min(end, last)
        # A fence that is never closed runs to the end of the text and has no closing line.
        is_closed = last - first > 1 and self._text.find(token.markup, *self._lines[last - 1]) >= 0
        return first + 1, last - is_closed

    def _raw_html(self, token: Token, first: int, last: int, _: int) -> Iterator[Block]:
        start = self._lines[first][0]
        if markers := _MARKERS.match(self._text, start, self._lines[last - 1][1]):
            start = markers.end()
        for block in self._html.blocks(start, self._lines[last - 1][1], self._level()):
            is_text = block.kind in (BlockKind.PROSE, BlockKind.ITEM)
            is_furniture = is_text and self._is_boilerplate(block.span.start, block.span.end)
            yield _as(BlockKind.BOILERPLATE, block) if is_furniture else block

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch of text without its leading markers and outer white space."""
        markers = _MARKERS.match(self._text, start, end)
        return trimmed(self._text, markers.end() if markers else start, end)


_READ = {
    "heading_open": _Reading._heading,
    "paragraph_open": _Reading._paragraph,
    "tr_open": _Reading._row,
    "fence": _Reading._code,
    "code_block": _Reading._code,
    "html_block": _Reading._raw_html,
}
