"""The text of an invitation (iCalendar, RFC 5545) in a mail that says nothing else."""

from __future__ import annotations

import regex

MOST_EVENTS = 100
"""Maximum events of an invitation that are read; a series is one."""

_FOLDED = regex.compile(r"\r?\n[ \t]")
_BEGIN, _END = "\nBEGIN:VEVENT", "\nEND:VEVENT"
_LINE = regex.compile(
    r'^(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION)((?:;[^\n:"]*(?:"[^\n"]*")?)*+):(.*)$', regex.MULTILINE
)
_MOMENT = regex.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ESCAPED = regex.compile(r"\\([nN\\,;])")
_ZONE = regex.compile(r';TZID="?([^";]+)')


def text_of_invitation(text: str) -> str:
    """Return the subject, time, place and description of the events in an invitation, each on its line."""
    events = _FOLDED.sub("", text).replace("\r\n", "\n").split(_BEGIN, MOST_EVENTS)[1:]
    return "\n\n".join(filter(None, (_said(event.partition(_END)[0]) for event in events)))


def _said(event: str) -> str:
    found: dict[str, str] = {}
    for name, parameters, value in _LINE.findall(event):
        shown = _moment(value, parameters) if name.startswith("DT") else _unescaped(value)
        found.setdefault(name, shown.strip())
    time = " – ".join(filter(None, (found.get("DTSTART", ""), found.get("DTEND", ""))))
    head = "\n".join(filter(None, (found.get("SUMMARY"), time, found.get("LOCATION"))))
    return "\n\n".join(filter(None, (head, found.get("DESCRIPTION"))))


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
