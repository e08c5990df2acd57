"""A text into blocks: prose, headings and boilerplate, as spans.

In plain text a blank line ends a block, and so does a line end unless the text is hard-wrapped; lines of as
many cells each are a table. In Markdown a block is what CommonMark says, and a line end inside it is a space.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from articleqa.models import Block, BlockKind, Span
from articleqa.text.boilerplate import LONGEST, LONGEST_MENU, is_boilerplate, is_menu

WRAPPED_WIDTHS = range(60, 101)
"""The columns of a line that was broken to fit a page."""

HEADING_WORDS = 15
"""A heading has at most this many words."""

LONGEST_HEADING = 200
"""And at most this many characters."""

_TITLES_IN_A_ROW = 3
"""A title, a line under it and a section's heading; more short lines in a row are a list."""

_BULLET = regex.compile(r"[ \t]*(?:([•‣◦▪●·*–—-])|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+")
_CELL_ENDS = regex.compile(r"\t+|[ \t]\|[ \t]")
_FEWEST_ROWS = 3
_SENTENCE_END = regex.compile(r"[.!…。！？:;,][\"'”’»)\]]*$")
_WORD = regex.compile(r"\w")
_FIRST_WORD = regex.compile(r"\S+")
_QUOTATION = regex.compile(r"^[\"“„«‘'].*[\"”“»’']$")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_SAYS_WHO_OR_WHEN = regex.compile(
    rf"^(?i:by|photo|image|picture|credit|source)\b[ :]|©|@|://"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}\b|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}:\d\d\b"
)
"""Bylines, datelines and credits: short as headings are, but someone may ask for what they say."""


def blocks_of(text: str, media_type: str = "text/plain") -> list[Block]:
    """Return the blocks of `text` in order, disjoint.

    `media_type` "text/markdown" reads CommonMark; any other is plain text, whose blocks cover every
    character that is not white space.
    """
    if media_type == "text/markdown":
        from articleqa.text.markdown_blocks import markdown_blocks

        return markdown_blocks(text)
    return _plain_blocks(text)


def first_shown_line(text: str) -> str:
    """Return the first line of the first block of plain text that is not boilerplate, empty without one.

    No more blocks are made than it takes.
    """
    groups = list(_groups(text))
    width = _wrapped_width(text, groups)
    units = (unit for number, group in enumerate(groups) for unit in _units(text, group, number, width))
    shown = next((text[unit.start : unit.end] for unit in units if not unit.is_furniture), "")
    return shown.splitlines()[0] if shown else ""


def _plain_blocks(text: str) -> list[Block]:
    groups = list(_groups(text))
    width = _wrapped_width(text, groups)
    units = [unit for number, group in enumerate(groups) for unit in _units(text, group, number, width)]
    headings = _headings(text, units)
    tables = {number for number, group in enumerate(groups) if width is None and _is_table(text, group)}
    return [
        Block(
            kind,
            Span(unit.start, unit.end),
            level=int(kind is BlockKind.HEADING),
            hard_wrapped=width is not None,
        )
        for number, unit in enumerate(units)
        for kind in [_kind(unit, number in headings, unit.group in tables)]
    ]


def _kind(unit: _Unit, is_heading: bool, in_table: bool) -> BlockKind:
    if unit.is_furniture:
        return BlockKind.BOILERPLATE
    if in_table:
        return BlockKind.HEADER_ROW if unit.opens_group else BlockKind.ROW
    return BlockKind.HEADING if is_heading else BlockKind.PROSE


def _is_table(text: str, group: Sequence[_Line]) -> bool:
    """Say whether a run of lines is a table: as many cells in each, parted by tabs or upright strokes."""
    if len(group) < _FEWEST_ROWS:
        return False
    ends = _cell_ends(text, *group[0])
    return ends > 0 and all(_cell_ends(text, *line) == ends for line in group)


def _cell_ends(text: str, start: int, end: int) -> int:
    return len(_CELL_ENDS.findall(text, start, end))


def _headings(text: str, units: Sequence[_Unit]) -> set[int]:
    """Return the numbers of those units that are headings: short lines ahead of a longer block.

    Up to three in a row are a title and what stands under it. More of them are a list, and what a list
    says is content: then only the article's first line and the last one before the text are headings.
    """
    content = [number for number, unit in enumerate(units) if not unit.is_furniture]
    headings: set[int] = set()
    row: list[int] = []
    for number in content:
        unit = units[number]
        length = unit.end - unit.start
        line = text[unit.start : unit.end] if length <= LONGEST_HEADING else ""
        if line and _SAYS_WHO_OR_WHEN.search(line):
            continue
        if line and unit.opens_group and _could_be_heading(line):
            row.append(number)
            continue
        if row and units[row[-1]].group == unit.group and not _is_text(text[unit.start : unit.end]):
            row.pop()  # the first line of an address, a stanza, a list
        if row and length > units[row[-1]].end - units[row[-1]].start:
            is_list = len(row) > _TITLES_IN_A_ROW
            headings.update([*row[: row[0] == content[0]], row[-1]] if is_list else row)
        row = []
    return headings


def _could_be_heading(line: str) -> bool:
    return not (
        "\n" in line
        or line[0].islower()
        or len(line.split()) > HEADING_WORDS
        or not _WORD.search(line)
        or _SENTENCE_END.search(line)
        or _BULLET.match(line)
        or _QUOTATION.match(line)
    )


def _is_text(line: str) -> bool:
    """Say whether a line that stands right under another is text, not the next line of a list."""
    return bool(_SENTENCE_END.search(line)) or len(line.split()) > HEADING_WORDS


class _Unit(NamedTuple):
    """A paragraph, or one of its lines where line ends count; `group` numbers the run of lines."""

    start: int
    end: int
    group: int
    opens_group: bool
    is_furniture: bool


_Line = tuple[int, int]
"""A line's start and end, without its outer white space: a plain tuple, for a text has many."""


def _groups(text: str) -> Iterator[list[_Line]]:
    """Yield the runs of lines between blank lines."""
    group: list[_Line] = []
    start = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            left = start + (len(line) - len(line.lstrip()) if line[0].isspace() else 0)
            group.append((left, left + len(stripped)))
        elif group:
            yield group
            group = []
        start += len(line)
    if group:
        yield group


def _wrapped_width(text: str, groups: Sequence[Sequence[_Line]]) -> int | None:
    """Return the columns that a text was broken to fit, None where its line ends mean something.

    A line was broken to fit if it is 60 to 100 columns wide and the next line goes on in the middle of
    a sentence, or starts with a word for which there was no room. Most lines must be such.
    """
    pairs = [
        (end - start, line)
        for group in groups
        for (start, end), line in pairwise(group)
        if not _BULLET.match(text, *line)
    ]
    wide = [(width, line) for width, line in pairs if width in WRAPPED_WIDTHS]
    if len(pairs) < 3 or len(wide) <= len(pairs) / 2:
        return None
    widest = max(width for width, _ in wide)
    broken = sum(text[line[0]].islower() or not _has_room(text, width, line, widest) for width, line in wide)
    return widest if broken > len(pairs) / 2 else None


def _has_room(text: str, before: int, line: _Line, width: int) -> bool:
    """Say whether the first word of `line` would have fitted on the line of `before` columns above it."""
    start, end = line
    room = width - before - 1
    word = _FIRST_WORD.match(text, start, min(end, start + max(0, room) + 1))
    return word is not None and word.end() - start <= room


def _units(text: str, group: Sequence[_Line], number: int, width: int | None) -> Iterator[_Unit]:
    """Yield the blocks of one run of lines: its lines, or where it is hard-wrapped its paragraphs."""
    in_menu = len(group) <= LONGEST_MENU and is_menu([text[start:end] for start, end in group])
    opening = start = group[0][0]
    for before, line in pairwise([*group, group[-1]]):
        if line is before or width is None or _starts_anew(text, group[0], before, line, width):
            end = before[1]
            is_furniture = in_menu or (end - start <= LONGEST and is_boilerplate(text[start:end]))
            yield _Unit(start, end, number, start == opening, is_furniture)
            start = line[0]


def _starts_anew(text: str, first: _Line, before: _Line, line: _Line, width: int) -> bool:
    """Say whether `line` of a hard-wrapped run of lines opens a paragraph: an item, a text under its heading.

    A dash or a number can come to stand at the start of a line by wrapping: it is a bullet if there was
    room for it on the line before, or if the run of lines opens with the same one.
    """
    columns = before[1] - before[0]
    if bullet := _BULLET.match(text, *line):
        opening = _BULLET.match(text, *first)
        same = opening is not None and opening[1] == bullet[1]
        return same or _has_room(text, columns, line, width)
    is_short = columns < WRAPPED_WIDTHS.start
    return is_short and not text[line[0]].islower() and _has_room(text, columns, line, width)
