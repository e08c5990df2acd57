"""What lies on an Excel sheet beside its cells: notes and comments, text boxes, SmartArt, titles of charts.

openpyxl does not read them while it reads row by row.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from zipfile import ZipFile

import regex

from articleqa.loaders.office.blocks import Paragraph, paragraphs_in
from articleqa.loaders.office.drawings import (
    GRAPHIC,
    Drawings,
    Element,
    paragraphs_of,
    parsed_part,
    show_alternatives,
)
from articleqa.loaders.office.xlsx_values import on_one_line

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_THREADS = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_COPY_OF_THREAD = "[Threaded comment]"
"""Begins the note that Excel writes for older versions of itself beside a comment."""

_PLACE = regex.compile(r"[A-Z]{1,3}\d{1,7}")
_MOST = 10_000
"""Maximum number of notes, and of texts in drawings, that are read of a sheet."""


class _Link(NamedTuple):
    """A link to a part, as python-docx has them."""

    reltype: str
    target_part: _Part
    is_external: bool = False


class _Part:
    """A part of a package, and the parts that it links to."""

    def __init__(self, package: ZipFile, partname: str) -> None:
        self._package = package
        self.partname = partname

    @property
    def blob(self) -> bytes:
        return self._package.read(self.partname)

    @cached_property
    def rels(self) -> dict[str, _Link]:
        folder, _, name = self.partname.rpartition("/")
        path = f"{folder}/_rels/{name}.rels"
        root = parsed_part(self._package.read(path)) if path in self._package.namelist() else None
        found: dict[str, _Link] = {}
        for link in () if root is None else root:
            if link.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
                found[link.get("Id", "")] = _Link(link.get("Type", ""), _Part(self._package, target))
        return found

    def linked(self, kind: str) -> list[_Part]:
        """Return the parts that are linked as `kind`, such as "comments"."""
        return [link.target_part for link in self.rels.values() if link.reltype.endswith(f"/{kind}")]


class Objects:
    """Reads what lies on the sheets of a workbook beside their cells."""

    def __init__(self, package: ZipFile) -> None:
        """Take the package of the workbook."""
        self._package = package
        self._drawings = Drawings()
        self._read: set[str] = set()

    def notes(self, sheet_path: str) -> list[str]:
        """Return the notes and comments on a sheet, each behind the place of its cell: "B7: ..."."""
        threads = [
            (comment.get("ref", ""), comment.findtext(_THREADS + "text", ""))
            for _, root in self._linked(sheet_path, "threadedComment")
            for comment in root.iter(_THREADS + "threadedComment")
        ]
        notes = [
            (comment.get("ref", ""), "".join(text.text or "" for text in _texts(comment)))
            for _, root in self._linked(sheet_path, "comments")
            for comment in root.iter(_MAIN + "comment")
        ]
        own = [(place, text) for place, text in notes if not (threads and text.startswith(_COPY_OF_THREAD))]
        found = [(place, on_one_line(text)) for place, text in (*own, *threads)]
        return [
            f"{place}: {text}" if _PLACE.fullmatch(place) else text for place, text in found[:_MOST] if text
        ]

    def drawn(self, sheet_path: str) -> list[Paragraph]:
        """Return the texts of shapes and SmartArt on a sheet, and the titles of charts."""
        found: list[Paragraph] = []
        for drawing, root in self._linked(sheet_path, "drawing"):
            show_alternatives(root)
            found += self._of_drawing(root, drawing)
        return found[:_MOST]

    def _linked(self, sheet_path: str, kind: str) -> Iterator[tuple[_Part, Element]]:
        """Yield the parts that a sheet links to as `kind`, with their root elements, each part once."""
        for part in _Part(self._package, sheet_path).linked(kind):
            if part.partname not in self._read:
                self._read.add(part.partname)
                root = parsed_part(part.blob)
                if root is not None:
                    yield part, root

    def _of_drawing(self, root: Element, drawing: _Part) -> Iterator[Paragraph]:
        for element in root.iter(_DRAWING + "txBody", GRAPHIC):
            if element.tag == GRAPHIC:
                yield from paragraphs_in(self._drawings.blocks(element, drawing))
            elif not _is_hidden(element):
                yield from paragraphs_of(element)


def _texts(comment: Element) -> Iterator[Element]:
    """Yield the runs of a note's text, without how its words are pronounced."""
    for path in ("t", f"r/{_MAIN}t"):
        yield from comment.iterfind(f"{_MAIN}text/{_MAIN}{path}")


def _is_hidden(text: Element) -> bool:
    named = text.getparent().find(f"{_DRAWING}nvSpPr/{_DRAWING}cNvPr")
    return named is not None and named.get("hidden") in ("1", "true")
