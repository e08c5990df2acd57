"""The loaders for e-mails as the internet sends them: EML, one message, and MBOX, many in one file."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple

import regex

from articleqa.loaders.archives import clean_name, unique_name
from articleqa.loaders.calendars import text_of_invitation, unfolded
from articleqa.loaders.encoding import BinaryDataError
from articleqa.loaders.mail.flowed import unflowed
from articleqa.loaders.mail.headers import date_of, decoded_bytes, decoded_words, field_of
from articleqa.loaders.mail.message import Mail, Shown, article_of_mail
from articleqa.loaders.mime import check_depth, content_of, parsed_message, parts_of
from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError
from articleqa.models import Article, Span

MEDIA_TYPE = "message/rfc822"

MOST_MESSAGES = 100_000
"""Maximum number of messages in an MBOX file."""

MOST_ATTACHMENTS = 1_000
"""Maximum number of files attached to a message."""

_WHAT = "e-mail"
_FIELD = regex.compile(rb"^[!-9;-~]+[ \t]*:", regex.MULTILINE)
_ENVELOPE = regex.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From (?:[^\n]*\d{4}[^\n]*|-?[ \t\r]*)\n(?=>?From |[!-9;-~]+:)"
)
"""The line above a message: a sender and a date, or nothing, and then the first header field."""

_ESCAPED_FROM = regex.compile(rb"^>(>*From )", regex.MULTILINE)
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


def eml_members(file: NamedData, _: Fields) -> Iterator[Article | NamedData]:
    """Yield the article in a mail, then the files attached to it, to be read in turn.

    Raises:
        MissingLibraryError: the mail has only HTML, and the library for that is not installed.
        UnreadableDataError: `file` is not a mail, is damaged or encrypted.
    """
    try:
        mail = _mail_of(file.data)
    except (RecursionError, LookupError, TypeError, AttributeError) as error:  # the stdlib's, on damage
        raise UnreadableDataError(f"a damaged {_WHAT}; save it from the mail program again") from error
    yield from members_of(mail, file, MEDIA_TYPE)


def members_of(mail: Mail, file: NamedData, media_type: str) -> Iterator[Article | NamedData]:
    """Yield the article in `mail`, unless it has only attachments, and the attachments."""
    if not mail.is_empty or not mail.attachments:
        yield article_of_mail(mail, file.article_id, file.source, media_type)
    taken: dict[str, int] = {}
    for given, attached in mail.attachments:
        name = unique_name(clean_name(given).rpartition("/")[2] or "attachment", taken)
        data = b"" if isinstance(attached, Mail) else attached
        part = NamedData(data, name, f"{file.article_id}/{name}", f"{file.source}/{name}")
        if isinstance(attached, Mail):
            yield from members_of(attached, part, media_type)
        else:
            yield part


def mbox_members(file: NamedData, _: Fields) -> Iterator[NamedData]:
    """Yield the messages in an MBOX file, to be read in turn; their numbers count from 1.

    Raises:
        UnreadableDataError: `file` is not an MBOX file, or holds too many messages.
    """
    starts = [Span(*found.span()) for found in _ENVELOPE.finditer(file.data)]
    if not starts or starts[0].start:
        raise UnreadableDataError("not an MBOX file; export the mails again")
    if len(starts) > MOST_MESSAGES:
        raise UnreadableDataError(f"holds more than {MOST_MESSAGES:,} messages; split it")
    ends = [*(envelope.start for envelope in starts[1:]), len(file.data)]
    for number, (envelope, end) in enumerate(zip(starts, ends, strict=True), start=1):
        message = _ESCAPED_FROM.sub(rb"\1", file.data[envelope.end : end])
        yield NamedData(message, f"{number}.eml", f"{file.article_id}#{number}", f"{file.source}#{number}")


class _Content(NamedTuple):
    """The parts of a message: those that are shown, in order, those that are files, and invitations."""

    shown: list[Shown]
    files: list[Message]
    invitations: list[str]


def _mail_of(data: bytes) -> Mail:
    data = data.lstrip(b"\r\n")
    if not _FIELD.match(data):
        raise UnreadableDataError(f"not an {_WHAT}; save it from the mail program again")
    message = parsed_message(data, _WHAT)
    check_depth(message, _WHAT)
    content = _Content([], [], [])
    _sort_parts(message, content)
    if len(content.files) > MOST_ATTACHMENTS:
        raise UnreadableDataError(
            f"holds more than {MOST_ATTACHMENTS:,} attachments; save them as files of their own"
        )
    if not any(part.text.strip() or part.html.strip() for part in content.shown):
        content.shown.extend(Shown(text=text_of_invitation(each)) for each in content.invitations)
    charsets = (part.get_content_charset() for part in message.walk())
    return Mail(
        subject=field_of(message, "Subject"),
        sender=field_of(message, "From") or field_of(message, "Sender"),
        recipients=field_of(message, "To"),
        date=date_of(message),
        message_id=field_of(message, "Message-ID").strip("<>"),
        shown=tuple(content.shown),
        encoding=next((charset for charset in charsets if charset), "utf-8"),
        attachments=tuple(_attachment(part) for part in content.files),
    )


def _sort_parts(part: Message, content: _Content) -> None:
    kind = part.get_content_type()
    if kind in _ENCRYPTED:
        raise UnreadableDataError("encrypted; decrypt it in your mail program and save it again")
    if kind == "message/rfc822" or part.get_content_disposition() == "attachment" or part.get_filename():
        content.files.append(part)
    elif kind == "multipart/alternative":
        _sort_alternatives(part, content)
    elif part.is_multipart():
        for below in parts_of(part):
            _sort_parts(below, content)
    elif kind == "text/plain":
        content.shown.append(Shown(text=_text_of(part)))
    elif kind == "text/html":
        content.shown.append(Shown(html=_text_of(part)))
    elif kind == "text/calendar":
        content.invitations.append(_text_of(part))


def _sort_alternatives(part: Message, content: _Content) -> None:
    """Join the versions of one content, as text and as HTML."""
    versions: list[Shown] = []
    for below in parts_of(part):
        version = _Content([], content.files, content.invitations)
        _sort_parts(below, version)
        versions += version.shown
    text = "\n\n".join(shown.text for shown in versions if shown.text)
    content.shown.append(Shown(text, "\n".join(shown.html for shown in versions if shown.html)))


def _text_of(part: Message) -> str:
    data = content_of(part)
    if part.get_content_type() == "text/calendar":
        data = unfolded(data)
    try:
        text = decoded_bytes(data, part.get_content_charset() or "")
    except BinaryDataError:
        return ""
    if part.get_content_type() == "text/plain" and _parameter(part, "format").lower() == "flowed":
        return unflowed(text, joins_words=_parameter(part, "delsp").lower() == "yes")
    return text


def _parameter(part: Message, name: str) -> str:
    value = part.get_param(name)
    return value if isinstance(value, str) else ""


def _attachment(part: Message) -> tuple[str, bytes]:
    if part.get_content_type() == "message/rfc822":
        below = next(parts_of(part), None)
        subject = field_of(below, "Subject") if below is not None else ""
        return f"{(subject or 'message').replace('/', '_')}.eml", b"" if below is None else below.as_bytes()
    name = decoded_words(part.get_filename() or "")
    return name, content_of(part)
