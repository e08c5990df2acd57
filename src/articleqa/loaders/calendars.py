"""Calendars (iCalendar, RFC 5545): files of their own, and invitations in mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import PurePath

import regex

from articleqa.loaders.encoding import BinaryDataError, decode
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.text_builder import TextBuilder
from articleqa.models import Article

MEDIA_TYPE = "text/calendar"
EXTRACTOR = "articleqa/calendar-1"

MOST_EVENTS = 100
"""Maximum events of an invitation that are read; a series is one."""

_MOST_EVENTS_OF_FILE = 100_000
_FOLDED = regex.compile(r"\r?\n[ \t]")
_LINE = regex.compile(r'([A-Z-]+)((?:;[^:"]*+(?:"[^"]*+")?)*+):(.*)')
_COMPONENTS = ("VEVENT", "VTODO", "VJOURNAL")
_MOMENT = regex.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ESCAPED = regex.compile(r"\\([nN\\,;])")
_ZONE = regex.compile(r';TZID="?([^";]+)')
_NAME = regex.compile(r"^(?:X-WR-CALNAME|NAME)(?:;[^:\n]*+)?:([^\r\n]+)", regex.MULTILINE)
_FREQUENCY = regex.compile(r"FREQ=([A-Z]+)")

Event = dict[str, str]
"""The properties of an event by their names, as text; of one that is there twice, the first."""


def load_ics(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in a calendar: a row for each event, and its description below a heading.

    A row has the subject, the time, the place, and for a series how often it repeats. Alarms are left out.

    Raises:
        UnreadableDataError: `data` is not a calendar, or has too many events.
    """
    try:
        text = decode(data).text
    except BinaryDataError:
        raise UnreadableDataError("not a calendar; export it again as .ics") from None
    if "BEGIN:VCALENDAR" not in text:
        raise UnreadableDataError("not a calendar; export it again as .ics")
    events = list(islice(_events(text), _MOST_EVENTS_OF_FILE + 1))
    if len(events) > _MOST_EVENTS_OF_FILE:
        raise UnreadableDataError(f"has more than {_MOST_EVENTS_OF_FILE:,} events; split it")
    builder = TextBuilder()
    for event in events:
        builder.row([cell for cell in _cells(event) if cell])
    for event in events:
        if description := event.get("DESCRIPTION", ""):
            builder.heading(event.get("SUMMARY", ""), 1)
            for paragraph in description.split("\n"):
                builder.paragraph(paragraph)
    named = _NAME.search(text)
    return builder.article(
        article_id,
        source,
        title=_unescaped(named[1]) if named else PurePath(source).stem,
        media_type=MEDIA_TYPE,
        extractor=EXTRACTOR,
        metadata={},
    )


def text_of_invitation(text: str) -> str:
    """Return the subject, time, place and description of the events in an invitation, each on its line."""
    said = (
        "\n\n".join(filter(None, ("\n".join(filter(None, _cells(event))), event.get("DESCRIPTION"))))
        for event in islice(_events(text), MOST_EVENTS)
    )
    return "\n\n".join(filter(None, said))


def _events(text: str) -> Iterator[Event]:
    """Yield the events and tasks of a calendar, without their alarms."""
    open_components: list[str] = []
    event: Event = {}
    for line in _FOLDED.sub("", text).splitlines():
        keyword, _, name = line.strip().partition(":")
        if keyword == "BEGIN":
            if name in _COMPONENTS:
                event = {}
            open_components.append(name)
        elif keyword == "END" and open_components:
            if open_components.pop() in _COMPONENTS:
                yield event
        elif open_components and open_components[-1] in _COMPONENTS and (found := _LINE.fullmatch(line)):
            event.setdefault(found[1], _value(*found.groups()))


def _value(name: str, parameters: str, value: str) -> str:
    """Return the value of a property as text."""
    if name in ("DTSTART", "DTEND", "DUE"):
        return _moment(value, parameters)
    return _unescaped(value).strip()


def _cells(event: Event) -> list[str]:
    """Return the subject of an event, its time, its place, and how often it repeats."""
    repeats = _FREQUENCY.search(event.get("RRULE", ""))
    is_off = event.get("STATUS", "").upper() == "CANCELLED"
    return [
        event.get("SUMMARY", ""),
        _time(event.get("DTSTART", ""), event.get("DTEND") or event.get("DUE", "")),
        event.get("LOCATION", ""),
        repeats[1].lower() if repeats else "",
        "cancelled" if is_off else "",
    ]


def _time(start: str, end: str) -> str:
    """Return when an event begins and ends; the end of one of whole days is the day behind its last."""
    if len(start) == len(end) == len("2020-03-05"):
        try:
            end = (date.fromisoformat(end) - timedelta(days=1)).isoformat()
        except (ValueError, OverflowError):  # no such day
            end = ""
    return " – ".join(dict.fromkeys(filter(None, (start, end))))


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _moment(value: str, parameters: str) -> str:
    """Return a date or a time as "2020-03-05 09:00 UTC"."""
    found = _MOMENT.match(value.strip())
    if found is None:
        return ""
    year, month, day, hour, minute, is_utc = found.groups()
    zone = _ZONE.search(parameters)
    time = f" {hour}:{minute}" if hour else ""
    return f"{year}-{month}-{day}{time}{' UTC' if is_utc else f' ({zone[1]})' if zone and hour else ''}"
