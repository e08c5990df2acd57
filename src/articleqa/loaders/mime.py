"""Parse MIME messages: e-mails, and web pages saved as MHTML."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

import regex

from articleqa.loaders.protocol import UnreadableDataError

_MOST_PARTS = 10_000
_DEEPEST_PART = 50
"""Maximum nesting of parts; a real message has at most about six."""

_LONG_FIELD = regex.compile(rb"^[\w-]+:(?:[^\n]|\n[ \t]){100000}", regex.IGNORECASE | regex.MULTILINE)
_LONG_CONTENT_FIELD = regex.compile(
    rb"^content-[\w-]+:(?:[^\n]|\n[ \t]){10000}", regex.IGNORECASE | regex.MULTILINE
)
"""A header field this long is in no real message, and the stdlib's parser takes minutes over one."""


def parsed_message(data: bytes, name: str) -> Message:
    """Return the message in `data`; `name` is what a message calls it, such as "web archive".

    Raises:
        UnreadableDataError: `data` has too many parts, parts nested too deep, or fields that are too long.
    """
    head, _, _ = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    if b"boundary" in data.lower() and data.count(b"\n--") > _MOST_PARTS:
        raise UnreadableDataError(f"has more than {_MOST_PARTS:,} parts; save them as files of their own")
    if _LONG_CONTENT_FIELD.search(data) or _LONG_FIELD.search(head):
        raise UnreadableDataError(f"not {'an' if name[0] in 'aeio' else 'a'} {name}; save it as one again")
    try:
        # The newer policies parse each header field into a tree, some in quadratic time.
        return BytesParser(policy=compat32).parsebytes(data)
    except RecursionError:
        raise UnreadableDataError(
            f"a damaged {name}: its parts are nested too deep; save its parts as files of their own"
        ) from None
    except (ValueError, LookupError, TypeError) as error:
        raise UnreadableDataError(f"a damaged {name}; save it again") from error


def parts_of(message: Message) -> Iterator[Message]:
    """Yield the parts directly below `message`; none if it is a single part."""
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, Message))


def check_depth(message: Message, name: str) -> None:
    """Refuse a message whose parts are nested too deep.

    Raises:
        UnreadableDataError: they are.
    """
    waiting = [(message, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > _DEEPEST_PART:
            raise UnreadableDataError(
                f"a damaged {name}: its parts are nested more than {_DEEPEST_PART} deep;"
                " save them as files of their own"
            )
        waiting.extend((child, depth + 1) for child in parts_of(part))


def content_of(part: Message) -> bytes:
    """Return the decoded content of a part; empty if it has other parts instead."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
