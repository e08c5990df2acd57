"""The text of SmartArt and of charts, which Office programs keep in parts of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import isfinite
from typing import Any

from articleqa.loaders.office.blocks import Block, Cell, Paragraph, Piece, Row, Table
from articleqa.loaders.office.xlsx_numbers import shown_number

Element = Any
"""An lxml element; lxml has no type annotations."""

Package = Any
"""A part of python-docx or python-pptx, which knows the parts that it refers to."""

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
GRAPHIC = A + "graphicData"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CACHES = tuple(_C + name for name in ("strCache", "numCache", "multiLvlStrCache"))
MOST_SERIES, MOST_LABELS = 50, 500
"""Maximum number of series of a chart, and of labels on its axis, that are read."""

_DEEPEST = 20
_NODES = ("node", "asst", "doc")
"""Types of points of SmartArt that have a text of their own, and the one that all others are below."""


def show_alternatives(root: Element) -> None:
    """Put the first of several versions of a content in the place of all of them.

    PowerPoint writes every shape with a formula in two versions, and Excel what an older Excel cannot show.
    """
    for element in list(root.iter(_MC + "AlternateContent")):
        parent = element.getparent()
        ways = [*element.iterfind(_MC + "Choice"), *element.iterfind(_MC + "Fallback")]
        place = parent.index(element)
        parent[place : place + 1] = list(ways[0]) if ways else []


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
        root = parsed_part(link.target_part.blob)
        if root is None:
            return []
        return list(_points(root) if root.tag == _DGM + "dataModel" else _chart(root))


def parsed_part(data: bytes) -> Element | None:
    """Return the root element; None if the part is damaged or declares a document type."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
    return None if root.getroottree().docinfo.doctype else root


def _chart(chart: Element) -> Iterator[Block]:
    """Yield the titles of a chart and of its axes, and then its figures as a table."""
    for title in chart.iter(_C + "title"):
        yield from paragraphs_of(title)
    series = list(chart.iter(_C + "ser"))[:MOST_SERIES]
    names = [next((name.text or "" for name in each.iterfind(f"{_C}tx//{_C}v")), "") for each in series]
    labels: dict[str, str] = {}
    for each in series:
        labels |= _values(each, "cat")
    if not labels:
        return
    figures = [_values(each, "val") for each in series]
    yield Table(
        [
            _row(["", *names], is_header=True),
            *(
                _row([label, *(values.get(key, "") for values in figures)])
                for key, label in list(labels.items())[:MOST_LABELS]
            ),
        ]
    )


def _row(texts: list[str], *, is_header: bool = False) -> Row:
    return Row([Cell([Paragraph([Piece(text)])]) for text in texts], is_header=is_header)


def _values(series: Element, kind: str) -> dict[str, str]:
    """Return the labels ("cat") or figures ("val") of a series by their places, as the chart shows them."""
    holder = series.find(_C + kind)
    cache = None if holder is None else next(holder.iter(*_CACHES), None)
    if cache is None:
        return {}
    level = cache.find(_C + "lvl")
    points = (cache if level is None else level).iterfind(_C + "pt")
    is_number = cache.tag == _C + "numCache"
    shape = cache.findtext(_C + "formatCode", "General")
    found = {point.get("idx", ""): point.findtext(_C + "v", "") for point in points}
    return {key: _number(text, shape) if is_number else text for key, text in found.items()}


def _number(text: str, number_format: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return ""
    return shown_number(value, number_format) if isfinite(value) else ""


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
        yield from paragraphs_of(point, item_level=max(1, min(depth, _DEEPEST)))
        waiting += [(child, depth + 1) for _, child in sorted(below[key], reverse=True)]


def paragraphs_of(element: Element, *, item_level: int = 0) -> Iterator[Paragraph]:
    """Yield the paragraphs of a title, a shape or a point, unless they are empty."""
    for paragraph in element.iter(A + "p"):
        text = "".join(
            each.text or "" if each.tag == A + "t" else " " for each in paragraph.iter(A + "t", A + "br")
        )
        if text.strip():
            yield Paragraph([Piece(text)], item_level=item_level)
