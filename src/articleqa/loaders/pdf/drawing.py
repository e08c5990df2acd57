"""Drawing of PDF pages, and what it must not change: where pdfium finds the letters of other files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from articleqa._worker import IN_WORKER

if TYPE_CHECKING:
    from pypdfium2 import PdfBitmap, PdfPage

_drawn_since_start = False


def draw(page: PdfPage, scale: float, *, in_grey: bool = False) -> PdfBitmap:
    """Return an image of a page, of `scale` pixels a point; `start_again` undoes what that changes.

    In place of a font that is not in the file, pdfium bends one of its own to the widths that the file
    states, when it draws. The font stays bent, so that letters of other files get other boxes afterwards.
    """
    global _drawn_since_start
    _drawn_since_start = True
    return page.render(scale=scale, grayscale=in_grey, rev_byteorder=not in_grey, prefer_bgrx=not in_grey)


def start_again() -> None:
    """Start pdfium again if it has drawn anything; all documents must be closed.

    Only in worker processes: in others, somebody else may have documents open, which would be lost.
    """
    global _drawn_since_start
    if not _drawn_since_start or IN_WORKER not in os.environ:
        return
    import pypdfium2.raw as pdfium

    pdfium.FPDF_DestroyLibrary()
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2))
    _drawn_since_start = False
