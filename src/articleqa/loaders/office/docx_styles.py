"""Styles of a DOCX file: what a paragraph is by its own properties, its style and that style's bases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import regex

from articleqa.loaders.office.blocks import TextLook
from articleqa.loaders.superscripts import Shift

Element = Any
"""An lxml element; lxml has no type annotations."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL, _BOLD, _HIDDEN, _SIZE, _SHIFT = (W + name for name in ("val", "b", "vanish", "sz", "vertAlign"))

_LONGEST_CHAIN = 50
"""Maximum number of styles based on each other; in a damaged file they may form a loop."""

_HEADING = regex.compile(r"heading ?([1-9])", regex.IGNORECASE)
_LOCAL_HEADING = regex.compile(
    r"(?:überschrift|titre|título|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|заголовок|标题|見出し)"
    r" ?([1-9])",
    regex.IGNORECASE,
)
"""Names that other software gives the built-in styles; Word writes English ones in every language."""

_TITLE = regex.compile(
    r"(?:(?:document|doc|report|paper|article|book|cover|main) ?)?title|titel|titre|título|titolo|otsikko",
    regex.IGNORECASE,
)
_ITEM = regex.compile(r"list ?(?:bullet|number)(?: ?\d)?", regex.IGNORECASE)
_CONTENTS = regex.compile(r"toc ?(?:\d|heading)|contents heading|table of figures", regex.IGNORECASE)
_NO_LEVEL = 9
_NAMES_KEPT = 1024
_LONGEST_NAME = 100
"""Names of styles whose meaning is kept, since most documents have the same ones, and their length."""

_SHIFTS = {"superscript": Shift.RAISED, "subscript": Shift.LOWERED, "baseline": Shift.NONE}


class Look(NamedTuple):
    """What a style says; `level` is that of a heading and `item_level` that of a list item, else 0."""

    level: int = 0
    is_title: bool = False
    item_level: int = 0
    is_contents: bool = False
    marks_first_row: bool = False
    run: TextLook = TextLook()


class Styles:
    """The styles of a document, by id."""

    def __init__(self, styles: Element) -> None:
        """Take the `w:styles` element."""
        self._styles = {style.get(W + "styleId"): style for style in styles.iterfind(W + "style")}
        self._looks: dict[str, Look] = {}
        self._defaults = _run_look(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        self._default_style = next(
            (
                key
                for key, style in self._styles.items()
                if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true", "on")
            ),
            "",
        )

    def of_paragraph(self, paragraph: Element) -> Look:
        """Return what `paragraph` is; its own properties override those of its style."""
        properties = child_of(paragraph, "pPr")
        if properties is None:
            return self._of_style(self._default_style)
        look = self._of_style(_value(properties, "pStyle") or self._default_style)
        level = _outline_level(properties)
        if level is not None:
            look = look._replace(level=level)
        item_level = _item_level(properties)
        return look if item_level is None else look._replace(item_level=item_level)

    def of_run(self, run: Element, paragraph: TextLook) -> TextLook:
        """Return the look of a run; its own properties override its style, and these its paragraph's."""
        properties = child_of(run, "rPr")
        if properties is None:
            return paragraph
        style = self.look(_value(properties, "rStyle")).run
        return _run_look(properties).over(style).over(paragraph)

    def look(self, style_id: str) -> Look:
        """Return what the style with that id says; an empty `Look` if there is none."""
        if style_id not in self._looks:
            self._looks[style_id] = self._look(style_id)
        return self._looks[style_id]

    def _of_style(self, style_id: str) -> Look:
        look = self.look(style_id)
        return look._replace(run=look.run.over(self._defaults))

    def _look(self, style_id: str) -> Look:
        chain = list(self._chain(style_id))
        names = [name for style in chain for name in _names(style)]
        levels = (level for style in chain if (level := _level(style)) is not None)
        items = (level for style in chain if (level := _item_level(style.find(W + "pPr"))) is not None)
        run = TextLook()
        for style in chain:
            run = run.over(_run_look(style.find(W + "rPr")))
        is_title = any(_is_named(_TITLE, name) for name in names)
        return Look(
            level=next(levels, int(is_title)),
            is_title=is_title,
            item_level=next(items, int(any(_is_named(_ITEM, name) for name in names))),
            is_contents=any(_is_named(_CONTENTS, name) for name in names),
            marks_first_row=any(
                part.get(W + "type") == "firstRow" for style in chain for part in style.iter(W + "tblStylePr")
            ),
            run=run,
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
    return mark is not None and mark.get(_VAL, "1") not in ("0", "false", "off", "none")


def _run_look(properties: Element | None) -> TextLook:
    """Return the look that run properties state."""
    if properties is None:
        return TextLook()
    found = {child.tag: child for child in properties.iterchildren(reversed=True)}  # the first of each counts
    bold, hidden = found.get(_BOLD), found.get(_HIDDEN)
    half_points = _stated(found.get(_SIZE))
    return TextLook(
        is_bold=None if bold is None else is_on(bold),
        size=int(half_points) / 2 if half_points.isdecimal() and len(half_points) < 5 else None,
        is_hidden=None if hidden is None else is_on(hidden),
        shift=_SHIFTS.get(_stated(found.get(_SHIFT))),
    )


def _level(style: Element) -> int | None:
    # Word writes English names in every language; if other software wrote the file, the id is English.
    for name in _names(style):
        if level := _named_level(name):
            return level
    return _outline_level(style.find(W + "pPr"))


def _names(style: Element) -> tuple[str, str]:
    """Return the name and the id of a style, cut to a length that no built-in style has."""
    return _value(style, "name")[:_LONGEST_NAME], style.get(W + "styleId")[:_LONGEST_NAME]


@lru_cache(_NAMES_KEPT)
def _named_level(name: str) -> int:
    match = _HEADING.fullmatch(name) or _LOCAL_HEADING.fullmatch(name)
    return int(match[1]) if match else 0


@lru_cache(_NAMES_KEPT)
def _is_named(kind: regex.Pattern[str], name: str) -> bool:
    return kind.fullmatch(name) is not None


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
    numbering = None if properties is None else child_of(properties, "numPr")
    number = None if numbering is None else child_of(numbering, "numId")
    if number is None:
        return None
    depth = _value(numbering, "ilvl")
    return 0 if number.get(_VAL, "") == "0" else 1 + (int(depth[:2]) if depth.isdecimal() else 0)


def _value(parent: Element, name: str) -> str:
    return _stated(child_of(parent, name))


def _stated(mark: Element | None) -> str:
    """Return the value of a mark such as `w:sz`; empty if it is missing or states none."""
    return "" if mark is None else mark.get(_VAL, "")


def child_of(parent: Element, name: str) -> Element | None:
    """Return the first child of that name, in less time than `find`, which takes a path."""
    return next(parent.iterchildren(W + name), None)
