"""The header fields of a mail, decoded."""

from __future__ import annotations

import codecs
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from pydantic import JsonValue

from articleqa.loaders.encoding import BinaryDataError, decode

_SINGLE_BYTES = ("iso8859", "cp125")
"""Beginnings of Python's names of charsets for which mails in UTF-8 are mistaken."""

LONGEST_FIELD = 10_000
"""How many characters of a field are read: some of the stdlib's functions take quadratic time."""


def decoded_bytes(data: bytes, charset: str) -> str:
    """Return `data` as text: in the stated charset if that is possible, else as `decode` finds it.

    What is stated as Latin-1 is read as Windows-1252, as mail programs do, and as UTF-8 if it is that: other
    text in a charset of single bytes never is.

    Raises:
        BinaryDataError: `data` is not text.
    """
    if charset and charset.lower() not in ("utf-8", "us-ascii", "ascii", "unknown-8bit"):
        try:
            name = codecs.lookup(charset).name
            if name.startswith(_SINGLE_BYTES) and _is_utf_8(data):
                name = "utf-8"
            return data.decode("cp1252" if name == "iso8859-1" else name)
        except (LookupError, ValueError, TypeError):  # not known, not text, or not what the data is in
            pass
    return decode(data).text


def _is_utf_8(data: bytes) -> bool:
    try:
        return not data.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def field_of(message: Message, name: str) -> str:
    """Return a header field as one line of text; empty if there is none."""
    value = message.get(name)
    return "" if value is None else decoded_words(value)


def decoded_words(value: object) -> str:
    """Return the value of a field with its encoded words (RFC 2047) decoded, as one line."""
    if not isinstance(value, Header):
        value = str(value)[:LONGEST_FIELD]
    try:
        words = decode_header(value)
    except (HeaderParseError, ValueError):
        words = [(str(value), None)]
    text = "".join(
        _decoded_word(word.encode("utf-8", "surrogateescape") if isinstance(word, str) else word, charset)
        for word, charset in words
    )
    return " ".join(text.split())


def _decoded_word(word: bytes, charset: str | None) -> str:
    try:
        return decoded_bytes(word, charset or "")
    except BinaryDataError:
        return ""


def sender_of(field: str) -> tuple[str, str]:
    """Return the name and the address of a mail's first sender; the name is the address if there is none."""
    name, address = next(iter(getaddresses([field])), ("", ""))
    return (" ".join(name.split()) or address, address) if name or address else (field, "")


def date_of(message: Message) -> str:
    """Return when a mail was sent, as ISO 8601 in its own time zone; empty if it does not say."""
    try:
        return parsedate_to_datetime(field_of(message, "Date")).isoformat()
    except (ValueError, OverflowError, TypeError):
        return ""


def metadata_of(**fields: str) -> dict[str, JsonValue]:
    """Return the fields that are not empty."""
    return {name: value for name, value in fields.items() if value}
