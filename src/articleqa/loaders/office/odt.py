"""The ODT loader: OpenDocument texts, read with lxml.

odfpy is not used: its last release is from 2020, it prints what it does not understand, and it takes sixty
times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import NamedTuple

import regex
from pydantic import JsonValue

from articleqa.loaders.office.odt_package import (
    DC,
    DRAW,
    META,
    OFFICE,
    SVG,
    TABLE,
    TEXT,
    Element,
    Styles,
    odt_parts,
    outline_level,
)
from articleqa.loaders.protocol import UnreadableDataError, optional_import
from articleqa.loaders.superscripts import Shift, joined
from articleqa.loaders.text_builder import LONG_CELL, SHORT_CELL, TextBuilder
from articleqa.models import Article

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"

_HEADING, _PARAGRAPH, _LIST = TEXT + "h", TEXT + "p", TEXT + "list"
_ROW, _CELL, _COVERED = TABLE + "table-row", TABLE + "table-cell", TABLE + "covered-table-cell"
_SPACES = {TEXT + "s", TEXT + "tab", TEXT + "line-break"}
_NOTE, _SPAN = TEXT + "note", TEXT + "span"
_LEFT_OUT = {
    TEXT + "tracked-changes",
    TEXT + "table-of-content",
    TEXT + "alphabetical-index",
    TEXT + "illustration-index",
    TEXT + "table-index",
    TEXT + "object-index",
    TEXT + "user-index",
    TEXT + "note-citation",
    TEXT + "note-ref",
    TEXT + "hidden-text",
    TEXT + "ruby-text",
    TEXT + "sequence-decls",
    OFFICE + "annotation",
    OFFICE + "forms",
    SVG + "title",
    SVG + "desc",
    _COVERED,
}
_DATE = regex.compile(r"(\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)?)?)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)?")


def load_odt(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in an OpenDocument text, with all tracked changes accepted.

    Footnotes and endnotes are put at the end. References to them, headers, footers, comments and indexes
    are left out.

    Raises:
        MissingLibraryError: lxml is not installed.
        UnreadableDataError: `data` is not an ODT file, is damaged, locked by a password, or too large.
    """
    optional_import("lxml", extra="odt")
    content, styles, meta = odt_parts(data)
    body = None if content is None else content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise UnreadableDataError("not an ODT file")
    reader = _Reader(Styles([styles, content]))
    try:
        reader.read(body)
    except RecursionError:
        raise UnreadableDataError("nested too deeply") from None
    title, metadata = _properties(meta)
    return reader.builder.article(
        article_id,
        source,
        # The title in the properties comes second: a template often leaves that of another document there.
        title=reader.title or title,
        media_type=MEDIA_TYPE,
        extractor=f"lxml/{version('lxml')}",
        metadata=metadata,
    )


def _properties(meta: Element | None) -> tuple[str, dict[str, JsonValue]]:
    """Return the title in the document's properties, and the other properties as metadata."""
    if meta is None:
        return "", {}

    def first(*names: str) -> str:
        values = (meta.findtext(f"{OFFICE}meta/{name}", "").strip() for name in names)
        return next(filter(None, values), "")

    date = _DATE.fullmatch(first(META + "creation-date", DC + "date"))
    found = {
        "author": first(META + "initial-creator", DC + "creator"),
        "date": date[1] + (date[2] or "") if date else "",
        "language": first(DC + "language"),
        "description": first(DC + "description"),
    }
    return first(DC + "title"), {name: value for name, value in found.items() if value}


class _Flow(NamedTuple):
    """The text of a paragraph, and the frames and shapes that are anchored in it."""

    text: str
    shapes: list[Element]


class _Reader:
    """Reads the blocks of a document into a text builder."""

    def __init__(self, styles: Styles) -> None:
        """Take the styles; `read` reads the document."""
        self.builder = TextBuilder()
        self.title = ""
        self._styles = styles
        self._notes: dict[Element, None] = {}

    def read(self, body: Element) -> None:
        """Read the body, then the notes in the order in which the text refers to them."""
        self._read_blocks(body)
        for note in [*self._notes]:
            self._read_blocks(note)

    def _read_blocks(self, parent: Element, *, lists: int = 0) -> None:
        for element in parent:
            if element.tag in _LEFT_OUT or element.get(TEXT + "display") == "none":
                continue
            if element.tag in (_HEADING, _PARAGRAPH):
                self._read_paragraph(element, lists)
            elif element.tag == TABLE + "table":
                self._read_table(element)
            else:  # a list and its items, a section, a frame
                self._read_blocks(element, lists=lists + (element.tag == _LIST))

    def _read_paragraph(self, paragraph: Element, lists: int) -> None:
        flow = self._flow(paragraph)
        is_title = self._styles.is_title(paragraph)
        if is_title and not self.title:
            self.title = flow.text
        if level := 1 if is_title else self._level(paragraph):
            self.builder.heading(flow.text, level)
        elif lists:
            self.builder.item(flow.text, lists)
        else:
            self.builder.paragraph(flow.text)
        for shape in flow.shapes:
            self._read_blocks(shape)

    def _level(self, paragraph: Element) -> int:
        if paragraph.tag == _HEADING:
            return outline_level(paragraph.get(TEXT + "outline-level")) or 1
        return self._styles.heading_level(paragraph)

    def _flow(self, paragraph: Element) -> _Flow:
        """Return the text and the shapes in `paragraph`, and record the notes that it refers to."""
        text: list[tuple[str, Shift]] = []
        shapes: list[Element] = []
        waiting = [(paragraph, Shift.NONE)]
        while waiting:
            part, shift = waiting.pop()
            if isinstance(part, str):
                text.append((part, shift))
            elif part.tag in _SPACES:
                text.append((" ", shift))
            elif part.tag == _NOTE:
                self._notes[part] = None
            elif part.tag.startswith(DRAW):
                shapes.append(part)
            elif part.tag not in _LEFT_OUT:
                within = (self._styles.shift(part) if part.tag == _SPAN else None) or shift
                for child in reversed(part):
                    waiting += [(child.tail or "", within), (child, within)]
                waiting.append((part.text or "", within))
        return _Flow(joined(text), shapes)

    def _read_table(self, table: Element) -> None:
        rows = list(_rows(table))
        in_head = True
        for number, (row, is_marked) in enumerate(rows):
            cells = _cells(row)
            in_head = in_head and (is_marked or (number == 0 < len(rows) - 1 and self._looks_head(cells)))
            is_frame = len(rows) == 1 and len(cells) == 1
            if is_frame or next(row.iter(TABLE + "table"), None) is not None:
                self._read_blocks(row)
                continue
            flows = [self._flows(cell) for cell in cells]
            texts = [" ".join(flow.text for flow in cell) for cell in flows]
            if any(len(cell) > 1 and len(text) > LONG_CELL for cell, text in zip(flows, texts, strict=True)):
                self._read_blocks(row)
                continue
            add = self.builder.header_row if in_head else self.builder.row
            add(texts)
            for shape in (shape for cell in flows for flow in cell for shape in flow.shapes):
                self._read_blocks(shape)

    def _flows(self, cell: Element) -> list[_Flow]:
        """Return the non-empty paragraphs of a cell; none if another cell is merged over it."""
        if cell.tag == _COVERED:
            return []
        flows = [self._flow(paragraph) for paragraph in _paragraphs(cell)]
        return [flow for flow in flows if flow.text.strip() or flow.shapes]

    def _looks_head(self, cells: list[Element]) -> bool:
        """Return whether a first row looks like a header: short cells in bold."""
        texts = [" ".join(flow.text for flow in self._flows(cell)) for cell in cells]
        return max(map(len, texts), default=0) <= SHORT_CELL and all(
            self._styles.is_bold(paragraph) or self._is_bold_by_spans(paragraph)
            for cell in cells
            for paragraph in _paragraphs(cell)
        )

    def _is_bold_by_spans(self, paragraph: Element) -> bool:
        plain = [paragraph.text, *(child.tail for child in paragraph)]
        spans = (child for child in paragraph if "".join(child.itertext()).strip())
        return not any((text or "").strip() for text in plain) and all(map(self._styles.is_bold, spans))


def _rows(table: Element, *, in_head: bool = False) -> Iterator[tuple[Element, bool]]:
    """Yield each row of a table, and whether it is marked as a header; a repeated row is yielded once."""
    for child in table:
        if child.tag == _ROW:
            yield child, in_head
        elif child.tag not in (_CELL, _COVERED):
            yield from _rows(child, in_head=in_head or child.tag == TABLE + "table-header-rows")


def _cells(row: Element) -> list[Element]:
    """Return the cells of a row, without those covered by a wider cell before them."""
    cells: list[Element] = []
    wide = 0
    for cell in row:
        if cell.tag == _CELL:
            spanned = cell.get(TABLE + "number-columns-spanned", "")
            wide = int(spanned) - 1 if spanned.isdecimal() and len(spanned) < 9 else 0
            cells.append(cell)
        elif cell.tag == _COVERED and wide > 0:
            wide -= 1
        elif cell.tag == _COVERED:
            cells.append(cell)
    return cells


def _paragraphs(cell: Element) -> Iterator[Element]:
    """Yield the paragraphs of a cell, including those in lists and sections."""
    for child in cell:
        if child.tag in (_HEADING, _PARAGRAPH):
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _paragraphs(child)
