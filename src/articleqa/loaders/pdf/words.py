"""The words of a PDF page with their positions, built from pdfium's characters."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.loaders.pdf.characters import Characters, Flags, Styles, characters_of

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

MAX_WORD_GAP = 0.15
"""Pieces at most this many font sizes apart, with no space between them, are one word."""

DROP_CAP = 1.8
"""A letter at least this many times as large as the text beside it, on another baseline, is a drop cap."""

Boxes = NDArray[np.float32]

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
PLAIN = str.maketrans(_LIGATURES)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Word(NamedTuple):
    """A word and its position.

    `y` is its baseline and grows down the page; `order` is its place in drawing order, and `font` the name of
    its font. `spaced` is true if a space comes before the word, `ruled` if a line is drawn before it. `drawn`
    has the orders of the words that it is made of, if it is not the one that `order` says: two with a drop
    cap, none for a bullet that is a shape.
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


class Piece(NamedTuple):
    """Adjacent characters of one font on one baseline; `turn` counts quarter turns, -1 for other angles.

    They are those from `first` up to and including `last` of the page's `Characters`.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool
    spaced: bool
    turn: int
    font: str
    first: int
    last: int


def words_of(page: PdfPage, text: PdfTextPage) -> list[Word]:
    """Return the words of `page` in drawing order.

    Text at a different angle from most of the page (stamps in the margin, watermarks) is left out. Raised
    digits become superscript characters, so that a footnote mark is not read as part of a number.
    """
    characters = characters_of(page, text)
    return [word_made_of(pieces, order) for order, pieces in enumerate(pieces_of_words(text, characters))]


def pieces_of_words(text: PdfTextPage, characters: Characters) -> Iterator[list[Piece]]:
    """Yield the pieces of each word of a page in drawing order, without those at another angle."""
    pieces = _pieces(text, characters)
    turns = Counter[int]()
    for piece in pieces:
        turns[piece.turn] += len(piece.text)
    if not turns:
        return
    turn = max(turns, key=lambda t: (turns[t], t == 0))
    together: list[Piece] = []
    for piece in pieces:
        if piece.turn != turn:
            continue
        if together and not _is_glued(together[-1], piece):
            yield together
            together = []
        together.append(piece)
    yield together


def raised(text: str) -> str:
    """Return `text` with its digits as superscript characters."""
    return text.translate(_RAISED)


def _pieces(text: PdfTextPage, characters: Characters) -> list[Piece]:
    """Return the pieces of a page in drawing order."""
    shown = np.flatnonzero(~characters.breaks)
    if not len(shown):
        return []
    begins = np.ones(len(shown), dtype=bool)
    begins[1:] = (np.diff(shown) > 1) | characters.hyphens[shown[:-1]] | ~_follow(characters.boxes[shown])
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(shown))
    firsts, lasts = shown[starts], shown[ends - 1]
    # A line end is not a space: pdfium puts line ends around each raised character.
    before = np.maximum(firsts - 1, 0)
    spaced = (firsts > 0) & characters.breaks[before] & ~characters.line_ends[before]
    doubled = np.add.reduceat(characters.doubled[shown], starts, dtype=np.int64) * 2 > ends - starts
    corners = _corners(characters, firsts, lasts)
    styles = Styles(text)
    return [
        _placed(text.raw, styles, number, characters.text, ends, box, is_spaced, is_doubled)
        for number, ends, box, is_spaced, is_doubled in zip(
            characters.numbers[firsts].tolist(),
            zip(firsts.tolist(), lasts.tolist(), strict=True),
            corners,
            spaced.tolist(),
            doubled.tolist(),
            strict=True,
        )
    ]


def _follow(boxes: Boxes) -> Flags:
    """Return for each box but the first whether its character continues the piece that ends with the last."""
    before, box = boxes[:-1], boxes[1:]
    width, height = before[:, 2] - before[:, 0], before[:, 3] - before[:, 1]
    em = np.maximum(width, height)
    apart = np.abs(box - before)
    in_line = (apart[:, 1] + apart[:, 3] <= 0.1 * em) & (np.abs(box[:, 0] - before[:, 2]) <= 0.3 * em)
    upright = (apart[:, 0] + apart[:, 2] <= 0.1 * em) & (
        np.minimum(np.abs(box[:, 1] - before[:, 3]), np.abs(before[:, 1] - box[:, 3])) <= 0.3 * em
    )
    follow: Flags = (apart.max(axis=1) == 0) | in_line | upright  # the same box: one glyph, a ligature
    return follow


def _corners(
    characters: Characters, firsts: NDArray[np.int64], lasts: NDArray[np.int64]
) -> list[list[float]]:
    """Return the left, bottom, right and top of each piece."""
    start, end = characters.boxes[firsts], characters.boxes[lasts]
    low, high = np.minimum(start, end)[:, :2], np.maximum(start, end)[:, 2:]
    corners: list[list[float]] = np.concatenate((low, high), axis=1).astype(float).tolist()
    return corners


def _placed(
    raw: object,
    styles: Styles,
    number: int,
    shown: str,
    ends: tuple[int, int],
    box: Sequence[float],
    spaced: bool,
    doubled: bool,
) -> Piece:
    """Return the piece between these ends of the characters `shown`; the first of them has this number."""
    import pypdfium2.raw as pdfium

    style = styles.of(number)
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(raw, number, x, y)
    left, low, right, high = box
    down = -y.value
    if style.turn == 1:
        left, right, down = low, high, x.value
    elif style.turn == 2:
        left, right, down = -right, -left, y.value
    elif style.turn == 3:
        left, right, down = -high, -low, -x.value
    if not math.isfinite(down):
        left = right = down = 0.0
    bold = style.bold or doubled
    edges = left, right, down
    text = shown[ends[0] : ends[1] + 1].translate(PLAIN)
    return Piece(text, *edges, style.size, bold, spaced, style.turn, style.font, *ends)


def _is_glued(piece: Piece, following: Piece) -> bool:
    size = max(piece.size, following.size)
    if size >= DROP_CAP * min(piece.size, following.size) and piece.y != following.y:
        return False
    return (
        not following.spaced
        and -MAX_WORD_GAP * 2 * size <= following.left - piece.right <= MAX_WORD_GAP * size
        and abs(following.y - piece.y) <= 0.6 * size
    )


def word_made_of(pieces: list[Piece], order: int) -> Word:
    """Return the word of adjacent pieces; digits that stand higher and are smaller become superscripts."""
    if len(pieces) == 1:
        piece = pieces[0]
        edges = piece.left, piece.right, piece.y
        return Word(piece.text, *edges, piece.size, piece.bold, piece.spaced, order, piece.font)
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
