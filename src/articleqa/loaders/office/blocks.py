"""The blocks of a document of a word processor, whatever its format.

The reader of each format turns its elements into these; `articleqa.loaders.office.writer` puts them into the
text of an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import regex

from articleqa.loaders.superscripts import Shift, joined

LINE_END = "\n"
TAB = "\t"

_SPACES = regex.compile(r"\s+")
_TYPESETTING = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
"""Invisible characters that say where a line may or may not break."""

DEFAULT_SIZE = 10.0
"""Type size of a document that states none, in points: Word's."""


class Piece(NamedTuple):
    """A stretch of text in one look; `LINE_END` and `TAB` are pieces of their own."""

    text: str
    shift: Shift = Shift.NONE
    is_bold: bool = False
    size: float = DEFAULT_SIZE


class TextLook(NamedTuple):
    """The look of a stretch of text; None stands for what is not stated."""

    is_bold: bool | None = None
    size: float | None = None
    is_hidden: bool | None = None
    shift: Shift | None = None

    def over(self, below: TextLook) -> TextLook:
        """Return this look, with what it does not state from `below`."""
        return TextLook(
            self.is_bold if self.is_bold is not None else below.is_bold,
            self.size if self.size is not None else below.size,
            self.is_hidden if self.is_hidden is not None else below.is_hidden,
            self.shift if self.shift is not None else below.shift,
        )

    def of_piece(self, text: str) -> Piece:
        """Return a piece of text in this look."""
        return Piece(text, self.shift or Shift.NONE, self.is_bold or False, self.size or DEFAULT_SIZE)


@dataclass
class Paragraph:
    """A paragraph: its text, what it is, and what is anchored in it.

    - `level`: that of a heading, else 0
    - `item_level`: the depth of a list item, else 0
    - `is_title`: whether its style is that of the document's title
    - `is_continued`: whether the next paragraph continues it: its end was deleted, or it is a drop cap
    - `notes`: the keys of the notes that it refers to, in order
    - `boxes`: the blocks of each text box anchored in it
    """

    pieces: list[Piece]
    level: int = 0
    item_level: int = 0
    is_title: bool = False
    is_continued: bool = False
    notes: list[object] = field(default_factory=list)
    boxes: list[list[Block]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text in one line, with outer white space removed."""
        return text_of(self.pieces)

    @property
    def is_bold(self) -> bool:
        """Whether all of the text is bold; also true if there is no text."""
        return are_bold(self.pieces)

    @property
    def size(self) -> float:
        """The largest type size of the text; 0 if there is no text."""
        return max((piece.size for piece in self.pieces if piece.text.strip()), default=0.0)


class Cell(NamedTuple):
    """A cell of a table; `is_covered` if it is merged with the cell above it, whose text it shows.

    `columns` counts how many columns it is wide.
    """

    blocks: list[Block]
    is_covered: bool = False
    columns: int = 1


class Row(NamedTuple):
    """A row of a table; `is_header` if it is marked as a header row."""

    cells: list[Cell]
    is_header: bool = False


@dataclass
class Table:
    """A table; `has_styled_header` if its style sets off the first row."""

    rows: list[Row]
    has_styled_header: bool = False


Block = Paragraph | Table


def text_of(pieces: Iterable[Piece]) -> str:
    """Return the text of some pieces in one line, without the marks of notes and invisible characters."""
    return joined((piece.text, piece.shift) for piece in pieces).translate(_TYPESETTING).strip()


def are_bold(pieces: Iterable[Piece]) -> bool:
    """Return whether all text in some pieces is bold."""
    return all(piece.is_bold for piece in pieces if piece.text.strip())


def split_at(pieces: Iterable[Piece], mark: str) -> list[list[Piece]]:
    """Return the pieces between those whose text is `mark`."""
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.text == mark:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts


def paragraphs_in(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Yield the paragraphs among `blocks`, without those in tables."""
    return (block for block in blocks if isinstance(block, Paragraph))


def single_spaced(text: str) -> str:
    """Return `text` with one space for each run of white space, as most texts have it already."""
    return text if text.isprintable() and "  " not in text else _SPACES.sub(" ", text)
