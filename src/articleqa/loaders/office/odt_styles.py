"""Styles of an ODT file: what a paragraph is by its style and that style's parents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from articleqa.loaders.office.blocks import DEFAULT_SIZE, TextLook
from articleqa.loaders.office.odt_package import FO, STYLE, TEXT, Element, outline_level
from articleqa.loaders.superscripts import Shift

_HEADING_STYLE = regex.compile(r"Heading_20_(\d)")
_TITLE_STYLE = regex.compile(
    r"(?:(?:Document|Report|Paper|Article|Book|Cover|Main)_20_)?Title|Titel|Titre|T.tulo|Titolo"
)
_LONGEST_CHAIN = 50
"""Maximum number of styles based on each other; in a damaged file they may form a loop."""

_BOLD = ("bold", "600", "700", "800", "900")
_POINTS = regex.compile(r"(\d{1,3}(?:\.\d+)?)pt")
_PERCENT = regex.compile(r"(\d{1,4})%")


class _Role(NamedTuple):
    """What a paragraph is by its style: the title, a heading of a level, or neither (0)."""

    is_title: bool
    level: int


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
        self._looks: dict[tuple[str, str | None], TextLook] = {}
        self._roles: dict[str | None, _Role] = {}

    def is_title(self, paragraph: Element) -> bool:
        """Return whether a paragraph has the title style, or one derived from it."""
        return self._role(paragraph).is_title

    def heading_level(self, paragraph: Element) -> int:
        """Return a paragraph's heading level by its style; 0 if it is not a heading."""
        return self._role(paragraph).level

    def _role(self, paragraph: Element) -> _Role:
        name = paragraph.get(TEXT + "style-name")
        if name not in self._roles:
            names = (style.get(STYLE + "name", "") for style in self._chain(paragraph, "paragraph"))
            is_title = any(_TITLE_STYLE.fullmatch(name) for name in names)
            self._roles[name] = _Role(is_title, self._level(paragraph))
        return self._roles[name]

    def _level(self, paragraph: Element) -> int:
        for style in self._chain(paragraph, "paragraph"):
            level = style.get(STYLE + "default-outline-level")
            named = _HEADING_STYLE.fullmatch(style.get(STYLE + "name", ""))
            if level is not None or named:
                return outline_level(level) or (int(named[1]) if named else 0)
        return 0

    def of_paragraph(self, paragraph: Element) -> TextLook:
        """Return the look of a paragraph's text by its style."""
        # LibreOffice raises and hides text by spans only.
        return self._look(paragraph, "paragraph")._replace(shift=None)

    def of_span(self, span: Element) -> TextLook:
        """Return the look of a span's text, as far as its style states it."""
        return self._look(span, "text")

    def _look(self, element: Element, family: str) -> TextLook:
        key = (family, element.get(TEXT + "style-name"))
        if key not in self._looks:
            look = TextLook()
            for style in self._chain(element, family):
                properties = style.find(STYLE + "text-properties")
                if properties is not None:
                    look = look.over(_stated(properties))
            self._looks[key] = look
        return self._looks[key]

    def _chain(self, element: Element, family: str) -> Iterator[Element]:
        name = element.get(TEXT + "style-name")
        for _ in range(_LONGEST_CHAIN):  # in a damaged file, styles may form a loop
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.get(STYLE + "parent-style-name")


def _stated(properties: Element) -> TextLook:
    """Return the look that text properties state."""
    weight, display = properties.get(FO + "font-weight"), properties.get(TEXT + "display")
    return TextLook(
        is_bold=None if weight is None else weight in _BOLD,
        size=_size(properties.get(FO + "font-size", "")),
        is_hidden=None if display is None else display == "none",
        shift=_shift(properties.get(STYLE + "text-position", "").strip()),
    )


def _size(size: str) -> float | None:
    """Return a type size in points; a percentage is taken of the default size."""
    if match := _POINTS.fullmatch(size):
        return float(match[1])
    match = _PERCENT.fullmatch(size)
    return int(match[1]) / 100 * DEFAULT_SIZE if match else None


def _shift(position: str) -> Shift | None:
    """Return the shift that a position such as "super 58%" or "-8% 80%" stands for; 0% is on the line."""
    if not position:
        return None
    rise = position.split()[0]
    if rise == "sub" or rise.startswith("-"):
        return Shift.LOWERED
    is_raised = rise == "super" or (rise.endswith("%") and rise.strip("0.%") != "")
    return Shift.RAISED if is_raised else Shift.NONE
