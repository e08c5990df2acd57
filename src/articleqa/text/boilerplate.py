"""Boilerplate lines that a saved web page carries around its article: menus, sharing, donations, comments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import regex

from articleqa.language import LANGUAGE, LAYOUT
from articleqa.language.word_lists import any_of

LONGEST = 200
"""A line of more characters than this counts as prose, whatever it says."""

_LINE_ENDS = regex.compile(r"\s*\n\s*")
_MARKER = regex.compile(r"^[\s•‣◦▪●·*|/\\>»›→–—-]+")
_TRAILING = " !:>»›→|\u00a0"
_ONLY_SYMBOLS = regex.compile(r"^[^\p{L}\p{N}]+$")
_SEPARATOR = regex.compile(r"[>»›→|/]")
_HOME = regex.compile(rf"^[\s•‣◦▪●·*–—-]*{any_of(*LAYOUT.home)}\s*(?:$|[>»›→|/])", regex.IGNORECASE)

LONGEST_MENU = 30
"""A menu has at most this many lines."""

WORDS_OF_ENTRY = 3
"""An entry of a menu has at most this many words."""


def is_boilerplate(line: str) -> bool:
    """Return whether `line` is boilerplate of a web page rather than part of its article.

    The patterns are in `boilerplate.txt` of the language; each must match the whole line, apart from
    leading bullets and trailing punctuation. The line may contain line breaks, from wrapping to fit a page.
    """
    if len(line) > LONGEST:
        return False
    bare = _MARKER.sub("", _LINE_ENDS.sub(" ", line)).rstrip(_TRAILING)
    if not bare or _ONLY_SYMBOLS.match(bare):
        return True
    return _furniture().fullmatch(bare) is not None


def is_menu(lines: Sequence[str]) -> bool:
    """Return whether adjacent `lines` are a menu, or a breadcrumb trail such as "Home > News > This article".

    The entries of a menu have one to three words each. Either the first one is "Home", or at least half of
    them are boilerplate on their own ("Search", "Log in").
    """
    if len(lines) > LONGEST_MENU or any(len(line) > LONGEST or line.endswith(".") for line in lines):
        return False
    opens_at_home = _HOME.match(lines[0]) is not None
    if opens_at_home and any(_SEPARATOR.search(line) for line in lines):
        return True
    if len(lines) < 2 or any(len(line.split()) > WORDS_OF_ENTRY for line in lines):
        return False
    return opens_at_home or sum(map(is_boilerplate, lines)) >= len(lines) / 2


@cache
def _furniture() -> regex.Pattern[str]:
    return regex.compile("|".join(f"(?:{line})" for line in LANGUAGE.boilerplate), regex.IGNORECASE)
