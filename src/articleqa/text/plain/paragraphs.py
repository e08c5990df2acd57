"""Split a run of lines of plain text into paragraphs, list items and single lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.models import BlockKind
from articleqa.text.lines import Line, Run, ends_sentence, line_text, starts_small
from articleqa.text.plain.lists import Marker, Siblings, marker_of
from articleqa.text.plain.units import Unit
from articleqa.text.plain.wrapping import (
    PAGE_WIDTHS,
    Width,
    goes_on_below,
    goes_on_small,
    has_columns,
    has_room,
    is_broken,
    opens_paragraph,
)

_SPEAKER = regex.compile(
    rf"(?:\p{{Lu}}\d?|(?:\p{{Lu}}[\p{{Lu}}.'’-]*[ ]?){{1,4}}|{any_of(*LAYOUT.speakers)})[ ]?:[ \t]+\S"
)
"""The name of a speaker: "Q:", "MR. HALE:"."""

_AND_OR = regex.compile(rf"(?:[,;]| {any_of(*LAYOUT.conjunctions)})$")
_WORDS_OF_TERM = 8
_UNWRAPPED = 72
"""Columns that a line is expected to fill if neither it nor its neighbours show a width."""


def paragraphs(text: str, run: Run, number: int, width: Width, siblings: Siblings) -> Iterator[Unit]:
    """Yield the units of the run `number`: items with what belongs to them, paragraphs, or lines.

    `siblings` holds the lists that are open above the run, and is updated.
    """
    if _is_definition(text, run, width.columns):
        yield from _definitions(run, number, siblings)
        return
    first_marker = marker_of(text, run[0], siblings)
    opening: list[Line] = []
    done = 0
    while done < len(run):
        marker = marker_of(text, run[done], siblings) if run[done] is not run[0] else first_marker
        if marker and (
            done == 0 or _opens_item(text, run[done - 1], run[done], marker, first_marker, width.columns)
        ):
            yield from _plain(text, opening, number, width, siblings, opens=bool(done == len(opening)))
            opening = []
            last = _end_of_item(text, run, done, width.columns, first_marker, siblings)
            level = siblings.add(marker, run[done].indent)
            yield Unit(
                marker.text_start, run[last].end, BlockKind.ITEM, number, done == 0, level, last > done
            )
            done = last + 1
        else:
            opening.append(run[done])
            done += 1
    if opening:
        yield from _plain(text, opening, number, width, siblings, opens=opening[0] is run[0])


def _opens_item(
    text: str, above: Line, line: Line, marker: Marker, first: Marker | None, width: int | None
) -> bool:
    """Return whether a marker in a run opens an item: wrapping may also put a dash or a number there."""
    return (
        width is None
        or (first is not None and first.style == marker.style)
        or line.indent != above.indent
        or ends_sentence(text, above)
        or _AND_OR.search(text, above.start, above.end) is not None
        or has_room(text, above, line, width)
    )


def _end_of_item(
    text: str, run: Run, opening: int, width: int | None, first: Marker | None, siblings: Siblings
) -> int:
    """Return the number of the last line of the item that starts on line `opening`."""
    last = opening
    columns = width or max(_UNWRAPPED, max(line.right for line in run[opening : opening + 3]))
    for number in range(opening + 1, len(run)):
        above, line = run[number - 1], run[number]
        marker = marker_of(text, line, siblings)
        if marker and _opens_item(text, above, line, marker, first, width):
            break
        is_hanging = line.indent > run[opening].indent
        goes_on = goes_on_small(text, above, line) or is_broken(text, above, line, columns)
        if not is_hanging and not goes_on:
            break
        last = number
    return last


def _plain(
    text: str, lines: Sequence[Line], number: int, width: Width, siblings: Siblings, *, opens: bool
) -> Iterator[Unit]:
    """Yield lines without a marker as paragraphs or one by one; they may continue an item above."""
    if not lines:
        return
    belongs = siblings.holds(min(line.indent for line in lines))
    kind = BlockKind.ITEM if belongs else BlockKind.PROSE
    level = siblings.level + 1 if belongs else 0
    start = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and not _parts(text, lines, end, width):
            continue
        yield Unit(
            lines[start].start,
            lines[end - 1].end,
            kind,
            number,
            opens and start == 0,
            level,
            width.columns is not None or end > start + 1,
        )
        start = end


def _parts(text: str, lines: Sequence[Line], number: int, width: Width) -> bool:
    """Return whether line `number` is a new paragraph, another speaker's words, or a line of its own."""
    line = lines[number]
    if width.columns is None:
        return not goes_on_below(text, lines[number - 1], line, width.page)
    speaks = _SPEAKER.match(text, line.start, line.end) and _SPEAKER.match(text, lines[0].start, lines[0].end)
    return bool(speaks) or opens_paragraph(text, lines[number - 1], line, width.columns)


def _is_definition(text: str, run: Run, width: int | None) -> bool:
    """Return whether a run consists of terms with indented meanings below, not of a heading and text."""
    left = run[0].indent
    if len(run) < 2 or run[1].indent < left + 2 or any(line.indent < left for line in run):
        return False
    columns = max(width or 0, PAGE_WIDTHS.start)
    terms = 0
    for above, line in pairwise(run):
        if above.indent > left:
            continue
        said = line_text(text, above)
        is_term = line.indent >= left + 2 and len(said.split()) <= _WORDS_OF_TERM
        if not is_term or ends_sentence(text, above) or not has_room(text, above, line, columns):
            return False
        terms += 1
    if run[-1].indent == left or has_columns(text, run) or marker_of(text, run[0]):
        return False
    return terms > 1 or left > 0 or starts_small(text, run[0]) or not text[run[0].start].isalnum()


def _definitions(run: Run, number: int, siblings: Siblings) -> Iterator[Unit]:
    """Yield each term as an item, and its meaning as an item below it."""
    left = run[0].indent
    level = siblings.level + 1 if siblings.holds(left) else 1
    done = 0
    while done < len(run):
        last = done
        if run[done].indent > left:
            while last + 1 < len(run) and run[last + 1].indent > left:
                last += 1
        depth = level + (run[done].indent > left)
        yield Unit(run[done].start, run[last].end, BlockKind.ITEM, number, done == 0, depth, last > done)
        done = last + 1
