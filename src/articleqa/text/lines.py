"""The lines of plain text, and the runs of lines between blank ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

TAB = 8
"""Columns from one tab stop to the next."""

_QUOTE_MARKS = regex.compile(r"[ \t]{0,3}((?:>[ \t]?)+)")
_ENDS = ".!?…:;。！？：；؟।"
_CLOSING = "\"'”’»)]*_"
_OPENING = "\"'“”‘’„«»‹›([{*_¿¡-–—"


class Line(NamedTuple):
    """A line that is not blank: `text[start:end]` is what it says, without white space and quote marks.

    `indent` and `right` are the columns in which it starts and ends; `depth` counts the ">" of quoted
    mail; `opens_run` says that it stands under a blank line, `opens_page` that a form feed stands between.
    """

    start: int
    end: int
    indent: int
    right: int
    depth: int
    opens_run: bool
    opens_page: bool


Run = Sequence[Line]
"""Lines without a blank one between them."""


def lines_of(text: str) -> list[Line]:
    """Return the lines of `text` that hold more than white space and the marks of quoted mail."""
    lines: list[Line] = []
    start = 0
    is_blank_above, is_page_above = True, False
    for line in text.splitlines(keepends=True):
        said = line.strip()
        depth = 0
        if said.startswith(">") and (marks := _QUOTE_MARKS.match(line)):
            depth = marks[1].count(">")
            said = line[marks.end() :].strip()
        if said:
            end = start + len(line.rstrip())
            before = text[start : end - len(said)]
            indent = len(before.expandtabs(TAB)) if before else 0
            opens = is_blank_above or depth != lines[-1].depth
            lines.append(Line(end - len(said), end, indent, indent + len(said), depth, opens, is_page_above))
            is_blank_above = is_page_above = False
        else:
            is_blank_above = True
        is_page_above = is_page_above or line.endswith("\f")
        start += len(line)
    return lines


def runs_of(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the runs that `lines` form."""
    run: list[Line] = []
    for line in lines:
        if line.opens_run and run:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def said_in(text: str, line: Line) -> str:
    """Return what `line` says."""
    return text[line.start : line.end]


def ends_sentence(text: str, line: Line) -> bool:
    """Say whether a sentence, or a clause before a list, may end where `line` does."""
    last = text[line.end - 1]
    if last in _CLOSING:
        last = text[max(line.start, line.end - 6) : line.end].rstrip(_CLOSING)[-1:]
    return bool(last) and last in _ENDS


def first_letter(text: str, line: Line) -> str:
    """Return the character with which `line` starts, behind quotation marks and brackets."""
    return next(
        (char for char in text[line.start : min(line.end, line.start + 4)] if char not in _OPENING), ""
    )


def starts_small(text: str, line: Line) -> bool:
    """Say whether `line` starts with a small letter, as what goes on in a sentence mostly does."""
    return first_letter(text, line).islower()
