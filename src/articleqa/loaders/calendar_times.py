"""Dates, times and durations of calendars (RFC 5545), as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta

import regex

_MOMENT = regex.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?", regex.IGNORECASE)
_ZONE = regex.compile(r';TZID="?([^";]{1,100}+)(?=[";]|\Z)', regex.IGNORECASE)
_DURATION = regex.compile(
    r"\+?P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?", regex.IGNORECASE
)
_DATE = len("2020-03-05")
_DATE_AND_TIME = len("2020-03-05 09:00")


def moment_of(value: str, parameters: str = "") -> str:
    """Return a date or a time as "2020-03-05 09:00 UTC"; empty if `value` is neither."""
    found = _MOMENT.match(value.strip())
    if found is None:
        return ""
    year, month, day, hour, minute, is_utc = found.groups()
    zone = _ZONE.search(parameters)
    time = f" {hour}:{minute}" if hour else ""
    return f"{year}-{month}-{day}{time}{' UTC' if is_utc else f' ({zone[1]})' if zone and hour else ''}"


def end_after(start: str, duration: str) -> str:
    """Return the moment that is `duration` ("PT2H30M") after `start`, by the clock of its time zone.

    It is empty if there is no such moment. As in calendars, a whole day ends on the next one.
    """
    found = _DURATION.fullmatch(duration.strip())
    if found is None:
        return ""
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    try:
        end = datetime.fromisoformat(start[:_DATE_AND_TIME]) + length
    except (ValueError, OverflowError):  # no such day or time
        return ""
    if len(start) == _DATE:
        return end.date().isoformat()
    return f"{end.isoformat(' ', 'minutes')}{start[_DATE_AND_TIME:]}"


def time_range(start: str, end: str) -> str:
    """Return when an event begins and ends; the end of one of whole days is the day behind its last."""
    if len(start) == len(end) == _DATE:
        try:
            last = datetime.fromisoformat(end) - timedelta(days=1)
            end = max(start, last.date().isoformat())
        except (ValueError, OverflowError):  # no such day
            end = ""
    return " – ".join(dict.fromkeys(filter(None, (start, end))))


def as_date(moment: str, start: str) -> str:
    """Return the date of `moment` if it has the time and the zone of `start`, else `moment` as it is."""
    return moment.removesuffix(start[_DATE:])


def last_day(moment: str, start: str) -> str:
    """Return the date of `moment`, with its time unless an event that begins on that day is included.

    `start` is when the first event of the series begins. In another zone, the day may be another one.
    """
    is_same_zone = moment[_DATE_AND_TIME:] in ("", start[_DATE_AND_TIME:])
    is_included = moment[_DATE:_DATE_AND_TIME] >= start[_DATE:_DATE_AND_TIME]
    return moment[:_DATE] if is_same_zone and is_included else moment
