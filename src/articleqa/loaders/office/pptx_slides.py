"""The blocks of a slide of PowerPoint: its shapes in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from articleqa.loaders.formulas import after, line_of_omml
from articleqa.loaders.office.blocks import LINE_END, TAB, Block, Cell, Paragraph, Piece, Row, Table
from articleqa.loaders.office.drawings import GRAPHIC, A, Drawings
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.superscripts import Shift

_DEEPEST_GROUP = 20
_SAME_LINE = 0.02
"""Shapes whose tops differ by at most this share of the slide's height stand beside each other."""

_TEXT, _RUN, _FIELD, _BREAK = (A + name for name in ("t", "r", "fld", "br"))
_FORMULA = "{http://schemas.microsoft.com/office/drawing/2010/main}m"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FORMULAS = (_MATH + "oMath", _MATH + "oMathPara")
_BULLETS, _NO_BULLET = (A + "buChar", A + "buAutoNum", A + "buBlip"), A + "buNone"

_Shape = Any
"""A shape of python-pptx; which attributes it has depends on its class."""


class SlideReader:
    """Reads the blocks of slides."""

    def __init__(self) -> None:
        """Start without slides."""
        self._drawings = Drawings()

    def blocks(self, shapes: Iterable[_Shape], height: int, depth: int = 0) -> Iterator[Block]:
        """Yield the blocks of `shapes` on a slide of that height, in the order in which they are read."""
        for shape in _in_order(shapes, height):
            yield from self._blocks_of(shape, height, depth)

    def _blocks_of(self, shape: _Shape, height: int, depth: int) -> Iterator[Block]:
        from pptx.shapes.group import GroupShape

        if isinstance(shape, GroupShape):
            if depth == _DEEPEST_GROUP:
                raise UnreadableDataError(f"shapes are grouped more than {_DEEPEST_GROUP} deep; ungroup some")
            # Within a group places are measured in units of its own, which are enough to order it.
            yield from self.blocks(shape.shapes, height, depth + 1)
        elif getattr(shape, "has_table", False):
            yield _table(shape.table)
        elif shape.has_text_frame:
            is_outline = _is_outline(shape)
            for paragraph in shape.text_frame.paragraphs:
                is_item = _is_item(paragraph._p, is_outline=is_outline)
                level = min(paragraph.level, 8) + 1 if is_item else 0
                yield Paragraph(pieces_of(paragraph._p), item_level=level)
        else:
            for graphic in shape._element.iter(GRAPHIC):
                yield from self._drawings.blocks(graphic, shape.part)


def _in_order(shapes: Iterable[_Shape], height: int) -> list[_Shape]:
    """Return the shapes from top to bottom, and from left to right in a line.

    If a slide has only the placeholders of its layout, they are in the order of the layout: two columns, for
    example, each with a heading, are read one after the other.
    """
    shown = list(_shown(shapes))
    if shown and all(shape.is_placeholder for shape in shown):
        return sorted(shown, key=lambda shape: shape.placeholder_format.idx)
    placed = sorted(shown, key=lambda shape: (shape.top or 0, shape.left or 0))
    lines: list[list[_Shape]] = []
    for shape in placed:
        if lines and (shape.top or 0) - (lines[-1][0].top or 0) <= _SAME_LINE * height:
            lines[-1].append(shape)
        else:
            lines.append([shape])
    return [shape for line in lines for shape in sorted(line, key=lambda shape: shape.left or 0)]


def _shown(shapes: Iterable[_Shape]) -> Iterator[_Shape]:
    """Yield the shapes, except those that repeat on each slide."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    repeated = (
        PP_PLACEHOLDER.DATE,
        PP_PLACEHOLDER.FOOTER,
        PP_PLACEHOLDER.HEADER,
        PP_PLACEHOLDER.SLIDE_NUMBER,
    )
    for shape in shapes:
        if not (shape.is_placeholder and shape.placeholder_format.type in repeated):
            yield shape


def _is_outline(shape: _Shape) -> bool:
    """Return whether the paragraphs of a shape are items unless they say otherwise."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    outlines = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)
    return bool(shape.is_placeholder) and shape.placeholder_format.type in outlines


def _is_item(paragraph: Any, *, is_outline: bool) -> bool:
    properties = paragraph.pPr
    if properties is not None:
        if any(properties.find(bullet) is not None for bullet in _BULLETS):
            return True
        if properties.find(_NO_BULLET) is not None:
            return False
    return is_outline


def pieces_of(paragraph: Any) -> list[Piece]:
    """Return the text of an `a:p`, with raised and lowered text as such; page numbers are left out."""
    pieces: list[Piece] = []
    for part in paragraph:
        if part.tag == _BREAK:
            pieces.append(Piece(LINE_END))
        elif part.tag == _FORMULA:
            before = pieces[-1].text if pieces else ""
            formulas = " ".join(line_of_omml(each) for each in part if each.tag in _FORMULAS)
            pieces.append(Piece(after(before, formulas)))
        elif part.tag == _RUN or (part.tag == _FIELD and not part.get("type", "").startswith("slidenum")):
            pieces += _pieces_of_run(part)
    return pieces


def _pieces_of_run(run: Any) -> Iterator[Piece]:
    properties, text = run.find(A + "rPr"), run.find(_TEXT)
    rise, bold = ("0", "") if properties is None else (properties.get("baseline", "0"), properties.get("b"))
    shift = Shift.LOWERED if rise.startswith("-") else Shift.NONE
    shift = Shift.RAISED if shift is Shift.NONE and rise.rstrip("%").strip("0") else shift
    for number, part in enumerate(("" if text is None else text.text or "").split(TAB)):
        if number:
            yield Piece(TAB)
        yield Piece(part, shift, bold in ("1", "true"))


def _table(table: Any) -> Table:
    rows = [
        Row([_cell(cell) for cell in row.cells if not (cell.is_spanned and cell._tc.hMerge)])
        for row in table.rows
    ]
    return Table(rows, has_styled_header=bool(table.first_row))


def _cell(cell: Any) -> Cell:
    is_covered = bool(cell.is_spanned)
    return Cell(
        [] if is_covered else [Paragraph(pieces_of(each._p)) for each in cell.text_frame.paragraphs],
        is_covered,
        int(cell._tc.gridSpan),
    )
