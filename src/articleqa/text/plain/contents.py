"""Detection of tables of contents in plain text, which list where things are and answer nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.text.lines import Line, Run, line_text

_TITLE = regex.compile(any_of(*LAYOUT.contents_titles), regex.IGNORECASE)
_ENTRY = regex.compile(
    r"(?P<title>\S.*?)(?P<leader>(?:[ \t]*\.){4,}|…{2,}|[ \t]{2,}|\t)[ \t]*"
    rf"{any_of(*LAYOUT.page_in_contents)}?"
    r"(?P<page>\d{1,4}|[ivxlc]{1,6})$"
)
_NUMBERED = regex.compile(
    rf"(?:{any_of(*LAYOUT.parts)}\s+)?(?:\d{{1,3}}|[A-Z]|[IVXL]{{1,6}})(?:\.\d+)*[.:)]?\s"
)
_LAST = "0123456789ivxlc"
_FEWEST_ENTRIES = 3
_SURE_ENTRIES = 6
_LONGEST_ENTRY = 150


def contents_runs(text: str, runs: Sequence[Run]) -> set[int]:
    """Return the numbers of those of `runs` that form a table of contents, its title included."""
    found: set[int] = set()
    below_title = in_contents = False
    others: set[str] = set()
    entries_seen: set[str] = set()
    for number, run in enumerate(runs):
        if len(run) == 1 and is_contents_title(line_text(text, run[0])):
            found.add(number)
            below_title = in_contents = True
            if not others:
                others = _lines_that_come_again(text, runs)
            continue
        pages = [entry for entry in (_entry(text, line) for line in run) if entry]
        has_leaders = any(entry["leader"].count(".") > 3 or "…" in entry["leader"] for entry in pages)
        is_sure = in_contents or (_is_rising(pages) and (has_leaders or _is_list(pages)))
        if pages and 3 * len(pages) >= 2 * len(run) and is_sure:
            found.add(number)
            in_contents = True
            if below_title:
                entries_seen |= {_key(text, line) for line in run}
            continue
        keys = {_key(text, line) for line in run} if below_title else set()
        if keys and not keys & entries_seen and 3 * len(keys & others) >= 2 * len(keys):
            found.add(number)
            entries_seen |= keys
            continue
        below_title = in_contents = False
    return found


def _entry(text: str, line: Line) -> regex.Match[str] | None:
    if text[line.end - 1] not in _LAST or line.end - line.start > _LONGEST_ENTRY:
        return None
    return _ENTRY.match(text, line.start, line.end)


def is_contents_title(line: str) -> bool:
    """Return whether `line` is the title of a table of contents."""
    return _TITLE.fullmatch(line.strip(" .:*_#=-")) is not None


def _is_list(pages: Sequence[regex.Match[str]]) -> bool:
    numbered = sum(_NUMBERED.match(entry["title"]) is not None for entry in pages)
    return len(pages) >= _SURE_ENTRIES or (len(pages) >= _FEWEST_ENTRIES and 2 * numbered >= len(pages))


def _is_rising(pages: Sequence[regex.Match[str]]) -> bool:
    numbers = [int(entry["page"]) for entry in pages if entry["page"].isdigit()]
    rising = sum(first <= second for first, second in pairwise(numbers))
    return len(numbers) >= _FEWEST_ENTRIES and rising >= 0.9 * (len(numbers) - 1)


def _lines_that_come_again(text: str, runs: Sequence[Run]) -> set[str]:
    """Return the short lines that occur more than once in a text: titles and their entries."""
    seen: set[str] = set()
    again: set[str] = set()
    for run in runs:
        for line in run:
            if line.end - line.start <= _LONGEST_ENTRY:
                key = _key(text, line)
                (again if key in seen else seen).add(key)
    return again


def _key(text: str, line: Line) -> str:
    entry = _entry(text, line)
    said = entry["title"] if entry else line_text(text, line)
    return " ".join(said.split()).strip(" .…·_-").casefold()
