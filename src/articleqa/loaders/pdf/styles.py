"""The style of the characters of a PDF page: font, size, weight and angle, which their text object has."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from articleqa.loaders.pdf.bulk_calls import (
    floats_at,
    objects_at,
    objects_of,
    sizes_at,
)

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_BOLD = regex.compile(r"bold|black|heavy|demi|semibd|medi$|cmbx|[-,]bd", regex.IGNORECASE)
_FORCE_BOLD = 1 << 18
"""The ForceBold flag of a font (PDF 32000-1, table 123)."""

_LEAST_BOLD = 700
_FONT_NAME = 128
_SMALLEST = 0.1


class Style(NamedTuple):
    """What the characters of one text object share; `turn` counts quarter turns, -1 for other angles."""

    font: str
    size: float
    bold: bool
    turn: int


def styles_of(text: PdfTextPage, numbers: NDArray[np.int64]) -> tuple[list[Style], NDArray[np.int64]]:
    """Return the styles of the characters that have these numbers in pdfium, and which is that of each.

    Characters next to each other mostly have the same text object, or one like it.
    """
    objects = objects_at("FPDFText_GetTextObject", text.raw, numbers.tolist())
    begins = _differ(_keys(objects))
    chosen = numbers[begins]
    fonts = _keys(objects_of("FPDFTextObj_GetFont", objects[begins].tolist()))
    sizes = sizes_at("FPDFText_GetFontSize", text.raw, chosen.tolist())
    matrices = floats_at("FPDFText_GetMatrix", text.raw, chosen.tolist(), count=4).T
    changes = _differ(fonts, sizes, *matrices)
    columns = (each[changes].tolist() for each in (chosen, fonts, sizes, *matrices))
    faces: dict[int, tuple[str, bool]] = {}
    known: dict[tuple[float, ...], Style] = {}
    styles: list[Style] = []
    for number, *key in zip(*columns, strict=True):
        if tuple(key) not in known:
            font, size, *matrix = key
            if font not in faces:
                faces[font] = _face(text, number)
            name, bold = faces[font]
            known[tuple(key)] = Style(name, _scaled(size, matrix), bold, _turn(matrix))
        styles.append(known[tuple(key)])
    return styles, (np.cumsum(changes) - 1)[np.cumsum(begins) - 1]


def _differ(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Return for each row of these columns whether it differs from the row before, as the first does."""
    differ = np.ones(len(columns[0]), dtype=bool)
    differ[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return differ


def _scaled(size: float, matrix: Sequence[float]) -> float:
    size *= math.hypot(*matrix[2:])
    return max(size, _SMALLEST) if math.isfinite(size) else _SMALLEST


def _keys(objects: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a number for each of these addresses; where there is no object, one of its own."""
    return np.where(objects == 0, np.arange(1, len(objects) + 1, dtype=np.uint64), objects)


def _face(text: PdfTextPage, number: int) -> tuple[str, bool]:
    """Return the name of a character's font, and whether it is bold."""
    import pypdfium2.raw as pdfium

    written = ctypes.create_string_buffer(_FONT_NAME)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text.raw, number, written, _FONT_NAME, flags)
    name = written.value.decode("latin-1")
    is_bold = (
        _BOLD.search(name) is not None
        or bool(flags.value & _FORCE_BOLD)
        or pdfium.FPDFText_GetFontWeight(text.raw, number) >= _LEAST_BOLD
    )
    return name, is_bold


def _turn(matrix: Sequence[float]) -> int:
    turns = math.atan2(matrix[1], matrix[0]) / (math.pi / 2)
    return round(turns) % 4 if abs(turns - round(turns)) < 0.05 else -1
