"""Fields at the top of a document, written as in mail or as comments (".. title: A walk")."""

from __future__ import annotations

from typing import NamedTuple

import regex

from articleqa.models import Span
from articleqa.text.endings import ends_sentence
from articleqa.text.rst.lines import Lines

_MAIL_FIELD = regex.compile(r"(?P<name>[A-Za-z][\w-]*+):(?:[ \t]+|\Z)")
_COMMENT_FIELD = regex.compile(r"\.\.[ \t]+(?P<name>[a-z][\w-]*+):(?:[ \t]+|\Z)")
_LONGEST_SINGLE_FIELD = 80


class HeadRow(NamedTuple):
    """A field: its name, the span of the whole field, and the span of its value."""

    name: str
    row: Span
    value: Span


def head_rows(lines: Lines, first: int, after: int) -> list[HeadRow]:
    """Return the fields on the lines from `first` to `after` (excluded).

    The list is empty if a line is not part of a field. An indented line continues the field above it. A
    single field must be written as in mail and be short, and must not be a sentence.
    """
    for pattern in (_MAIL_FIELD, _COMMENT_FIELD):
        rows = _rows(lines, first, after, pattern)
        if len(rows) > 1 or (rows and pattern is _MAIL_FIELD and _is_short(lines.text, rows[0].row)):
            return rows
    return []


def _rows(lines: Lines, first: int, after: int, pattern: regex.Pattern[str]) -> list[HeadRow]:
    rows: list[HeadRow] = []
    for number in range(first, after):
        start, end = lines.starts[number], lines.ends[number]
        if lines.columns[number] > 0 and rows:
            name, row, value = rows[-1]
            rows[-1] = HeadRow(name, Span(row.start, end), Span(value.start if len(value) else start, end))
            continue
        field = pattern.match(lines.text, start, end)
        if field is None or (number + 1 < after and lines.is_adornment(number + 1)):
            return []
        rows.append(HeadRow(field["name"], Span(field.start("name"), end), Span(field.end(), end)))
    return rows


def _is_short(text: str, row: Span) -> bool:
    return len(row) <= _LONGEST_SINGLE_FIELD and not ends_sentence(row.of(text))
