"""A block of text in a tree of elements, and what it is on its page."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from articleqa.loaders.text_builder import TextBuilder

if TYPE_CHECKING:
    from lxml.etree import _Element


WITHOUT_TEXT = frozenset(
    str.split(
        "applet annotation annotation-xml audio button canvas datalist embed frame frameset head iframe "
        "input map meter noembed noframes noscript object option output progress rp rt script select style "
        "svg template textarea title video"
    )
)
"""Elements without text, or whose text is not part of the page's sentences."""


class Role(Enum):
    """The role of a block on its page."""

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    HEADER_ROW = auto()
    ROW = auto()
    CODE = auto()
    PREFORMATTED = auto()
    CITED_WORK = auto()


class ElementBlock(NamedTuple):
    """A block of text and the innermost block element that holds it.

    `cells` holds the cells of a row, and a single text for other blocks, in which a line end is one that is
    shown; `linked` counts the characters in links, without white space.
    """

    role: Role
    cells: tuple[str, ...]
    element: _Element
    level: int = 0
    linked: int = 0

    @property
    def text(self) -> str:
        """The whole text of the block, with single spaces."""
        return " ".join(" ".join(self.cells).split())

    def add_to(self, builder: TextBuilder) -> None:
        """Add the block to the text in `builder`."""
        match self.role:
            case Role.HEADING:
                builder.heading(self.cells[0], self.level)
            case Role.PARAGRAPH:
                builder.paragraph(self.cells[0], keeps_lines=True)
            case Role.ITEM:
                builder.item(self.cells[0], self.level, keeps_lines=True)
            case Role.HEADER_ROW:
                builder.header_row(self.cells)
            case Role.ROW:
                builder.row(self.cells)
            case Role.CODE:
                builder.code(self.cells[0], self.level)
            case Role.PREFORMATTED:
                builder.preformatted(self.cells[0])
            case Role.CITED_WORK:
                builder.boilerplate(self.cells[0])
