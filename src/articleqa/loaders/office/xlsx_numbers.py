"""Numbers as Excel's number formats show them (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

import regex

_SIGNIFICANT = 15
"""Digits that Excel keeps of a number; a float has two more, which are noise."""

_LARGEST = 1e21
"""Larger numbers are written with an exponent."""

_MOST_DECIMALS = 30
_LONGEST_FORMAT = 255
_PRECISE = Context(prec=100)
_PART = regex.compile(
    r"""
      "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | \[\$(?P<sign>[^\]-]{0,5})[^\]]*\]
    | [_*]. | \[[^\]]*\]                                                # space, filling, a color or condition
    | (?P<fraction>[#0?]*[ ]*[#0?]+/[#0?\d]+)
    | (?P<digits>[#0?][#0?,]*(?:\.[#0?]*,*)?|\.[#0?]+)
    | (?P<exponent>E[+-][0#?]+) | (?P<general>General|@) | (?P<literal>.)
    """,
    regex.VERBOSE | regex.IGNORECASE | regex.DOTALL,
)
_FORMATS = 256
"""How many formats are kept taken apart: each is used by many cells."""

_LITERALS = ("quoted", "escaped", "sign", "literal")


def shown_number(value: float, number_format: str) -> str:
    """Return a number as a format shows it: "1,200.50 kr", "12.5%", "(3)"; empty if it hides the number."""
    if not number_format or number_format == "General":
        return general(value)
    sections = _sections(number_format[:_LONGEST_FORMAT])
    parts = sections[0]
    if value < 0 and len(sections) > 1:
        parts, value = sections[1], -value  # that section writes the sign
    elif value == 0 and len(sections) > 2:
        parts = sections[2]
    exponent = any(part["exponent"] for part in parts)
    if abs(value) >= _LARGEST or exponent or any(part["general"] for part in parts):
        return f"{value:.{max(map(_decimals, parts))}E}" if exponent else general(value)
    value *= 100 ** min(2, sum(part["literal"] == "%" for part in parts))
    shown: list[str] = []
    number = ""
    for part in parts:
        if not number and (part["digits"] or part["fraction"]):
            number = _in_digits(abs(value), part) if part["digits"] else _as_fraction(abs(value), part[0])
            shown.append(number)
        else:
            shown += [part[name] for name in _LITERALS if part[name]]
    is_negative = value < 0 and any(c in "123456789" for c in number)
    return ("-" if is_negative else "") + " ".join("".join(shown).split())


def general(value: float) -> str:
    """Return a number as Excel shows it without a format."""
    return f"{value:.{_SIGNIFICANT}G}" if isinstance(value, float) else str(value)


@lru_cache(_FORMATS)
def _sections(number_format: str) -> list[list[regex.Match[str]]]:
    """Return the parts of each section of a format: those for positive and negative numbers, and for zero."""
    sections: list[list[regex.Match[str]]] = [[]]
    for part in _PART.finditer(number_format):
        if part["literal"] == ";":
            sections.append([])
        else:
            sections[-1].append(part)
    return sections


def _decimals(part: regex.Match[str]) -> int:
    return min(_MOST_DECIMALS, len((part["digits"] or "").rstrip(",").partition(".")[2]))


def _in_digits(value: float, part: regex.Match[str]) -> str:
    """Return a positive number with the digits and thousands that placeholders such as "#,##0.0#" ask for."""
    placeholders = part["digits"].rstrip(",")
    whole, _, after = placeholders.partition(".")
    thousands = len(part["digits"]) - len(placeholders)  # each comma at the end divides by a thousand
    exact = Decimal(repr(value)).scaleb(-3 * thousands)
    rounded = exact.quantize(Decimal(1).scaleb(-_decimals(part)), ROUND_HALF_UP, _PRECISE)
    digits, _, decimals = f"{rounded:f}".partition(".")
    while decimals and decimals[-1] == "0" and after[len(decimals) - 1] != "0":
        decimals = decimals[:-1]
    digits = digits.lstrip("0").zfill(whole.count("0"))
    if "," in whole and digits:
        digits = f"{int(digits):,}".rjust(len(digits), "0")
    return f"{digits}.{decimals}" if decimals else digits


def _as_fraction(value: float, placeholders: str) -> str:
    """Return a positive number as Excel does in a format such as "# ?/?": "1 1/2"."""
    below = placeholders.partition("/")[2]
    is_fixed = below.isdecimal() and int(below) > 0
    most = int(below) if is_fixed else 10 ** min(len(below), 5) - 1
    has_whole = " " in placeholders
    whole = int(value) if has_whole else 0
    exact = Fraction(value - whole)
    part = Fraction(round(exact * most), most) if is_fixed else exact.limit_denominator(most)
    if part == 1 and has_whole:
        whole, part = whole + 1, Fraction(0)
    if not part:
        return str(whole)
    return f"{f'{whole} ' if whole else ''}{part.numerator}/{part.denominator}"
