"""The blocks of a Word document.

They are read from the XML elements, because python-docx's paragraphs leave out tracked insertions, content
controls, text boxes and footnotes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

from articleqa.loaders.formulas import after, line_of_omml
from articleqa.loaders.office.blocks import (
    LINE_END,
    TAB,
    Block,
    Cell,
    Paragraph,
    Piece,
    Row,
    Table,
    TextLook,
    single_spaced,
)
from articleqa.loaders.office.docx_styles import Element, Styles, W, child_of, is_on
from articleqa.loaders.office.drawings import GRAPHIC, Drawings
from articleqa.loaders.office.symbols import symbol, with_symbols
from articleqa.loaders.protocol import UnreadableDataError

if TYPE_CHECKING:
    from docx.document import Document

_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN = W + "p", W + "tbl", W + "tr", W + "tc", W + "r"
_TEXT, _SYMBOL = W + "t", W + "sym"
_BOX, _CONTROL = W + "txbxContent", W + "sdt"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FORMULAS = {_MATH + "oMath", _MATH + "oMathPara"}
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ALTERNATIVES, _CHOICE, _FALLBACK = _MC + "AlternateContent", _MC + "Choice", _MC + "Fallback"
_CHARACTERS = {
    W + "tab": TAB,
    W + "ptab": TAB,
    W + "br": LINE_END,
    W + "cr": LINE_END,
    W + "noBreakHyphen": "-",
}
_NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
_LEFT_OUT = {
    W + "del",
    W + "moveFrom",
    W + "rt",  # how a word is pronounced, printed above it
    W + "pPr",
    W + "rPr",
    W + "sdtPr",
    W + "sdtEndPr",
}
_PAGE_OF_HEADING = regex.compile(r"\s*PAGEREF _Toc")

NoteKey = tuple[str, str]
"""The kind of a note and its id."""


class DocxReader:
    """Reads the blocks of a Word document."""

    def __init__(self, document: Document) -> None:
        """Take the document, and read its styles and notes."""
        _refuse_document_type(document.element)
        self._body = document.element.body
        self._styles = Styles(document.styles.element)
        self._notes = _notes(document)
        self._part = document.part
        self._drawings = Drawings()

    def body(self) -> Iterator[Block]:
        """Yield the blocks of the document."""
        return self._blocks(self._body)

    def note(self, key: object) -> Iterator[Block]:
        """Yield the blocks of the note with that key; none if there is no such note."""
        return self._blocks(self._notes.get(key, ()))

    def _blocks(self, parent: Element) -> Iterator[Block]:
        for element in parent:
            if element.tag == _PARAGRAPH:
                yield from self._paragraphs(element)
            elif element.tag == _TABLE:
                yield self._table(element)
            elif element.tag in _FORMULAS:
                yield Paragraph([Piece(line_of_omml(element))])
            elif element.tag not in _LEFT_OUT:  # a content control, or text that was moved here
                yield from self._blocks(_shown(element))

    def _paragraphs(self, element: Element) -> Iterator[Paragraph]:
        """Yield the paragraph of an element, unless it is an entry of a table of contents."""
        look = self._styles.of_paragraph(element)
        if look.is_contents:
            return
        paragraph = Paragraph(
            [],
            level=look.level,
            item_level=look.item_level,
            is_title=look.is_title,
            is_continued=_is_continued(element),
        )
        self._take_text(element, look.run, paragraph)
        if not (_has_page_of_heading(element) and any(piece.text == TAB for piece in paragraph.pieces)):
            yield paragraph

    def _take_text(self, element: Element, look: TextLook, paragraph: Paragraph) -> None:
        """Add the text in `element`, its boxes, and the notes that it refers to, to `paragraph`."""
        add = paragraph.pieces.append
        waiting = [(element, look)]
        while waiting:
            part, run = waiting.pop()
            tag = part.tag
            if tag == _TEXT:
                add(run.of_piece(single_spaced(_text_of(part))))
            elif tag in _CHARACTERS:
                add(run.of_piece(_CHARACTERS[tag]))
            elif tag == _SYMBOL:
                add(run.of_piece(symbol(part.get(W + "font", ""), part.get(W + "char", ""))))
            elif tag in _FORMULAS:
                before = paragraph.pieces[-1].text if paragraph.pieces else ""
                add(look._replace(shift=None).of_piece(after(before, line_of_omml(part))))
            elif tag in _NOTES:
                paragraph.notes.append((_NOTES[tag], part.get(W + "id", "")))
            elif tag == GRAPHIC and (drawn := self._drawings.blocks(part, self._part)):
                paragraph.boxes.append(drawn)
            elif tag == _BOX:
                paragraph.boxes.append(list(self._blocks(part)))
            elif tag == _RUN:
                run = self._styles.of_run(part, look)
                if not run.is_hidden:
                    waiting.extend((child, run) for child in reversed(part))
            elif tag not in _LEFT_OUT:
                waiting.extend((child, run) for child in reversed(_shown(part)))

    def _table(self, table: Element) -> Table:
        rows = [
            Row(list(self._cells(row)), is_header=is_on(row.find(f"{W}trPr/{W}tblHeader")))
            for row in _children(table, _ROW)
            if row.find(f"{W}trPr/{W}del") is None
        ]
        return Table(rows, has_styled_header=self._has_styled_header(table))

    def _cells(self, row: Element) -> Iterator[Cell]:
        for cell in _children(row, _CELL):
            if not _goes_on(cell, "hMerge") and cell.find(f"{W}tcPr/{W}cellDel") is None:
                is_covered = _goes_on(cell, "vMerge")
                yield Cell([] if is_covered else list(self._blocks(cell)), is_covered, _columns(cell))

    def _has_styled_header(self, table: Element) -> bool:
        properties = table.find(W + "tblPr")
        if properties is None:
            return False
        style, look = properties.find(W + "tblStyle"), properties.find(W + "tblLook")
        styled = style is not None and self._styles.look(style.get(W + "val", "")).marks_first_row
        return styled and look is not None and _is_first_row_styled(look)


def _text_of(element: Element) -> str:
    """Return the text of a `w:t`; in a symbol font, the private characters that Word writes are symbols."""
    text: str = element.text or ""
    if text.isascii():
        return text
    fonts = element.getparent().find(f"{W}rPr/{W}rFonts")
    return text if fonts is None else with_symbols(text, fonts.get(W + "hAnsi") or fonts.get(W + "ascii", ""))


def _notes(document: Document) -> dict[object, Element]:
    """Return the footnotes and endnotes by key; python-docx does not read them."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.parser import parse_xml

    kinds = {RELATIONSHIP_TYPE.FOOTNOTES: "footnote", RELATIONSHIP_TYPE.ENDNOTES: "endnote"}
    notes: dict[object, Element] = {}
    for link in document.part.rels.values():
        if link.reltype in kinds and not link.is_external:
            kind = kinds[link.reltype]
            root: Element = parse_xml(link.target_part.blob)
            _refuse_document_type(root)
            notes |= {(kind, note.get(W + "id", "")): note for note in root.iterfind(W + kind)}
    return notes


def _refuse_document_type(root: Element) -> None:
    # It could only declare entities, which serve to blow up a small file.
    if root.getroottree().docinfo.doctype:
        raise UnreadableDataError(
            "declares a document type, which a DOCX file must not do;"
            " open it in its program and save it again"
        )


def _shown(element: Element) -> list[Element]:
    """Return the children of an element that Word shows."""
    tag = element.tag
    if tag == _ALTERNATIVES:  # the same content in several ways
        ways = [*element.iterfind(_CHOICE), *element.iterfind(_FALLBACK)]
        return ways[:1]
    if tag == _CONTROL and is_on(element.find(f"{W}sdtPr/{W}showingPlcHdr")):
        return []  # an empty field, with a text such as "Click here to enter a date"
    if tag == _CONTROL and _is_table_of_contents(element):
        return []
    return list(element)


def _is_table_of_contents(control: Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"


def _children(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the children with that tag, including those in content controls and tracked changes."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _LEFT_OUT and child.tag not in (_PARAGRAPH, _TABLE):
            yield from _children(child, tag)


def _is_continued(paragraph: Element) -> bool:
    """Return whether the next paragraph continues this one: its end is deleted, or it is a drop cap."""
    properties = child_of(paragraph, "pPr")
    if properties is None:
        return False
    mark = child_of(properties, "rPr")
    if mark is not None and any(child_of(mark, change) is not None for change in ("del", "moveFrom")):
        return True
    frame = child_of(properties, "framePr")
    return frame is not None and frame.get(W + "dropCap", "none") != "none"


def _has_page_of_heading(paragraph: Element) -> bool:
    """Return whether a paragraph shows the page of a heading, as an entry of a table of contents does."""
    return any(_PAGE_OF_HEADING.match(code.text or "") for code in paragraph.iter(W + "instrText"))


def _goes_on(cell: Element, direction: str) -> bool:
    """Return whether a cell is merged with the one above it ("vMerge") or before it ("hMerge")."""
    merged = cell.find(f"{W}tcPr/{W}{direction}")
    return merged is not None and merged.get(W + "val", "continue") == "continue"


def _columns(cell: Element) -> int:
    """Return how many columns of the table's grid a cell is wide."""
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    stated = "" if span is None else span.get(W + "val", "")
    return max(1, int(stated)) if stated.isdecimal() and len(stated) < 5 else 1


def _is_first_row_styled(look: Element) -> bool:
    value = look.get(W + "val", "0")
    bits = int(value, 16) if all(c in "0123456789abcdefABCDEF" for c in value) else 0
    return look.get(W + "firstRow") in ("1", "true", "on") or bool(bits & 0x20)
