"""Make text from articles and messages safe to print: no character in it can control the terminal.

Only text printed for people is changed; JSON output and the library keep every character.
"""

from __future__ import annotations

import re

_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_STEERING = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, overrides of the writing direction, and halves of surrogate pairs."""
_WRAP = re.compile(r"[ \t]*\n\s*|\t")


def shown(text: str) -> str:
    """Return `text` with every line end as \\n and U+FFFD for characters that could control a terminal."""
    return _STEERING.sub("\ufffd", _LINE_END.sub("\n", text))


def one_line(text: str) -> str:
    """Return `text` as `shown` returns it, but on one line."""
    return _WRAP.sub(" ", shown(text)).strip()


def excerpt(text: str, length: int) -> str:
    """Return the beginning of `text` on one line; if longer than `length`, cut it between words and add …."""
    line = one_line(text)
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"


_UNPRINTABLE = re.compile(f"^-|[\\\\\t\n]|{_LINE_END.pattern}|{_STEERING.pattern}")
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
