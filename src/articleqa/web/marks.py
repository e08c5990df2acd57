"""Texts cut into segments at the places to be marked and at page breaks, for templates to escape and show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from articleqa import BlockKind
from articleqa.web.parts import Part, PartBlock


class Mark(NamedTuple):
    """A stretch of an article to be marked: `kind` is "lit" or "beside", `name` its anchor."""

    start: int
    end: int
    kind: str
    name: str = ""


class Segment(NamedTuple):
    """A stretch of text within at most one mark; `page` is the number of the page that begins with it."""

    text: str
    kind: str = ""
    name: str = ""
    page: int = 0


class Group(NamedTuple):
    """Blocks that belong together: one block, a list of items, or a table.

    `tag` is the element that shows it. Of a table, `head` has the rows of the header; each row has cells.
    """

    tag: str
    level: int = 0
    segments: Sequence[Segment] = ()
    items: Sequence[tuple[PartBlock, Sequence[Segment]]] = ()
    head: Sequence[Sequence[Sequence[Segment]]] = ()
    rows: Sequence[Sequence[Sequence[Segment]]] = ()


_TAGS = {BlockKind.PROSE: "p", BlockKind.CODE: "pre", BlockKind.BOILERPLATE: "aside"}
_ROWS = (BlockKind.HEADER_ROW, BlockKind.ROW)


def groups_of(part: Part, marks: Sequence[Mark]) -> Iterator[Group]:
    """Yield the blocks of `part` in groups, with `marks` and the breaks between pages in them."""
    cutter = _Cutter(sorted(marks), part.breaks)
    run: list[PartBlock] = []
    for block in part.blocks:
        if run and not _goes_on(run[-1], block):
            yield _group(run, cutter)
            run = []
        run.append(block)
    if run:
        yield _group(run, cutter)


def _goes_on(before: PartBlock, block: PartBlock) -> bool:
    """Return whether `block` is in the same list or table as the block before it."""
    if before.kind is BlockKind.ITEM:
        return block.kind is BlockKind.ITEM
    return before.kind in _ROWS and block.kind is BlockKind.ROW


def _group(run: Sequence[PartBlock], cutter: _Cutter) -> Group:
    first = run[0]
    if first.kind is BlockKind.ITEM:
        return Group("ul", items=[(block, [*cutter.cut(block.start, block.text)]) for block in run])
    if first.kind in _ROWS:
        rows = [[[*cutter.cut(*cell)] for cell in cells_of(block)] for block in run]
        heads = sum(block.kind is BlockKind.HEADER_ROW for block in run)
        return Group("table", head=rows[:heads], rows=rows[heads:])
    segments = [*cutter.cut(first.start, first.text)]
    if first.kind is BlockKind.HEADING:
        return Group(f"h{min(max(first.level, 1) + 1, 6)}", first.level, segments)
    return Group(_TAGS.get(first.kind, "p"), first.level, segments)


def cells_of(row: PartBlock) -> Iterator[tuple[int, str]]:
    """Yield the offset and the text of each cell of a row; a bar before or after all cells is left out."""
    start, texts = row.start, row.text.split("|")
    outer = (texts[:1], texts[-1:]) if len(texts) > 1 else ([], [])
    for number, text in enumerate(texts):
        is_outer = (number == 0 and outer[0]) or (number == len(texts) - 1 and outer[1])
        if text.strip() or not is_outer:
            yield start + len(text) - len(text.lstrip()), text.strip()
        start += len(text) + 1


class _Cutter:
    """Cuts texts at marks and page breaks; a mark's name comes with its first segment only."""

    def __init__(self, marks: Sequence[Mark], breaks: Sequence[tuple[int, int]]) -> None:
        self._marks = marks
        self._breaks = list(breaks)
        self._named: set[str] = set()

    def cut(self, start: int, text: str) -> Iterator[Segment]:
        """Yield the segments of `text`, which begins at `start` in the article."""
        end = start + len(text)
        inside = [mark for mark in self._marks if mark.start < end and start < mark.end]
        page = 0
        while self._breaks and self._breaks[0][0] <= start:  # also those between two blocks
            page = self._breaks.pop(0)[1]
        pages = {start: page}
        while self._breaks and self._breaks[0][0] < end:
            at, number = self._breaks.pop(0)
            pages[at] = number
        ends = {at for mark in inside for at in (mark.start, mark.end) if start < at < end}
        cuts = sorted({start, end, *ends, *pages})
        for opens, closes in pairwise(cuts):
            over = next((mark for mark in inside if mark.start <= opens and closes <= mark.end), None)
            name = over.name if over and over.name not in self._named else ""
            self._named.add(name)
            said = text[opens - start : closes - start]
            yield Segment(said, over.kind if over else "", name, pages.get(opens, 0))
