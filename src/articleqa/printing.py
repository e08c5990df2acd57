"""Make text from articles and messages safe to print: no character in it can control the terminal.

Only text printed for people is changed; JSON and all other strings of the library keep every character.
"""

from __future__ import annotations

import re

LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
STEERING = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, overrides of the writing direction, and halves of surrogate pairs."""
_WRAP = re.compile(r"[ \t]*\n\s*|\t")


def shown(text: str) -> str:
    """Return `text` with every line end as \\n and U+FFFD for characters that could control a terminal."""
    return STEERING.sub("\ufffd", LINE_END.sub("\n", text))


def one_line(text: str) -> str:
    """Return `text` as `shown` returns it, but on one line."""
    return _WRAP.sub(" ", shown(text)).strip()
