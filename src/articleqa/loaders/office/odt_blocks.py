"""The blocks of an OpenDocument text."""

from __future__ import annotations

from collections.abc import Iterator

from articleqa.loaders.formulas import after, line_of_mathml
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
from articleqa.loaders.office.odt_package import (
    DRAW,
    MATH,
    OFFICE,
    SVG,
    TABLE,
    TEXT,
    XLINK,
    Element,
    Parts,
    outline_level,
)
from articleqa.loaders.office.odt_styles import Styles

_HEADING, _PARAGRAPH, _LIST = TEXT + "h", TEXT + "p", TEXT + "list"
_ROW, _CELL, _COVERED = TABLE + "table-row", TABLE + "table-cell", TABLE + "covered-table-cell"
_CHARACTERS = {TEXT + "s": " ", TEXT + "tab": TAB, TEXT + "line-break": LINE_END}
_NOTE, _SPAN, _OBJECT = TEXT + "note", TEXT + "span", DRAW + "object"
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
    TEXT + "number",  # of a heading or item, for programs that do not count
    TEXT + "hidden-text",
    TEXT + "placeholder",
    TEXT + "ruby-text",
    TEXT + "sequence-decls",
    OFFICE + "annotation",
    OFFICE + "forms",
    SVG + "title",
    SVG + "desc",
    _COVERED,
}


class OdtReader:
    """Reads the blocks of an OpenDocument text."""

    def __init__(self, body: Element, parts: Parts) -> None:
        """Take the `office:text` element, and the parts of the package."""
        self._body = body
        self._parts = parts
        self._styles = Styles([parts.styles, parts.content])

    def body(self) -> Iterator[Block]:
        """Yield the blocks of the document."""
        return self._blocks(self._body)

    def note(self, key: object) -> Iterator[Block]:
        """Yield the blocks of the note whose element is `key`."""
        return self._blocks(key)

    def _blocks(self, parent: Element, *, lists: int = 0) -> Iterator[Block]:
        for element in parent:
            if element.tag in _LEFT_OUT or element.get(TEXT + "display") == "none":
                continue
            if element.tag in (_HEADING, _PARAGRAPH):
                yield self._paragraph(element, lists)
            elif element.tag == TABLE + "table":
                yield self._table(element)
            elif element.tag == _OBJECT:
                yield Paragraph([Piece(self._formula(element))])
            else:  # a list and its items, a section, a frame
                yield from self._blocks(element, lists=lists + (element.tag == _LIST))

    def _paragraph(self, element: Element, lists: int) -> Paragraph:
        is_title = self._styles.is_title(element)
        paragraph = Paragraph([], level=1 if is_title else self._level(element), is_title=is_title)
        paragraph.item_level = 0 if paragraph.level else lists
        self._take_text(element, paragraph)
        return paragraph

    def _level(self, paragraph: Element) -> int:
        if paragraph.tag == _HEADING:
            return outline_level(paragraph.get(TEXT + "outline-level")) or 1
        return self._styles.heading_level(paragraph)

    def _take_text(self, element: Element, paragraph: Paragraph) -> None:
        """Add the text in `element`, its frames, and its notes, to `paragraph`."""
        add = paragraph.pieces.append
        waiting: list[tuple[Element, TextLook]] = [(element, self._styles.of_paragraph(element))]
        while waiting:
            part, look = waiting.pop()
            if isinstance(part, str):
                add(look.of_piece(single_spaced(part)))
            elif part.tag in _CHARACTERS:
                add(look.of_piece(_CHARACTERS[part.tag]))
            elif part.tag == _NOTE:
                paragraph.notes.append(part)
            elif part.tag.startswith(DRAW):
                self._take_shape(part, look, paragraph)
            elif part.tag not in _LEFT_OUT:
                within = self._styles.of_span(part).over(look) if part.tag == _SPAN else look
                if not within.is_hidden:
                    for child in reversed(part):
                        waiting += [(child.tail or "", within), (child, within)]
                    waiting.append((part.text or "", within))

    def _take_shape(self, shape: Element, look: TextLook, paragraph: Paragraph) -> None:
        """Add a formula to the text of `paragraph`, and any other shape to its boxes."""
        formulas = [line for each in shape.iter(_OBJECT) if (line := self._formula(each))]
        if not formulas:
            paragraph.boxes.append(list(self._blocks([shape])))
            return
        before = paragraph.pieces[-1].text if paragraph.pieces else ""
        paragraph.pieces.append(look.of_piece(after(before, " ".join(formulas))))

    def _formula(self, element: Element) -> str:
        """Return the formula in an embedded object; empty if the object is something else."""
        formula = element.find(MATH + "math")
        if formula is None:
            formula = self._parts.take_formula(element.get(XLINK + "href", ""))
        return "" if formula is None or formula.tag != MATH + "math" else line_of_mathml(formula)

    def _table(self, table: Element) -> Table:
        return Table(
            [
                Row(
                    [
                        Cell(
                            [] if cell.tag == _COVERED else list(self._blocks(cell)),
                            is_covered=cell.tag == _COVERED,
                            columns=_columns(cell),
                        )
                        for cell in _cells(row)
                    ],
                    is_header=is_header,
                )
                for row, is_header in _rows(table)
            ]
        )


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
            wide = _columns(cell) - 1
            cells.append(cell)
        elif cell.tag == _COVERED and wide > 0:
            wide -= _columns(cell)
        elif cell.tag == _COVERED:
            cells.append(cell)
    return cells


def _columns(cell: Element) -> int:
    """Return how many columns a cell is wide, or how many equal cells it stands for."""
    stated = (cell.get(f"{TABLE}number-columns-{name}", "") for name in ("spanned", "repeated"))
    return max(1, *(int(each) if each.isdecimal() and len(each) < 9 else 1 for each in stated))
