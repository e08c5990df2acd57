"""Styles of a DOCX file: what a paragraph is by its own properties, its style and that style's bases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import regex

from articleqa.loaders.superscripts import Shift

Element = Any
"""An lxml element; lxml has no type annotations."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_LONGEST_CHAIN = 50
"""Maximum number of styles based on each other; in a damaged file they may form a loop."""

_HEADING = regex.compile(r"heading ?([1-9])", regex.IGNORECASE)
_TITLE = regex.compile(r"title", regex.IGNORECASE)
_ITEM = regex.compile(r"list ?(?:bullet|number)(?: ?\d)?", regex.IGNORECASE)
_CONTENTS = regex.compile(r"toc ?(?:\d|heading)|contents heading|table of figures", regex.IGNORECASE)
_NO_LEVEL = 9
_SHIFTS = {"superscript": Shift.RAISED, "subscript": Shift.LOWERED}


class Look(NamedTuple):
    """What a style says; `level` is that of a heading and `item_level` that of a list item, else 0."""

    level: int = 0
    is_title: bool = False
    item_level: int = 0
    is_contents: bool = False
    is_bold: bool = False
    marks_first_row: bool = False
    shift: Shift = Shift.NONE


class Styles:
    """The styles of a document, by id."""

    def __init__(self, styles: Element) -> None:
        """Take the `w:styles` element."""
        self._styles = {style.get(W + "styleId"): style for style in styles.iterfind(W + "style")}
        self._looks: dict[str, Look] = {}

    def of_paragraph(self, paragraph: Element) -> Look:
        """Return what `paragraph` is; its own properties override those of its style."""
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return Look()
        look = self.look(_value(properties, "pStyle"))
        level = _outline_level(properties)
        if level is not None:
            look = look._replace(level=level)
        item_level = _item_level(properties)
        return look if item_level is None else look._replace(item_level=item_level)

    def shift_of_run(self, run: Element) -> Shift:
        """Return whether a run is raised or lowered; its own property overrides that of its style."""
        properties = run.find(W + "rPr")
        if properties is None:
            return Shift.NONE
        own = _value(properties, "vertAlign")
        return _SHIFTS.get(own, Shift.NONE) if own else self.look(_value(properties, "rStyle")).shift

    def look(self, style_id: str) -> Look:
        """Return what the style with that id says; an empty `Look` if there is none."""
        if style_id not in self._looks:
            self._looks[style_id] = self._look(style_id)
        return self._looks[style_id]

    def _look(self, style_id: str) -> Look:
        chain = list(self._chain(style_id))
        names = [name for style in chain for name in (_value(style, "name"), style.get(W + "styleId"))]
        levels = (level for style in chain if (level := _level(style)) is not None)
        items = (level for style in chain if (level := _item_level(style.find(W + "pPr"))) is not None)
        bold = (style.find(f"{W}rPr/{W}b") for style in chain)
        shifts = (_value(marks, "vertAlign") for style in chain for marks in style.iterfind(W + "rPr"))
        is_title = any(_TITLE.fullmatch(name) for name in names)
        return Look(
            level=next(levels, int(is_title)),
            is_title=is_title,
            item_level=next(items, int(any(_ITEM.fullmatch(name) for name in names))),
            is_contents=any(_CONTENTS.fullmatch(name) for name in names),
            is_bold=next((is_on(mark) for mark in bold if mark is not None), False),
            marks_first_row=any(
                part.get(W + "type") == "firstRow" for style in chain for part in style.iter(W + "tblStylePr")
            ),
            shift=_SHIFTS.get(next(filter(None, shifts), ""), Shift.NONE),
        )

    def _chain(self, style_id: str) -> Iterator[Element]:
        """Yield the style with that id, then the styles that it is based on."""
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(style_id)
            if style is None:
                return
            yield style
            style_id = _value(style, "basedOn")


def is_on(mark: Element) -> bool:
    """Return whether a mark such as `w:b` is present and not switched off."""
    return mark is not None and mark.get(W + "val", "1") not in ("0", "false", "off", "none")


def _level(style: Element) -> int | None:
    # Word writes English names in every language; if other software wrote the file, the id is English.
    for name in (_value(style, "name"), style.get(W + "styleId")):
        if match := _HEADING.fullmatch(name):
            return int(match[1])
    return _outline_level(style.find(W + "pPr"))


def _outline_level(properties: Element) -> int | None:
    """Return the outline level; 0 for what is marked as body text, None if no level is stated."""
    value = "" if properties is None else _value(properties, "outlineLvl")
    if not value.isdecimal():
        return None
    return int(value) + 1 if int(value) < _NO_LEVEL else 0


def _item_level(properties: Element) -> int | None:
    """Return the list depth of a paragraph that has a bullet or number; 0 if it is marked to have none.

    None if its properties do not say.
    """
    numbering = None if properties is None else properties.find(W + "numPr")
    if numbering is None or numbering.find(W + "numId") is None:
        return None
    depth = _value(numbering, "ilvl")
    return 0 if _value(numbering, "numId") == "0" else 1 + (int(depth[:2]) if depth.isdecimal() else 0)


def _value(parent: Element, name: str) -> str:
    child = parent.find(W + name)
    return "" if child is None else child.get(W + "val", "")
