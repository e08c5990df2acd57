"""The lines of a paragraph: columns set with tabs, typed list items, and lead-ins in bold."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import regex

from articleqa.loaders.office.blocks import LINE_END, TAB, Piece, are_bold, split_at, text_of
from articleqa.loaders.text_builder import SHORT_CELL
from articleqa.text.bullets import BULLETS
from articleqa.text.endings import ends_sentence

LONGEST_LEAD_IN = 80
"""Maximum characters of a bold line that is the heading of the text below it."""

_MARKER = regex.compile(
    rf"[{BULLETS}⁃✓✔*–-]|\p{{Co}}"
    r"|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?"
)
"""A bullet or number ahead of a tab, typed instead of set by the word processor."""

_TYPED = regex.compile(rf"[{BULLETS}⁃✓✔]\s*" r"|(?:\p{Co}|[-–*]|\(?\d{1,2}[.)]|\([a-z]{1,4}\)|[a-z]\))\s+")
"""The same without a tab, where it is certain enough: plain text takes these lines for list items too."""


class Line(NamedTuple):
    """A line to write: a typed list item if it has a `marker`, a row if it has several cells."""

    cells: list[str]
    marker: str = ""


def groups_of_lines(pieces: list[Piece]) -> list[list[list[Piece]]]:
    """Return the non-empty lines of a paragraph, in groups with blank lines between them."""
    groups: list[list[list[Piece]]] = [[]]
    for line in split_at(pieces, LINE_END):
        if any(piece.text.strip() for piece in line):
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return groups


def lead_in_of(lines: list[list[Piece]]) -> str:
    """Return the bold first line of a paragraph that is the heading of the others; empty if it has none."""
    if len(lines) < 2 or not are_bold(lines[0]) or are_bold(piece for line in lines[1:] for piece in line):
        return ""
    first = text_of(lines[0])
    return "" if len(first) > LONGEST_LEAD_IN or ends_sentence(first) else first


def read_line(pieces: list[Piece]) -> Line:
    """Return a line with its cells and its typed list marker, if it has any."""
    cells = [text for part in split_at(pieces, TAB) if (text := " ".join(text_of(part).split()))]
    if not cells:
        return Line([""])
    if len(cells) > 1 and _MARKER.fullmatch(cells[0]):
        return Line([" ".join(cells[1:])], cells[0])
    marker = _TYPED.match(cells[0])
    if marker is not None and len(cells) == 1:
        return Line([cells[0][marker.end() :]], marker[0].strip())
    return Line(cells if _are_columns(cells, pieces) else [" ".join(cells)])


def _are_columns(cells: list[str], pieces: list[Piece]) -> bool:
    """Return whether texts with tabs between them are columns, unlike a label and its text or a sentence."""
    if len(cells) < 2 or any(len(cell) > SHORT_CELL for cell in cells):
        return False
    if len(cells) == 2 and cells[0].endswith(":") and not cells[1].endswith(":"):
        return False
    is_wide = any(one.text == two.text == TAB for one, two in pairwise(pieces))
    return is_wide or not any(cell[0].islower() for cell in cells[1:])


def are_lines_apart(lines: list[Line]) -> bool:
    """Return whether the lines of a paragraph do not continue each other: rows, or a typed list."""
    return any(len(line.cells) > 1 for line in lines) or sum(bool(line.marker) for line in lines) > 1
