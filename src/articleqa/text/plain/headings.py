"""Headings of plain text, which are unmarked: short lines before the text they introduce."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from articleqa.language import LANGUAGE, LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.models import BlockKind
from articleqa.text.endings import CLAUSE_MARKS, STATEMENT_MARKS, ends_question, ends_with
from articleqa.text.plain.units import Unit

HEADING_WORDS = 15
"""A heading has at most this many words."""

LONGEST_HEADING = 200
"""A heading has at most this many characters."""

_TITLES_IN_A_ROW = 3
"""A title, a line under it and a section's heading; more short lines in a row are a list."""

_SECTION_NUMBER = regex.compile(
    r"(?:(?P<numbers>\d{1,3}(?:\.\d{1,3}){0,6}|[A-Z](?:\.\d{1,3}){1,6})(?:\.(?!\S)|(?=[ \t]))"
    r"|(?P<one>[A-Z]|[IVXLC]{1,6})\.)[ \t]+(?=[\p{Lu}\p{Lo}\p{N}\"“<'(])"
)
_CLAUSE_ENDS = STATEMENT_MARKS + CLAUSE_MARKS + ",："
_QUOTATION = regex.compile(r"^[\"“„«‘'].*[\"”“»’']$")
_CAPTION = regex.compile(rf"^{any_of(*LAYOUT.captions, *LAYOUT.text_captions)} ?\d", regex.IGNORECASE)
_WORD = regex.compile(r"\w")
_MONTH = rf"{any_of(*(month[:3] for month in LANGUAGE.calendar.months))}[a-z]*\.?"
_DAY = rf"\d{{1,2}}{any_of(*LANGUAGE.calendar.ordinal_endings)}?"
_WORDS = LANGUAGE.layout
_LABELS = (*_WORDS.byline, *_WORDS.pictures, *_WORDS.credits)
_SAYS_WHO_OR_WHEN = regex.compile(
    rf"^(?i:{any_of(*_LABELS)})\b[ :]|©|@|://|\b{_DAY} {_MONTH},? \d{{4}}\b|\b{_MONTH} {_DAY},? \d{{4}}\b"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}:\d\d\b"
)
"""Bylines, datelines and credits: as short as headings, but users may ask for what they say."""


def guessed_headings(text: str, units: Sequence[Unit]) -> set[int]:
    """Return the indices of the prose units that are headings: short lines before a longer block.

    Up to three in a row are a title and the lines under it. More than three are a list, whose lines are
    content: then only the article's first line and the last line before the text are headings.
    """
    content = [number for number, unit in enumerate(units) if unit.kind is not BlockKind.BOILERPLATE]
    headings: set[int] = set()
    row: list[int] = []
    for number in content:
        unit = units[number]
        line = text[unit.start : unit.end] if unit.end - unit.start <= LONGEST_HEADING else ""
        is_prose = unit.kind is BlockKind.PROSE
        if is_prose and line and _SAYS_WHO_OR_WHEN.search(line):
            continue
        if is_prose and line and unit.opens_run and could_be_heading(line):
            row.append(number)
            continue
        if row and units[row[-1]].run == unit.run and not (is_prose and _is_text(text, unit)):
            row.pop()  # the first line of an address, a stanza, a list
        if row and _is_headed_by(text, units[row[-1]], unit):
            is_list = len(row) > _TITLES_IN_A_ROW
            headings.update([*row[: row[0] == content[0]], row[-1]] if is_list else row)
        row = []
    return headings


def _is_headed_by(text: str, line: Unit, unit: Unit) -> bool:
    """Return whether `line` can be the heading of the unit below it."""
    if unit.kind is not BlockKind.PROSE:
        return True
    length = unit.end - unit.start
    return (
        length > line.end - line.start
        or ends_question(text[line.start : line.end])
        or (line.run != unit.run and ends_with(text[max(unit.start, unit.end - 6) : unit.end], _CLAUSE_ENDS))
    )


def could_be_heading(line: str) -> bool:
    """Return whether a line may be a heading.

    It is short, does not end like a clause, and is not a caption or a quotation.
    """
    return not (
        len(line) > LONGEST_HEADING
        or not (line[0].isalnum() or line[0] in '¿¡"“„«*_[(')
        or line[0].islower()
        or "\n" in line
        or "\r" in line
        or len(line.split()) > HEADING_WORDS
        or not _WORD.search(line)
        or ends_with(line, _CLAUSE_ENDS)
        or _QUOTATION.match(line)
        or _CAPTION.match(line)
    )


def numbered_level(line: str) -> int:
    """Return the heading level that a line's number states ("2.1 Scope": 2), or 0 if it has none."""
    found = _SECTION_NUMBER.match(line)
    if found is None or not could_be_heading(line[found.end() :]):
        return 0
    return found["numbers"].count(".") + 1 if found["numbers"] else 1


def _is_text(text: str, unit: Unit) -> bool:
    """Return whether a unit directly below a line is text, not the next line of a list."""
    said = text[unit.start : unit.end]
    if said[0].islower():
        return False
    return ends_with(said, _CLAUSE_ENDS) or ends_question(said) or len(said.split()) > HEADING_WORDS
