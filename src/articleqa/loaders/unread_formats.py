"""Formats that are not read, and what to convert their files to."""

from __future__ import annotations

from pathlib import PurePath
from typing import NamedTuple


class _Unread(NamedTuple):
    name: str
    advice: str
    suffixes: str


_UNREAD = (
    _Unread("Word 97-2003", "save it as .docx, or install LibreOffice", ".doc .dot"),
    _Unread("PowerPoint 97-2003", "save it as .pptx", ".ppt .pps .pot"),
    _Unread("Excel 97-2003 and binary Excel", "save it as .xlsx", ".xls .xlt .xlsb"),
    _Unread("Pages", "export it as .docx", ".pages"),
    _Unread("Numbers", "export it as .xlsx", ".numbers"),
    _Unread("Keynote", "export it as .pptx", ".key"),
    _Unread("OpenDocument presentation", "save it as .pptx", ".odp .otp"),
    _Unread("OpenDocument spreadsheet", "save it as .xlsx", ".ods .ots"),
    _Unread("WordPerfect and Works", "save it as .docx", ".wpd .wps"),
    _Unread("Kindle", "convert it to .epub", ".mobi .azw .azw3"),
    _Unread("PostScript, XPS and DjVu", "convert it to .pdf with text", ".ps .xps .djvu"),
    _Unread("Outlook mailbox", "save its mails as .mbox, .eml or .msg", ".pst .ost"),
    _Unread(
        "picture",
        "run OCR on it, and give the text or a PDF with text",
        ".png .jpg .jpeg .gif .tif .tiff .bmp .webp .heic .svg",
    ),
    _Unread(
        "sound and film",
        "transcribe it, and give the transcript as .vtt, .srt or .txt",
        ".mp3 .wav .m4a .ogg .flac .aac .mp4 .mov .mkv .avi .webm",
    ),
    _Unread("7z, RAR and tar", "pack the files as .zip", ".7z .rar .tar .tgz .bz2 .xz"),
    _Unread("JSON other than JSON Feed", "write one object a line, as .jsonl", ".json"),
    _Unread("database", "export its texts as .csv or .jsonl", ".db .sqlite .mdb .accdb"),
)

_BY_SUFFIX = {suffix: unread for unread in _UNREAD for suffix in unread.suffixes.split()}


def advice_about(name: str) -> str:
    """Return why a file with this name is not read and what to do; empty if its format is not a known one."""
    found = _BY_SUFFIX.get(PurePath(name).suffix.lower())
    return f"{found.name} files are not read; {found.advice}" if found else ""
