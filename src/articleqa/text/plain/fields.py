"""Fields in plain text: "Author: Bo", the headers of a mail, the two columns of a front page."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

import regex
from pydantic import JsonValue

from articleqa.dates import day_number
from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.text.lines import Run, line_text

_FIELD = regex.compile(r"(?P<key>\p{L}[\p{L}\p{N} _/-]{0,39}?)[ ]?:(?:[ \t]+(?P<value>\S.*)|[ \t]*$)")
_KNOWN = frozenset((*LAYOUT.field_names, *LAYOUT.title_fields))
"""Keys that show that a single line, or a run of lines far below a file's top, consists of fields."""

TITLE_KEYS = LAYOUT.title_fields
Fields = dict[str, JsonValue]

_WIDE_GAP = regex.compile(r"[ \t]{3,}")
_EDITOR = any_of(*map(regex.escape, LAYOUT.editor_marks))
_PARTICLE = any_of(*LAYOUT.name_particles)
_NAME = regex.compile(
    rf"(?P<name>(?:\p{{Lu}}\.[ -]?)+ ?(?:{_PARTICLE} )*\p{{Lu}}[\p{{L}}'’-]+)(?:{_EDITOR})?"
)
_MONTH_AND_YEAR = regex.compile(r"(?:\d{1,2} )?\p{Lu}\p{L}{2,9}\.? (?:\d{1,2}, )?\d{4}|\d{4}-\d\d-\d\d")

_LOOKED_AT = 8
"""A file's own fields are within this many runs of lines from its top."""

_WORDS_OF_KEY = 4
_FEWEST_COLUMNS = 3
_LONGEST_VALUE = 300
_LINES_OF_FIELDS = 40


def field_runs(text: str, runs: Sequence[Run]) -> set[int]:
    """Return the numbers of those of `runs` whose lines are fields."""
    return {
        number
        for number, run in enumerate(runs)
        if len(run) <= _LINES_OF_FIELDS
        and (
            (number < _LOOKED_AT and _is_front_page(text, run))
            or _are_fields(text, run, at_top=number == 0 or (number == 1 and len(runs[0]) == 1))
        )
    }


def top_fields(text: str, runs: Sequence[Run]) -> Fields:
    """Return the fields at the top of a text by their keys in lower case.

    `author` is also taken from the sender of a mail; `author` and `date` are also taken from the right column
    of a front page.
    """
    fields: Fields = {}
    for number in sorted(field_runs(text, runs[:_LOOKED_AT])):
        run = runs[number]
        if _is_front_page(text, run):
            _add_front_page(fields, text, run)
        else:
            for key, value in _pairs(text, run):
                fields.setdefault(key, value)
    sender = fields.get("from", fields.get("by"))
    if isinstance(sender, str) and "author" not in fields:
        fields["author"] = parseaddr(sender)[0] or sender
    return fields


def title_field(fields: Fields) -> str:
    """Return the title that `fields` state, or an empty string."""
    return next((str(fields[key]) for key in TITLE_KEYS if fields.get(key)), "")


def _are_fields(text: str, run: Run, *, at_top: bool) -> bool:
    """Return whether all lines are fields or continue one.

    Some of their keys must be known, or all fields must be short and at the top.
    """
    if _FIELD.match(text, run[0].start, run[0].end) is None:
        return False
    pairs = _pairs(text, run)
    keys = [key for key, _ in pairs]
    goes_on = len(run) - len(pairs)
    if len(set(keys)) < len(keys) or goes_on > len(pairs) or not any(value for _, value in pairs):
        return False
    if any(len(key) < 2 or len(key.split()) > _WORDS_OF_KEY for key in keys):
        return False
    if any(line.indent <= run[0].indent and not _FIELD.match(text, line.start, line.end) for line in run):
        return False
    known = sum(key in _KNOWN for key in keys)
    if known >= min(2, len(keys)) and (at_top or len(keys) > 1):
        return True
    return at_top and len(keys) > 1 and all(len(value) < 80 and value[-1:] not in ".?!" for _, value in pairs)


def _pairs(text: str, run: Run) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for line in run:
        field = _FIELD.fullmatch(text, line.start, line.end)
        if field and (line.indent <= run[0].indent or not pairs):
            pairs.append((" ".join(field["key"].lower().split()), (field["value"] or "").strip()))
        elif pairs:
            key, value = pairs[-1]
            pairs[-1] = key, f"{value} {' '.join(line_text(text, line).split())}".strip()[:_LONGEST_VALUE]
    return pairs


def _is_front_page(text: str, run: Run) -> bool:
    """Return whether lines form two columns, the second aligned right, with a field or a date in one."""
    wide = [line for line in run if _WIDE_GAP.search(text, line.start, line.end)]
    if not wide or len(run) < _FEWEST_COLUMNS or wide[0] is not run[0]:
        return False
    rights = [line.right for line in run]
    aligned = sum(right >= max(rights) - 1 for right in rights)
    cells = [cell for line in run for cell in _WIDE_GAP.split(line_text(text, line))]
    says_who_or_when = any(_FIELD.fullmatch(cell) or _MONTH_AND_YEAR.fullmatch(cell) for cell in cells)
    return says_who_or_when and aligned >= max(2, len(wide) / 2)


def _add_front_page(fields: Fields, text: str, run: Run) -> None:
    authors: list[JsonValue] = []
    margin = max(line.right for line in run)
    for line in run:
        cells = _WIDE_GAP.split(line_text(text, line))
        if field := _FIELD.fullmatch(cells[0]):
            fields.setdefault(" ".join(field["key"].lower().split()), (field["value"] or "").strip())
        if line.right < margin - 2:
            continue
        if _MONTH_AND_YEAR.fullmatch(cells[-1]) and day_number(cells[-1]):
            fields.setdefault("date", cells[-1])
        elif name := _NAME.fullmatch(cells[-1]):
            authors.append(name["name"])
    if authors:
        fields.setdefault("author", authors if len(authors) > 1 else authors[0])
