"""The boxes of the characters of each word on a PDF page, as pdfium reports them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.loaders.pdf.characters import characters_of
from articleqa.loaders.pdf.pages import flattened
from articleqa.loaders.pdf.pieces import PLAIN, pieces_of_words
from articleqa.loaders.pdf.words import Word, raised, word_made_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

Boxes = NDArray[np.float64]
"""The left, bottom, right and top of some characters, in points from the lower left corner of the page."""


class Glyphs(NamedTuple):
    """A word as it is drawn: its text, and the box of each character of the text; `turn` is as in `Piece`."""

    word: Word
    boxes: Boxes
    turn: int

    @property
    def text(self) -> str:
        """The text of the word."""
        return self.word.text


def glyphs_on(document: PdfDocument, number: int) -> list[Glyphs]:
    """Return the words of the page with this index, the same and in the same order as its loader reads."""
    page = document[number]
    try:
        text = page.get_textpage()
        flat = flattened(document, number, text)
        if flat is None:
            return _glyphs_of(text)
        found = _glyphs_of(flat)
        flat.page.close()
        return found
    finally:
        page.close()


def _glyphs_of(text: PdfTextPage) -> list[Glyphs]:
    characters = characters_of(text)
    found: list[Glyphs] = []
    for order, pieces in enumerate(pieces_of_words(text, characters)):
        places: list[int] = []
        for piece in pieces:
            for place in range(piece.first, piece.last + 1):
                places += [place] * len(characters.text[place].translate(PLAIN))
        boxes = characters.boxes[places].astype(np.float64)
        found.append(Glyphs(word_made_of(pieces, order), boxes, pieces[0].turn))
    return found


def boxes_of_characters(text: str, drawn: str, boxes: Boxes) -> Boxes:
    """Return the box of each character of a word of an article that was `drawn` with these boxes.

    A character may be written as others: a ligature as its letters, a digit as a superscript. Characters that
    were left out, such as a hyphen at a line end, belong to the character before them.
    """
    if len(text) == len(drawn):
        return boxes
    plain, written = raised(drawn), raised(text)
    head = _equal(zip(plain, written, strict=False))
    tail = _equal(zip(reversed(plain[head:]), reversed(written[head:]), strict=False))
    end = len(drawn) - tail
    inner = len(text) - head - tail
    if inner:
        middle = [union(boxes[head:end] if head < end else boxes)] * inner
    elif head:
        head -= 1
        middle = [union(boxes[head:end])]
    else:
        return boxes[end:]
    return np.vstack([boxes[:head], *middle, boxes[end:]])


def _equal(pairs: Iterable[tuple[str, str]]) -> int:
    """Return how many pairs at the start are of equal characters."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def union(boxes: Boxes) -> Boxes:
    """Return the smallest box around some boxes."""
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
