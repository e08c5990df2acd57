"""The loader for mails that Outlook saved: MSG, read with python-oxmsg."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from articleqa.loaders.mail.eml import MOST_ATTACHMENTS, members_of
from articleqa.loaders.mail.message import Mail, Shown
from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError, optional_import
from articleqa.loaders.registry import OLE_SIGNATURE
from articleqa.models import Article

if TYPE_CHECKING:
    from oxmsg import Message

MEDIA_TYPE = "application/vnd.ms-outlook"


def msg_members(file: NamedData, _: Fields) -> Iterator[Article | NamedData]:
    """Yield the article in a mail of Outlook, then the files attached to it, to be read in turn.

    Mails attached to it are left out.

    Raises:
        MissingLibraryError: python-oxmsg is not installed, or the library for HTML is needed and is not.
        UnreadableDataError: `file` is not an MSG file, is damaged, or holds too many attachments.
    """
    if not file.data.startswith(OLE_SIGNATURE):
        raise UnreadableDataError("not an MSG file")
    oxmsg = optional_import("oxmsg", extra="mail")
    try:
        mail = _mail_of(oxmsg.Message.load(file.data))
    except (UnreadableDataError, MemoryError):
        raise
    except Exception:  # olefile's own, KeyError, struct.error, ...: it depends on the damage
        raise UnreadableDataError("not an MSG file, or a damaged one") from None
    yield from members_of(mail, file, MEDIA_TYPE)


def _mail_of(message: Message) -> Mail:
    attachments = [each for each in message.attachments if each.file_bytes is not None]
    if len(attachments) > MOST_ATTACHMENTS:
        raise UnreadableDataError(f"holds more than {MOST_ATTACHMENTS:,} attachments")
    return Mail(
        subject=" ".join(message.subject.split()),
        sender=" ".join((message.sender or "").split()),
        recipients=", ".join(each.name or each.email_address or "" for each in message.recipients),
        date=message.sent_date.isoformat() if message.sent_date else "",
        message_id=(message.message_headers.get("Message-ID") or "").strip("<> "),
        shown=(Shown(message.body or "", message.html_body or ""),),
        attachments=tuple((each.file_name or "", each.file_bytes or b"") for each in attachments),
    )
