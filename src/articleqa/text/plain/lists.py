"""List items in plain text: their markers and how deeply they are nested."""

from __future__ import annotations

from typing import NamedTuple

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.text.bullets import BULLETS
from articleqa.text.lines import Line

_MARKER = regex.compile(
    rf"""(?:
        (?P<bullet>[{BULLETS}*+–—-]|o(?=[ \t]{{2}})) [ \t]+ (?:\[[ xX]\][ \t]+)?
      | (?P<open>\(?)
        (?: (?P<digits>\d{{1,3}}) | (?P<roman>[ivx]{{1,5}}) | (?P<letter>[a-z]) | (?P<capital>[A-Z]) )
        (?P<close>[.)]) [ \t]+
    )(?=\S.*\w|\w)""",
    regex.VERBOSE,
)
_DAY = regex.compile(rf"{any_of(*LAYOUT.days_of_months)}\b")
"""A month after a number and a full stop: "3. Mai" is a day, not the third item."""

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


class Marker(NamedTuple):
    """The marker of an item: where the item's text starts, its style, and its number (0 for a bullet)."""

    text_start: int
    style: str
    number: int


def marker_of(text: str, line: Line, siblings: Siblings | None = None) -> Marker | None:
    """Return the item marker at the start of `line`, or None if it has none.

    "(i)" is the letter after "(h)" if that is the item above it among `siblings`, and a numeral otherwise.
    """
    char = text[line.start]
    if char.isalpha() and not text.startswith((".", ")", " ", "i", "v", "x"), line.start + 1):
        return None  # as for most lines
    found = _MARKER.match(text, line.start, line.end)
    if found is None:
        return None
    if found["bullet"]:
        return Marker(found.end(), found["bullet"], 0)
    brackets = f"{found['open']}{found['close']}"
    if brackets == "(." or (found["capital"] and brackets == "."):  # an initial
        return None
    if found["digits"]:
        if brackets == "." and _DAY.match(text, found.end()):
            return None
        return Marker(found.end(), f"1{brackets}", int(found["digits"]))
    if found["capital"]:
        return Marker(found.end(), f"A{brackets}", ord(found["capital"]) - ord("A") + 1)
    roman = found["roman"]
    if roman and not (len(roman) == 1 and siblings and siblings.expects(f"a{brackets}", _letter(roman))):
        return Marker(found.end(), f"i{brackets}", _ROMAN.get(roman, 0)) if roman in _ROMAN else None
    return Marker(found.end(), f"a{brackets}", _letter(found["letter"] or roman))


def _letter(char: str) -> int:
    return ord(char) - ord("a") + 1


class _Open(NamedTuple):
    indent: int
    style: str
    number: int


class Siblings:
    """The items that are open at a place in a text, outermost first."""

    def __init__(self) -> None:
        """Start outside any list."""
        self._open: list[_Open] = []

    def __bool__(self) -> bool:
        """Return whether any list is open."""
        return bool(self._open)

    @property
    def level(self) -> int:
        """The number of open items, each nested in the one before."""
        return len(self._open)

    def expects(self, style: str, number: int) -> bool:
        """Return whether an item with this style and number would continue one of the open lists."""
        return any(each.style == style and each.number + 1 == number for each in self._open)

    def add(self, marker: Marker, indent: int) -> int:
        """Open the item of `marker` at column `indent`; return its level, 1 for the outermost."""
        while self._open and indent < self._open[-1].indent:
            self._open.pop()
        styles = [each.style for each in self._open if each.indent == indent]
        if marker.style in styles:
            while self._open[-1].style != marker.style or self._open[-1].indent != indent:
                self._open.pop()
            self._open.pop()
        elif styles and not (marker.number == 1 and self._open[-1].number):
            while self._open and self._open[-1].indent == indent:  # another list
                self._open.pop()
        self._open.append(_Open(indent, marker.style, marker.number))
        return self.level

    def holds(self, indent: int) -> bool:
        """Close the items that text at column `indent` does not belong to; return whether any is left."""
        while self._open and indent <= self._open[-1].indent:
            self._open.pop()
        return bool(self._open)

    def close(self) -> None:
        """Close all lists."""
        self._open.clear()
