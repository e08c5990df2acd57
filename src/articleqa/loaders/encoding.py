"""Decode bytes: by byte order mark, else as UTF-8, else as Windows-1252, else as charset-normalizer guesses.

Three kinds of text are always recognised: UTF-8; any Unicode encoding with a byte order mark; and
Windows-1252 (and with it Latin-1) if nine in ten of the non-ASCII characters are typographic marks, or
letters in words of one language: French, German, Spanish, Portuguese, Italian, Dutch, Swedish, Danish,
Norwegian or Finnish. If such letters are rare, as in names in an English text, they may belong to any of
these languages. Everything else is a guess: of the 51 paragraphs that tests/loaders/test_encoding.py writes
in older encodings, 49 are decoded correctly: 20 of 20 by the rule for Windows-1252, and 29 of 31 by
charset-normalizer 3.5 (26 by 3.3). For a single sentence the guess is less reliable.
"""

from __future__ import annotations

import codecs
from collections import Counter
from typing import NamedTuple

import regex

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\xff\xd8\xff", b"\x89PNG", b"{\\rtf")
_SNIFFED = 8192
"""Bytes that are checked for control characters, to tell binary files from text."""

_CONTROLS = regex.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]")
_NO_TEXT = regex.compile(r"(?!\s)[\p{Cc}\p{Cn}\p{Co}\p{Cs}\ufffd]")

# Letters of French; German; Spanish; Portuguese; Italian; Swedish, Danish, Norwegian, Finnish; Dutch.
_WESTERN = ("àâæçéèêëîïôœùûü", "äöüßé", "áéíñóúü", "ãõáâàçéêíóôú", "àèéìíòóùú", "åäöøæéü", "éëïèêöü")
_WORD = regex.compile(r"\p{L}+")
_MARKS = "[‘“”„‚«»‹›•·™€£¥§©®°±²³½¼¾ºª¿¡]"
# Apostrophes and dashes may stand between two letters; any other mark there is a wrongly decoded letter.
_TYPOGRAPHY = regex.compile(rf"[’–—…\xa0] | {_MARKS}(?!\p{{L}}) | (?<!\p{{L}}){_MARKS}", regex.VERBOSE)

_WIDESPREAD = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 iso8859_2 iso8859_5 koi8_u cp866 cp850 mac_roman"
    " cp932 euc_jp gb18030 big5 euc_kr tis_620"
)
"""Encodings to choose from when guessing; if all are allowed, the guess is often a rare one."""


class Decoded(NamedTuple):
    """A file's text, its encoding, and how many characters could not be decoded."""

    text: str
    encoding: str
    replaced: int


class BinaryDataError(ValueError):
    """The data is not text in any supported encoding."""


def decode(data: bytes) -> Decoded:
    """Return the text of `data`, without a byte order mark and otherwise unchanged.

    Data that has no more broken UTF-8 sequences than valid non-ASCII characters is decoded as UTF-8, with
    U+FFFD for each broken sequence. If the encoding must be guessed, damage may lead to a wrong guess.

    Raises:
        BinaryDataError: the data has a binary format's signature, or has more control characters
            (especially NULs) than damage explains.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_as(encoding, data[len(mark) :])
    if data.startswith(_SIGNATURES):
        raise BinaryDataError
    head = data[:_SNIFFED]
    is_noisy = len(_CONTROLS.findall(head)) > len(head) // 50
    if not (is_noisy and b"\0" in head):
        decoded = _decode_as("utf-8", data)
        if decoded.replaced <= _beyond_ascii(decoded.text) - decoded.replaced:
            return decoded
    if not is_noisy:
        return _decode_as(_guess(data), data)
    # In UTF-16 without a byte order mark, many bytes look like control characters.
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, errors="replace")
        if regex.search("[ \n]", text) and len(_NO_TEXT.findall(text)) <= len(text) // 50:
            return _decode_as(encoding, data)
    raise BinaryDataError


def _decode_as(encoding: str, data: bytes) -> Decoded:
    text = data.decode(encoding, errors="replace")
    replaced = text.count("\ufffd")
    if replaced:
        # A U+FFFD that the file itself contains is not damage.
        replaced -= data.decode(encoding, errors="ignore").count("\ufffd")
    return Decoded(text, encoding, replaced)


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _guess(data: bytes) -> str:
    if _is_western(data.decode("cp1252", errors="replace")):
        return "cp1252"
    # Imported here because most files are UTF-8 and never need it.
    from charset_normalizer import from_bytes

    # charset-normalizer looks only at samples, and ASCII words say nothing about the encoding: without them
    # more guesses are right.
    telling = b" ".join(word for word in data.split() if not word.isascii())
    best = from_bytes(telling, steps=50, cp_isolation=_WIDESPREAD.split()).best()
    return best.encoding if best else "cp1252"


def _is_western(text: str) -> bool:
    """Return whether `text`, decoded as Windows-1252, is the kind that the module always recognises."""
    letters: Counter[str] = Counter()
    for word in _WORD.findall(text):
        # Other alphabets decoded as Windows-1252 give words without an ASCII letter or with capitals inside.
        if not word.isascii() and (len(word) == 1 or regex.search("[A-Za-z]", word)):
            letters.update(word.lower() if word in (word.lower(), word.upper(), word.capitalize()) else "")
    beyond = _beyond_ascii(text)
    languages = _WESTERN if beyond > len(text) / 50 else ("".join({*"".join(_WESTERN)}),)
    expected = max(sum(letters[letter] for letter in language) for language in languages)
    return expected + len(_TYPOGRAPHY.findall(text)) >= 0.9 * beyond
