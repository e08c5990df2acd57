"""The words of scanned pages, recognised by Tesseract (the extra `ocr`, and the program `tesseract`)."""

from __future__ import annotations

import math
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from statistics import median
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from articleqa.loaders.pdf.drawing import draw
from articleqa.loaders.pdf.words import Word

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MOST_PAGES = 200
PAGE_S = 30
"""Limits: the pages of a file that are recognised, and the seconds of clock time for each."""

FILE_S = 400.0
"""No page is begun later than this: a worker process is ended after 600 seconds of clock time."""

_DPI = 300
"""The resolution that Tesseract's models are trained for."""

_MOST_PIXELS = 25_000_000
_FEWEST_PATHS = 50
"""A page without text that has an image, or more drawn paths than this, may show text."""

_WORD_LEVEL = 5
LINE_HEIGHT = 0.9
"""Height of a line with ascenders and descenders, in font sizes."""

_LARGE = 1.5
"""Lines this many times as high as the others are set in larger type; heights vary with the letters."""

_BULLETS = frozenset("e¢©®°«»*")
"""What Tesseract's English model reads where a line begins with a bullet."""


class Recognised(NamedTuple):
    """The words of each page that was recognised, by its index, and the scans that were not."""

    words: dict[int, list[Word]]
    left: list[int]


def recognise(document: PdfDocument, pages: Iterable[int]) -> Recognised:
    """Recognise the text of those of the pages with these indices that show something."""
    scans = [number for number in pages if _shows_something(document, number)]
    found = Recognised({}, [])
    begun = monotonic()
    available = bool(scans) and is_available()
    for number in scans:
        late = len(found.words) >= MOST_PAGES or monotonic() - begun > FILE_S
        words = None if late or not available else _words_of(document[number])
        if words is None:
            found.left.append(number)
        else:
            found.words[number] = words
    return found


def is_available() -> bool:
    """Return whether the library and the program are installed."""
    return find_spec("pytesseract") is not None and shutil.which("tesseract") is not None


def version_of_tesseract() -> str:
    """Return the name and version of the program, for the extractor of an article."""
    import pytesseract

    return f"tesseract/{pytesseract.get_tesseract_version()}"


def _shows_something(document: PdfDocument, number: int) -> bool:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return False
    paths = 0
    try:
        for place in range(pdfium.FPDFPage_CountObjects(page.raw)):
            kind = pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page.raw, place))
            paths += kind == pdfium.FPDF_PAGEOBJ_PATH
            if kind != pdfium.FPDF_PAGEOBJ_PATH or paths > _FEWEST_PATHS:
                return True
        return False
    finally:
        page.close()


def _words_of(page: PdfPage) -> list[Word] | None:
    """Return the words of a page as Tesseract reads it; None if it fails or takes too long."""
    import pytesseract

    os.environ["OMP_THREAD_LIMIT"] = "1"  # each worker keeps to one thread
    width, height = page.get_width(), page.get_height()
    scale = min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(1.0, width * height)))
    try:
        image = draw(page, scale, in_grey=True).to_pil()
        read = pytesseract.image_to_data(image, timeout=PAGE_S, output_type=pytesseract.Output.DICT)
    except (RuntimeError, OSError, pytesseract.TesseractError):
        return None
    finally:
        page.close()
    return words_in(read, scale, height)


def words_in(read: Mapping[str, Sequence[int | float | str]], scale: float, height: float) -> list[Word]:
    """Return the words of Tesseract's table, in points; `scale` is the number of pixels of a point."""
    lines: dict[tuple[int, ...], list[tuple[str, float, float, float, float]]] = defaultdict(list)
    for place, text in enumerate(read["text"]):
        if int(read["level"][place]) != _WORD_LEVEL or not str(text).strip():
            continue
        line = tuple(int(read[name][place]) for name in ("block_num", "par_num", "line_num"))
        left, top, wide, high = (
            float(read[name][place]) / scale for name in ("left", "top", "width", "height")
        )
        lines[line].append((str(text).strip(), left, left + wide, top, top + high))
    heights = {
        line: max(bottom for *_, bottom in words) - min(top for *_, top, _ in words)
        for line, words in lines.items()
    }
    usual = median(heights.values()) if heights else 1.0
    found: list[Word] = []
    for line, words in lines.items():
        size = (heights[line] if heights[line] >= _LARGE * usual else usual) / LINE_HEIGHT
        baseline = median(bottom for *_, bottom in words) - height
        if len(words) > 1 and words[0][0] in _BULLETS and words[1][0][0].isupper():
            words[0] = ("•", *words[0][1:])
        for text, left, right, *_ in words:
            found.append(Word(text, left, right, baseline, size, False, True, len(found), "OCR"))
    return found
