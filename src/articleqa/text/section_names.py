"""Headings that fit any document, and so say nothing about this one: "Abstract", "2. Overview"."""

from __future__ import annotations

import regex

from articleqa.language import LAYOUT

_LONGEST = 80
"""A heading of more characters does not count as a section name."""

_AROUND = regex.compile(r"^(?:\W|\d|[IVX]+\.)+|[\W_]+$")
_NAMES = frozenset(LAYOUT.section_names)


def names_a_section(heading: str) -> bool:
    """Return whether `heading`, without its number and symbols, is one that most documents have."""
    if len(heading) > _LONGEST:
        return False
    return _AROUND.sub("", " ".join(heading.split())).casefold() in _NAMES
