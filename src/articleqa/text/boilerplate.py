"""Lines that a saved web page carries around its article: menus, sharing, donations, comments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import regex

from articleqa.data import read_lines

LONGEST = 200
"""A line of more characters than this is prose, whatever it says."""

_MARKER = regex.compile(r"^[\s•‣◦▪●·*|/\\>»›→–—-]+")
_ONLY_SYMBOLS = regex.compile(r"^[^\p{L}\p{N}]+$")
_FACETS = regex.compile(r"^\p{Lu}\p{L}+(?: / \p{Lu}\p{L}+)+$")
_CRUMB = regex.compile(r"^[\s•‣◦▪●·*|/\\–—-]*(?:[>»›→]|home\b)", regex.IGNORECASE)


def is_boilerplate(line: str) -> bool:
    """Say whether `line` belongs to a web page's furniture and not to its article.

    The patterns stand in `data/boilerplate.txt`; each must match the whole line but for bullets.
    """
    if len(line) > LONGEST:
        return False
    bare = _MARKER.sub("", line).strip(" .!:>»›→|\u00a0")
    if not bare or _ONLY_SYMBOLS.match(bare):
        return True
    return bool(_FACETS.match(bare) or _furniture().fullmatch(bare))


def is_menu(lines: Sequence[str]) -> bool:
    """Say whether neighbouring `lines` are a trail such as "Home > News > This article"."""
    if any(len(line) > LONGEST or line.rstrip().endswith(".") for line in lines):
        return False
    crumbs = sum(bool(_CRUMB.match(line)) for line in lines)
    if len(lines) == 1:
        return bool(_CRUMB.match(lines[0])) and bool(regex.search(r"[>»›→|]", lines[0]))
    return bool(_CRUMB.match(lines[0])) and crumbs >= 2


@cache
def _furniture() -> regex.Pattern[str]:
    return regex.compile("|".join(f"(?:{line})" for line in read_lines("boilerplate.txt")), regex.IGNORECASE)
