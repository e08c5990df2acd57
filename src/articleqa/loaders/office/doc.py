"""The loader for documents of Word 97-2003 and Word 6 to 95: DOC, converted to DOCX by LibreOffice."""

from __future__ import annotations

import io
import zipfile
from typing import NamedTuple

import regex

from articleqa.loaders.office.docx import load_docx
from articleqa.loaders.office.libreoffice import docx_of, program
from articleqa.loaders.protocol import UnreadableDataError, optional_import
from articleqa.loaders.registry import OLE_SIGNATURE
from articleqa.models import Article

MEDIA_TYPE = "application/msword"

_STREAM = "WordDocument".encode("utf-16-le")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_SECTOR = 64
"""Streams begin at a multiple of this many bytes; those of 4096 bytes and more at a multiple of 512."""

_VERSIONS = range(0x65, 0x113)
"""Values of nFib from Word 6 on."""

_FILTERS = {b"\xec\xa5": "MS Word 97", b"\xdc\xa5": "MS Word 95"}
"""LibreOffice's import filters by the first bytes of the stream WordDocument ([MS-DOC] 2.5.2, wIdent).

The filter is named so that LibreOffice does not guess another format from the content.
"""

_APPLICATION = regex.compile(rb"<Application>LibreOffice/([\d.]{1,40})")


def load_doc(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in an old Word document, as `load_docx` reads it once it is converted.

    Raises:
        MissingLibraryError: python-docx is not installed.
        UnreadableDataError: `data` is not a DOC file, is damaged or locked by a password, takes too long, or
            LibreOffice is not installed.
    """
    optional_import("docx", extra="docx")
    header = _header(data)
    if header.is_encrypted:
        raise UnreadableDataError("locked by a password; save it as .docx without one")
    if not program():
        raise UnreadableDataError("reading it needs LibreOffice; install it, or save it as .docx")
    converted = docx_of(data, header.import_filter)
    article = load_docx(converted, article_id, source)
    extractor = f"{_version(converted)}+{article.metadata['extractor']}"
    return article.model_copy(
        update={"media_type": MEDIA_TYPE, "metadata": {**article.metadata, "extractor": extractor}}
    )


class _Header(NamedTuple):
    import_filter: str
    is_encrypted: bool


def _header(data: bytes) -> _Header:
    """Return what the file information block says, at the start of the stream WordDocument."""
    if data.startswith(OLE_SIGNATURE) and _LOCKED in data:
        return _Header("", is_encrypted=True)
    if data.startswith(OLE_SIGNATURE) and _STREAM in data:
        for start in range(_SECTOR, len(data) - _SECTOR, _SECTOR):
            found = _FILTERS.get(data[start : start + 2])
            if found and int.from_bytes(data[start + 2 : start + 4], "little") in _VERSIONS:
                return _Header(found, bool(data[start + 11] & 1))
    raise UnreadableDataError("not a Word 97-2003 file, or a damaged one; save it as .docx")


def _version(converted: bytes) -> str:
    """Return the name and version of LibreOffice that a document states which it has written."""
    with zipfile.ZipFile(io.BytesIO(converted)) as package, package.open("docProps/app.xml") as properties:
        found = _APPLICATION.search(properties.read(10_000))
    return f"libreoffice/{found[1].decode()}" if found else "libreoffice"
