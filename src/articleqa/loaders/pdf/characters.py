"""The characters of a PDF page as arrays: codes, boxes, and the style of each text object."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.loaders.pdf.bulk_calls import floats_at, numbers_at, objects_at

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

UNKNOWN = 0xF0000
"""A glyph without a known letter is this private code point plus the code that pdfium returns for it."""

_SPACE = 0x20
_IS_SPACE = np.array([code <= _SPACE or chr(code).isspace() for code in range(0x3001)] + [False])
"""Whether each character code is white space; the last value is that of all codes beyond."""

_HYPHENS = (0x02, 0xFFFE)
"""The character codes that pdfium returns for a hyphen at a line end."""

_TAB, _LINE_FEED, _RETURN = 0x09, 0x0A, 0x0D
_EDGES = ("left", "bottom", "right", "top")
_BULLET = 0x2022
_SYMBOL_BULLETS = (0xF076, 0xF0A7, 0xF0B7, 0xF0D8, 0xF0FC)
_OVERPRINT = 0.1
"""Copies of a character at most this many font sizes apart are one character, printed twice to look bold or
to cast a shadow; the narrowest letters are 0.2 font sizes wide."""

_MOST_BESIDE = 64
"""With this many lines of text beside one another on a page, all characters are compared."""

_FARTHEST_STRIP = 1 << 30
"""Strips of a page beyond this number count as one; no page that people read has as many."""

_INK = 0.02
"""A glyph that is no wider or no higher than this, in points, is blank."""

_MOST_SPACES = 0.35
"""Blank glyphs are spaces unless they are more than this share of the characters."""

_MOST_GAP = 0.6
"""Characters at most this many heights apart belong to one line of text."""

_MOST_IN_GLYPH = 3
"""A glyph stands for at most this many characters, all in its box: a ligature."""

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float32]


class Characters(NamedTuple):
    """The characters of a page in drawing order; the arrays and `text` are parallel.

    `numbers` are pdfium's indices of the characters, `boxes` their left, bottom, right and top. `breaks` is
    true for white space, `line_ends` for the white space that is a line end, `hyphens` for a hyphen at a line
    end, and `doubled` for characters that are printed twice.
    """

    text: str
    numbers: NDArray[np.int64]
    boxes: Numbers
    breaks: Flags
    line_ends: Flags
    hyphens: Flags
    doubled: Flags


def characters_of(text: PdfTextPage) -> Characters:
    """Return the characters of a page within its box, each once however often it is printed."""
    raw = text.raw
    count = text.count_chars()
    codes = numbers_at("FPDFText_GetUnicode", raw, range(count))
    hyphens = _hyphens(raw, codes)
    codes[hyphens] = ord("-")
    _mark_unknown(raw, codes)
    line_ends = (codes == _LINE_FEED) | (codes == _RETURN)
    breaks = _IS_SPACE[np.minimum(codes, len(_IS_SPACE) - 1)]
    boxes = _boxes(raw, breaks)
    doubled = np.zeros(count, dtype=bool)
    kept = breaks | _is_inside(boxes, breaks, text.page.get_bbox())
    first, copy = _copies(raw, codes, boxes, np.flatnonzero(kept & ~breaks))
    kept[copy] = False
    doubled[first[np.any(boxes[first] != boxes[copy], axis=1)]] = True
    shown = codes[kept].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    return Characters(
        shown,
        np.flatnonzero(kept),
        boxes[kept],
        breaks[kept],
        line_ends[kept],
        hyphens[kept],
        doubled[kept],
    )


def _boxes(raw: object, breaks: Flags) -> Numbers:
    """Return the left, bottom, right and top of each character that is no white space."""
    import pypdfium2.raw as pdfium

    shown = np.flatnonzero(~breaks)
    boxes = np.zeros((len(breaks), len(_EDGES)), dtype=np.float32)
    order = [[name for name, _ in pdfium.FS_RECTF._fields_].index(edge) for edge in _EDGES]
    boxes[shown] = floats_at("FPDFText_GetLooseCharBox", raw, shown.tolist(), count=len(_EDGES))[:, order]
    return boxes if np.isfinite(boxes).all() else np.nan_to_num(boxes, nan=0.0, posinf=0.0, neginf=0.0)


def _hyphens(raw: object, codes: NDArray[np.int64]) -> Flags:
    """Return which characters are hyphens at a line end; a font without letters may use their codes too."""
    import pypdfium2.raw as pdfium

    found: Flags = codes == _HYPHENS[1]
    for number in np.flatnonzero(codes == _HYPHENS[0]):
        found[number] = pdfium.FPDFText_IsHyphen(raw, int(number)) == 1
    return found


def _mark_unknown(raw: object, codes: NDArray[np.int64]) -> None:
    """Replace the control codes of glyphs, and codes beyond Unicode, by private code points."""
    import pypdfium2.raw as pdfium

    if (codes >= _SYMBOL_BULLETS[0]).any():
        codes[np.isin(codes, _SYMBOL_BULLETS)] = _BULLET
        codes[codes > sys.maxunicode] = UNKNOWN
    controls = np.flatnonzero((codes < _SPACE) | ((codes >= 0x7F) & (codes < 0xA0)))
    few = codes[controls]
    is_white = (few == _TAB) | (few == _LINE_FEED) | (few == _RETURN)
    white = controls[is_white]
    is_white[is_white] = numbers_at("FPDFText_HasUnicodeMapError", raw, white.tolist()) == 0
    controls = controls[~is_white]
    unknown = [number for number in controls.tolist() if not pdfium.FPDFText_IsGenerated(raw, number)]
    if not unknown:
        return
    blank = [number for number in unknown if not _has_ink(raw, number)]
    codes[unknown] += UNKNOWN
    if len(blank) <= _MOST_SPACES * np.count_nonzero(codes > _SPACE):
        codes[blank] = _SPACE


def _has_ink(raw: object, number: int) -> bool:
    """Return whether the glyph of a character is more than a space."""
    import pypdfium2.raw as pdfium

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(raw, number, left, right, bottom, top)
    return min(right.value - left.value, top.value - bottom.value) > _INK


def _is_inside(boxes: Numbers, breaks: Flags, page: tuple[float, float, float, float]) -> Flags:
    """Return which characters are within the page's box, or in a line of text that goes on over its edge.

    Nobody sees the others: the neighbour of a page that was cut out of a spread.
    """
    left, bottom, right, top = page
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside: Flags = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    shown = np.flatnonzero(~breaks)
    for order in (shown, shown[::-1]):
        outside = np.flatnonzero(~inside[order])
        for number in outside[outside > 0].tolist():
            place, before = order[number], order[number - 1]
            inside[place] = inside[before] and _are_in_line(boxes[before], boxes[place])
    return inside


def _are_in_line(box: Numbers, other: Numbers) -> bool:
    height = max(float(box[3] - box[1]), float(other[3] - other[1]))
    gap = max(float(other[0] - box[2]), float(box[0] - other[2]))
    return abs(float(box[1] - other[1])) <= 0.1 * height and gap <= _MOST_GAP * height


def _copies(
    raw: object, codes: NDArray[np.int64], boxes: Numbers, places: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of characters and of others that are printed on top of them, pair by pair."""
    left, bottom, right, top = boxes[places].T.copy()
    near = _OVERPRINT * np.maximum(top - bottom, right - left)
    grid = max(2 * _median(near), 0.1) if len(places) else 1.0
    overlapping = np.flatnonzero(_lie_on_others(left, bottom, near))
    if not len(overlapping):
        return places[:0], places[:0]
    left, bottom, near, places = (each[overlapping] for each in (left, bottom, near, places))
    by_left = np.argsort(left, kind="stable")
    columns = [each[by_left] for each in (codes[places], left, bottom, near, places)]
    found: list[NDArray[np.int64]] = []
    for shift in (0.0, grid / 2):  # two characters close to each other share a strip of one of the grids
        strip = np.clip(np.floor((columns[2] + shift) / grid), -_FARTHEST_STRIP, _FARTHEST_STRIP)
        order = np.argsort(columns[0] * (2 * _FARTHEST_STRIP + 1) + strip.astype(np.int64), kind="stable")
        code, x, y, reach, place = (each[order] for each in columns)
        for lag in range(1, min(_MOST_IN_GLYPH + 1, len(order))):
            one = np.flatnonzero(np.abs(x[:-lag] - x[lag:]) <= reach[:-lag])  # few are
            other = one + lag
            is_near = (
                (code[other] == code[one])
                & (np.abs(y[one] - y[other]) <= reach[one])
                & (np.abs(reach[one] - reach[other]) <= 0.02 * reach[one])
            )
            if is_near.any():
                found.append(np.stack((place[one[is_near]], place[other[is_near]]), axis=1))
    if not found:
        return places[:0], places[:0]
    first, second = np.sort(np.concatenate(found), axis=1).T
    # The characters of one glyph are all in its box.
    may_be_glyph = np.flatnonzero(second - first < _MOST_IN_GLYPH)
    objects = [
        objects_at("FPDFText_GetTextObject", raw, each[may_be_glyph].tolist()) for each in (first, second)
    ]
    is_copy = np.ones(len(first), dtype=bool)
    is_copy[may_be_glyph] = objects[0] != objects[1]
    return first[is_copy], second[is_copy]


def _lie_on_others(left: Numbers, bottom: Numbers, near: Numbers) -> Flags:
    """Return which characters may be printed on others: those of lines of text that begin within another.

    In a line each character is farther right than the one before it, by more than `near`.
    """
    if len(left) < 2:
        return np.zeros(len(left), dtype=bool)
    apart = np.maximum(near[1:], near[:-1])
    goes_on = (left[1:] - left[:-1] > apart) & (np.abs(bottom[1:] - bottom[:-1]) <= apart)
    starts = np.append(0, np.flatnonzero(~goes_on) + 1)
    lengths = np.diff(starts, append=len(left))
    low, high = np.minimum.reduceat(bottom, starts), np.maximum.reduceat(bottom, starts)
    order = np.argsort(low, kind="stable")
    reach = 1.1 * np.maximum.reduceat(near, starts)[order]
    low, high = low[order], high[order] + reach
    start, end = left[starts][order], left[starts + lengths - 1][order]
    on_others = np.zeros(len(starts), dtype=bool)
    one = np.arange(len(starts))
    for lag in range(1, _MOST_BESIDE):
        one = one[one < len(starts) - lag]
        one = one[low[one + lag] <= high[one]]
        if not len(one):
            return np.repeat(on_others, lengths)
        other = one + lag
        gap = np.maximum(start[one], start[other]) - np.minimum(end[one], end[other])
        meets = gap <= reach[one]
        on_others[order[one[meets]]] = on_others[order[other[meets]]] = True
    return np.ones(len(left), dtype=bool)


def _median(values: Numbers) -> float:
    """Return the median of at least one value, at a fifth of the time of `numpy.median`."""
    middle = len(values) // 2
    ordered = np.sort(values)
    return float(ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)
