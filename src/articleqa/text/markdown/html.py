"""Split raw HTML in Markdown into blocks: the text it shows, without the tags around it."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from articleqa.models import Block, BlockKind, Span
from articleqa.text.markdown.paragraphs import is_contents, trimmed

_PIECE = regex.compile(
    r"""
      <!--.*?(?:-->|\Z)
    | <(?P<hidden>script|style|head|template|iframe|svg|video|audio|object|canvas)\b
      .*?(?:</(?P=hidden)\s*>|\Z)
    | <(?P<pre>pre)\b(?P<of>[^<>]*+)>(?P<code>.*?)(?:</pre\s*>|\Z)
    | \{\{[<%](?![^{}]*\btext\s*=)[^{}]*+\}\} | \{%[^{}]*+\}
    | <(?P<closes>/?)(?P<tag>address|article|aside|blockquote|body|br|caption|center|col|colgroup|dd|details
      |dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|legend|li|link|main|menu|meta|nav
      |ol|option|p|section|select|source|summary|table|tabs?|tabitem|tbody|td|tfoot|th|thead|title|tr|track|ul)
      \b[^<>]*+>
    """,
    regex.VERBOSE | regex.DOTALL | regex.IGNORECASE,
)
_TAG_FIRST = regex.compile(r"</?[A-Za-z][\w-]*+[\s/>]")
_TAGS = regex.compile(r"(?:\s*+</?[A-Za-z!?][^<>]*+>)*+\s*+")
# Matches backwards from the end: forwards, every tag would be tried as the start of the trailing ones.
_TAGS_BEHIND = regex.compile(r"(?r)\s*+(?:<(?=/?[A-Za-z])[^<>]*+>\s*+)++")
_TAG_STARTS = regex.compile(r"<(/?)[A-Za-z]")
_BOLD_FIRST = regex.compile(r"\s*+<(?:b|strong)\b", regex.IGNORECASE)
_DIAGRAM = regex.compile(r"\b(?:mermaid|plantuml|graphviz)\b")
_WORD = regex.compile(r"\w")
_LISTS = frozenset({"ul", "ol", "dl", "menu", "dir"})


def opens_with_tag(text: str, start: int) -> bool:
    """Return whether a tag begins at `start`."""
    return _TAG_FIRST.match(text, start) is not None


class RawHtml:
    """Reads the stretches of raw HTML of one text in order; a list or table may continue over several."""

    def __init__(self, text: str) -> None:
        """Start outside all tags."""
        self._text = text
        self._depth = 0
        self._kind = BlockKind.PROSE
        self._level = 0
        self._opens_item = False
        self._in_row = False
        self._cells: list[tuple[Span, bool]] = []  # each with whether it is a header cell
        self._in_head = self._in_header_cell = False
        self._opens_table = False
        self._found: list[Block] = []

    def blocks(self, start: int, end: int, level: int = 0) -> Iterator[Block]:
        """Yield the blocks of `text[start:end]`.

        `level` is the level of the enclosing list item, 0 if there is none. A paragraph is one hard-wrapped
        block, a table row is a row, and a list item is an item.
        """
        at = start
        for piece in _PIECE.finditer(self._text, start, end):
            self._text_between(at, piece.start(), level)
            at = piece.end()
            if piece["pre"]:
                self._code(piece, level)
            elif piece["tag"]:
                self._tag(piece["tag"].lower(), opens=not piece["closes"])
        self._text_between(at, end, level)
        self._end_row()
        yield from self._found
        self._found = []

    def _tag(self, tag: str, *, opens: bool) -> None:
        if tag in ("td", "th"):
            self._in_header_cell = opens and (tag == "th" or self._in_head)
            self._in_row = True
            return
        if tag in ("tr", "table", "thead", "tbody", "tfoot", "caption"):
            self._end_row()
            self._in_row = tag == "tr" and opens
            self._in_head = opens if tag == "thead" else self._in_head and tag == "tr"
            self._opens_table = self._opens_table or (tag == "table" and opens)
        elif tag in _LISTS:
            self._depth = max(0, self._depth + (1 if opens else -1))
        if self._in_row:
            return
        if opens and tag in ("li", "dt", "dd"):
            self._kind, self._level = BlockKind.ITEM, max(1, self._depth) + (tag == "dd")
            self._opens_item = True
        elif opens and tag[0] == "h" and tag[1:].isdecimal():
            self._kind, self._level = BlockKind.HEADING, int(tag[1:])
        elif self._depth and self._opens_item:
            self._kind, self._level = BlockKind.ITEM, self._depth
        elif self._depth:  # an item continues
            self._kind, self._level = BlockKind.ITEM, self._depth + 1
        else:
            self._kind, self._level = BlockKind.PROSE, 0

    def _text_between(self, start: int, end: int, level: int) -> None:
        span = self._shown(start, end)
        if span is None:
            return
        if self._in_row:
            is_bold = _BOLD_FIRST.match(self._text, start, end) is not None
            self._cells.append((span, self._in_header_cell or (self._opens_table and is_bold)))
        elif self._kind is BlockKind.HEADING:
            self._found.append(Block(BlockKind.HEADING, span, self._level))
        elif self._kind is BlockKind.ITEM or level:
            self._opens_item = False
            inner = self._level if self._kind is BlockKind.ITEM else 0
            self._found.append(Block(BlockKind.ITEM, span, level + inner, hard_wrapped=True))
        else:
            self._found.append(Block(BlockKind.PROSE, span, hard_wrapped=True))

    def _shown(self, start: int, end: int) -> Span | None:
        """Return a stretch without the tags around it, or None if it has no text.

        Tags around it are kept if they pair with tags inside it.
        """
        opening = _TAGS.match(self._text, start, end)
        left = opening.end() if opening else start
        closing = _TAGS_BEHIND.match(self._text, left, end)
        right = closing.start() if closing else end
        stretch = self._text[left:right]
        if not _WORD.search(stretch):
            return None
        depth = lowest = 0
        for tag in _TAG_STARTS.finditer(stretch):
            depth += -1 if tag[1] else 1
            lowest = min(lowest, depth)
        keeps_link = is_contents(self._text[start:end].strip())  # its target shows what it is
        left = start if lowest < 0 or keeps_link else left
        right = end if depth > lowest or keeps_link else right
        return Span(*trimmed(self._text, left, right))

    def _end_row(self) -> None:
        """Make a row of the cells collected so far."""
        if self._cells:
            span = Span(self._cells[0][0].start, self._cells[-1][0].end)
            self._opens_table = False
            is_header = all(header for _, header in self._cells)
            kind = BlockKind.HEADER_ROW if is_header else BlockKind.ROW
            if len(self._cells) == 1 and not is_header:  # a table used for layout, or a part of a row
                kind = BlockKind.PROSE
            self._found.append(Block(kind, span, hard_wrapped=kind is BlockKind.PROSE))
        self._cells = []

    def _code(self, piece: regex.Match[str], level: int) -> None:
        span = self._shown(*piece.span("code"))
        if span is None:
            return
        if self._in_row:
            self._cells.append((span, False))
            return
        kind = BlockKind.BOILERPLATE if _DIAGRAM.search(piece["of"]) else BlockKind.CODE
        self._found.append(Block(kind, span, level + self._depth))
