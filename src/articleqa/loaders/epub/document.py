"""The EPUB loader, for e-books without DRM.

It does not use trafilatura: a book has no boilerplate, and none of its text may be lost.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from html.entities import html5
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import unquote
from zipfile import ZipFile

import regex

from articleqa.loaders.archives import open_zip, read_member
from articleqa.loaders.elements import blocks_of_elements
from articleqa.loaders.epub.headings import sizes_of_classes, with_styled_headings
from articleqa.loaders.protocol import UnreadableDataError, optional_import
from articleqa.loaders.text_builder import TextBuilder
from articleqa.models import Article

if TYPE_CHECKING:
    from lxml.etree import _Element

_LARGEST_ENTRY = 8_000_000
_LARGEST_TEXT = 40_000_000
"""Maximum bytes of markup in all chapters together; the longest novels have about 10 million."""

_MOST_ELEMENTS = 300_000
"""Maximum elements of one chapter."""

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_LOCKS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Methods that encrypt only fonts and leave the text readable."""

_LONGEST_COVER = 300
"""Maximum characters of a cover; a longer page that is marked as a cover is a page to read."""

_CONTENTS = ("toc", "landmarks", "page-list", "loi", "lot")
_ENTITY = regex.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_OF_XML = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_ISO_DATE = regex.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_TAG = regex.compile(r"<[^<>]*>")


def load_epub(data: bytes, article_id: str, source: str) -> Article:
    """Return the text of the e-book in `data`, chapter by chapter in reading order.

    The cover and the lists of contents (of chapters, pages, illustrations, tables) are left out.

    Raises:
        MissingLibraryError: lxml is not installed.
        UnreadableDataError: `data` is not an EPUB, or is damaged, locked or too large.
    """
    etree = optional_import("lxml.etree", extra="epub")
    builder = TextBuilder()
    try:
        with open_zip(data) as archive:
            book = _Book(archive)
            blocks = [block for body in book.chapters() for block in blocks_of_elements(body)]
            for block in with_styled_headings(blocks, sizes_of_classes(book.style_sheets())):
                block.add_to(builder)
    except UnreadableDataError:
        raise
    except (etree.LxmlError, ValueError, LookupError, RuntimeError) as error:
        raise UnreadableDataError("a damaged EPUB file") from error
    found = book.metadata()
    return builder.article(
        article_id,
        source,
        title=found.pop("title", ""),
        media_type="application/epub+zip",
        extractor=f"lxml/{version('lxml')}",
        metadata=found,
    )


class _Book:
    """The parts of an e-book, as listed in its package document."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._entries = {entry.filename: entry for entry in archive.infolist()}
        self._left = _LARGEST_TEXT
        if _CONTAINER not in self._entries:
            raise UnreadableDataError("not an EPUB file")
        if _ENCRYPTION in self._entries:
            self._refuse_locked_text()
        paths = self._xml(_CONTAINER).xpath("//*[local-name()='rootfile']/@full-path")
        self._package_name = posixpath.normpath(paths[0]) if paths else ""
        self._package = self._xml(self._package_name)

    def chapters(self) -> Iterator[_Element]:
        """Yield the body of each chapter, in reading order."""
        items = {item.get("id"): item for item in self._package.xpath("//*[local-name()='manifest']/*")}
        spine = self._package.xpath("//*[local-name()='spine']/*[local-name()='itemref']/@idref")
        apart = {
            self._name(reference.get("href") or ""): reference.get("type")
            for reference in self._package.xpath("//*[local-name()='guide']/*[local-name()='reference']")
        }
        for item in (items[key] for key in dict.fromkeys(spine) if key in items):
            name = self._name(item.get("href") or "")
            is_contents = "nav" in (item.get("properties") or "").split() or apart.get(name) == "toc"
            if name not in self._entries or is_contents or "htm" not in (item.get("media-type") or ""):
                continue
            body = _body(self._read(name))
            if body is None or (_is_cover(body, apart.get(name)) and len(_plain(body)) <= _LONGEST_COVER):
                continue
            yield body

    def style_sheets(self) -> Iterator[str]:
        """Yield the book's style sheets."""
        for item in self._package.xpath("//*[local-name()='manifest']/*[@media-type='text/css']"):
            name = self._name(item.get("href") or "")
            if name in self._entries:
                yield self._read(name).decode("utf-8", "replace")

    def metadata(self) -> dict[str, str]:
        """Return the book's metadata from the package document, including its title."""
        # Prefer the date marked as that of publication: a book may state several dates.
        dates = self._said("date", "[@*[local-name()='event']='publication']") or self._said("date")
        date = _ISO_DATE.match(dates[0]) if dates else None
        known = {
            "title": "".join(self._said("title")[:1]),
            "author": "; ".join(dict.fromkeys(self._said("creator"))),
            "date": date[0] if date else "",
            "language": next(filter(_LANGUAGE.fullmatch, self._said("language")), "").replace("_", "-"),
            "description": " ".join(_TAG.sub(" ", "".join(self._said("description")[:1])).split()),
        }
        return {key: value for key, value in known.items() if value}

    def _said(self, term: str, condition: str = "") -> list[str]:
        elements = self._package.xpath(f"//*[local-name()='metadata']//*[local-name()='{term}']{condition}")
        return [text for element in elements if (text := _plain(element))]

    def _refuse_locked_text(self) -> None:
        methods = self._xml(_ENCRYPTION).xpath("//*[local-name()='EncryptionMethod']/@Algorithm")
        if any(method not in _FONT_LOCKS for method in methods):
            raise UnreadableDataError("locked by DRM")

    def _name(self, href: str) -> str:
        folder = posixpath.dirname(self._package_name)
        return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))

    def _read(self, name: str) -> bytes:
        """Return the content of the entry `name`."""
        entry = self._entries[name]
        if entry.file_size > min(_LARGEST_ENTRY, self._left):
            raise UnreadableDataError("an EPUB file whose text is too large")
        self._left -= entry.file_size
        return read_member(self._archive, entry)

    def _xml(self, name: str) -> _Element:
        if name not in self._entries:
            raise UnreadableDataError("an EPUB file without a package document")
        root = _parsed_as_xml(self._read(name))
        if root is None:
            raise UnreadableDataError("a damaged EPUB file")
        return root


def _body(data: bytes) -> _Element | None:
    """Return a chapter's body without namespaces and lists of contents, or None if it has no body."""
    from lxml import etree, html

    root = _parsed_as_xml(_ENTITY.sub(_as_number, data))
    if root is None:  # malformed XHTML: parse it as HTML, as browsers do, to keep the text after the error
        parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        root = html.document_fromstring(data, parser=parser) if data.strip() else None
    if root is None:
        return None
    for count, element in enumerate(root.iter("*")):
        if count > _MOST_ELEMENTS:
            raise UnreadableDataError(f"an EPUB file with a chapter of more than {_MOST_ELEMENTS} elements")
        element.tag = etree.QName(element).localname
    body: _Element | None = next(root.iter("body"), None)
    if body is not None:
        for contents in body.xpath(".//nav"):
            if any(kind in _types(contents) for kind in _CONTENTS):
                contents.clear(keep_tail=True)
    return body


def _parsed_as_xml(data: bytes) -> _Element | None:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    etree.strip_elements(root, etree.Entity, with_tail=False)
    return root


def _as_number(entity: regex.Match[bytes]) -> bytes:
    """Return a named HTML entity as a numeric reference, because XML does not define its name."""
    text = html5.get(f"{entity[1].decode()};")
    if entity[1] in _OF_XML or text is None:
        return entity[0]
    return "".join(f"&#{ord(c)};" for c in text).encode()


def _is_cover(body: _Element, kind: str | None) -> bool:
    return kind == "cover" or "cover" in _types(body) or any("cover" in _types(child) for child in body)


def _types(element: _Element) -> list[str]:
    return (element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or "").split()


def _plain(element: _Element) -> str:
    return " ".join("".join(element.itertext()).split())
