"""The words of a PDF page with their positions, built from pdfium's characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from articleqa.loaders.pdf.characters import characters_of
from articleqa.loaders.pdf.pieces import Piece, pieces_of

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Word(NamedTuple):
    """A word and its position.

    `y` is its baseline and grows down the page; `order` is its place in drawing order, and `font` the name of
    its font. `spaced` is true if a space comes before the word, `ruled` if a line is drawn before it. `drawn`
    has the orders of the words that it is made of, if it is not the one that `order` says: two with a drop
    cap, none for a bullet that is a shape. `in_cell` is true if the word is in a table cell with lines around
    it.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool
    spaced: bool
    order: int
    font: str = ""
    ruled: bool = False
    drawn: tuple[int, ...] | None = None
    in_cell: bool = False


def words_of(text: PdfTextPage) -> list[Word]:
    """Return the words of a page in drawing order.

    Text at a different angle from most of the page (stamps in the margin, watermarks) is left out. Raised
    digits become superscript characters, so that a footnote mark is not read as part of a number.
    """
    pieces = pieces_of(text, characters_of(text))
    starts = pieces.starts
    columns: list[Sequence[Any]] = [*pieces[:7], pieces.fonts]
    if len(starts) < len(pieces.texts):
        first = itemgetter(*starts, 0)  # of at least two places, so that it returns a tuple
        columns = list(map(first, columns))
    constant = repeat(False), repeat(None), repeat(False)
    words = list(map(Word._make, zip(*columns[:7], range(len(starts)), columns[7], *constant, strict=False)))
    if len(starts) < len(pieces.texts):
        for order, (start, end) in enumerate(pieces.words()):
            if end - start > 1:
                words[order] = word_made_of(pieces.between(start, end), order)
    return words


def raised(text: str) -> str:
    """Return `text` with its digits as superscript characters."""
    return text.translate(_RAISED)


def word_made_of(pieces: list[Piece], order: int) -> Word:
    """Return the word of adjacent pieces; digits that stand higher and are smaller become superscripts."""
    if len(pieces) == 1:
        text, left, right, y, size, bold, spaced, _, font, *_ = pieces[0]
        return Word(text, left, right, y, size, bold, spaced, order, font)
    main = max(pieces, key=lambda piece: (sum(map(str.isalnum, piece.text)), piece.size))
    text = "".join(
        raised(piece.text)
        if piece.size < 0.9 * main.size and piece.y < main.y - 0.15 * main.size
        else piece.text
        for piece in pieces
    )
    return Word(
        text,
        min(piece.left for piece in pieces),
        max(piece.right for piece in pieces),
        main.y,
        main.size,
        main.bold,
        pieces[0].spaced,
        order,
        main.font,
    )
