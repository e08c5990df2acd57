"""Bytes into text: byte order mark, else UTF-8, else the encoding that makes the likeliest words."""

from __future__ import annotations

import codecs
from typing import NamedTuple

import regex

from articleqa.articles.charsets import likeliest_encoding, utf_16_order

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\xff\xd8\xff", b"\x89PNG", b"{\\rtf")
_SNIFFED = 8192
"""Bytes looked at for control characters, to tell binary files from text."""

_CONTROLS = regex.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]")


class Decoded(NamedTuple):
    """A file's text, the encoding it was read in, and how many characters could not be read."""

    text: str
    encoding: str
    replaced: int


class BinaryDataError(ValueError):
    """The bytes are not text in any encoding known here."""


def decode(data: bytes) -> Decoded:
    """Return the text of `data`, without a byte order mark and otherwise unchanged.

    UTF-8, and anything with a byte order mark, is read for certain. UTF-8 with a few broken bytes or a
    lost end is still UTF-8, each broken sequence as U+FFFD. The rest is read in the encoding that
    `charsets` finds likeliest: right for a paragraph in the encodings that it lists, a guess for a few
    words. No damage makes a text unreadable.

    Raises:
        BinaryDataError: the data has a binary format's signature, or more control characters, NULs
            above all, than damage explains.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_as(encoding, data[len(mark) :])
    if data.startswith(_SIGNATURES):
        raise BinaryDataError
    head = data[:_SNIFFED]
    is_noisy = len(_CONTROLS.findall(head)) > len(head) // 50
    if not (is_noisy and b"\0" in head):
        try:
            return Decoded(data.decode("utf-8"), "utf-8", 0)
        except UnicodeDecodeError:
            if damaged := _decode_damaged(data):
                return damaged
    if not is_noisy:
        return _decode_as(likeliest_encoding(data), data)
    # Half of the bytes of UTF-16 look like control characters.
    if order := utf_16_order(head):
        return _decode_as(order, data)
    raise BinaryDataError


def _decode_as(encoding: str, data: bytes) -> Decoded:
    text = data.decode(encoding, errors="replace")
    replaced = text.count("\ufffd")
    if replaced:
        # What stood there as U+FFFD already is no damage of this file.
        replaced -= data.decode(encoding, errors="ignore").count("\ufffd")
    return Decoded(text, encoding, replaced)


def _decode_damaged(data: bytes) -> Decoded | None:
    """Read `data` as UTF-8 if it is so but for a cut end, or holds as many good sequences as broken."""
    decoded = _decode_as("utf-8", data)
    well_formed = len(decoded.text) - len(decoded.text.encode("ascii", errors="ignore")) - decoded.replaced
    return decoded if well_formed >= decoded.replaced or _is_cut(data) else None


def _is_cut(data: bytes) -> bool:
    """Say whether `data` is UTF-8 up to two or three bytes of a last character.

    One byte alone is no sign of it: in older encodings that is a letter with an accent.
    """
    try:
        _, valid = codecs.utf_8_decode(data, "strict", False)
    except UnicodeDecodeError:
        return False
    return len(data) - valid > 1
