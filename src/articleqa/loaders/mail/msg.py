"""The loader for mails that Outlook saved: MSG, read with python-oxmsg."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from articleqa.loaders.encoding import BinaryDataError, decode
from articleqa.loaders.mail.eml import MOST_ATTACHMENTS, members_of
from articleqa.loaders.mail.message import Mail, Shown
from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError, optional_import
from articleqa.loaders.registry import OLE_SIGNATURE
from articleqa.models import Article

if TYPE_CHECKING:
    from oxmsg import Message
    from oxmsg.attachment import Attachment
    from oxmsg.storage import Storage

MEDIA_TYPE = "application/vnd.ms-outlook"

DEEPEST = 3
"""Maximum number of mails that are attached to each other, without the outermost."""

_ATTACHED_MAIL, _PROPERTIES = "__substg1.0_3701000D", "__properties_version1.0"
_HEADER = 24
"""Names in the file, and bytes above the properties of an attached mail ([MS-OXMSG] 2.2.2, 2.4.1.2)."""

_TEXT, _HTML = 0x1000, 0x1013
_STRING8, _BINARY = 0x001E, 0x0102
"""Names and kinds of properties ([MS-OXPROPS] 2.618, 2.888; [MS-OXCDATA] 2.11.1)."""


def msg_members(file: NamedData, _: Fields) -> Iterator[Article | NamedData]:
    """Yield the article in a mail of Outlook, and the mails and files attached to it.

    `metadata["unreadable_parts"]` counts the attachments that are neither mails nor files, damaged mails, and
    mails that are attached to each other more than `DEEPEST` deep.

    Raises:
        MissingLibraryError: python-oxmsg is not installed, or the library for HTML is needed and is not.
        UnreadableDataError: `file` is not an MSG file, is damaged, or holds too many attachments.
    """
    if not file.data.startswith(OLE_SIGNATURE):
        raise UnreadableDataError("not an MSG file; save the mail as .eml")
    oxmsg = optional_import("oxmsg", extra="mail")
    try:
        mail = _mail_of(oxmsg.Message.load(file.data), 0)
    except (UnreadableDataError, MemoryError):
        raise
    except Exception:  # olefile's own, KeyError, struct.error, ...: it depends on the damage
        raise UnreadableDataError("not an MSG file, or a damaged one; save the mail as .eml") from None
    yield from members_of(mail, file, MEDIA_TYPE)


def _mail_of(message: Message, depth: int) -> Mail:
    if len(message.attachments) > MOST_ATTACHMENTS:
        raise UnreadableDataError(
            f"holds more than {MOST_ATTACHMENTS:,} attachments; save them as files of their own"
        )
    attached = [_attached(each, depth) for each in message.attachments]
    lost = sum(each is None for each in attached)
    return Mail(
        subject=" ".join(message.subject.split()),
        sender=" ".join((message.sender or "").split()),
        recipients=", ".join(each.name or each.email_address or "" for each in message.recipients),
        date=message.sent_date.isoformat() if message.sent_date else "",
        message_id=(message.message_headers.get("Message-ID") or "").strip("<> "),
        shown=(Shown(_text_of(message), _html_of(message)),),
        attachments=tuple(each for each in attached if each is not None),
        lost=f"{lost} attachment{'s' if lost > 1 else ''}" if lost else "",
    )


def _attached(attachment: Attachment, depth: int) -> tuple[str, bytes | Mail] | None:
    """Return the name of an attachment, and its bytes or the mail that it is; None if it cannot be read."""
    from oxmsg import Message

    if attachment.file_bytes is not None:
        return attachment.file_name or "", attachment.file_bytes
    folder = cast("Storage", attachment._storage)
    mail = next((each for each in folder.storages if each.name == _ATTACHED_MAIL), None)
    if mail is None or depth == DEEPEST or not any(each.name == _PROPERTIES for each in mail.streams):
        return None
    try:
        read = _mail_of(Message(_as_outermost(mail)), depth + 1)
    except MemoryError:
        raise
    except Exception:  # as for the outermost mail, which is read without this one
        return None
    return f"{(read.subject or 'message').replace('/', '_')}.msg", read


def _as_outermost(mail: Storage) -> Storage:
    """Return an attached mail as a mail of its own, whose properties have eight more bytes above them."""
    streams = tuple(
        replace(each, bytes_=each.bytes_[:_HEADER] + bytes(8) + each.bytes_[_HEADER:])
        if each.name == _PROPERTIES
        else each
        for each in mail.streams
    )
    return replace(mail, streams=streams)


def _text_of(message: Message) -> str:
    try:
        return message.body or ""
    except (UnicodeDecodeError, LookupError):  # the stated code page is wrong, or one that Python cannot name
        return _guessed(message, _TEXT, _STRING8)


def _html_of(message: Message) -> str:
    try:
        return message.html_body or ""
    except (UnicodeDecodeError, LookupError):
        return _guessed(message, _HTML, _BINARY)


def _guessed(message: Message, name: int, kind: int) -> str:
    try:
        return decode(message.properties._storage.property_stream_bytes(name, kind)).text
    except (BinaryDataError, KeyError):
        return ""
