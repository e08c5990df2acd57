"""The package of an e-book: its files, and the chapters in reading order."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote
from zipfile import ZipFile, ZipInfo

import regex

from articleqa.loaders.archives import read_member
from articleqa.loaders.epub.markup import parsed_as_xml, plain
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.titles import is_placeholder

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST_ENTRY = 8_000_000
LARGEST_TEXT = 40_000_000
"""Maximum bytes of markup in all chapters together; the longest novels have about 10 million."""

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_LOCKS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Methods that encrypt only fonts and leave the text readable."""

_READABLE = regex.compile(r".*(?:htm|dtbook|oeb1-document|svg).*", regex.IGNORECASE)
_PAGE = regex.compile(r".*\.x?html?", regex.IGNORECASE)
_IS_UNICODE = 0x800
_MOST_FALLBACKS = 20
_ISO_DATE = regex.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_TAG = regex.compile(r"<[^<>]*>")


class Chapter(NamedTuple):
    """A file in reading order; `contents_at` is the id at which the book's guide says its contents begin."""

    data: bytes
    is_cover: bool
    is_contents: bool
    contents_at: str


class Package:
    """The parts of an e-book, as listed in its package document."""

    def __init__(self, archive: ZipFile) -> None:
        """Take the open archive, and read the package document.

        Raises:
            UnreadableDataError: the archive is no e-book, or a locked or damaged one.
        """
        self._archive = archive
        self._entries = {_name_of(entry): entry for entry in archive.infolist()}
        self._by_folded_name = {_folded(name): name for name in reversed(self._entries)}
        self._left = LARGEST_TEXT
        if _CONTAINER not in self._entries:
            raise UnreadableDataError("not an EPUB file; copy or download it again")
        if _ENCRYPTION in self._entries:
            self._refuse_locked_text()
        self._name = self._package_name()
        self._root = self._xml(self._name)
        self._items = {item.get("id"): item for item in self._root.xpath("//*[local-name()='manifest']/*")}

    def chapters(self) -> Iterator[Chapter]:
        """Yield the chapters in reading order, each once."""
        guide = [
            (self._path(reference.get("href")), reference)
            for reference in self._root.xpath("//*[local-name()='guide']/*[local-name()='reference']")
        ]
        kinds = {name: reference.get("type") or "" for name, reference in guide}
        targets = {name: (reference.get("href") or "").partition("#")[2] for name, reference in guide}
        for name, item in self._spine():
            yield Chapter(
                self._read(name),
                is_cover=kinds.get(name) == "cover",
                is_contents="nav" in (item.get("properties") or "").split() or kinds.get(name) == "toc",
                contents_at=targets.get(name, ""),
            )

    def style_sheets(self) -> Iterator[str]:
        """Yield the book's style sheets."""
        for item in self._items.values():
            name = self._path(item.get("href"))
            if item.get("media-type") == "text/css" and name in self._entries:
                yield self._read(name).decode("utf-8", "replace")

    def metadata(self) -> dict[str, str]:
        """Return the book's metadata from the package document, including its title."""
        # Prefer the date marked as that of publication: a book may state several dates.
        dates = self._said("date", "[@*[local-name()='event']='publication']") or self._said("date")
        date = _ISO_DATE.match(dates[0]) if dates else None
        known = {
            "title": self._main_title(),
            "author": "; ".join(dict.fromkeys(self._said("creator"))),
            "date": date[0] if date else "",
            "language": next(filter(_LANGUAGE.fullmatch, self._said("language")), "").replace("_", "-"),
            "description": " ".join(_TAG.sub(" ", "".join(self._said("description")[:1])).split()),
        }
        return {key: value for key, value in known.items() if value and not is_placeholder(value)}

    def _main_title(self) -> str:
        """Return the title that is marked as the main one, else the first."""
        main = self._root.xpath(
            "//*[local-name()='meta'][@property='title-type'][normalize-space(.)='main']/@refines"
        )
        titles = self._root.xpath("//*[local-name()='metadata']//*[local-name()='title']")
        marked = [title for title in titles if f"#{title.get('id')}" in main]
        return next((text for title in [*marked, *titles] if (text := plain(title))), "")

    def _spine(self) -> Iterator[tuple[str, _Element]]:
        """Yield the name and item of each readable file of the spine; of the manifest, if it has no spine."""
        keys = self._root.xpath("//*[local-name()='spine']/*[local-name()='itemref']/@idref")
        known = set[str]()
        for key in [*keys, None, *self._items]:
            if key is None:
                if known:
                    return
                continue
            name, item = self._readable(key)
            if name and name not in known:
                known.add(name)
                yield name, item

    def _readable(self, key: str) -> tuple[str, _Element | None]:
        """Return the name and item of the file with that id, or of its first fallback that is text."""
        for _ in range(_MOST_FALLBACKS):  # in a damaged file they may form a loop
            item = self._items.get(key)
            if item is None:
                break
            name = self._path(item.get("href"))
            is_text = _READABLE.fullmatch(item.get("media-type") or "") or (
                item.get("fallback") is None and _PAGE.fullmatch(name)
            )
            if is_text and name in self._entries:
                return name, item
            key = item.get("fallback")
        return "", None

    def _said(self, term: str, condition: str = "") -> list[str]:
        elements = self._root.xpath(f"//*[local-name()='metadata']//*[local-name()='{term}']{condition}")
        return [text for element in elements if (text := plain(element))]

    def _refuse_locked_text(self) -> None:
        methods = self._xml(_ENCRYPTION).xpath("//*[local-name()='EncryptionMethod']/@Algorithm")
        if any(method not in _FONT_LOCKS for method in methods):
            raise UnreadableDataError("locked by DRM; read it with its own program")

    def _package_name(self) -> str:
        """Return the name of the package document: that in the container, else the first in the archive."""
        paths = self._xml(_CONTAINER).xpath("//*[local-name()='rootfile']/@full-path")
        for path in paths:
            name = self._known_name(posixpath.normpath(path.replace("\\", "/").lstrip("/")))
            if name in self._entries:
                return name
        return next((name for name in self._entries if name.lower().endswith(".opf")), "")

    def _path(self, href: str | None) -> str:
        """Return the name of the file that a link in the package document points to."""
        path = unquote((href or "").partition("#")[0]).replace("\\", "/")
        folder = "" if path.startswith("/") else posixpath.dirname(self._name)
        return self._known_name(posixpath.normpath(posixpath.join(folder, path.lstrip("/"))))

    def _known_name(self, name: str) -> str:
        """Return a name as the archive has it: the case of letters may differ, and ".." lead too far."""
        name = name.lstrip("./") if name.startswith("../") else name
        return name if name in self._entries else self._by_folded_name.get(_folded(name), name)

    def _read(self, name: str) -> bytes:
        """Return the content of the entry `name`."""
        entry = self._entries[name]
        if entry.file_size > min(LARGEST_ENTRY, self._left):
            raise UnreadableDataError("an EPUB file whose text is too large; split it")
        self._left -= entry.file_size
        return read_member(self._archive, entry)

    def _xml(self, name: str) -> _Element:
        if name not in self._entries:
            raise UnreadableDataError("an EPUB file without a package document; copy or download it again")
        root = parsed_as_xml(self._read(name))
        if root is None:
            raise UnreadableDataError("a damaged EPUB file; copy or download it again")
        return root


def _name_of(entry: ZipInfo) -> str:
    """Return an entry's name; some programs write backslashes, others UTF-8 without saying so."""
    name = entry.filename.replace("\\", "/")
    if entry.flag_bits & _IS_UNICODE:
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
