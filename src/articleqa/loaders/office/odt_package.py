"""Read the XML files in the package of an ODT file, and its styles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from zipfile import ZipFile

import regex

from articleqa.loaders.archives import MEGABYTE, open_zip, read_member
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.superscripts import Shift

LARGEST_PART = 100 * MEGABYTE
"""Maximum bytes of XML in one file of the package."""

MOST_TAGS = 4_000_000
"""Maximum start and end tags in one file: in memory, an element takes many times its bytes."""

Element = Any
"""An lxml element; lxml has no type annotations."""

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
"""Maximum number of styles based on each other; in a damaged file they may form a loop."""


class Parts(NamedTuple):
    """The root elements of the files in a package; None for a missing file."""

    content: Element | None
    styles: Element | None
    meta: Element | None


def odt_parts(data: bytes) -> Parts:
    """Return the XML parts of an ODT file: its content, styles and metadata.

    Raises:
        UnreadableDataError: `data` is not a ZIP archive, is damaged, locked by a password, or too large.
    """
    with open_zip(data) as package:
        if b"encryption-data" in _part(package, "META-INF/manifest.xml"):
            raise UnreadableDataError("locked by a password")
        return Parts(*(_root(package, name) for name in ("content.xml", "styles.xml", "meta.xml")))


def _part(package: ZipFile, name: str) -> bytes:
    """Return the bytes of a file in the package; empty if it is missing."""
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
        raise UnreadableDataError("holds too much markup")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        raise UnreadableDataError("a damaged ODT file") from None
    # It could only declare entities, which serve to blow up a small file.
    if root.getroottree().docinfo.doctype:
        raise UnreadableDataError("declares a document type, which an ODT file need not do")
    return root


def outline_level(value: str | None) -> int:
    """Return the heading level that an attribute states; 0 if it states none."""
    return int(value) if value is not None and value in _LEVELS else 0


class Styles:
    """The styles of a document, by family and name."""

    def __init__(self, roots: list[Element | None]) -> None:
        """Take the root elements of the files that hold styles."""
        self._styles = {
            (style.get(STYLE + "family"), style.get(STYLE + "name")): style
            for root in roots
            if root is not None
            for style in root.iter(STYLE + "style")
        }

    def is_title(self, paragraph: Element) -> bool:
        """Return whether a paragraph has the title style, or one derived from it."""
        return any(style.get(STYLE + "name") == "Title" for style in self._chain(paragraph, "paragraph"))

    def heading_level(self, paragraph: Element) -> int:
        """Return a paragraph's heading level by its style; 0 if it is not a heading."""
        for style in self._chain(paragraph, "paragraph"):
            level = style.get(STYLE + "default-outline-level")
            named = _HEADING_STYLE.fullmatch(style.get(STYLE + "name", ""))
            if level is not None or named:
                return outline_level(level) or (int(named[1]) if named else 0)
        return 0

    def is_bold(self, element: Element) -> bool:
        """Return whether the whole of a paragraph or span is bold by its style."""
        family = "text" if element.tag == TEXT + "span" else "paragraph"
        for style in self._chain(element, family):
            properties = style.find(STYLE + "text-properties")
            weight = None if properties is None else properties.get(FO + "font-weight")
            if weight is not None:
                return bool(weight == "bold")
        return False

    def shift(self, span: Element) -> Shift | None:
        """Return whether a span is raised or lowered; None if its style does not say."""
        for style in self._chain(span, "text"):
            properties = style.find(STYLE + "text-properties")
            position = "" if properties is None else properties.get(STYLE + "text-position", "").strip()
            if position:
                return _shift(position)
        return None

    def _chain(self, element: Element, family: str) -> Iterator[Element]:
        name = element.get(TEXT + "style-name")
        for _ in range(_LONGEST_CHAIN):  # in a damaged file, styles may form a loop
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.get(STYLE + "parent-style-name")


def _shift(position: str) -> Shift:
    """Return the shift that a position such as "super 58%" or "-8% 80%" stands for; 0% is on the line."""
    rise = position.split()[0]
    if rise == "sub" or rise.startswith("-"):
        return Shift.LOWERED
    is_raised = rise == "super" or (rise.endswith("%") and rise.strip("0.%") != "")
    return Shift.RAISED if is_raised else Shift.NONE
