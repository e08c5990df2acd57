"""Calendars (iCalendar, RFC 5545): files of their own, and invitations in mails."""

from __future__ import annotations

import quopri
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath

import regex

from articleqa.loaders.calendar_repeats import dates_of, repeats_in_words
from articleqa.loaders.calendar_times import end_after, moment_of, time_range
from articleqa.loaders.elements import blocks_of_elements
from articleqa.loaders.encoding import BinaryDataError, decode
from articleqa.loaders.fragments import shown_fragment
from articleqa.loaders.mail.headers import decoded_bytes
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.text_builder import CELLS, TextBuilder
from articleqa.models import Article

MEDIA_TYPE = "text/calendar"
EXTRACTOR = "articleqa/calendar-1"

MOST_EVENTS = 100
"""Maximum events of an invitation that are read; a series is one."""

_MOST_EVENTS_OF_FILE = 100_000
_FOLD = r"\r?\n[ \t]"
_FOLDED = regex.compile(_FOLD)
_FOLDED_BYTES = regex.compile(_FOLD.encode())
_LINE_END = regex.compile(r"\r\n?|\n")
_CALENDAR = regex.compile("BEGIN:VCALENDAR", regex.IGNORECASE)
_LINE = regex.compile(r'([A-Za-z0-9-]++)((?:;(?:[^:"]++|"[^"]*+")*+)?+):(.*)')
_COMPONENTS = ("VEVENT", "VTODO", "VJOURNAL")
_ESCAPED = regex.compile(r"\\([nN\\,;])")
_NAME = regex.compile(r"^(?:X-WR-CALNAME|NAME)(?:;[^:\n]*+)?:([^\r\n]+)", regex.MULTILINE | regex.IGNORECASE)
_COMMON_NAME = regex.compile(r';CN=(?:"([^"]*+)"|([^;:"]*+))', regex.IGNORECASE)
_CHARSET = regex.compile(r";CHARSET=([\w-]++)", regex.IGNORECASE)
_LINE_TAG = regex.compile(r"<(?:br|p|div|li|tr|h[1-6])(?=[\s/>])", regex.IGNORECASE)
_HTML = regex.compile(
    r"</?(?:html|body|p|div|span|br|a|b|i|u|em|strong|font|ul|ol|li|table|h[1-6]|pre)"
    r"(?:\s*+/?>|\s++[\w-]++\s*+=)"
    r"|&(?:amp|lt|gt|quot|nbsp|#\d{1,6});",
    regex.IGNORECASE,
)
_STATES = {"CANCELLED": "cancelled", "TENTATIVE": "tentative"}

Event = dict[str, str]
"""The properties of an event by their names, as text; of one that is there twice, the first."""


def load_ics(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in a calendar: a row for each event, and its description below a heading.

    A row has the subject, the time, the place, for a series how often it repeats, and who organizes it.
    Alarms are left out.

    Raises:
        MissingLibraryError: a description is in HTML, and lxml is not installed.
        UnreadableDataError: `data` is not a calendar, or has too many events.
    """
    try:
        text = decode(unfolded(data)).text
    except BinaryDataError:
        raise UnreadableDataError("not a calendar; export it again as .ics") from None
    if _CALENDAR.search(text) is None:
        raise UnreadableDataError("not a calendar; export it again as .ics")
    events = list(islice(_events(text), _MOST_EVENTS_OF_FILE + 1))
    if len(events) > _MOST_EVENTS_OF_FILE:
        raise UnreadableDataError(f"has more than {_MOST_EVENTS_OF_FILE:,} events; split it")
    builder = TextBuilder()
    for event in events:
        builder.row([cell for cell in _cells(event) if cell])
    for event in events:
        if description := _description(event):
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
    """Return what the rows of `load_ics` have, and the description, of the events in an invitation, in lines.

    Raises:
        MissingLibraryError: a description is in HTML, and lxml is not installed.
    """
    said = (
        "\n\n".join(filter(None, ("\n".join(filter(None, _cells(event))), _description(event))))
        for event in islice(_events(text), MOST_EVENTS)
    )
    return "\n\n".join(filter(None, said))


def unfolded(data: bytes) -> bytes:
    """Return a calendar with each property on one line. Programs that fold lines may cut a letter in two.

    Calendars in UTF-16 stay as they are: there, the bytes of a fold may be those of letters.
    """
    return data if b"\0" in data else _FOLDED_BYTES.sub(b"", data)


def _events(text: str) -> Iterator[Event]:
    """Yield the events and tasks of a calendar, without their alarms; the last may be cut off."""
    event: Event | None = None
    inner = 0  # components inside the event that are open
    for line in _lines(text):
        keyword, _, name = line.strip().upper().partition(":")
        if keyword in ("BEGIN", "END") and name in _COMPONENTS:
            if event:
                yield event
            event, inner = ({} if keyword == "BEGIN" else None), 0
        elif keyword == "BEGIN":
            inner += 1
        elif keyword == "END":
            inner = max(0, inner - 1)
        elif event is not None and not inner and (found := _LINE.fullmatch(line)):
            _add_property(event, found[1].upper(), found[2], found[3])
    if event:
        yield event


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a calendar, unfolded, also as vCalendar 1.0 folds quoted-printable ones."""
    cut: list[str] = []
    for line in _LINE_END.split(_FOLDED.sub("", text)):
        if line.endswith("=") and (cut or _is_quoted_printable(line.partition(":")[0])):
            cut.append(line.removesuffix("="))
        else:
            yield "".join([*cut, line])
            cut = []
    yield "".join(cut)


def _is_quoted_printable(parameters: str) -> bool:
    return "QUOTED-PRINTABLE" in parameters.upper()


def _add_property(event: Event, name: str, parameters: str, value: str) -> None:
    """Add a property to `event` as text, unless it is there."""
    if name in ("EXDATE", "RDATE"):  # may be there several times
        event[name] = dates_of(value, parameters, event.get(name, ""))
    elif name in event:
        return
    elif name in ("DTSTART", "DTEND", "DUE"):
        event[name] = moment_of(value, parameters)
    elif name == "ORGANIZER":
        found = _COMMON_NAME.search(parameters)
        event[name] = (found[1] or found[2] or "").strip() if found else ""
    else:
        if _is_quoted_printable(parameters):
            charset = _CHARSET.search(parameters)
            value = _from_quoted_printable(value, charset[1] if charset else "")
        event[name] = _unescaped(value).strip()


def _from_quoted_printable(value: str, charset: str) -> str:
    try:
        text = decoded_bytes(quopri.decodestring(value.encode("utf-8", "replace")), charset)
    except BinaryDataError:
        return ""
    return _LINE_END.sub("\n", text)


def _cells(event: Event) -> list[str]:
    """Return the subject of an event, when and where it is, how often, who organizes it, and its state."""
    start, due, organizer = (event.get(name, "") for name in ("DTSTART", "DUE", "ORGANIZER"))
    return [
        event.get("SUMMARY", ""),
        time_range(start, event.get("DTEND") or end_after(start, event.get("DURATION", ""))),
        due and f"due {due}",
        event.get("LOCATION", ""),
        repeats_in_words(
            event.get("RRULE", ""), start, except_on=event.get("EXDATE", ""), also_on=event.get("RDATE", "")
        ),
        organizer and f"organized by {organizer}",
        _STATES.get(event.get("STATUS", "").upper(), ""),
    ]


def _description(event: Event) -> str:
    """Return the description of an event in lines, also if it is in HTML, as Google writes it."""
    description = event.get("DESCRIPTION", "")
    if _HTML.search(description) is None:
        return description
    markup = description if _LINE_TAG.search(description) else description.replace("\n", "<br>")
    body = shown_fragment(markup, extra="mail")
    blocks = () if body is None else blocks_of_elements(body)
    return "\n".join(CELLS.join(block.cells) for block in blocks)


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
