"""Find what in a mail's text is not its own message: quoted replies, signatures and trailers.

Mail programs quote in three ways: with ">" before each line, below a line such as "On Monday, A wrote:", or
below "-----Original Message-----" or the fields of the quoted mail (From, Sent, To, Subject). A forwarded
mail is quoted in the same ways, but it is what was sent, so it counts as the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from articleqa.language.mail_programs import (
    ATTRIBUTION,
    BEGINS_ATTRIBUTION,
    FIELDS_IN_A_LINE,
    FORWARDED,
    FORWARDING_SUBJECT,
    FROM,
    OF_LIST,
    ORIGINAL,
    OTHER_FIELD,
    SENT_FROM,
    TRAILER,
)
from articleqa.models import Span

LONGEST_ATTRIBUTION = 400
"""Maximum characters of the lines that say who wrote what is quoted below them."""

_ATTRIBUTION_LINES = 4
_FIELD_LINES = 8
"""How many lines the fields above a quoted mail take at most; a long list of recipients wraps."""

_TRAILER_LINES = 6
_SIGNATURE = "--"
_SIGNATURE_LINES = 12
"""How many lines with text a signature has at most: two dashes may part a text, too."""

_MARK = regex.compile(r"[ \t]{0,3}>")

_ADDRESS_OR_TIME = regex.compile(r"\S@\S|\b\d{1,2}[:.h]\d\d\b")
_RULE = regex.compile(r"[_-]{5,}")
_LIST_RULE = regex.compile(r"_{20,}")


class _Line(NamedTuple):
    start: int
    end: int
    said: str
    is_marked: bool


def is_forwarding_subject(subject: str) -> bool:
    """Return whether a subject says that its mail forwards another one: "Fwd: Fees"."""
    return FORWARDING_SUBJECT.match(subject) is not None


def is_attribution(text: str) -> bool:
    """Return whether `text` says who wrote what is quoted below it: "On Monday, A wrote:"."""
    return len(text) <= LONGEST_ATTRIBUTION and ATTRIBUTION.fullmatch(text.strip()) is not None


def quoted_spans(text: str, *, is_forward: bool = False) -> list[Span]:
    """Return the stretches of a mail's text that are not its own message, in order, as whole lines.

    `is_forward` says that the mail forwards another one, which then is part of the message. If nothing else
    is in the text, the list is empty.
    """
    lines = _lines_of(text)
    end = _end_of_message(lines, is_forward=is_forward)
    quoted = _marked(lines[:end]) | set(range(end, len(lines)))
    quoted |= {
        n for n, line in enumerate(lines) if SENT_FROM.fullmatch(line.said) or TRAILER.fullmatch(line.said)
    }
    quoted |= _signature(lines, quoted)
    if not any(c.isalnum() for number, line in enumerate(lines) if number not in quoted for c in line.said):
        return []
    return _joined(lines, quoted)


def _lines_of(text: str) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for whole in text.splitlines(keepends=True):
        said = whole.strip()
        lines.append(_Line(start, start + len(whole.rstrip()), said, _MARK.match(whole) is not None))
        start += len(whole)
    return lines


def _end_of_message(lines: Sequence[_Line], *, is_forward: bool) -> int:
    """Return the number of the line after the last one of the message; everything below is quoted."""
    number = 0
    first = next((n for n, line in enumerate(lines) if line.said), 0)
    while number < len(lines):
        said = lines[number].said
        if FORWARDED.match(said):
            is_forward = True
            number = _after_fields(lines, number + 1)
            continue
        is_below_text = number > first
        if not is_forward and is_below_text and ORIGINAL.match(said):
            return number
        if (FROM.match(said) and _has_fields(lines, number)) or FIELDS_IN_A_LINE.match(said):
            if is_below_text and not is_forward:
                return _with_rule_above(lines, number)
            is_forward = False  # what is forwarded may quote in turn
        if end := _end_of_attribution(lines, number):
            below = _next_said(lines, end)
            if below is not None and not below.is_marked and is_below_text:
                return number
        if _LIST_RULE.fullmatch(said) and any(
            OF_LIST.search(line.said) for line in lines[number + 1 : number + _TRAILER_LINES]
        ):
            return number
        number += 1
    return len(lines)


def _after_fields(lines: Sequence[_Line], number: int) -> int:
    """Return the number of the first line below the fields of a forwarded mail."""
    for below in range(number, min(number + _FIELD_LINES, len(lines))):
        said = lines[below].said.lstrip("> ")
        if FROM.match(said) or OTHER_FIELD.match(said):
            number = below + 1
    return number


def _has_fields(lines: Sequence[_Line], number: int) -> bool:
    below = [line.said for line in lines[number + 1 : number + _FIELD_LINES] if line.said]
    return sum(OTHER_FIELD.match(said) is not None for said in below) >= 2


def _with_rule_above(lines: Sequence[_Line], number: int) -> int:
    above = next((n for n in range(number - 1, -1, -1) if lines[n].said), number)
    return above if _RULE.fullmatch(lines[above].said) else number


def _end_of_attribution(lines: Sequence[_Line], number: int) -> int:
    """Return the number of the line after an attribution that begins at a line; 0 if none begins there.

    It must name an address or a time, unlike a sentence that introduces something else.
    """
    if lines[number].is_marked or not BEGINS_ATTRIBUTION.match(lines[number].said):
        return 0
    for end in range(number + 1, min(number + _ATTRIBUTION_LINES, len(lines)) + 1):
        if not lines[end - 1].said:
            return 0
        text = " ".join(line.said for line in lines[number:end])
        if is_attribution(text):
            return end if _ADDRESS_OR_TIME.search(text) else 0
    return 0


def _next_said(lines: Sequence[_Line], number: int) -> _Line | None:
    return next((line for line in lines[number:] if line.said), None)


def _marked(lines: Sequence[_Line]) -> set[int]:
    """Return the numbers of the lines with ">" before them, and of the attributions above these.

    The first ">" of a mail that is forwarded with such marks says nothing.
    """
    quoted: set[int] = set()
    is_below_forward = is_forwarded = False
    for number, line in enumerate(lines):
        if not line.is_marked:
            is_below_forward = FORWARDED.match(line.said) is not None or (is_below_forward and not line.said)
            is_forwarded = is_forwarded and not line.said
            continue
        is_forwarded = is_forwarded or is_below_forward
        if is_forwarded and not _MARK.match(line.said.lstrip(" \t")[1:]):
            continue
        if number - 1 not in quoted:
            quoted.update(_attribution_above(lines, number))
        quoted.add(number)
    return quoted


def _signature(lines: Sequence[_Line], quoted: set[int]) -> set[int]:
    """Return the numbers of the lines of signatures, from the line "-- " to the end or to what is quoted."""
    found: set[int] = set()
    end, below = len(lines), 0
    for number in range(len(lines) - 1, -1, -1):
        if number in quoted and lines[number].said:
            end, below = number, 0
        elif lines[number].said == _SIGNATURE and below <= _SIGNATURE_LINES:
            found |= set(range(number, end))
            end, below = number, 0
        elif lines[number].said:
            below += 1
    return found


def _attribution_above(lines: Sequence[_Line], number: int) -> range:
    """Return the numbers of the lines that say who wrote a quotation; the line above it may be blank."""
    last = number - 1
    if last >= 0 and not lines[last].said:
        last -= 1
    if last < 0 or lines[last].is_marked:
        return range(0)
    for first in range(last, max(last - _ATTRIBUTION_LINES, -1), -1):
        if not lines[first].said:
            break
        text = " ".join(line.said for line in lines[first : last + 1])
        if BEGINS_ATTRIBUTION.match(text) and is_attribution(text):
            return range(first, last + 1)
    said = lines[last].said
    names_sender = said.endswith(":") and _ADDRESS_OR_TIME.search(said) is not None
    return range(last, last + 1) if names_sender or is_attribution(said) else range(0)


def _joined(lines: Sequence[_Line], quoted: set[int]) -> list[Span]:
    """Return the spans of neighbouring quoted lines; blank lines between two of them count as quoted."""
    spans: list[Span] = []
    is_open = False
    for number, line in enumerate(lines):
        if number in quoted and line.said:
            spans.append(Span(spans.pop().start if is_open else line.start, line.end))
            is_open = True
        elif line.said:
            is_open = False
    return spans
