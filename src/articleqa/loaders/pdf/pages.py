"""The pages of a PDF: their words, the shapes drawn on them, and their size."""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from articleqa.loaders.pdf.shapes import Shape, shapes_of
from articleqa.loaders.pdf.words import Word, words_of
from articleqa.loaders.protocol import UnreadableDataError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage
    from pypdfium2.raw import FPDF_ANNOTATION

MOST_PAGES = 5_000
MOST_CHARACTERS = 10_000_000
"""Limits for one file; laying out this many characters takes about a gigabyte of memory."""

_MOST_SHAPES = 1_000_000
"""Shapes beyond this number are ignored: they take about 200 bytes each."""

_MOST_ANNOTATIONS = 1_000
"""Number of annotations of a page that are looked at."""

_LONGEST_DRAWING = 1_000_000
"""The drawing of an annotation may show text if it has more bytes than this: it is not looked at."""

_TEXT_OPERATORS = ("Tj", "TJ", "'", '"', "Do")
"""What a drawing has if it shows text (PDF 32000-1, 9.4.3), or another drawing that may (8.8)."""


@dataclass(slots=True)
class Page:
    """A page: its words in drawing order, its shapes, and its width and height in points as shown."""

    words: list[Word] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def pages_of(document: PdfDocument) -> tuple[list[Page], int]:
    """Return the pages of a document, and the number of them that cannot be read, which are empty.

    Raises:
        UnreadableDataError: no page can be read, or the document exceeds the limits.
    """
    from pypdfium2 import PdfiumError

    if len(document) > MOST_PAGES:
        raise UnreadableDataError(f"has more than {MOST_PAGES:,} pages; split it")
    pages: list[Page] = []
    characters = shapes = unreadable = 0
    for number in range(len(document)):
        pages.append(Page())
        try:
            page = document[number]
        except PdfiumError:
            unreadable += 1
            continue
        try:
            text = page.get_textpage()
            characters += text.count_chars()
            if characters > MOST_CHARACTERS:
                raise UnreadableDataError(f"has more than {MOST_CHARACTERS:,} characters; split it")
            drawn = shapes_of(page) if shapes < _MOST_SHAPES else []
            shapes += len(drawn)
            flat = flattened(document, number, text)
            pages[-1] = Page(words_of(flat or text), drawn, page.get_width(), page.get_height())
            if flat:
                flat.page.close()
        except PdfiumError:
            unreadable += 1
        finally:
            page.close()
    if not pages or unreadable == len(pages):
        raise UnreadableDataError("a damaged PDF file; print it to a new one")
    return pages, unreadable


def flattened(document: PdfDocument, number: int, text: PdfTextPage) -> PdfTextPage | None:
    """Return the text of a page with what is written in its form fields and text boxes; None without any.

    Flattening puts that into the page, but may break the fonts of the page itself: it must keep its letters.
    """
    import pypdfium2.raw as pdfium

    page = text.page.raw
    if not _has_written_annotations(text.page) or pdfium.FPDFPage_Flatten(page, 0) != pdfium.FLATTEN_SUCCESS:
        return None
    flat = document[number].get_textpage()
    if _letters(text) <= _letters(flat):
        return flat
    flat.page.close()
    return None


def _letters(text: PdfTextPage) -> Counter[str]:
    return Counter("".join(text.get_text_range().split()))


def _has_written_annotations(page: PdfPage) -> bool:
    """Return whether something is written in form fields or text boxes of a page."""
    import pypdfium2.raw as pdfium

    written = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT)
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), _MOST_ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, number)
        try:
            if pdfium.FPDFAnnot_GetSubtype(annotation) in written and _shows_text(annotation):
                return True
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return False


def _shows_text(annotation: FPDF_ANNOTATION) -> bool:
    """Return whether the drawing of an annotation may show text; those of empty fields show none."""
    import pypdfium2.raw as pdfium

    normal = pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL
    size = pdfium.FPDFAnnot_GetAP(annotation, normal, None, 0)
    if size > _LONGEST_DRAWING:
        return True
    drawing = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium.FPDFAnnot_GetAP(annotation, normal, drawing, size)
    return any(operator in bytes(drawing).decode("utf-16-le", "replace") for operator in _TEXT_OPERATORS)
