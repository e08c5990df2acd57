"""Lines that a saved web page carries around its article: menus, sharing, donations, comments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import regex

from articleqa.data import read_lines

LONGEST = 200
"""A line of more characters than this is prose, whatever it says."""

_MARKER = regex.compile(r"^[\s•‣◦▪●·*|/\\>»›→–—-]+")
_TRAILING = " !:>»›→|\u00a0"
_ONLY_SYMBOLS = regex.compile(r"^[^\p{L}\p{N}]+$")
_SEPARATOR = regex.compile(r"[>»›→|/]")
_HOME = regex.compile(r"^[\s•‣◦▪●·*–—-]*home(?: ?page)?\s*(?:$|[>»›→|/])", regex.IGNORECASE)

LONGEST_TRAIL = 12
"""A trail such as "Home > News > This article" has at most this many lines."""


def is_boilerplate(line: str) -> bool:
    """Say whether `line` belongs to a web page's furniture and not to its article.

    The patterns stand in `data/boilerplate.txt`; each must match the whole line but for bullets.
    """
    if len(line) > LONGEST:
        return False
    bare = _MARKER.sub("", line).rstrip(_TRAILING)
    if not bare or _ONLY_SYMBOLS.match(bare):
        return True
    return _furniture().fullmatch(bare) is not None


def is_menu(lines: Sequence[str]) -> bool:
    """Say whether neighbouring `lines` are a trail such as "Home > News > This article"."""
    if len(lines) > LONGEST_TRAIL or not _HOME.match(lines[0]):
        return False
    if any(len(line) > LONGEST or line.endswith(".") for line in lines):
        return False
    return any(_SEPARATOR.search(line) for line in lines)


@cache
def _furniture() -> regex.Pattern[str]:
    return regex.compile("|".join(f"(?:{line})" for line in read_lines("boilerplate.txt")), regex.IGNORECASE)
