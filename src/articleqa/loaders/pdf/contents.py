"""Tables of contents, and headings that most documents have."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.text.section_names import names_a_section

_ENTRY = regex.compile(r".*(?:\.\s?){4,}\s*(?:(\p{Nd}{1,4})|[ivxlc]{1,6})")
"""An entry: its text, leaders, and the number of its page."""

_HEADING = regex.compile(rf"\W*{any_of(*LAYOUT.contents_titles)}\W*", regex.IGNORECASE)
_LONGEST_ENTRY = 500
_FEWEST = 3
"""Minimum number of entries that show a table of contents without its heading."""

_NUMBER = regex.compile(r"^(?:[\p{Nd}.]+|[A-Z]\.)\s+|\W+$")


def contents_entries(texts: Sequence[str]) -> set[int]:
    """Return the indices of the texts that are entries of a table of contents.

    Its entries follow one another, and the numbers of their pages grow. A price list has leaders too, but
    its numbers go up and down.
    """
    entries: set[int] = set()
    run: list[int] = []
    page = 0
    for place in range(len(texts) + 1):
        text = texts[place] if place < len(texts) else ""
        match = _ENTRY.fullmatch(text) if len(text) <= _LONGEST_ENTRY else None
        number = int(match[1] or page) if match else 0
        if match is None or number < page:
            has_heading = bool(run) and run[0] > 0 and _HEADING.fullmatch(texts[run[0] - 1][:_LONGEST_ENTRY])
            if len(run) >= _FEWEST or has_heading:
                entries.update(run)
            run = []
        if match:
            run.append(place)
        page = number
    return entries


def is_common_heading(text: str) -> bool:
    """Return whether a heading is one that most documents have, such as "Contents" or "References"."""
    return names_a_section(text) or _NUMBER.sub("", text).strip().casefold() in LAYOUT.end_sections
