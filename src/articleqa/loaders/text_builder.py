"""Build the text of an extracted article, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import dedent

import regex
from pydantic import JsonValue

from articleqa.loaders.form_blanks import is_blank_field, is_blank_row
from articleqa.loaders.titles import shortened
from articleqa.models import Article, Block, BlockKind, Span
from articleqa.text.boilerplate import is_boilerplate
from articleqa.text.plain.blocks import plain_blocks

CELLS = " | "
"""The separator between the cells of a row."""

SHORT_CELL = 60
"""Maximum characters of a cell in a header row that is not marked as one."""

LONG_CELL = 300
"""A cell with several paragraphs and more characters than this is running text, not a table entry."""


_SURROGATE = regex.compile(r"[\ud800-\udfff]")
_CONTROL = regex.compile(r"[\x00-\x1f\x7f-\x9f]")


class TextBuilder:
    """Builds a text from blocks in reading order, each without markup, and records where each block is.

    White space within a block becomes single spaces, except where lines are to stay. Control characters and
    lone surrogates are left out. A block with nothing left is not added. Boilerplate and empty fields of
    forms become blocks that are left out of answers.
    """

    def __init__(self) -> None:
        """Start with an empty text."""
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._pages: list[int] = []
        self._new_page = False
        self._first_row: BlockKind | None = None
        self._times: list[tuple[int, float]] = []
        self._time: float | None = None

    @property
    def length(self) -> int:
        """The number of characters written so far."""
        return self._length

    def heading(self, text: str, level: int) -> None:
        """Add a heading; `level` 1 is the outermost."""
        self._add(text, BlockKind.HEADING, "\n\n", level=level)

    def paragraph(self, text: str, *, keeps_lines: bool = False) -> None:
        """Add a paragraph, or a text that stands alone like one: a quotation, a caption, a footnote.

        With `keeps_lines`, its line ends stay, and each ends a sentence.
        """
        self._add(text, BlockKind.PROSE, "\n\n", keeps_lines=keeps_lines)

    def code(self, text: str, level: int = 0) -> None:
        """Add a block of code with its lines; `level` is its depth if it belongs to an item of a list."""
        if lines := dedent(_clean_lines(text)):
            indent = len(lines) - len(lines.lstrip())
            self._begin("\n\n")
            self._append(lines, [Block(BlockKind.CODE, Span(indent, len(lines)), level=level)])

    def preformatted(self, text: str) -> None:
        """Add a text whose lines somebody set by hand; its blocks are found as in plain text."""
        if lines := _clean_lines(text):
            self._begin("\n\n")
            self._append(lines, plain_blocks(lines, is_preformatted=True))

    def boilerplate(self, text: str) -> None:
        """Add a paragraph that is never an answer, such as an entry of a table of contents."""
        self._add(text, BlockKind.BOILERPLATE, "\n\n")

    def item(self, text: str, level: int = 1, *, marker: str = "", keeps_lines: bool = False) -> None:
        """Add a list item, on the line below the block added last; `level` 1 is the outermost.

        Its bullet or number, `marker`, is put before it and belongs to no block. With `keeps_lines`, its line
        ends stay, and each ends a sentence.
        """
        self._add(text, BlockKind.ITEM, "\n", level=level, marker=marker, keeps_lines=keeps_lines)

    def header_row(self, cells: Sequence[str]) -> None:
        """Add the header row of a table."""
        text = _row(cells)
        self._add(text, BlockKind.HEADER_ROW, "\n\n")
        if text:
            self._first_row = BlockKind.HEADER_ROW

    def row(self, cells: Sequence[str], *, is_merged: bool = False) -> None:
        """Add a table row, below its header row or the row before it.

        `is_merged` says that an empty cell shows the text of the cell above it.
        """
        first = self._first_row
        is_field = not (is_merged or first is BlockKind.HEADER_ROW) and is_blank_row(cells)
        text = _row(cells)
        self._add(text, BlockKind.BOILERPLATE if is_field else BlockKind.ROW, "\n" if first else "\n\n")
        if text:
            self._first_row = first or BlockKind.ROW

    def page(self) -> None:
        """Begin a new page; text added before the first page is on page 1 too."""
        if not self._pages:
            self._pages.append(0)
            return
        self._flush_page()
        self._new_page = True

    def time(self, seconds: float) -> None:
        """Say when in a recording the text that is added next was said."""
        self._time = seconds

    def _flush_page(self) -> None:
        if self._new_page:  # a page without text
            self._pages.append(self._length)
            self._new_page = False

    def _flush_time(self) -> None:
        if self._time is not None:
            self._times.append((self._length, self._time))
            self._time = None

    def continue_paragraph(self, text: str, between: str = " ") -> None:
        """Continue the block added last, on a new page if one has begun.

        `between` is put between the existing text and `text`: a space, or nothing within a word.
        """
        text = clean(text)
        if not text:
            return
        if not self._blocks:
            self.paragraph(text)
            return
        last = self._blocks.pop()
        self._parts.append(between)
        self._length += len(between)
        self._flush_page()
        self._flush_time()
        self._parts.append(text)
        self._length += len(text)
        span = Span(last.span.start, self._length)
        self._blocks.append(Block(last.kind, span, level=last.level, hard_wrapped=last.hard_wrapped))

    def article(
        self,
        article_id: str,
        source: str,
        *,
        title: str,
        media_type: str,
        extractor: str,
        metadata: Mapping[str, JsonValue],
    ) -> Article:
        """Return the article; its title is `title`, else its first heading, else its first line."""
        self._flush_page()
        text = "".join(self._parts)
        first = next((b for b in self._blocks if b.kind is BlockKind.HEADING), None)
        title = clean(title) or clean(first.span.of(text) if first else text.partition("\n")[0])
        return Article(
            id=article_id,
            title=shortened(title),
            text=text,
            source=source,
            media_type=media_type,
            metadata={**metadata, "extractor": extractor},
            blocks=tuple(self._blocks),
            pages=tuple(self._pages),
            times=tuple(self._times),
        )

    def _add(
        self,
        text: str,
        kind: BlockKind,
        above: str,
        *,
        level: int = 0,
        marker: str = "",
        keeps_lines: bool = False,
    ) -> None:
        lines = [line for each in text.split("\n") if (line := clean(each))] if keeps_lines else [clean(text)]
        text = "\n".join(lines)
        if not text:
            return
        if kind in (BlockKind.PROSE, BlockKind.ITEM) and (is_boilerplate(text) or is_blank_field(text)):
            kind = BlockKind.BOILERPLATE
        self._begin(above)
        if marker := clean(marker):
            self._parts.append(f"{marker} ")
            self._length += len(marker) + 1
        span = Span(0, len(text))
        self._append(text, [Block(kind, span, level=level, hard_wrapped=len(lines) == 1)])

    def _begin(self, above: str) -> None:
        """Begin a block, with `above` between it and what is there already."""
        self._first_row = None
        if self._length:
            self._parts.append(above)
            self._length += len(above)
        self._flush_page()
        self._flush_time()

    def _append(self, text: str, blocks: Iterable[Block]) -> None:
        """Append `text` and its blocks, whose spans count from its start."""
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        for block in blocks:
            span = Span(start + block.span.start, start + block.span.end)
            self._blocks.append(Block(block.kind, span, block.level, block.hard_wrapped))


def _row(cells: Sequence[str]) -> str:
    cleaned = list(map(clean, cells))
    return CELLS.join(cleaned) if any(cleaned) else ""


def clean(text: str) -> str:
    """Return `text` with single spaces for white space, without control characters or lone surrogates."""
    if text.isprintable():  # nothing to leave out, in a tenth of the time of a search
        return " ".join(text.split())
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    text = " ".join(text.split())
    return " ".join(_CONTROL.sub("", text).split()) if _CONTROL.search(text) else text


def _clean_lines(text: str) -> str:
    """Return `text` with its lines and their indentation, without blank lines at either end."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    lines = (_CONTROL.sub("", line.expandtabs()).rstrip() for line in text.split("\n"))
    return "\n".join(lines).strip("\n")
