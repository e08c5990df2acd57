"""Lines of plain text, and the runs of lines between blank ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from articleqa.text.endings import CLAUSE_MARKS, CLOSING, SENTENCE_MARKS

TAB = 8
"""Columns from one tab stop to the next."""

_QUOTE_MARKS = regex.compile(r"[ \t]{0,3}((?:>[ \t]?)+)")
_ENDS = SENTENCE_MARKS + CLAUSE_MARKS + "：；।"
_CLOSING = CLOSING + "*_"
_OPENING = "\"'“”‘’„«»‹›([{*_¿¡-–—"


class Line(NamedTuple):
    """A line that is not blank; `text[start:end]` is its content, without outer white space and quote marks.

    `indent` and `right` are the columns where the content starts and ends. `depth` is the number of ">" of
    quoted mail before it. `opens_run` is true for the first line after a blank one and where the depth
    changes, `opens_page` for the first line after a form feed.
    """

    start: int
    end: int
    indent: int
    right: int
    depth: int
    opens_run: bool
    opens_page: bool


Run = Sequence[Line]
"""Consecutive lines without a blank line between them."""


def lines_of(text: str) -> list[Line]:
    """Return the lines of `text` that contain more than white space and the marks of quoted mail."""
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


def line_text(text: str, line: Line) -> str:
    """Return the content of `line`."""
    return text[line.start : line.end]


def ends_sentence(text: str, line: Line) -> bool:
    """Return whether a sentence, or a clause that introduces a list, may end where `line` ends."""
    last = text[line.end - 1]
    if last in _CLOSING:
        last = text[max(line.start, line.end - 6) : line.end].rstrip(_CLOSING)[-1:]
    return bool(last) and last in _ENDS


def first_letter(text: str, line: Line) -> str:
    """Return the first character of `line` after opening quotation marks and brackets.

    The string is empty if the first four characters of the line are all such marks.
    """
    return next(
        (char for char in text[line.start : min(line.end, line.start + 4)] if char not in _OPENING), ""
    )


def starts_small(text: str, line: Line) -> bool:
    """Return whether `line` starts with a lower-case letter, as the rest of a sentence usually does."""
    return first_letter(text, line).islower()
