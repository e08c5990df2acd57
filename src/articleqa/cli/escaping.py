"""Text from articles and messages for a terminal: shortened, and escaped so that it can be typed again."""

from __future__ import annotations

import re

from articleqa.printing import LINE_END, STEERING, one_line


def excerpt(text: str, length: int) -> str:
    """Return the beginning of `text` on one line; if longer than `length`, cut it between words and add …."""
    line = one_line(text)
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"


_UNPRINTABLE = re.compile(f"^-|[\\\\\t\n]|{LINE_END.pattern}|{STEERING.pattern}")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|([\\nrt]))")
_SHORT = {"\\": "\\", "\n": "n", "\r": "r", "\t": "t"}
_LONG = {short: character for character, short in _SHORT.items()}


def escaped(text: str) -> str:
    """Return `text` on one line, with JSON escapes for backslashes, line ends and control characters.

    A leading dash is escaped too, because on a command line it would begin an option. `unescaped` reverses
    this.
    """
    return _UNPRINTABLE.sub(lambda found: "".join(map(_escape, found[0])), text)


def unescaped(text: str) -> str:
    """Return the text that `escaped` was given; a backslash that begins no escape is kept."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _LONG[found[2]], text)


def _escape(character: str) -> str:
    return "\\" + _SHORT.get(character, f"u{ord(character):04x}")
