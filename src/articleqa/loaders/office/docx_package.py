"""Make the package of a DOCX file safe for python-docx to open.

python-docx reads all parts at once, images too, whatever their size. It fails on a link to a missing part,
which Word ignores, and knows neither templates, nor documents with macros, nor the namespaces of Strict Open
XML, which differ from the usual ones only in their names.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Container
from zipfile import ZipFile

import regex

from articleqa.loaders.archives import MEGABYTE, open_zip, read_member
from articleqa.loaders.protocol import UnreadableDataError, file_of

LARGEST_PART = 100 * MEGABYTE
"""Maximum bytes of XML in one part."""

MOST_TAGS = 4_000_000
"""Maximum start and end tags in all parts together: in memory, an element takes many times its bytes."""

DEEPEST = 1_000
"""Maximum start tags of a part without their end tags: the time that openpyxl takes grows with the depth."""

MOST_LINKS = 10_000
"""Maximum links between parts: python-docx searches all the parts it has visited for each link."""

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_CONTENT_TYPES = "[Content_Types].xml"
_LINKS = ".rels"
_KINDS = regex.compile(
    rb"application/(?:vnd\.ms-word\.(?:document|template)\.macroEnabled(?:Template)?"
    rb"|vnd\.openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml"
)
_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STRICT = regex.compile(
    rb"""((?:\sxmlns(?::[\w.-]+)?|\sType)\s*=\s*["'])http://purl\.oclc\.org/ooxml/(\w+)/"""
)
_TRANSITIONAL = rb"\1http://schemas.openxmlformats.org/\2/2006/"


def docx_package(data: bytes, name: str = "DOCX") -> io.BytesIO:
    """Return a package of only the XML parts of the DOCX file in `data`, uncompressed.

    Links to other parts and to missing parts are removed. `name` names the format: PPTX and XLSX files are
    packages of the same kind.

    Raises:
        UnreadableDataError: `data` is not such a file, is damaged, locked by a password, or too large.
    """
    if data.startswith(_OLD_OR_LOCKED):
        is_locked = _LOCKED in data
        raise UnreadableDataError(
            "locked by a password; save it without one"
            if is_locked
            else f"not {file_of(name)}; save it as one"
        )
    package = io.BytesIO()
    tags = links = 0
    with open_zip(data) as archive, ZipFile(package, "w") as copy:
        # Some programs write the names with backslashes.
        names = {member.filename.replace("\\", "/"): member for member in archive.infolist()}
        members = {name: member for name, member in names.items() if name.endswith((".xml", _LINKS))}
        if _CONTENT_TYPES not in members:
            raise UnreadableDataError(f"not {file_of(name)}; open it in its program and save it again")
        for path, member in members.items():
            if member.file_size > LARGEST_PART:
                raise UnreadableDataError(
                    f"holds more than {LARGEST_PART // MEGABYTE} MB of text and markup; split it"
                )
            part = read_member(archive, member)
            tags += part.count(b"<")
            part = _STRICT.sub(_TRANSITIONAL, part)
            if path == _CONTENT_TYPES:
                part = _KINDS.sub(_DOCUMENT, part)
            if path.endswith(_LINKS):
                part, kept = _with_live_links(part, path, members, name)
                links += kept
            if tags > MOST_TAGS or links > MOST_LINKS:
                raise UnreadableDataError("holds too much markup; split it")
            if _unended_tags(part) > DEEPEST:
                raise UnreadableDataError(
                    f"not {file_of(name)}, or a damaged one; open it in its program and save it again"
                )
            copy.writestr(path, part)
    package.seek(0)
    return package


def _unended_tags(part: bytes) -> int:
    ends = part.count(b"</")
    return part.count(b"<") - part.count(b"<?") - part.count(b"<!") - 2 * ends - part.count(b"/>")


def _with_live_links(part: bytes, path: str, members: Container[str], name: str) -> tuple[bytes, int]:
    """Return a .rels part without links to parts outside `members`, and how many internal links it had."""
    from lxml import etree

    try:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        raise UnreadableDataError(
            f"a damaged {name} file; open it in its program and save it again"
        ) from None
    folder = "/" + path.rpartition("_rels/")[0].rstrip("/")
    within = [link for link in root if link.get("TargetMode") != "External"]
    for link in within:
        target = posixpath.normpath(posixpath.join(folder, link.get("Target", "")))
        if target.lstrip("/") not in members:
            root.remove(link)
    return etree.tostring(root), len(within)
