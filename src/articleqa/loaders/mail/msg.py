"""The loader for mails that Outlook saved: MSG, read with python-oxmsg."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from articleqa.loaders.encoding import BinaryDataError, decode
from articleqa.loaders.mail.eml import MOST_ATTACHMENTS, members_of
from articleqa.loaders.mail.message import Mail, Shown
from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError, optional_import
from articleqa.loaders.registry import OLE_SIGNATURE
from articleqa.models import Article

if TYPE_CHECKING:
    from oxmsg import Message

MEDIA_TYPE = "application/vnd.ms-outlook"

_TEXT, _HTML = 0x1000, 0x1013
_STRING8, _BINARY = 0x001E, 0x0102
"""Names and kinds of properties ([MS-OXPROPS] 2.618, 2.888; [MS-OXCDATA] 2.11.1)."""


def msg_members(file: NamedData, _: Fields) -> Iterator[Article | NamedData]:
    """Yield the article in a mail of Outlook, then the files attached to it, to be read in turn.

    Mails attached to it are left out; `metadata["unreadable_parts"]` says how many.

    Raises:
        MissingLibraryError: python-oxmsg is not installed, or the library for HTML is needed and is not.
        UnreadableDataError: `file` is not an MSG file, is damaged, or holds too many attachments.
    """
    if not file.data.startswith(OLE_SIGNATURE):
        raise UnreadableDataError("not an MSG file; save the mail as .eml")
    oxmsg = optional_import("oxmsg", extra="mail")
    try:
        message = oxmsg.Message.load(file.data)
        mail = _mail_of(message)
        mails = sum(each.file_bytes is None for each in message.attachments)
    except (UnreadableDataError, MemoryError):
        raise
    except Exception:  # olefile's own, KeyError, struct.error, ...: it depends on the damage
        raise UnreadableDataError("not an MSG file, or a damaged one; save the mail as .eml") from None
    for member in members_of(mail, file, MEDIA_TYPE):
        if mails and isinstance(member, Article):
            lost = "1 mail attached to it" if mails == 1 else f"{mails} mails attached to it"
            member = member.model_copy(update={"metadata": {**member.metadata, "unreadable_parts": lost}})
        yield member


def _mail_of(message: Message) -> Mail:
    attachments = [each for each in message.attachments if each.file_bytes is not None]
    if len(attachments) > MOST_ATTACHMENTS:
        raise UnreadableDataError(
            f"holds more than {MOST_ATTACHMENTS:,} attachments; save them as files of their own"
        )
    return Mail(
        subject=" ".join(message.subject.split()),
        sender=" ".join((message.sender or "").split()),
        recipients=", ".join(each.name or each.email_address or "" for each in message.recipients),
        date=message.sent_date.isoformat() if message.sent_date else "",
        message_id=(message.message_headers.get("Message-ID") or "").strip("<> "),
        shown=(Shown(_text_of(message), _html_of(message)),),
        attachments=tuple((each.file_name or "", each.file_bytes or b"") for each in attachments),
    )


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
