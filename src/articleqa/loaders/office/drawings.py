"""The text of SmartArt and of charts, which Word and PowerPoint keep in parts of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from articleqa.loaders.office.blocks import Block, Paragraph, Piece

Element = Any
"""An lxml element; lxml has no type annotations."""

Package = Any
"""A part of python-docx or python-pptx, which knows the parts that it refers to."""

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
GRAPHIC = A + "graphicData"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DEEPEST = 20
_NODES = ("node", "asst", "doc")
"""Types of points of SmartArt that have a text of their own, and the one that all others are below."""


class Drawings:
    """Reads the SmartArt and the charts that a part of a document refers to, each once."""

    def __init__(self) -> None:
        """Start without any."""
        self._read: set[str] = set()

    def blocks(self, graphic: Element, holder: Package) -> list[Block]:
        """Return the blocks of an `a:graphicData` in the part `holder`; none if it is something else."""
        for element in graphic:
            if element.tag == _DGM + "relIds":
                return self._blocks(element.get(_R + "dm", ""), holder)
            if element.tag == _C + "chart":
                return self._blocks(element.get(_R + "id", ""), holder)
        return []

    def _blocks(self, key: str, holder: Package) -> list[Block]:
        link = holder.rels.get(key)
        if link is None or link.is_external or str(link.target_part.partname) in self._read:
            return []
        self._read.add(str(link.target_part.partname))
        root = _parsed(link.target_part.blob)
        if root is None:
            return []
        return list(_points(root) if root.tag == _DGM + "dataModel" else _titles(root))


def _parsed(data: bytes) -> Element | None:
    """Return the root element; None if the part is damaged or declares a document type."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
    return None if root.getroottree().docinfo.doctype else root


def _titles(chart: Element) -> Iterator[Block]:
    """Yield the title of a chart, and those of its axes."""
    for title in chart.iter(_C + "title"):
        yield from _paragraphs(title, item_level=0)


def _points(model: Element) -> Iterator[Block]:
    """Yield the texts of SmartArt as the items of a list, in the order in which they are shown."""
    points = {point.get("modelId"): point for point in model.iter(_DGM + "pt")}
    below: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in model.iter(_DGM + "cxn"):
        order = link.get("srcOrd", "0")
        if link.get("type", "parOf") == "parOf" and order.isdecimal() and len(order) < 10:
            below[link.get("srcId", "")].append((int(order), link.get("destId", "")))
    known: set[str] = set()
    waiting = [(key, 0) for key, point in points.items() if point.get("type") == "doc"]
    while waiting:
        key, depth = waiting.pop()
        point = points.get(key)
        if key in known or point is None or point.get("type", "node") not in _NODES:
            continue
        known.add(key)
        yield from _paragraphs(point, item_level=max(1, min(depth, _DEEPEST)))
        waiting += [(child, depth + 1) for _, child in sorted(below[key], reverse=True)]


def _paragraphs(element: Element, *, item_level: int) -> Iterator[Paragraph]:
    for paragraph in element.iter(A + "p"):
        text = "".join(
            each.text or "" if each.tag == A + "t" else " " for each in paragraph.iter(A + "t", A + "br")
        )
        if text.strip():
            yield Paragraph([Piece(text)], item_level=item_level)
