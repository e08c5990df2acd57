"""Bullets of a PDF page that are drawn and not written, as browsers do."""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from typing import TYPE_CHECKING

from articleqa.articles.pdf_lines import Row
from articleqa.articles.pdf_words import Word

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_MOST_SHAPES = 10_000
"""A page of more shapes is a drawing."""

_SMALLEST, _LARGEST = 0.15, 0.7
"""Of font sizes, like the distances below."""

_FARTHEST = 2.0
_BULLET = "•"


def with_drawn_bullets(rows: list[Row], page: PdfPage) -> list[Row]:
    """Return `rows` with a bullet for each small round or square shape that stands before a word."""
    heights = [row[0].y for row in rows]
    found: dict[int, Row] = {}
    for left, right, y in _dots(page):
        place = bisect_left(heights, y)
        if place == len(rows):
            continue
        row = found.get(place, rows[place])
        before = bisect_left(row, right, key=lambda word: word.left)
        if before < len(row) and _is_bullet_of(row[before], left, right, y):
            word = row[before]
            bullet = Word(_BULLET, left, right, word.y, word.size, word.bold, False, word.order)
            found[place] = [*row[:before], bullet, *row[before:]]
    return [found.get(place, row) for place, row in enumerate(rows)]


def _is_bullet_of(word: Word, left: float, right: float, y: float) -> bool:
    return (
        _SMALLEST * word.size <= right - left <= _LARGEST * word.size
        and word.left - right <= _FARTHEST * word.size
        and word.y - _LARGEST * word.size <= y <= word.y
    )


def _dots(page: PdfPage) -> list[tuple[float, float, float]]:
    """Return the left and right edges and the height on the page of its shapes that are as wide as high."""
    import pypdfium2.raw as pdfium

    dots: list[tuple[float, float, float]] = []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    shapes = pdfium.FPDFPage_CountObjects(page.raw)
    for number in range(shapes if shapes <= _MOST_SHAPES else 0):
        shape = pdfium.FPDFPage_GetObject(page.raw, number)
        if pdfium.FPDFPageObj_GetType(shape) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
            continue
        width, height = right.value - left.value, top.value - bottom.value
        if width > 0 and abs(width - height) <= 0.15 * width:
            dots.append((left.value, right.value, -(bottom.value + top.value) / 2))
    return dots
