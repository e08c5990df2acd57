"""The values of Excel's cells as text, nearly as Excel shows them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import regex

_CURRENCY = regex.compile(r"\[\$([^\]-]{1,5})[^\]]*\]|([$€£¥])")
_DIGITS = regex.compile(r"[0#?]")
_DECIMALS = regex.compile(r"\.([0#]+)")
_SIGNIFICANT = 15
"""Digits that Excel keeps of a number; a float has two more, which are noise."""


_YEARS = range(1800, 2200)


def is_name(value: object) -> bool:
    """Return whether a value may name a column: words, a year or a date."""
    is_year = isinstance(value, int) and not isinstance(value, bool) and value in _YEARS
    return is_year or isinstance(value, str | date)


def shown_value(cell: Any) -> str:
    """Return the value of a cell of openpyxl as text on one line; empty for an error such as #N/A.

    Dates are in ISO 8601. A number has its sign for a percentage or a currency, but its thousands are not
    separated.
    """
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds").removesuffix(":00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds").removesuffix(":00")
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    return "" if cell.data_type == "e" else " ".join(str(value).split())


def _number(value: float, number_format: str) -> str:
    shape = number_format.partition(";")[0]
    decimals = _DECIMALS.search(shape)
    if "%" in shape:
        return f"{value * 100:.{len(decimals[1]) if decimals else 0}f}%"
    currency = _CURRENCY.search(shape)
    if currency is None:
        return f"{value:.{_SIGNIFICANT}g}" if isinstance(value, float) else str(value)
    sign = currency[1] or currency[2]
    amount = f"{value:.{len(decimals[1]) if decimals else 0}f}"
    digits = _DIGITS.search(shape)
    is_before = digits is None or currency.start() < digits.start()
    return f"{sign}{amount}" if is_before else f"{amount} {sign}"
