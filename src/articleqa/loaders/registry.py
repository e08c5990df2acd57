"""Choose a file's format: by its content, or by its name if the content does not say.

This is the one place to add a format: its loader, its suffixes and what its files begin with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import cast

import regex

from articleqa.loaders.protocol import Loader

ZIP_SIGNATURE = b"PK\x03\x04"

HEAD = 4096
"""How many bytes at the start of a file are examined to recognise its content."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format and where its loader is ("module:function").

    Files whose format `is_text` are read at once, in the calling process. A format that `holds` other files
    or records has no loader; `file_reader` opens it.
    """

    name: str
    loader: str = ""
    is_text: bool = False
    holds: bool = False

    def load(self) -> Loader:
        """Return the loader; its module is imported on first use."""
        module, _, function = self.loader.partition(":")
        return cast(Loader, getattr(import_module(f"articleqa.loaders.{module}"), function))


TEXT = Format("plain text", "text.plain:load_plain_text", is_text=True)
MARKDOWN = Format("Markdown", "text.markdown:load_markdown", is_text=True)
RST = Format("reStructuredText", "text.rst:load_rst", is_text=True)
HTML = Format("HTML", "html:load_html")
MHTML = Format("MHTML", "web_archives.mhtml:load_mhtml")
PDF = Format("PDF", "pdf:load_pdf")
DOCX = Format("DOCX", "office.docx:load_docx")
ODT = Format("ODT", "office.odt:load_odt")
EPUB = Format("EPUB", "epub:load_epub")
JSONL = Format("JSONL", holds=True)
CSV = Format("CSV", holds=True)
GZIP = Format("gzip", holds=True)
ZIP = Format("zip", holds=True)
WARC = Format("WARC", holds=True)

BY_SUFFIX: Mapping[str, Format] = {
    **dict.fromkeys(("", ".txt", ".text"), TEXT),
    **dict.fromkeys((".md", ".markdown"), MARKDOWN),
    **dict.fromkeys((".rst", ".rest"), RST),
    **dict.fromkeys((".html", ".htm", ".xhtml"), HTML),
    **dict.fromkeys((".mhtml", ".mht"), MHTML),
    ".pdf": PDF,
    ".docx": DOCX,
    ".odt": ODT,
    ".epub": EPUB,
    **dict.fromkeys((".jsonl", ".ndjson"), JSONL),
    **dict.fromkeys((".csv", ".tsv"), CSV),
    ".gz": GZIP,
    ".zip": ZIP,
    ".warc": WARC,
}
"""Suffixes that are loaded from a folder, in addition to files whose content is recognised.

A file that the caller names is always read.
"""

_HTML = regex.compile(rb"(?:\s|<!--.*?-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html[\s>])", regex.I | regex.S)
_MHTML = regex.compile(
    rb"(?:From|MIME-Version|Snapshot-Content-Location|Subject|Date):.*?multipart/related", regex.I | regex.S
)
_BOM = b"\xef\xbb\xbf"


def format_of(name: str, head: bytes) -> Format | None:
    """Return the format of a file by its name and its first `HEAD` bytes; None if neither is known.

    A binary signature decides first, then the suffix, then HTML or MHTML content: a text file about HTML may
    begin with "<html>".
    """
    named = BY_SUFFIX.get(PurePath(name).suffix.lower())
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(ZIP_SIGNATURE):
        return _in_zip(head, named)
    if head.startswith(b"\x1f\x8b"):
        return WARC if name.lower().endswith(".warc.gz") else GZIP
    if head.startswith(b"WARC/"):
        return WARC
    if named is not None:
        return named
    if _HTML.match(head.removeprefix(_BOM)):
        return HTML
    return MHTML if _MHTML.match(head) else None


def _in_zip(head: bytes, named: Format | None) -> Format | None:
    """Return the format of a ZIP file, if known: documents of three formats, and much else, are ZIP files."""
    if named in (DOCX, ODT, EPUB, ZIP):
        return named
    if b"mimetypeapplication/epub+zip" in head:
        return EPUB
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in head:
        return ODT
    return DOCX if b"[Content_Types].xml" in head and b"word/" in head else None
