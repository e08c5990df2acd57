"""Fields of a form that nobody filled in: "Signature: ________", a label beside an empty cell."""

from __future__ import annotations

from collections.abc import Sequence

import regex

_LONGEST_LABEL = 60
"""Maximum characters of a field's label."""

_STROKES = regex.compile(r"_{3,}+(?:[\s/.-]*_{2,}+)*|[.…]{4,}+$|…{2,}+$|[-–—]{5,}+|(?<=:\s*)[☐□]")
_IN_STROKES = ("___", "-", "–", "—", "☐", "□")
_BLANK = regex.compile(r"[\s_.…\-–—:/☐□$€£%]*")
_LABEL = regex.compile(r"\s*(?:[^\s.!?;]+\s*){0,5}[.:]?\s*")


def is_blank_field(text: str) -> bool:
    """Return whether a line has only labels, each with strokes to write on."""
    if not _may_have_strokes(text):
        return False
    parts = _STROKES.split(text)
    return (
        len(parts) > 1
        and all(len(part) <= _LONGEST_LABEL and _LABEL.fullmatch(part) for part in parts)
        and (not any(c.isdigit() for c in parts[-1]))
    )


def _may_have_strokes(text: str) -> bool:
    """Return whether `_STROKES` may be in `text`; searching for them takes ten times as long."""
    return any(mark in text for mark in _IN_STROKES) or not text[-2:].strip(".…")


def is_blank_row(cells: Sequence[str]) -> bool:
    """Return whether a row of a table without a header has only labels, each with an empty cell to its right.

    A row of three cells with text only in the first is a heading of the rows below it.
    """
    labels, fields = cells[::2], cells[1::2]
    if len(cells) < 2 or len(cells) % 2 or not all(map(_BLANK.fullmatch, fields)):
        return False
    return all(len(label) <= _LONGEST_LABEL and _LABEL.fullmatch(label) for label in labels)
