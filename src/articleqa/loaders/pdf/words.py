"""The words of a PDF page with their positions, built from pdfium's characters."""

from __future__ import annotations

import ctypes
import math
import sys
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import regex

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

MAX_WORD_GAP = 0.15
"""Pieces at most this many font sizes apart, with no space between them, are one word."""

_BOLD = regex.compile(r"bold|black|heavy|demi|semibd|medi$|cmbx|[-,]bd", regex.IGNORECASE)
_FORCE_BOLD = 1 << 18
"""The ForceBold flag of a font (PDF 32000-1, table 123)."""

_LEAST_BOLD = 700
_FONT_NAME = 128
_HYPHENS = (0x02, 0xFFFE)
"""The character codes that pdfium returns for a hyphen at a line end."""

_SYMBOL_BULLETS = dict.fromkeys((0xF0B7, 0xF0A7, 0xF076, 0xF0D8, 0xF0FC), "•")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_PLAIN = str.maketrans(_LIGATURES)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Word(NamedTuple):
    """A word and its position.

    `y` is its baseline and grows down the page; `order` is its place in drawing order. `spaced` is true if a
    space comes before the word, `ruled` if a line is drawn before it.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool
    spaced: bool
    order: int
    ruled: bool = False


class _Piece(NamedTuple):
    """Adjacent characters of one font on one baseline; `turn` counts quarter turns, -1 for other angles."""

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool
    spaced: bool
    turn: int


class _Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    def follows(self, other: _Box) -> bool:
        """Return whether a character in this box continues the piece that ends with the box `other`."""
        if self == other:  # both come from one glyph, a ligature
            return True
        height = max(other.top - other.bottom, other.right - other.left)
        return (
            abs(self.bottom - other.bottom) + abs(self.top - other.top) <= 0.1 * height
            and abs(self.left - other.right) <= 0.3 * height
        ) or (
            abs(self.left - other.left) + abs(self.right - other.right) <= 0.1 * height
            and min(abs(self.bottom - other.top), abs(self.top - other.bottom)) <= 0.3 * height
        )


def words_of(page: PdfTextPage) -> list[Word]:
    """Return the words of `page` in drawing order.

    Text at a different angle from most of the page (stamps in the margin, watermarks) is left out. Raised
    digits become superscript characters, so that a footnote mark is not read as part of a number.
    """
    pieces = _pieces(page)
    turns = Counter[int]()
    for piece in pieces:
        turns[piece.turn] += len(piece.text)
    if not turns:
        return []
    turn = max(turns, key=lambda t: (turns[t], t == 0))
    words: list[Word] = []
    together: list[_Piece] = []
    for piece in pieces:
        if piece.turn != turn:
            continue
        if together and not _is_glued(together[-1], piece):
            words.append(_word(together, len(words)))
            together = []
        together.append(piece)
    words.append(_word(together, len(words)))
    return words


def raised(text: str) -> str:
    """Return `text` with its digits as superscript characters."""
    return text.translate(_RAISED)


def _pieces(page: PdfTextPage) -> list[_Piece]:
    import pypdfium2.raw as pdfium

    raw = page.raw
    corners = pdfium.FS_RECTF()
    corners_at = ctypes.byref(corners)
    pieces: list[_Piece] = []
    text: list[str] = []
    spaced = False
    first = 0
    start = last = _Box(0, 0, 0, 0)

    def finish() -> None:
        if text:
            pieces.append(_placed(raw, first, "".join(text), start, last, spaced))
            text.clear()

    for number in range(page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, number)
        char = "-" if code in _HYPHENS else _SYMBOL_BULLETS.get(code) or chr(min(code, sys.maxunicode))
        if char <= " " or char.isspace():
            finish()
            # A line end is not a space: pdfium puts line ends around each raised character.
            spaced = char not in "\r\n"
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, number, corners_at)
        box = _Box(corners.left, corners.bottom, corners.right, corners.top)
        if text and not box.follows(last):
            finish()
            spaced = False
        if not text:
            first, start = number, box
        text.append(char)
        last = box
        if code in _HYPHENS:
            finish()
            spaced = False
    finish()
    return pieces


def _placed(raw: object, first: int, text: str, start: _Box, end: _Box, spaced: bool) -> _Piece:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(raw, first, matrix)
    size = pdfium.FPDFText_GetFontSize(raw, first) * math.hypot(matrix.c, matrix.d)
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(raw, first, x, y)
    name = ctypes.create_string_buffer(_FONT_NAME)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(raw, first, name, _FONT_NAME, flags)
    is_bold = (
        _BOLD.search(name.value.decode("latin-1")) is not None
        or bool(flags.value & _FORCE_BOLD)
        or pdfium.FPDFText_GetFontWeight(raw, first) >= _LEAST_BOLD
    )
    turns = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
    turn = round(turns) % 4 if abs(turns - round(turns)) < 0.05 else -1
    low, high = min(start.bottom, end.bottom), max(start.top, end.top)
    left, right = min(start.left, end.left), max(start.right, end.right)
    if turn == 1:
        left, right, down = low, high, x.value
    elif turn == 2:
        left, right, down = -right, -left, y.value
    elif turn == 3:
        left, right, down = -high, -low, -x.value
    else:
        down = -y.value
    if not all(map(math.isfinite, (left, right, down, size))):
        left = right = down = size = 0.0
    return _Piece(text.translate(_PLAIN), left, right, down, max(size, 0.1), is_bold, spaced, turn)


def _is_glued(piece: _Piece, following: _Piece) -> bool:
    size = max(piece.size, following.size)
    return (
        not following.spaced
        and -MAX_WORD_GAP * 2 * size <= following.left - piece.right <= MAX_WORD_GAP * size
        and abs(following.y - piece.y) <= 0.6 * size
    )


def _word(pieces: list[_Piece], order: int) -> Word:
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
    )
