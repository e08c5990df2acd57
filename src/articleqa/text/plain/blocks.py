"""Split plain text into blocks: classify each run of lines between blank ones, and find the page breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from articleqa.models import Block, BlockKind, Span
from articleqa.text.boilerplate import LONGEST, LONGEST_MENU, is_boilerplate, is_menu
from articleqa.text.lines import Line, Run, ends_sentence, line_text, lines_of, starts_small
from articleqa.text.pages import headers_and_footers, is_page_break
from articleqa.text.plain.code import is_code
from articleqa.text.plain.contents import contents_runs
from articleqa.text.plain.fields import field_runs
from articleqa.text.plain.headings import could_be_heading, guessed_headings, numbered_level
from articleqa.text.plain.lists import Siblings, marker_of
from articleqa.text.plain.paragraphs import paragraphs
from articleqa.text.plain.tables import TABLE_TITLE_LEVEL, TableRow, spaced_rows, stroked_rows
from articleqa.text.plain.transcripts import with_questions_as_headings
from articleqa.text.plain.units import Unit
from articleqa.text.plain.wrapping import PAGE_WIDTHS, has_room, wrapped_widths

_RULE = regex.compile(r"([=~^*#_\"'+.:-])\1{2,}")
_BUTTONS = regex.compile(r"(?:\[[^\[\]]*\]\s*){3,}")
"""Links of a web page that was saved as text: "[Search] [PDF] [Errata]"."""

_SIGNATURE = "--"
_LONGEST_SIGNATURE = 10
_DASHES = regex.compile(r"\s?(?:--|[–—])\s?")
_FEWEST_DASHES = 3
_WORDS_BETWEEN_DASHES = 7
_CENTRED = 8
_MOST_CENTRED = 3
"""Centred lines are indented by at least this many columns; a centred title has at most this many lines."""


def plain_blocks(text: str, *, is_preformatted: bool = False) -> list[Block]:
    """Return the blocks of plain text in text order; they do not overlap.

    `is_preformatted` says that the text is that of a `pre`, where prose may be wrapped at any column.

    A blank line ends a block. A paragraph whose lines were wrapped to fit a page is one block and continues
    over page breaks; other lines are blocks of their own. The markers of list items and of quoted mail are in
    no block.
    """
    lines = lines_of(text)
    boilerplate = headers_and_footers(text, lines)
    runs = list(_runs_over_pages(text, lines, boilerplate))
    units = _with_code_in_one_piece(text, _Sorter(text, runs, is_preformatted=is_preformatted).units())
    headings = guessed_headings(text, units)
    units = [
        unit._replace(kind=BlockKind.HEADING, level=unit.level or 1) if number in headings else unit
        for number, unit in enumerate(units)
    ]
    blocks = [
        Block(unit.kind, Span(unit.start, unit.end), level=unit.level, hard_wrapped=unit.wrapped)
        for unit in with_questions_as_headings(text, units)
    ]
    return _with_furniture(blocks, [lines[number] for number in sorted(boilerplate)])


def plain_runs(text: str) -> list[list[Line]]:
    """Return the runs of lines of plain text, without the headers and footers of pages."""
    lines = lines_of(text)
    return list(_runs_over_pages(text, lines, headers_and_footers(text, lines)))


def _runs_over_pages(text: str, lines: Sequence[Line], boilerplate: set[int]) -> Iterator[list[Line]]:
    """Yield the runs of lines without headers and footers; a run may continue over a page break."""
    run: list[Line] = []
    is_page_over = False
    for number, line in enumerate(lines):
        if number in boilerplate:
            is_page_over = True
            continue
        is_page_over = is_page_over or line.opens_page
        if run and (is_page_over or line.opens_run):
            if is_page_over and _goes_on(text, run, line):
                line = line._replace(opens_run=False)
            else:
                yield run
                run = []
        run.append(line)
        is_page_over = False
    if run:
        yield run


def _goes_on(text: str, run: Run, line: Line) -> bool:
    """Return whether a sentence continues from the last line of `run` to `line`, over a page break."""
    above = run[-1]
    if ends_sentence(text, above) or above.depth != line.depth or not _starts_or_fills(text, run, line):
        return False
    return is_page_break(text, above.end, line.start)


def _starts_or_fills(text: str, run: Run, line: Line) -> bool:
    """Return whether `line` looks like the next line of `run`.

    It starts with a lower-case letter, or its first word had no room on the line above.
    """
    above = run[-1]
    if starts_small(text, line):
        return marker_of(text, line) is None
    widest = max(PAGE_WIDTHS.start, *(each.right for each in run[-3:]))
    return line.indent == above.indent and not has_room(text, above, line, widest)


def _with_furniture(blocks: Sequence[Block], boilerplate: Sequence[Line]) -> list[Block]:
    """Return `blocks` and, between them, the headers and footers that are not inside any of them."""
    merged: list[Block] = []
    waiting = iter([*boilerplate, None])
    line = next(waiting)
    for block in blocks:
        while line and line.start < block.span.start:
            merged.append(Block(BlockKind.BOILERPLATE, Span(line.start, line.end)))
            line = next(waiting)
        merged.append(block)
        while line and line.start < block.span.end:
            line = next(waiting)
    while line:
        merged.append(Block(BlockKind.BOILERPLATE, Span(line.start, line.end)))
        line = next(waiting)
    return merged


def _with_code_in_one_piece(text: str, units: Sequence[Unit]) -> list[Unit]:
    """Return `units` with adjacent units of code joined, unless a header or footer is between them."""
    joined: list[Unit] = []
    for unit in units:
        above = joined[-1] if joined else None
        if above and above.kind is unit.kind is BlockKind.CODE and not text[above.end : unit.start].strip():
            joined[-1] = above._replace(end=unit.end)
        else:
            joined.append(unit)
    return joined


class _Sorter:
    """Decides what each run of lines is."""

    def __init__(self, text: str, runs: Sequence[Run], *, is_preformatted: bool) -> None:
        """Look at all runs for what a single one does not show."""
        self._text = text
        self._runs = runs
        self._widths = wrapped_widths(text, runs, is_preformatted=is_preformatted)
        self._contents = contents_runs(text, runs)
        self._fields = field_runs(text, runs)
        self._siblings = Siblings()
        self._adornments: dict[str, int] = {}
        self._indent = 0
        self._is_below_heading = False

    def units(self) -> list[Unit]:
        """Return the units of all runs."""
        units: list[Unit] = []
        for number, run in enumerate(self._runs):
            made = list(self._units(run, number))
            units += made
            if made[0].kind in (BlockKind.HEADING, BlockKind.HEADER_ROW):
                self._siblings.close()
            self._is_below_heading = len(run) == 1 and could_be_heading(line_text(self._text, run[0]))
            if made[-1].kind is not BlockKind.CODE:
                self._indent = min(line.indent for line in run)
        return units

    def _units(self, run: Run, number: int) -> Iterator[Unit]:
        if number in self._contents:
            yield Unit(run[0].start, run[-1].end, BlockKind.BOILERPLATE, number, True)
        elif number in self._fields:
            yield from self._fields_of(run, number)
        elif adorned := list(self._adorned(run)):
            for place, (line, kind, level) in enumerate(adorned):
                yield Unit(line.start, line.end, kind, number, place == 0, level)
            if rest := run[len(adorned) :]:
                yield from (unit._replace(opens_run=False) for unit in self._without_title(rest, number))
        else:
            yield from self._without_title(run, number)

    def _without_title(self, run: Run, number: int) -> Iterator[Unit]:
        text = self._text
        if rows := stroked_rows(text, run):
            yield from _rows(run, number, rows)
        elif self._is_code(run, number):
            level = self._siblings.level if self._siblings.holds(run[0].indent) else 0
            yield Unit(run[0].start, run[-1].end, BlockKind.CODE, number, True, level)
        elif len(run) <= LONGEST_MENU and is_menu([line_text(text, line) for line in run]):
            yield from _lines(run, number, BlockKind.BOILERPLATE)
        elif self._widths[number].columns is None and (rows := spaced_rows(text, run)):
            yield from _rows(run, number, rows)
        else:
            yield from self._prose(run, number)

    def _is_code(self, run: Run, number: int) -> bool:
        if marker_of(self._text, run[0]) and line_text(self._text, run[0])[0] not in "+*|-":
            return False
        return is_code(self._text, run, self._indent, is_wrapped=self._widths[number].columns is not None)

    def _fields_of(self, run: Run, number: int) -> Iterator[Unit]:
        """Yield each field as a row, with its continuation lines."""
        start = 0
        for end in range(1, len(run) + 1):
            if end == len(run) or run[end].indent <= run[0].indent or run[end].indent > run[end - 1].right:
                yield Unit(
                    run[start].start, run[end - 1].end, BlockKind.ROW, number, start == 0, 0, end > start + 1
                )
                start = end

    def _prose(self, run: Run, number: int) -> Iterator[Unit]:
        """Yield a run as a heading if it looks like one, else its paragraphs and the signature below."""
        text = self._text
        if self._is_synopsis(run):
            yield Unit(run[0].start, run[-1].end, BlockKind.BOILERPLATE, number, True)
        elif level := self._numbered_heading(run, number):
            yield Unit(run[0].start, run[-1].end, BlockKind.HEADING, number, True, level, len(run) > 1)
        elif _is_centred(text, run):
            yield Unit(run[0].start, run[-1].end, BlockKind.HEADING, number, True, 1, len(run) > 1)
        else:
            cut = _signature(text, run)
            if run[:cut]:
                for unit in paragraphs(text, run[:cut], number, self._widths[number], self._siblings):
                    yield self._marked_if_boilerplate(unit)
            if run[cut:]:
                signature = run[cut:]
                yield Unit(signature[0].start, signature[0].end, BlockKind.BOILERPLATE, number, cut == 0)
                yield from _lines(signature[1:], number, BlockKind.ROW)

    def _marked_if_boilerplate(self, unit: Unit) -> Unit:
        is_short = unit.end - unit.start <= LONGEST
        said = self._text[unit.start : unit.end] if is_short else ""
        if is_short and (is_boilerplate(said) or _BUTTONS.fullmatch(said)):
            return unit._replace(kind=BlockKind.BOILERPLATE, level=0)
        return unit

    def _adorned(self, run: Run) -> Iterator[tuple[Line, BlockKind, int]]:
        """Yield the titles at the top of a run, and the lines of one repeated symbol around each.

        Each line comes with its kind and its level.
        """
        top = 0
        while top + 1 < len(run):
            said = [line_text(self._text, line) for line in run[top : top + 3]]
            rules = [_RULE.fullmatch(line) is not None for line in said]
            over = len(said) == 3 and rules[0] and rules[2] and said[0][0] == said[2][0] and not rules[1]
            title, below = said[over : over + 2]
            if not over and (rules[0] or not rules[1]):
                return
            if 2 * len(below) < len(title) or len(title) > LONGEST:
                return
            level = self._adornments.setdefault(f"{below[0]}{over}", len(self._adornments) + 1)
            if over:
                yield run[top], BlockKind.BOILERPLATE, 0
            yield run[top + over], BlockKind.HEADING, level
            yield run[top + over + 1], BlockKind.BOILERPLATE, 0
            top += over + 2

    def _numbered_heading(self, run: Run, number: int) -> int:
        """Return the level of a run that consists of a numbered heading, or 0 for any other run."""
        if len(run) > 2 or (len(run) == 2 and run[1].indent <= run[0].indent):
            return 0
        said = " ".join(line_text(self._text, line) for line in run)
        level = numbered_level(said)
        marker = marker_of(self._text, run[0], self._siblings)
        if not level or marker is None:
            return level
        if self._siblings.expects(marker.style, marker.number):  # the last item of a list
            return 0
        if number + 1 == len(self._runs):
            return 0
        below = self._runs[number + 1][0]
        next_marker = marker_of(self._text, below)
        is_list = next_marker and (next_marker.style, below.indent) == (marker.style, run[0].indent)
        return 0 if is_list else level

    def _is_synopsis(self, run: Run) -> bool:
        """Return whether a run sums up a chapter: phrases between dashes, below the chapter's heading."""
        if not self._is_below_heading:
            return False
        said = self._text[run[0].start : min(run[-1].end, run[0].start + 10 * LONGEST)]
        pieces = _DASHES.split(said)
        return (
            len(pieces) > _FEWEST_DASHES
            and len(said.split()) <= _WORDS_BETWEEN_DASHES * len(pieces)
            and not any(piece.rstrip().endswith((".", "!")) for piece in pieces[:-1])
        )


def _lines(run: Run, number: int, kind: BlockKind) -> Iterator[Unit]:
    for place, line in enumerate(run):
        yield Unit(line.start, line.end, kind, number, place == 0)


def _rows(run: Run, number: int, rows: Sequence[TableRow]) -> Iterator[Unit]:
    for row in rows:
        start, end = run[row.first].start, run[row.last].end
        level = TABLE_TITLE_LEVEL if row.kind is BlockKind.HEADING else 0
        yield Unit(start, end, row.kind, number, row.first == 0, level, row.last > row.first)


def _signature(text: str, run: Run) -> int:
    """Return the number of the line "--" that opens a signature in `run`, or the run's length without one."""
    for number, line in enumerate(run):
        if line_text(text, line) == _SIGNATURE and 1 < len(run) - number <= _LONGEST_SIGNATURE:
            return number
    return len(run)


def _is_centred(text: str, run: Run) -> bool:
    """Return whether a run is a title in the middle of a page."""
    if len(run) > _MOST_CENTRED or any(line.indent < _CENTRED for line in run):
        return False
    if any(not could_be_heading(line_text(text, line)) for line in run):
        return False
    page = 2 * PAGE_WIDTHS.start + 40
    is_middle = all(
        abs(line.indent + line.right - 72) <= 16 or line.indent + line.right > page for line in run
    )
    middles = [line.indent + line.right for line in run]
    return is_middle and all(abs(first - second) <= 4 for first, second in pairwise(middles))
