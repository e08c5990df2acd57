"""Metadata of a PDF: title, author, date, language."""

from __future__ import annotations

import ctypes
from datetime import datetime
from typing import TYPE_CHECKING

import regex
from pydantic import JsonValue

from articleqa.loaders.titles import is_default_title

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_LONGEST_LANGUAGE = 64
_DATE = regex.compile(
    r"(?:D:)?(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?)?)?)?.*",
    regex.DOTALL,
)
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


def title_in(document: PdfDocument, source: str) -> str:
    """Return the title in the document's metadata, or "" if it is a file name or a program's default."""
    title = _entry(document, "Title")
    return "" if is_default_title(title, source) else title


def metadata_of(document: PdfDocument) -> dict[str, JsonValue]:
    """Return the document's author, creation date and language; unknown ones are left out."""
    found = {
        "author": _entry(document, "Author"),
        "date": _date(_entry(document, "CreationDate")),
        "language": _language(document),
    }
    return {name: value for name, value in found.items() if value}


def _entry(document: PdfDocument, name: str) -> str:
    value = document.get_metadata_value(name)
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())


def _date(written: str) -> str:
    """Return a PDF date (PDF 32000-1, 7.9.4) as ISO 8601 with the same precision, or "" if it is invalid."""
    match = _DATE.fullmatch(written)
    if match is None:
        return ""
    year, month, day, hour, minute, second, utc, offset, offset_minutes = match.groups()
    iso = "-".join(part for part in (year, month, day) if part)
    if hour:
        zone = "+00:00" if utc else f"{offset}:{offset_minutes or '00'}" if offset else ""
        iso += f"T{hour}:{minute}:{second or '00'}{zone}"
    try:
        datetime.fromisoformat(iso if day else f"{year}-{month or '01'}-01")
    except ValueError:
        return ""
    return iso


def _language(document: PdfDocument) -> str:
    import pypdfium2.raw as pdfium

    buffer = (ctypes.c_ushort * _LONGEST_LANGUAGE)()
    size = pdfium.FPDFCatalog_GetLanguage(document.raw, buffer, ctypes.sizeof(buffer))
    if not 2 < size <= ctypes.sizeof(buffer):
        return ""
    language = bytes(buffer)[: size - 2].decode("utf-16-le", "ignore")
    return language if _LANGUAGE.fullmatch(language) else ""
