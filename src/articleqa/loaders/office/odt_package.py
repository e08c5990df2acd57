"""Read the XML files in the package of an ODT file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from articleqa.loaders.archives import MEGABYTE, open_zip, read_member
from articleqa.loaders.protocol import UnreadableDataError

LARGEST_PART = 100 * MEGABYTE
"""Maximum bytes of XML in one file of the package."""

MOST_TAGS = 4_000_000
"""Maximum start and end tags in one file, or in all formulas: in memory, an element takes many times its
bytes."""

LARGEST_FORMULA = MEGABYTE
"""Maximum bytes of an embedded object that is read for its formula; a page of them has some 20,000."""

Element = Any
"""An lxml element; lxml has no type annotations."""

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, META, STYLE, TEXT, TABLE, DRAW = (
    _NAMESPACE % name for name in ("office", "meta", "style", "text", "table", "drawing")
)
MATH = "{http://www.w3.org/1998/Math/MathML}"
XLINK = "{http://www.w3.org/1999/xlink}"
DC = "{http://purl.org/dc/elements/1.1/}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"

_MATHML = b"http://www.w3.org/1998/Math/MathML"
_LEVELS = {str(level) for level in range(1, 11)}


class Parts:
    """The files of a package: the root elements of its main files, and the objects embedded in the text."""

    def __init__(self, package: ZipFile) -> None:
        """Take the open package, and read the main files; a missing one is None."""
        self.content = _root(package, "content.xml")
        self.styles = _root(package, "styles.xml")
        self.meta = _root(package, "meta.xml")
        self._objects = {name.removesuffix("/content.xml"): part for name, part in _formulas(package)}

    def take_formula(self, path: str) -> Element | None:
        """Return the root element of the formula in a folder such as "./Object 1"; None if there is none.

        A formula is returned once, as it is used once: a file could show a large one any number of times.
        """
        part = self._objects.pop(path.removeprefix("./").rstrip("/"), b"")
        return _parsed(part) if part else None


def odt_parts(data: bytes) -> Parts:
    """Return the parts of an ODT file.

    Raises:
        UnreadableDataError: `data` is not a ZIP archive, is damaged, locked by a password, or too large.
    """
    with open_zip(data) as package:
        if b"encryption-data" in _part(package, "META-INF/manifest.xml"):
            raise UnreadableDataError("locked by a password; save it without one")
        return Parts(package)


def _formulas(package: ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file that holds a formula."""
    tags = 0
    for name in package.namelist():
        if name.endswith("/content.xml") and package.getinfo(name).file_size <= LARGEST_FORMULA:
            part = _part(package, name)
            if _MATHML not in part:  # a chart or a table
                continue
            tags += part.count(b"<")
            if tags > MOST_TAGS:
                raise UnreadableDataError("holds too much markup; split it")
            yield name, part


def _part(package: ZipFile, name: str) -> bytes:
    """Return the bytes of a file in the package; empty if it is missing."""
    try:
        member = package.getinfo(name)
    except KeyError:
        return b""
    if member.file_size > LARGEST_PART:
        raise UnreadableDataError(
            f"holds more than {LARGEST_PART // MEGABYTE} MB of text and markup; split it"
        )
    return read_member(package, member)


def _root(package: ZipFile, name: str) -> Element | None:
    part = _part(package, name)
    if not part:
        return None
    if part.count(b"<") > MOST_TAGS:
        raise UnreadableDataError("holds too much markup; split it")
    root = _parsed(part)
    if root is None:
        raise UnreadableDataError("a damaged ODT file; open it in its program and save it again")
    # It could only declare entities, which serve to blow up a small file.
    if root.getroottree().docinfo.doctype:
        raise UnreadableDataError(
            "declares a document type, which an ODT file need not do;"
            " open it in its program and save it again"
        )
    return root


def _parsed(part: bytes) -> Element | None:
    """Return the root element, or None if `part` is not well-formed; entities are never expanded."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        return None
    etree.strip_elements(root, etree.Entity, with_tail=False)
    return root


def outline_level(value: str | None) -> int:
    """Return the heading level that an attribute states; 0 if it states none."""
    return int(value) if value is not None and value in _LEVELS else 0
