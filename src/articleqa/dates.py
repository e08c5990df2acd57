"""Dates in the forms that articles give them ("2020-05-17", "May 17, 2020", 2020), as comparable numbers."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

import regex

from articleqa.language import LANGUAGE

_YEAR_FIRST = regex.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?!\.?[0-9])")
"""A day with the year first; anything may follow it, such as a time or a time zone."""
_YEAR_AND_MONTH = regex.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2}))?")

MAX_LENGTH = 100
"""Characters of the longest text that is parsed as a date."""

_DEFAULTS = datetime(2001, 1, 1), datetime(2004, 2, 28)
"""Two values for the parts that a text leaves out; they differ in the year, the month and the day."""


def day_number(value: object) -> int | None:
    """Return the day that `value` states, as yyyymmdd; a month or day that it does not state is 0.

    `value` is a text or a whole number. None if it is not a date, or can be read as more than one:
    "05/06/2020", "17/05/20", "May 17".
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip() if isinstance(value, str) or 0 < value < 10**8 else ""
    return _read(text) if 4 <= len(text) <= MAX_LENGTH else None


@lru_cache(maxsize=4096)
def _read(text: str) -> int | None:
    if found := _YEAR_FIRST.match(text):
        return _number(int(found[1]), int(found[3]) or None, int(found[4]) or None)  # 00 states nothing
    if found := _YEAR_AND_MONTH.fullmatch(text):
        return _number(int(found[1]), int(found[2] or 0) or None, None)
    try:
        day = date.fromisoformat(text)  # "20200517", "2020-W20-7"
    except ValueError:
        return _read_written(text)
    return _number(day.year, day.month, day.day)


def _read_written(text: str) -> int | None:
    """Return the day in a text in words or in digits, such as "17 May 2020" or "17.05.2020".

    The text must give the year in full. It is parsed twice, with the day first and with the month first, and
    with other values for what it leaves out. Whatever differs between the two is ambiguous or missing.
    """
    try:
        one, other = (
            LANGUAGE.calendar.parse_date(text, default=default, dayfirst=dayfirst)
            for default, dayfirst in zip(_DEFAULTS, (False, True), strict=True)
        )
    except (ValueError, ArithmeticError):  # also raised for numbers beyond any date
        return None
    if (one.year, one.month) != (other.year, other.month):
        return None
    if regex.search(rf"(?<![0-9]){one.year:04}(?![0-9])", text) is None:
        return None
    return _number(one.year, one.month, one.day if one.day == other.day else None)


def _number(year: int, month: int | None, day: int | None) -> int | None:
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return year * 10_000 + (month or 0) * 100 + (day or 0)
