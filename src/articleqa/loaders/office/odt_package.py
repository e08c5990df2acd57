"""The XML in the package of an ODT file, and what its styles say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from zipfile import ZipFile

import regex

from articleqa.loaders.archives import MEGABYTE, open_zip, read_member
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.superscripts import Shift

LARGEST_PART = 100 * MEGABYTE
"""Bytes of XML in one file of the package."""

MOST_TAGS = 4_000_000
"""Start and end tags in it: an element takes memory many times its bytes."""

Element = Any
"""An element of lxml, which has no types."""

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, META, STYLE, TEXT, TABLE, DRAW = (
    _NAMESPACE % name for name in ("office", "meta", "style", "text", "table", "drawing")
)
DC = "{http://purl.org/dc/elements/1.1/}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"

_LEVELS = {str(level) for level in range(1, 11)}
_HEADING_STYLE = regex.compile(r"Heading_20_(\d)")
_LONGEST_CHAIN = 50
"""Styles based on each other; a damaged file may hold a circle of them."""


class Parts(NamedTuple):
    """The roots of the files of a package; None for one that is not there."""

    content: Element | None
    styles: Element | None
    meta: Element | None


def odt_parts(data: bytes) -> Parts:
    """Return what an ODT file holds.

    Raises:
        UnreadableDataError: not a ZIP archive, damaged, locked by a password or too large.
    """
    with open_zip(data) as package:
        if b"encryption-data" in _part(package, "META-INF/manifest.xml"):
            raise UnreadableDataError("locked by a password")
        return Parts(*(_root(package, name) for name in ("content.xml", "styles.xml", "meta.xml")))


def _part(package: ZipFile, name: str) -> bytes:
    """Return a file of the package, nothing where it is not there."""
    if name not in package.namelist():
        return b""
    member = package.getinfo(name)
    if member.file_size > LARGEST_PART:
        raise UnreadableDataError(f"holds more than {LARGEST_PART // MEGABYTE} MB of text and markup")
    return read_member(package, member)


def _root(package: ZipFile, name: str) -> Element | None:
    from lxml import etree

    part = _part(package, name)
    if not part:
        return None
    if part.count(b"<") > MOST_TAGS:
        raise UnreadableDataError("holds more markup than is read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        raise UnreadableDataError("a damaged ODT file") from None
    # It could only declare entities, and these are for blowing up a small file.
    if root.getroottree().docinfo.doctype:
        raise UnreadableDataError("declares a document type, as no ODT file need")
    return root


def outline_level(value: str | None) -> int:
    """Return the level of a heading that an attribute states, 0 where it states none."""
    return int(value) if value is not None and value in _LEVELS else 0


class Styles:
    """The styles of a document, each by its family and name."""

    def __init__(self, roots: list[Element | None]) -> None:
        """Take the roots of the files that hold styles."""
        self._styles = {
            (style.get(STYLE + "family"), style.get(STYLE + "name")): style
            for root in roots
            if root is not None
            for style in root.iter(STYLE + "style")
        }

    def is_title(self, paragraph: Element) -> bool:
        """Say whether a paragraph has the style of titles, or one derived from it."""
        return any(style.get(STYLE + "name") == "Title" for style in self._chain(paragraph, "paragraph"))

    def heading_level(self, paragraph: Element) -> int:
        """Return the level of the heading that a paragraph is by its style, 0 for what is none."""
        for style in self._chain(paragraph, "paragraph"):
            level = style.get(STYLE + "default-outline-level")
            named = _HEADING_STYLE.fullmatch(style.get(STYLE + "name", ""))
            if level is not None or named:
                return outline_level(level) or (int(named[1]) if named else 0)
        return 0

    def is_bold(self, element: Element) -> bool:
        """Say whether a paragraph or a span is in bold type as a whole."""
        family = "text" if element.tag == TEXT + "span" else "paragraph"
        for style in self._chain(element, family):
            properties = style.find(STYLE + "text-properties")
            weight = None if properties is None else properties.get(FO + "font-weight")
            if weight is not None:
                return bool(weight == "bold")
        return False

    def shift(self, span: Element) -> Shift | None:
        """Return whether a span is raised or lowered, None where its style does not say."""
        for style in self._chain(span, "text"):
            properties = style.find(STYLE + "text-properties")
            position = "" if properties is None else properties.get(STYLE + "text-position", "").strip()
            if position:
                return _shift(position)
        return None

    def _chain(self, element: Element, family: str) -> Iterator[Element]:
        name = element.get(TEXT + "style-name")
        for _ in range(_LONGEST_CHAIN):  # a damaged file may hold a circle
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.get(STYLE + "parent-style-name")


def _shift(position: str) -> Shift:
    """Return what a position such as "super 58%" or "-8% 80%" is; 0% is on the line."""
    rise = position.split()[0]
    if rise == "sub" or rise.startswith("-"):
        return Shift.LOWERED
    is_raised = rise == "super" or (rise.endswith("%") and rise.strip("0.%") != "")
    return Shift.RAISED if is_raised else Shift.NONE
