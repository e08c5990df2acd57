"""Bytes into text: byte order mark, else UTF-8, else charset-normalizer's best guess."""

from __future__ import annotations

import codecs
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\xff\xd8\xff", b"\x89PNG", b"{\\rtf")
_SNIFFED = 8192
"""Bytes looked at for NUL, as git does to tell binary files from text."""


class Decoded(NamedTuple):
    """A file's text, the encoding it was read in, and how many characters could not be read."""

    text: str
    encoding: str
    replaced: int


class BinaryDataError(ValueError):
    """The bytes are not text in any encoding known here."""


def decode(data: bytes) -> Decoded:
    """Return the text of `data`, without a byte order mark and otherwise unchanged.

    UTF-8 with a few broken bytes is still read as UTF-8, each broken byte as U+FFFD; text that is not
    UTF-8 at all is read in the encoding that charset-normalizer finds most plausible.

    Raises:
        BinaryDataError: the data holds NUL bytes or a binary format's signature, or no encoding fits.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            return Decoded(text, encoding, text.count("\ufffd"))
    if data.startswith(_SIGNATURES) or b"\0" in data[:_SNIFFED]:
        raise BinaryDataError
    try:
        return Decoded(data.decode("utf-8"), "utf-8", 0)
    except UnicodeDecodeError:
        return _decode_damaged(data) or _decode_guessed(data)


def _decode_damaged(data: bytes) -> Decoded | None:
    """Read `data` as UTF-8 if it has more well-formed multi-byte characters than broken bytes."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    well_formed = sum(char > "\x7f" for char in text) - broken
    return Decoded(text, "utf-8", broken) if well_formed > broken else None


def _decode_guessed(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    matches = from_bytes(data)
    best = matches.best()
    if best is None:
        raise BinaryDataError
    # Among encodings that read the bytes equally well, the most widespread one is the likeliest.
    encoding = "cp1252" if "cp1252" in best.could_be_from_charset else best.encoding
    return Decoded(data.decode(encoding, errors="replace"), encoding, 0)
