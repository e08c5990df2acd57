"""Say in words how often an event of a calendar repeats (RFC 5545, section 3.3.10)."""

from __future__ import annotations

from collections.abc import Mapping

import regex

from articleqa.language import LANGUAGE
from articleqa.loaders.calendar_times import as_date, last_day, moment_of

_MOST_DATES = 20
"""Maximum dates that a series names as exceptions, or as added to it."""

_SOMEHOW = "repeats"
"""The words for a rule that cannot be put in more precise ones; they are true of each."""

_FREQUENCIES = {
    "DAILY": ("daily", "days"),
    "WEEKLY": ("weekly", "weeks"),
    "MONTHLY": ("monthly", "months"),
    "YEARLY": ("yearly", "years"),
}
_DAYS = {
    **{"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday"},
    **{"FR": "Friday", "SA": "Saturday", "SU": "Sunday"},
}
_ORDINALS = {
    **{"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"},
    **{"-1": "last", "-2": "second to last"},
}
_MONTHS = {str(number): name for number, name in enumerate(LANGUAGE.calendar.months, start=1)}
_DAYS_OF_MONTH = {"-1": "the last day"} | {str(number): f"day {number}" for number in range(1, 32)}
_NUMBER = regex.compile(r"[1-9]\d{0,5}")
_SIGN_AND_ZEROS = regex.compile(r"\A(?:\+|(-))?+0*+(?=\d)")
_DAY = regex.compile(r"([+-]?\d{1,2})?([A-Z]{2})")
_KEYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}

Rule = Mapping[str, str]


class _UnsayableError(Exception):
    """There are no words for a rule."""


def repeats_in_words(rule: str, start: str, *, except_on: str, also_on: str) -> str:
    """Return how often an event that begins at `start` repeats: "every 2 weeks on Tuesday until 2024-12-31".

    `rule` is the value of an RRULE; `except_on` and `also_on` are those of EXDATE and RDATE, as `dates_of`
    returns them. What this module cannot say makes the sentence vague, and never false: "repeats".
    """
    parts = (_rule_in_words(rule, start), _dates("except", except_on, start), _dates("also", also_on, start))
    return ", ".join(filter(None, parts))


def dates_of(value: str, parameters: str, known: str = "") -> str:
    """Return the dates of an EXDATE or RDATE behind those in `known`, one a line.

    There is at most one more than the sentence names.
    """
    more = (moment_of(each, parameters) for each in value.split(",", _MOST_DATES + 1)[: _MOST_DATES + 1])
    dates = [*known.splitlines(), *filter(None, more)]
    return "\n".join(dates[: _MOST_DATES + 1])


def _dates(word: str, dates: str, start: str) -> str:
    shown = [as_date(date, start) for date in dates.splitlines()]
    others = " and others" if len(shown) > _MOST_DATES else ""
    return f"{word} {', '.join(shown[:_MOST_DATES])}{others}" if dates else ""


def _rule_in_words(value: str, start: str) -> str:
    if not value:
        return ""
    parts = (part.partition("=") for part in value.upper().split(";"))
    rule = {key.strip(): listed.strip() for key, _, listed in parts if key.strip()}
    until = moment_of(rule.get("UNTIL", ""))
    try:
        words = " ".join(filter(None, (_frequency(rule), _days(rule), _months(rule))))
        until = last_day(until, start)
    except _UnsayableError:
        words = _SOMEHOW
    if until:
        words += f" until {until}"
    count = rule.get("COUNT", "")
    if _NUMBER.fullmatch(count):
        words += ", once" if count == "1" else f", {count} times"
    return words


def _frequency(rule: Rule) -> str:
    """Return "every 2 weeks"."""
    interval = rule.get("INTERVAL", "1")
    known = _FREQUENCIES.get(rule.get("FREQ", ""))
    if known is None or not _NUMBER.fullmatch(interval) or not rule.keys() <= _KEYS:
        raise _UnsayableError
    return known[0] if interval == "1" else f"every {interval} {known[1]}"


def _days(rule: Rule) -> str:
    """Return "on Tuesday, Thursday", "on the last Friday", "on day 15"; empty if the rule names no days."""
    frequency, is_each = rule["FREQ"], rule.get("INTERVAL", "1") == "1"
    is_by_month = frequency == "MONTHLY" or (frequency == "YEARLY" and "BYMONTH" in rule)
    if "BYSETPOS" in rule:
        return _nth_day(rule, is_by_month=is_by_month)
    if "BYMONTHDAY" in rule:
        if not is_by_month or "BYDAY" in rule:
            raise _UnsayableError
        return f"on {_named(rule['BYMONTHDAY'], _DAYS_OF_MONTH)}"
    if "BYDAY" not in rule:
        return ""
    if frequency == "WEEKLY" or (frequency == "DAILY" and is_each):
        return f"on {_named(rule['BYDAY'], _DAYS)}"
    if not is_by_month:
        raise _UnsayableError
    return f"on {', '.join(dict.fromkeys(map(_day_of_month, rule['BYDAY'].split(','))))}"


def _nth_day(rule: Rule, *, is_by_month: bool) -> str:
    """Return "on the second Tuesday" for `BYDAY=TU;BYSETPOS=2`, as Outlook writes it.

    The one of several days has no name here: empty, since "monthly" is true of it.
    """
    day, position = rule.get("BYDAY", ""), _plain_number(rule["BYSETPOS"])
    if not is_by_month or position not in _ORDINALS or "BYMONTHDAY" in rule or "," in rule.get("BYMONTH", ""):
        raise _UnsayableError
    return f"on the {_ORDINALS[position]} {_DAYS[day]}" if day in _DAYS else ""


def _day_of_month(day: str) -> str:
    """Return "every Friday" for "FR", and "the last Friday" for "-1FR"."""
    found = _DAY.fullmatch(day.strip())
    if found is None or found[2] not in _DAYS:
        raise _UnsayableError
    if found[1] is None:
        return f"every {_DAYS[found[2]]}"
    return f"the {_named(found[1], _ORDINALS)} {_DAYS[found[2]]}"


def _months(rule: Rule) -> str:
    return f"in {_named(rule['BYMONTH'], _MONTHS)}" if "BYMONTH" in rule else ""


def _named(listed: str, names: Mapping[str, str]) -> str:
    """Return the names of what a list holds, each once."""
    try:
        return ", ".join(dict.fromkeys(names[_plain_number(each)] for each in listed.split(",")))
    except KeyError:
        raise _UnsayableError from None


def _plain_number(text: str) -> str:
    """Return a number without "+" and leading zeros; other text without white space."""
    return _SIGN_AND_ZEROS.sub(r"\1", text.strip(), count=1)
