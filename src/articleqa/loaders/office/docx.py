"""The DOCX loader: Word documents, read with python-docx.

python-docx opens the package and finds its parts. The text is read from the XML elements, because
python-docx's paragraphs leave out tracked insertions, content controls, text boxes and footnotes.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from pydantic import JsonValue

from articleqa.loaders.office.docx_package import docx_package
from articleqa.loaders.office.docx_styles import Element, Styles, W, is_on
from articleqa.loaders.protocol import UnreadableDataError, optional_import
from articleqa.loaders.superscripts import Shift, joined
from articleqa.loaders.text_builder import LONG_CELL, SHORT_CELL, TextBuilder
from articleqa.models import Article

if TYPE_CHECKING:
    from docx.document import Document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN = W + "p", W + "tbl", W + "tr", W + "tc", W + "r"
_BOX = W + "txbxContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXT = {W + "t", _MATH + "t"}
_SHIFTS = {_MATH + "sup": Shift.RAISED, _MATH + "sub": Shift.LOWERED}
_SPACES = {W + "tab", W + "ptab", W + "br", W + "cr"}
_HYPHEN = W + "noBreakHyphen"
_NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
_LEFT_OUT = {
    W + "del",
    W + "moveFrom",
    W + "rt",  # how a word is pronounced, printed above it
    W + "pPr",
    # Shown only where mc:Choice, which has the same text, cannot be shown.
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def load_docx(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in a Word document, with all tracked changes accepted.

    Footnotes and endnotes are put at the end. References to them, headers, footers, comments, hidden text
    and tables of contents are left out.

    Raises:
        MissingLibraryError: python-docx is not installed.
        UnreadableDataError: `data` is not a DOCX file, is damaged, locked by a password, or too large.
    """
    docx = optional_import("docx", extra="docx")
    package = docx_package(data)
    try:
        document = docx.Document(package)
        reader = _Reader(document)
        reader.read()
        title, metadata = _properties(document)
    except UnreadableDataError:
        raise
    except Exception:  # python-docx's, lxml's, KeyError, RecursionError, ...: it depends on the damage
        raise UnreadableDataError("not a DOCX file, or a damaged one") from None
    return reader.builder.article(
        article_id,
        source,
        # The title in the properties comes second: a template often leaves that of another document there.
        title=reader.title or title,
        media_type=MEDIA_TYPE,
        extractor=f"python-docx/{version('python-docx')}",
        metadata=metadata,
    )


def _properties(document: Document) -> tuple[str, dict[str, JsonValue]]:
    """Return the title in the document's properties, and the other properties as metadata."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    if all(link.reltype != RELATIONSHIP_TYPE.CORE_PROPERTIES for link in document.part.package.rels.values()):
        return "", {}  # python-docx would invent some
    properties = document.core_properties
    date = properties.created or properties.modified
    found = {
        "author": properties.author,
        "date": date.isoformat() if date else "",
        "language": properties.language,
        "description": properties.comments,
    }
    return properties.title, {name: value for name, value in found.items() if value}


class _Flow(NamedTuple):
    """The text of a paragraph, and the text boxes that are anchored in it."""

    text: str
    boxes: list[Element]


class _Reader:
    """Reads the blocks of a document into a text builder."""

    def __init__(self, document: Document) -> None:
        """Take the document; `read` reads it."""
        self.builder = TextBuilder()
        self.title = ""
        self._document = document
        self._styles = Styles(document.styles.element)
        self._notes: dict[tuple[str, str], None] = {}

    def read(self) -> None:
        """Read the body, then the notes in the order in which the text refers to them."""
        _refuse_document_type(self._document.element)
        self._read_blocks(self._document.element.body)
        notes = _notes(self._document)
        for key in [*self._notes]:
            if key in notes:
                self._read_blocks(notes[key])

    def _read_blocks(self, parent: Element) -> None:
        for element in parent:
            if element.tag == _PARAGRAPH:
                self._read_paragraph(element)
            elif element.tag == _TABLE:
                self._read_table(element)
            elif element.tag not in _LEFT_OUT:  # a content control, or text that was moved here
                self._read_blocks(element)

    def _read_paragraph(self, paragraph: Element) -> None:
        flow = self._flow(paragraph)
        look = self._styles.of_paragraph(paragraph)
        if look.is_title and not self.title:
            self.title = flow.text
        if look.is_contents:
            return
        if look.level:
            self.builder.heading(flow.text, look.level)
        elif look.item_level:
            self.builder.item(flow.text, look.item_level)
        else:
            self.builder.paragraph(flow.text)
        for box in flow.boxes:
            self._read_blocks(box)

    def _flow(self, element: Element) -> _Flow:
        """Return the text and the boxes in `element`, and record the notes that it refers to."""
        text: list[tuple[str, Shift]] = []
        boxes: list[Element] = []
        waiting = [(element, Shift.NONE)]
        while waiting:
            part, shift = waiting.pop()
            if part.tag in _TEXT:
                text.append((part.text or "", shift))
            elif part.tag in _SPACES:
                text.append((" ", shift))
            elif part.tag == _HYPHEN:
                text.append(("-", shift))
            elif part.tag in _NOTES:
                self._notes[_NOTES[part.tag], part.get(W + "id", "")] = None
            elif part.tag == _BOX:
                boxes.append(part)
            elif part.tag not in _LEFT_OUT and not _is_hidden(part):
                within = self._styles.shift_of_run(part) if part.tag == _RUN else _SHIFTS.get(part.tag, shift)
                waiting.extend((child, within) for child in reversed(part))
        return _Flow(joined(text), boxes)

    def _read_table(self, table: Element) -> None:
        rows = [row for row in _children(table, _ROW) if row.find(f"{W}trPr/{W}del") is None]
        in_head = True
        for number, row in enumerate(rows):
            cells = [cell for cell in _children(row, _CELL) if not _goes_on(cell, "hMerge")]
            in_head = in_head and (_is_marked_head(row) or (number == 0 and self._looks_head(table, rows)))
            is_frame = len(rows) == 1 and len(cells) == 1
            if is_frame or next(row.iter(_TABLE), None) is not None:
                self._read_cells(cells)
                continue
            flows = [self._flows(cell) for cell in cells]
            texts = [" ".join(flow.text for flow in cell) for cell in flows]
            if any(len(cell) > 1 and len(text) > LONG_CELL for cell, text in zip(flows, texts, strict=True)):
                self._read_cells(cells)
                continue
            add = self.builder.header_row if in_head else self.builder.row
            add(texts)
            for box in (box for cell in flows for flow in cell for box in flow.boxes):
                self._read_blocks(box)

    def _read_cells(self, cells: list[Element]) -> None:
        """Read the cells of a row that only lays out texts side by side."""
        for cell in cells:
            if not _goes_on(cell, "vMerge"):
                self._read_blocks(cell)

    def _flows(self, cell: Element) -> list[_Flow]:
        """Return the non-empty paragraphs of a cell; none if the cell is merged with the one above it."""
        if _goes_on(cell, "vMerge"):
            return []
        flows = [self._flow(paragraph) for paragraph in _children(cell, _PARAGRAPH)]
        return [flow for flow in flows if flow.text.strip() or flow.boxes]

    def _looks_head(self, table: Element, rows: list[Element]) -> bool:
        """Return whether the first row looks like a header: short cells, bold or in a header style."""
        cells = list(_children(rows[0], _CELL))
        texts = [" ".join(flow.text for flow in self._flows(cell)).strip() for cell in cells]
        if len(rows) == 1 or max(map(len, texts), default=0) > SHORT_CELL:
            return False
        if all(self._is_bold(cell) for cell, text in zip(cells, texts, strict=True) if text):
            return True
        properties = table.find(W + "tblPr")
        if properties is None:
            return False
        style, look = properties.find(W + "tblStyle"), properties.find(W + "tblLook")
        styled = style is not None and self._styles.look(style.get(W + "val", "")).marks_first_row
        return styled and look is not None and _is_first_row_styled(look)

    def _is_bold(self, cell: Element) -> bool:
        for paragraph in cell.iter(_PARAGRAPH):
            by_style = self._styles.of_paragraph(paragraph).is_bold
            for run in paragraph.iter(_RUN):
                mark = run.find(f"{W}rPr/{W}b")
                is_bold = by_style if mark is None else is_on(mark)
                if not is_bold and any((text.text or "").strip() for text in run.iter(*_TEXT)):
                    return False
        return True


def _notes(document: Document) -> dict[tuple[str, str], Element]:
    """Return the footnotes and endnotes by kind and id; python-docx does not read them."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.parser import parse_xml

    kinds = {RELATIONSHIP_TYPE.FOOTNOTES: "footnote", RELATIONSHIP_TYPE.ENDNOTES: "endnote"}
    notes: dict[tuple[str, str], Element] = {}
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
        raise UnreadableDataError("declares a document type, which a DOCX file must not do")


def _children(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the children with that tag, including those in content controls and tracked changes."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _LEFT_OUT and child.tag not in (_PARAGRAPH, _TABLE):
            yield from _children(child, tag)


def _is_hidden(part: Element) -> bool:
    return part.tag == _RUN and is_on(part.find(f"{W}rPr/{W}vanish"))


def _goes_on(cell: Element, direction: str) -> bool:
    """Return whether a cell is merged with the one above it ("vMerge") or before it ("hMerge")."""
    merged = cell.find(f"{W}tcPr/{W}{direction}")
    return merged is not None and merged.get(W + "val", "continue") == "continue"


def _is_marked_head(row: Element) -> bool:
    return is_on(row.find(f"{W}trPr/{W}tblHeader"))


def _is_first_row_styled(look: Element) -> bool:
    value = look.get(W + "val", "0")
    bits = int(value, 16) if all(c in "0123456789abcdefABCDEF" for c in value) else 0
    return look.get(W + "firstRow") in ("1", "true", "on") or bool(bits & 0x20)
