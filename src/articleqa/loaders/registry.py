"""The file formats that are read, and how a file's format is recognised.

This is the one place that names the formats of this package. Another package adds one with
`register_format`, or with an entry point of the group `articleqa.formats` that names a `Format`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from pathlib import PurePath

import regex

from articleqa.loaders.office.libreoffice import program
from articleqa.loaders.protocol import Format

ZIP_SIGNATURE = b"PK\x03\x04"
GZIP_SIGNATURE = b"\x1f\x8b"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

HEAD = 4096
"""How many bytes at the start of a file are examined to recognise its content."""

ENTRY_POINTS = "articleqa.formats"
"""The group of entry points by which other packages add formats."""

_EPUB, _ODT = b"application/epub+zip", b"application/vnd.oasis.opendocument.text"
_CONTENT_TYPES = "[Content_Types].xml"
_DOCX = (_CONTENT_TYPES, "word/")
_OLD_WORD = (".doc", ".dot")
_HTML = regex.compile(rb"(?:\s|<!--.*?-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html[\s>])", regex.I | regex.S)
_MHTML = regex.compile(
    rb"(?:From|MIME-Version|Snapshot-Content-Location|Subject|Date):.*?multipart/related", regex.I | regex.S
)
_MAIL_FIELD = regex.compile(rb"^(From|Date|Subject|Message-ID|Received|To|MIME-Version):", regex.I | regex.M)
_MBOX = regex.compile(rb"From [^\n]{0,200}\d\d:\d\d[^\n]{0,60}\r?\n(?:>?From |[!-9;-~]+:)")
_VTT = regex.compile(rb"(?:\xef\xbb\xbf)?WEBVTT[ \t\r\n]")
_FEED = regex.compile(
    rb"<(?:\w+:)?(?:rss[\s>]|feed\s[^>]*w3\.org/2005/Atom|RDF\s[^>]*purl\.org/(?:rss/|net/rss))", regex.I
)
_FEED_SUFFIXES = (".rss", ".atom", ".rdf", ".xml")
_JSON_FEED = regex.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')
_BOM = b"\xef\xbb\xbf"
_HERE = "articleqa.loaders"

TEXT = Format("plain text", ("", ".txt", ".text"), load=f"{_HERE}.text.plain:load_plain_text", is_text=True)
MARKDOWN = Format("Markdown", (".md", ".markdown"), load=f"{_HERE}.text.markdown:load_markdown", is_text=True)
RST = Format("reStructuredText", (".rst", ".rest"), load=f"{_HERE}.text.rst:load_rst", is_text=True)
HTML = Format(
    "HTML",
    (".html", ".htm", ".xhtml"),
    load=f"{_HERE}.html:load_html",
    library="trafilatura",
    guess=lambda head: _HTML.match(head.removeprefix(_BOM)) is not None,
)
MHTML = Format(
    "MHTML",
    (".mhtml", ".mht"),
    load=f"{_HERE}.web_archives.mhtml:load_mhtml",
    library="trafilatura",
    guess=lambda head: _MHTML.match(head) is not None,
)
PDF = Format(
    "PDF",
    (".pdf",),
    load=f"{_HERE}.pdf:load_pdf",
    library="pypdfium2",
    sniff=lambda _, head: b"%PDF-" in head[:1024],
)
EPUB = Format(
    "EPUB",
    (".epub",),
    load=f"{_HERE}.epub:load_epub",
    library="lxml.html",
    sniff=lambda _, head: head.startswith(ZIP_SIGNATURE) and b"mimetype" + _EPUB in head,
    sniff_zip=lambda _, mimetype: mimetype.startswith(_EPUB),
)
ODT = Format(
    "ODT",
    (".odt",),
    load=f"{_HERE}.office.odt:load_odt",
    library="lxml.etree",
    sniff=lambda _, head: head.startswith(ZIP_SIGNATURE) and b"mimetype" + _ODT in head,
    sniff_zip=lambda _, mimetype: mimetype.startswith(_ODT),  # text templates and text-web too
)
DOCX = Format(
    "DOCX",
    (".docx",),
    load=f"{_HERE}.office.docx:load_docx",
    library="docx",
    sniff=lambda name, head: (
        head.startswith(ZIP_SIGNATURE)
        and (all(part.encode() in head for part in _DOCX) or name.lower().endswith(_OLD_WORD))
    ),
    sniff_zip=lambda names, _: _DOCX[0] in names and any(name.startswith(_DOCX[1]) for name in names),
)
DOC = Format(
    "DOC",  # without suffixes: other content with this suffix is read as what it is
    load=f"{_HERE}.office.doc:load_doc",
    sniff=lambda name, head: (
        head.startswith(OLE_SIGNATURE) and name.lower().endswith(_OLD_WORD) and bool(program())
    ),
)
PPTX = Format(
    "PPTX",
    (".pptx", ".ppsx", ".potx", ".pptm", ".ppsm"),
    load=f"{_HERE}.office.pptx:load_pptx",
    library="pptx",
    sniff_zip=lambda names, _: _CONTENT_TYPES in names and any(name.startswith("ppt/") for name in names),
)
XLSX = Format(
    "XLSX",
    (".xlsx", ".xlsm", ".xltx"),
    load=f"{_HERE}.office.xlsx:load_xlsx",
    library="openpyxl",
    sniff_zip=lambda names, _: _CONTENT_TYPES in names and any(name.startswith("xl/") for name in names),
)
VTT = Format(
    "VTT", (".vtt",), load=f"{_HERE}.transcripts:load_vtt", sniff=lambda _, head: _VTT.match(head) is not None
)
SRT = Format("SRT", (".srt",), load=f"{_HERE}.transcripts:load_srt")
RTF = Format(
    "RTF", (".rtf",), load=f"{_HERE}.rtf:load_rtf", sniff=lambda _, head: head.lstrip().startswith(b"{\\rtf")
)
FEED = Format(
    "feed",
    (".rss", ".atom"),
    members=f"{_HERE}.feeds:feed_members",
    sniff=lambda name, head: name.lower().endswith(_FEED_SUFFIXES) and _FEED.search(head) is not None,
)
JSON_FEED = Format(
    "JSON Feed",
    members=f"{_HERE}.feeds:json_feed_members",
    sniff=lambda name, head: name.lower().endswith(".json") and _JSON_FEED.search(head) is not None,
)
EML = Format(
    "e-mail",
    (".eml",),
    members=f"{_HERE}.mail.eml:eml_members",
    guess=lambda head: len({name.lower() for name in _MAIL_FIELD.findall(_above_blank_line(head))}) >= 3,
)
MBOX = Format(
    "MBOX",
    (".mbox", ".mbx"),
    members=f"{_HERE}.mail.eml:mbox_members",
    sniff=lambda _, head: _MBOX.match(head) is not None and _MAIL_FIELD.search(head) is not None,
)
MSG = Format("MSG", (".msg",), members=f"{_HERE}.mail.msg:msg_members")
ICS = Format(
    "calendar",
    (".ics",),
    load=f"{_HERE}.calendars:load_ics",
    sniff=lambda _, head: head.removeprefix(_BOM).lstrip()[:15].upper() == b"BEGIN:VCALENDAR",
)
JSONL = Format("JSONL", (".jsonl", ".ndjson"), members=f"{_HERE}.records:jsonl_members")
CSV = Format("CSV", (".csv", ".tsv"), members=f"{_HERE}.records:csv_members")
WARC = Format(
    "WARC",
    (".warc",),
    members=f"{_HERE}.web_archives.warc:warc_members",
    sniff=lambda name, head: (
        head.startswith(b"WARC/") or (head.startswith(GZIP_SIGNATURE) and name.lower().endswith(".warc.gz"))
    ),
)
GZIP = Format(
    "gzip",
    (".gz",),
    members=f"{_HERE}.archives:gzip_members",
    sniff=lambda _, head: head.startswith(GZIP_SIGNATURE),
)
ZIP = Format(
    "zip",
    (".zip",),
    members=f"{_HERE}.archives:zip_members",
    sniff_zip=lambda *_: False,  # it is what no other format recognises
)

BUILT_IN = (
    *(TEXT, MARKDOWN, RST, PDF, HTML, MHTML, EPUB, ODT, DOCX, DOC, PPTX, XLSX, RTF),
    *(FEED, JSON_FEED, VTT, SRT, EML, MBOX, MSG, ICS, JSONL, CSV, WARC, GZIP, ZIP),
)
"""The formats of this package. If several recognise a file, the first of them loads it."""

_registered: list[Format] = []


class FormatWarning(UserWarning):
    """A format of another package cannot be used."""


def register_format(added: Format) -> None:
    """Read files of the format `added` from now on, in this process and its workers.

    It comes before the formats of this package and those registered earlier. Registering an equal format
    again changes nothing. Functions that a worker process cannot import (of the main script, or lambdas) run
    in this process, without limits of time and memory.

    Raises:
        TypeError: `added` is not a `Format`.
    """
    if not isinstance(added, Format):
        raise TypeError(f"a format must be a Format, not {added!r}")
    if added not in _registered:
        _registered.insert(0, added)


def registered_formats() -> tuple[Format, ...]:
    """Return the formats that `register_format` added, the last one first."""
    return tuple(_registered)


@cache
def _from_packages() -> tuple[Format, ...]:
    """Return the formats of other packages' entry points; looked up once, when no other format is found."""
    from importlib.metadata import entry_points

    found: list[Format] = []
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        try:
            loaded = point.load()
        except (Exception, SystemExit) as error:  # whatever another package does when it is imported
            problem = f"cannot be imported ({type(error).__name__}: {error})"
        else:
            if isinstance(loaded, Format):
                found.append(loaded)
                continue
            problem = "not a Format"
        warnings.warn(
            f"the format {point.name!r} is not read: {point.value}: {problem}", FormatWarning, stacklevel=2
        )
    return tuple(found)


def format_of(name: str, head: bytes) -> Format | None:
    """Return the format of a file by its name and its first `HEAD` bytes; None if neither is known.

    A signature in the content decides first, then the suffix, then what the content looks like: a text file
    about HTML may begin with "<html>".
    """
    return _recognised(_known(), name, head) or _recognised(_from_packages(), name, head)


def _recognised(formats: tuple[Format, ...], name: str, head: bytes) -> Format | None:
    named = _by_suffix(formats, name)
    is_zip = head.startswith(ZIP_SIGNATURE)
    if is_zip and named is not None and named.sniff_zip is not None:
        return named
    for each in formats:
        if each.sniff is not None and _says(each.sniff, name, head):
            return each
    if is_zip:
        return None
    if named is not None:
        return named
    return next((each for each in formats if each.guess is not None and _says(each.guess, head)), None)


def _above_blank_line(head: bytes) -> bytes:
    return head.replace(b"\r\n", b"\n").partition(b"\n\n")[0]


def _says(sniff: Callable[..., bool], *given: object) -> bool:
    """Return what a sniffer says; one that fails on a file does not recognise it."""
    try:
        return sniff(*given)
    except Exception:
        return False


def _by_suffix(formats: tuple[Format, ...], name: str) -> Format | None:
    suffix = PurePath(name).suffix.lower()
    return next((each for each in formats if suffix in each.suffixes), None)


def format_named(name: str) -> Format | None:
    """Return the format that a file's suffix names; None if it is not a known one."""
    return _by_suffix(_known(), name) or _by_suffix(_from_packages(), name)


def format_in_zip(names: frozenset[str], mimetype: bytes) -> Format:
    """Return the format of a ZIP archive by its names and its entry "mimetype": a document's, or `ZIP`."""
    return _packed(_known(), names, mimetype) or _packed(_from_packages(), names, mimetype) or ZIP


def _packed(formats: tuple[Format, ...], names: frozenset[str], mimetype: bytes) -> Format | None:
    return next((each for each in formats if each.sniff_zip and _says(each.sniff_zip, names, mimetype)), None)


def _known() -> tuple[Format, ...]:
    """Return the formats that are asked before those of other packages, whose lookup takes time."""
    return (*_registered, *BUILT_IN)
