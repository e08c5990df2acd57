"""The lines of reStructuredText: where each begins and ends without white space, and its indentation."""

from __future__ import annotations

from string import punctuation

import regex

BLANK = -1
"""The column of a line without text."""

_LINE = regex.compile(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_SYMBOLS = frozenset(punctuation)


class Lines:
    """The lines of `text`: `starts` and `ends` without white space, and `columns` (`BLANK` for none)."""

    __slots__ = ("columns", "ends", "starts", "text")

    def __init__(self, text: str) -> None:
        """Find the lines, ended by \\n, \\r\\n or \\r; a tab advances to the next multiple of 8 columns."""
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.columns: list[int] = []
        for match in _LINE.finditer(text):
            line = match[0]
            start, bare = match.start(), line.lstrip()
            indent = len(line) - len(bare)
            is_tabbed = indent > 0 and "\t" in line[:indent]
            self.starts.append(start + indent)
            self.ends.append(start + indent + len(bare.rstrip()))
            self.columns.append((len(line[:indent].expandtabs()) if is_tabbed else indent) if bare else BLANK)

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.columns)

    def line(self, number: int) -> str:
        """Return a line without its outer white space."""
        return self.text[self.starts[number] : self.ends[number]]

    def is_blank(self, number: int) -> bool:
        """Return whether a line has no text, or does not exist."""
        return number >= len(self.columns) or self.columns[number] == BLANK

    def after_blank(self, number: int) -> int:
        """Return the first line from `number` on that has text, or the number of lines if there is none."""
        while number < len(self.columns) and self.columns[number] == BLANK:
            number += 1
        return number

    def after_body(self, number: int, column: int) -> int:
        """Return the line after a body: after the lines from `number` on that are deeper than `column`.

        Blank lines at its end are not part of the body.
        """
        after = number
        while number < len(self.columns) and not BLANK < self.columns[number] <= column:
            number += 1
            if self.columns[number - 1] != BLANK:
                after = number
        return after

    def is_adornment(self, number: int) -> bool:
        """Return whether a line is one repeated symbol, like those above and below titles."""
        if number >= len(self.columns):
            return False
        start, end = self.starts[number], self.ends[number]
        symbol = self.text[start : start + 1]
        return end - start > 1 and symbol in _SYMBOLS and self.text.count(symbol, start, end) == end - start

    def after_space(self, at: int, end: int) -> int:
        """Return the first offset from `at` on that is not white space, or `end`."""
        while at < end and self.text[at].isspace():
            at += 1
        return at
