"""The values of Excel's cells as text, nearly as Excel shows them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import regex

from articleqa.loaders.office.xlsx_numbers import shown_number

_NOT_SHOWN = regex.compile(r"\"[^\"]*\"|\\.|\[(?![hms]+\])[^\]]*\]", regex.IGNORECASE)
"""Parts of a date's format that are no fields of the date."""

_WRITTEN_OUT = regex.compile(r"_x000[9ADad]_")

_YEARS = range(1800, 2200)


def is_name(value: object) -> bool:
    """Return whether a value may name a column: words, a year or a date."""
    is_year = isinstance(value, int) and not isinstance(value, bool) and value in _YEARS
    return is_year or isinstance(value, str | date)


def shown_value(cell: Any) -> str:
    """Return the value of a cell of openpyxl as text on one line; empty for an error such as #N/A.

    Dates are in ISO 8601, as far as their format shows them: "2024-03" for "March 2024". Numbers are as their
    format shows them in English.
    """
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(" ", "seconds").removesuffix(":00")
    if isinstance(value, date):
        return _shown_date(value, cell.number_format or "")
    if isinstance(value, time):
        return value.isoformat("seconds").removesuffix(":00")
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, int | float):
        return shown_number(value, cell.number_format or "")
    return "" if cell.data_type == "e" else on_one_line(str(value))


def on_one_line(text: str) -> str:
    """Return a text with single spaces, also for the tabs and line ends that Excel writes as "_x000D_"."""
    return " ".join(_WRITTEN_OUT.sub(" ", text).split())


def _shown_date(value: date, number_format: str) -> str:
    """Return a date, without its day or its month if the format shows neither: "2024-03", "2024"."""
    fields = _NOT_SHOWN.sub("", number_format).lower()
    if "y" not in fields or "d" in fields:
        return f"{value:%Y-%m-%d}"
    return f"{value:%Y-%m}" if "m" in fields else f"{value:%Y}"


def _duration(value: timedelta) -> str:
    """Return hours, minutes and seconds, if there are any: "30:00" is more than a day."""
    seconds = round(value.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    shown = f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
    return f"-{shown}" if seconds < 0 else shown
