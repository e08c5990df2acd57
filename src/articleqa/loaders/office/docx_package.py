"""The package of a DOCX file, made safe for python-docx to open.

python-docx reads every part at once, images too, whatever its size, and fails at a link to a part that is
not there, which Word passes over.
"""

from __future__ import annotations

import io
from collections.abc import Container
from zipfile import ZipFile

from articleqa.loaders.archives import MEGABYTE, open_zip, read_member
from articleqa.loaders.protocol import UnreadableDataError

LARGEST_PART = 100 * MEGABYTE
"""Bytes of XML in one part."""

MOST_TAGS = 4_000_000
"""Start and end tags in all parts together: an element takes memory many times its bytes."""

MOST_LINKS = 10_000
"""Links between parts; python-docx looks for each among all parts visited."""

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_CONTENT_TYPES = "[Content_Types].xml"
_LINKS = ".rels"


def docx_package(data: bytes) -> io.BytesIO:
    """Return the parts of the DOCX file in `data` that are XML, without compression.

    Links to other parts, and to what is not there, are taken out.

    Raises:
        UnreadableDataError: not a DOCX file, damaged, locked by a password or too large.
    """
    if data.startswith(_OLD_OR_LOCKED):
        is_locked = _LOCKED in data
        raise UnreadableDataError("locked by a password" if is_locked else "not a DOCX file; save it as one")
    package = io.BytesIO()
    tags = links = 0
    with open_zip(data) as archive, ZipFile(package, "w") as copy:
        members = {m.filename: m for m in archive.infolist() if m.filename.endswith((".xml", _LINKS))}
        if _CONTENT_TYPES not in members:
            raise UnreadableDataError("not a DOCX file")
        for name, member in members.items():
            if member.file_size > LARGEST_PART:
                raise UnreadableDataError(f"holds more than {LARGEST_PART // MEGABYTE} MB of text and markup")
            part = read_member(archive, member)
            tags += part.count(b"<")
            if name.endswith(_LINKS):
                part, kept = _with_live_links(part, name, members)
                links += kept
            if tags > MOST_TAGS or links > MOST_LINKS:
                raise UnreadableDataError("holds more markup than is read")
            copy.writestr(name, part)
    package.seek(0)
    return package


def _with_live_links(part: bytes, name: str, members: Container[str]) -> tuple[bytes, int]:
    """Return a part of links without those to parts that are not in `members`, and how many are left."""
    from docx.opc.packuri import PackURI
    from lxml import etree

    try:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        raise UnreadableDataError("a damaged DOCX file") from None
    folder = "/" + name.rpartition("_rels/")[0].rstrip("/")
    within = [link for link in root if link.get("TargetMode") != "External"]
    for link in within:
        if PackURI.from_rel_ref(folder, link.get("Target", "")).membername not in members:
            root.remove(link)
    return etree.tostring(root), len(within)
