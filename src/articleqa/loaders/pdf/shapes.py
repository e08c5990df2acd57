"""Shapes drawn on a PDF page, and the bullets among them: browsers draw bullets as shapes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from articleqa.loaders.pdf.bulk_calls import floats_of, numbers_of, objects_at
from articleqa.loaders.pdf.lines import Row
from articleqa.loaders.pdf.words import Word

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_MOST_SHAPES = 10_000
"""A page with more shapes than this is a drawing, and its shapes are ignored."""

_SMALLEST, _LARGEST = 0.15, 0.7
"""Minimum and maximum size of a bullet, in font sizes; the distances below are in font sizes too."""

_FARTHEST = 2.0
_BULLET = "•"


class Shape(NamedTuple):
    """The edges of a drawn shape; `top` and `bottom` grow down the page, like the baselines of words."""

    left: float
    top: float
    right: float
    bottom: float


def shapes_of(page: PdfPage) -> list[Shape]:
    """Return the shapes drawn on `page`, or none if the whole page is a drawing."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFPage_CountObjects(page.raw)
    if not 0 < count <= _MOST_SHAPES:
        return []
    objects = objects_at("FPDFPage_GetObject", page.raw, range(count)).tolist()
    is_path = numbers_of("FPDFPageObj_GetType", objects) == pdfium.FPDF_PAGEOBJ_PATH
    paths = [objects[place] for place in np.flatnonzero(is_path).tolist()]
    if not paths:
        return []
    bounds = floats_of("FPDFPageObj_GetBounds", paths, count=4)
    edges = bounds[np.isfinite(bounds).all(axis=1)].astype(float).tolist()
    return [Shape(left, -top, right, -bottom) for left, bottom, right, top in edges]


def with_drawn_bullets(rows: list[Row], shapes: Sequence[Shape]) -> list[Row]:
    """Return `rows` with a bullet for each small round or square shape drawn before a word."""
    heights = [row[0].y for row in rows]
    found: dict[int, Row] = {}
    for left, top, right, bottom in shapes:
        width, y = right - left, (top + bottom) / 2
        place = bisect_left(heights, y)
        if place == len(rows) or width <= 0 or abs(width - (bottom - top)) > 0.15 * width:
            continue
        row = found.get(place, rows[place])
        before = bisect_left(row, right, key=lambda word: word.left)
        if before < len(row) and _is_bullet_of(row[before], left, right, y):
            word = row[before]
            bullet = Word(_BULLET, left, right, word.y, word.size, word.bold, False, word.order, drawn=())
            found[place] = [*row[:before], bullet, *row[before:]]
    return [found.get(place, row) for place, row in enumerate(rows)]


def _is_bullet_of(word: Word, left: float, right: float, y: float) -> bool:
    return (
        _SMALLEST * word.size <= right - left <= _LARGEST * word.size
        and word.left - right <= _FARTHEST * word.size
        and word.y - _LARGEST * word.size <= y <= word.y
    )
