"""The pieces of the words of a PDF page: adjacent characters of one font on one baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, repeat
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from articleqa.loaders.pdf.bulk_calls import doubles_at
from articleqa.loaders.pdf.characters import Characters, Flags, Numbers
from articleqa.loaders.pdf.styles import Style, styles_of

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

MAX_WORD_GAP = 0.15
"""Pieces at most this many font sizes apart, with no space between them, are one word."""

DROP_CAP = 1.8
"""A letter at least this many times as large as the text beside it, on another baseline, is a drop cap."""

Edges = NDArray[np.float64]

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = regex.compile(f"[{''.join(_LIGATURES)}]")
PLAIN = str.maketrans(_LIGATURES)


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


class Pieces(NamedTuple):
    """The pieces of a page in drawing order as parallel lists, one for each field of `Piece`.

    `turn` is that of all. `starts` has the places of those that begin a word.
    """

    texts: list[str]
    lefts: list[float]
    rights: list[float]
    ys: list[float]
    sizes: list[float]
    bold: list[bool]
    spaced: list[bool]
    fonts: list[str]
    firsts: list[int]
    lasts: list[int]
    turn: int
    starts: list[int]

    def words(self) -> Iterator[tuple[int, int]]:
        """Yield the places of the first piece of each word and of the piece after its last."""
        return pairwise([*self.starts, len(self.texts)])

    def between(self, start: int, end: int) -> list[Piece]:
        """Return the pieces from the place `start` up to but not including `end`."""
        columns: tuple[Sequence[Any], ...] = self[:10]
        *until_spaced, fonts, firsts, lasts = (column[start:end] for column in columns)
        return list(map(Piece, *until_spaced, repeat(self.turn), fonts, firsts, lasts))


_NO_PIECES = Pieces([], [], [], [], [], [], [], [], [], [], 0, [])


def pieces_of_words(text: PdfTextPage, characters: Characters) -> Iterator[list[Piece]]:
    """Yield the pieces of each word of a page in drawing order, without those at another angle."""
    pieces = pieces_of(text, characters)
    for start, end in pieces.words():
        yield pieces.between(start, end)


def pieces_of(text: PdfTextPage, characters: Characters) -> Pieces:
    """Return the pieces of a page, without those at another angle from most of its text."""
    if characters.breaks.all():
        return _NO_PIECES
    spans = _spans(characters)
    styles, style_of = styles_of(text, characters.numbers[spans.firsts])
    texts = _texts(characters.text, spans)
    turn, kept = _main_turn(styles, style_of, texts)
    if len(kept) < len(texts):
        texts = [texts[place] for place in kept.tolist()]
        spans, style_of = spans.only(kept), style_of[kept]
    numbers = characters.numbers[spans.firsts].tolist()
    origins = doubles_at("FPDFText_GetCharOrigin", text.raw, numbers, count=2)
    left, right, y = _turned(turn, _corners(characters, spans), origins)
    of_each = style_of.tolist()
    fonts, sizes, bold, _ = ([column[place] for place in of_each] for column in zip(*styles, strict=True))
    glued = _are_glued(left, right, y, np.array(sizes), spans.spaced)
    return Pieces(
        texts,
        left.tolist(),
        right.tolist(),
        y.tolist(),
        sizes,
        list(map(or_, bold, spans.doubled.tolist())),
        spans.spaced.tolist(),
        fonts,
        spans.firsts.tolist(),
        spans.lasts.tolist(),
        turn,
        np.flatnonzero(~glued).tolist(),
    )


class _Spans(NamedTuple):
    """Pieces as parallel arrays: their first and last characters, and what goes for them."""

    firsts: NDArray[np.int64]
    lasts: NDArray[np.int64]
    spaced: Flags
    doubled: Flags

    def only(self, kept: NDArray[np.int64]) -> _Spans:
        """Return the pieces at these places."""
        return _Spans(self.firsts[kept], self.lasts[kept], self.spaced[kept], self.doubled[kept])


def _spans(characters: Characters) -> _Spans:
    """Return where the pieces of a page begin and end."""
    shown = np.flatnonzero(~characters.breaks)
    begins = np.ones(len(shown), dtype=bool)
    begins[1:] = (np.diff(shown) > 1) | characters.hyphens[shown[:-1]] | ~_follow(characters.boxes[shown])
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(shown))
    firsts, lasts = shown[starts], shown[ends - 1]
    # A line end is not a space: pdfium puts line ends around each raised character.
    before = np.maximum(firsts - 1, 0)
    spaced = (firsts > 0) & characters.breaks[before] & ~characters.line_ends[before]
    counts = np.cumsum(np.append(0, characters.doubled[shown]))
    doubled = 2 * (counts[ends] - counts[starts]) > ends - starts
    return _Spans(firsts, lasts, spaced, doubled)


def _texts(text: str, spans: _Spans) -> list[str]:
    """Return the text of each piece, without ligatures."""
    ends = zip(spans.firsts.tolist(), spans.lasts.tolist(), strict=True)
    texts = [text[first : last + 1] for first, last in ends]
    if _LIGATURE.search(text):
        texts = [piece.translate(PLAIN) for piece in texts]
    return texts


def _main_turn(
    styles: Sequence[Style], style_of: NDArray[np.int64], texts: Sequence[str]
) -> tuple[int, NDArray[np.int64]]:
    """Return the angle of most of the text, and the places of the pieces that have it."""
    if len({style.turn for style in styles}) == 1:
        return styles[0].turn, np.arange(len(texts))
    turns = [styles[place].turn for place in style_of.tolist()]
    sizes = Counter[int]()
    for turn, text in zip(turns, texts, strict=True):
        sizes[turn] += len(text)
    main = max(sizes, key=lambda t: (sizes[t], t == 0))
    return main, np.flatnonzero(np.array(turns) == main)


def _follow(boxes: Numbers) -> Flags:
    """Return for each box but the first whether its character continues the piece that ends with the last."""
    left, bottom, right, top = boxes.T.copy()
    em = np.maximum(right[:-1] - left[:-1], top[:-1] - bottom[:-1])
    apart = [np.abs(edge[1:] - edge[:-1]) for edge in (left, bottom, right, top)]
    near, close = 0.1 * em, 0.3 * em
    in_line = (apart[1] + apart[3] <= near) & (np.abs(left[1:] - right[:-1]) <= close)
    gap = np.minimum(np.abs(bottom[1:] - top[:-1]), np.abs(bottom[:-1] - top[1:]))
    upright = (apart[0] + apart[2] <= near) & (gap <= close)
    follow: Flags = (sum(apart) == 0) | in_line | upright  # the same box: one glyph, a ligature
    return follow


def _corners(characters: Characters, spans: _Spans) -> Edges:
    """Return the left, bottom, right and top of each piece."""
    start, end = characters.boxes[spans.firsts], characters.boxes[spans.lasts]
    low, high = np.minimum(start, end)[:, :2], np.maximum(start, end)[:, 2:]
    corners: Edges = np.concatenate((low, high), axis=1).astype(float)
    return corners


def _turned(turn: int, corners: Edges, origins: Edges) -> tuple[Edges, Edges, Edges]:
    """Return the left and right edges and the baselines of pieces, as if their text were upright."""
    left, low, right, high = corners.T
    x, y = origins.T
    edges = {1: (low, high, x), 2: (-right, -left, y), 3: (-high, -low, -x)}.get(turn, (left, right, -y))
    are_finite = np.isfinite(edges[2])
    left, right, down = (np.where(are_finite, each, 0.0) for each in edges)
    return left, right, down


def _are_glued(left: Edges, right: Edges, y: Edges, sizes: Edges, spaced: Flags) -> Flags:
    """Return for each piece whether it continues the word of the one before."""
    size = np.maximum(sizes[1:], sizes[:-1])
    gap = left[1:] - right[:-1]
    is_drop_cap = (size >= DROP_CAP * np.minimum(sizes[1:], sizes[:-1])) & (y[1:] != y[:-1])
    glued = np.zeros(len(left), dtype=bool)
    glued[1:] = (
        ~is_drop_cap
        & ~spaced[1:]
        & (gap >= -MAX_WORD_GAP * 2 * size)
        & (gap <= MAX_WORD_GAP * size)
        & (np.abs(y[1:] - y[:-1]) <= 0.6 * size)
    )
    return glued
