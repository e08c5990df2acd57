"""Write the blocks of a document into the text of an article."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from articleqa.loaders.line_ends import with_line_ends
from articleqa.loaders.office.blocks import Block, Cell, Paragraph, Piece, Row, Table, paragraphs_in
from articleqa.loaders.office.lines import Line, are_lines_apart, groups_of_lines, lead_in_of, read_line
from articleqa.loaders.office.opening import Opening
from articleqa.loaders.table_spans import SpanningCell, filled_rows, joined_header
from articleqa.loaders.text_builder import LONG_CELL, SHORT_CELL, TextBuilder

Notes = Callable[[object], Iterable[Block]]
"""Returns the blocks of the note with that key; none if there is no such note."""

_MOST_LEVELS = 6


class Writer:
    """Writes blocks into a text builder, in reading order.

    A footnote or endnote is written below the paragraph, list or table that refers to it, once, so that it
    stands in the same section and beside its sentence.
    """

    def __init__(self, notes: Notes) -> None:
        """Take the notes; `write` takes the blocks."""
        self.builder = TextBuilder()
        self.opening = Opening()
        self._notes = notes
        self._due: list[object] = []
        self._known: set[object] = set()
        self._apart = 0
        self._level = 0
        self._unfinished: Paragraph | None = None

    def write(self, blocks: Iterable[Block]) -> None:
        """Write the blocks of a document, and the notes that they refer to."""
        self._write_blocks(blocks)
        self._write_notes()

    def _write_blocks(self, blocks: Iterable[Block]) -> None:
        is_below_heading = False
        for block in blocks:
            is_item = isinstance(block, Paragraph) and bool(block.item_level)
            if not is_item and not is_below_heading:
                self._write_notes()
            if isinstance(block, Table):
                self._finish()
                self._write_table(block)
                is_below_heading = False
            elif block.is_continued:
                self._unfinished = self._whole(block)
            else:
                block = self._whole(block)
                self._write_paragraph(block)
                is_below_heading = bool(block.level) or (is_below_heading and not block.text)
        self._finish()

    def _whole(self, paragraph: Paragraph) -> Paragraph:
        """Return `paragraph` with what it continues."""
        start, self._unfinished = self._unfinished, None
        if start is not None:
            start.pieces += paragraph.pieces
            start.notes += paragraph.notes
            start.boxes += paragraph.boxes
            paragraph.pieces, paragraph.notes, paragraph.boxes = start.pieces, start.notes, start.boxes
        return paragraph

    def _finish(self) -> None:
        """Write a paragraph that nothing continued."""
        start, self._unfinished = self._unfinished, None
        if start is not None:
            self._write_paragraph(start)

    def _write_paragraph(self, paragraph: Paragraph) -> None:
        self._refer(paragraph.notes)
        self.opening.take(paragraph)
        if paragraph.level:
            self._level = paragraph.level
            self.builder.heading(paragraph.text, paragraph.level)
        else:
            for lines in groups_of_lines(paragraph.pieces):
                self._write_lines(lines, paragraph.item_level)
        self._write_boxes(paragraph)

    def _write_boxes(self, paragraph: Paragraph) -> None:
        for box in paragraph.boxes:
            self._write_apart(box)

    def _write_apart(self, blocks: Iterable[Block]) -> None:
        """Write blocks without the notes that are due: they come below what the blocks are anchored in."""
        self._apart += 1
        self._write_blocks(blocks)
        self._apart -= 1

    def _write_lines(self, lines: list[list[Piece]], item_level: int) -> None:
        lead_in = lead_in_of(lines)
        if lead_in:
            self.builder.heading(lead_in, min(self._level + 1, _MOST_LEVELS))
            del lines[0]
        read = [read_line(line) for line in lines]
        if not are_lines_apart(read) and len(read) > 1:
            first, *below = read
            texts = [first.cells[0], *(f"{line.marker} {line.cells[0]}".strip() for line in below)]
            read = [Line([with_line_ends([text for text in texts if text])], first.marker)]
        for line in read:
            self._write_line(line, item_level)

    def _write_line(self, line: Line, item_level: int) -> None:
        if item_level or line.marker:
            text = " ".join(line.cells)
            self.builder.item(text, item_level or 1, marker=line.marker, keeps_lines=True)
        elif len(line.cells) > 1 and all(cell.endswith(":") for cell in line.cells):
            self.builder.header_row(line.cells)
        elif len(line.cells) > 1:
            self.builder.row(line.cells)
        else:
            self.builder.paragraph(line.cells[0], keeps_lines=True)

    def _write_table(self, table: Table) -> None:
        placed = [
            [SpanningCell(_text(cell), cell.columns, cell.is_covered) for cell in row.cells]
            for row in table.rows
        ]
        texts = list(filled_rows(placed))
        heads = _header_rows(table)
        names = joined_header(placed, heads) if heads < len(table.rows) else []
        if names:
            self.builder.header_row(names)
        is_frame = len(table.rows) == 1 and len(table.rows[0].cells) == 1
        for number, row in enumerate(table.rows):
            if is_frame or _holds_text(row):
                for cell in row.cells:
                    if not cell.is_covered:
                        self._write_blocks(cell.blocks)
                continue
            if number >= heads:
                self.builder.row(texts[number], is_merged=any(cell.is_covered for cell in row.cells))
            elif not names:
                self.builder.header_row(texts[number])
            for paragraph in (each for cell in row.cells for each in paragraphs_in(cell.blocks)):
                self._refer(paragraph.notes)
                self._write_boxes(paragraph)

    def _refer(self, notes: Iterable[object]) -> None:
        for key in notes:
            if key not in self._known:
                self._known.add(key)
                self._due.append(key)

    def _write_notes(self) -> None:
        """Write the notes that are due, and those that they refer to."""
        if self._unfinished is not None or self._apart:
            return
        while self._due:
            due, self._due = self._due, []
            for key in due:
                self._write_apart(self._notes(key))


def _header_rows(table: Table) -> int:
    """Return how many rows at the top of a table are its header."""
    count = 0
    for number, row in enumerate(table.rows):
        is_last = number == len(table.rows) - 1
        is_head = row.is_header or (not is_last and _looks_like_head_at(number, table))
        if not is_head or _holds_text(row):
            break
        count += 1
    return count


def _looks_like_head_at(number: int, table: Table) -> bool:
    """Return whether a row looks like a header: the first, and a second one that is merged with it."""
    row = table.rows[number]
    if number == 0:
        return _looks_like_head(row, table)
    above = table.rows[0]
    is_below_groups = any(cell.columns > 1 for cell in above.cells) and len(row.cells) > len(above.cells)
    return number == 1 and is_below_groups and _looks_like_head(row, table)


def _holds_text(row: Row) -> bool:
    """Return whether a row only lays out the page, since one of its cells holds running text."""
    return any(_is_running_text(cell) for cell in row.cells)


def _text(cell: Cell) -> str:
    """Return the text of a cell in one line; empty if the cell shows that of the cell above it."""
    if cell.is_covered:
        return ""
    return " ".join(filter(None, (paragraph.text for paragraph in paragraphs_in(cell.blocks))))


def _is_running_text(cell: Cell) -> bool:
    """Return whether a cell holds a table or long text, so that its table only lays out the page."""
    if any(isinstance(block, Table) for block in cell.blocks):
        return True
    said = [p for p in paragraphs_in(cell.blocks) if p.text or p.boxes]
    return len(said) > 1 and not cell.is_covered and len(_text(cell)) > LONG_CELL


def _looks_like_head(row: Row, table: Table) -> bool:
    """Return whether a row has short cells, and is bold or a first row that the table's style sets off."""
    if max((len(_text(cell)) for cell in row.cells), default=0) > SHORT_CELL:
        return False
    return (table.has_styled_header and row is table.rows[0]) or all(
        paragraph.is_bold for cell in row.cells for paragraph in paragraphs_in(cell.blocks)
    )
