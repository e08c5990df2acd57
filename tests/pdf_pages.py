"""PDF pages made for tests, and what is read from them."""

from __future__ import annotations

import ctypes
import io
import textwrap
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from articleqa import Article
from articleqa.loaders.pdf import load_pdf
from articleqa.models import Block, BlockKind

FIXTURES = Path(__file__).parent / "fixtures" / "pdf"
KINDS = FIXTURES / "kinds"


class Text(NamedTuple):
    """A line of text on a page, its baseline `down` points below the top; or turned by a quarter."""

    text: str
    x: float
    down: float
    size: float = 10.0
    font: bytes = b"Courier"
    turned: bool = False


def pdf_of(*pages: Iterable[Text], width: float = 600, height: float = 800) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for texts in pages:
        page = document.new_page(width, height)
        for text in texts:
            shown = pdfium.FPDFPageObj_NewTextObj(document.raw, text.font, text.size)
            encoded = (text.text + "\0").encode("utf-16-le")
            pdfium.FPDFText_SetText(shown, (ctypes.c_ushort * (len(encoded) // 2)).from_buffer_copy(encoded))
            if text.turned:
                pdfium.FPDFPageObj_Transform(shown, 0, 1, -1, 0, text.down, text.x)
            else:
                pdfium.FPDFPageObj_Transform(shown, 1, 0, 0, 1, text.x, height - text.down)
            pdfium.FPDFPage_InsertObject(page.raw, shown)
        page.gen_content()
        page.close()
    written = io.BytesIO()
    document.save(written)
    document.close()
    return written.getvalue()


def scan_of(*pages: list[Text], width: float = 600, height: float = 800, turn: int = 0) -> bytes:
    """Return pages with text, each a picture; scanned at an angle, and turned so that they are upright."""
    source = pypdfium2.PdfDocument(pdf_of(*pages, width=width, height=height))
    document = pypdfium2.PdfDocument.new()
    size = (height, width) if turn % 180 else (width, height)
    for shown in source:
        image = pypdfium2.PdfImage.new(document)
        image.set_bitmap(shown.render(scale=3, grayscale=True, rotation=-turn % 360))
        image.set_matrix(pypdfium2.PdfMatrix().scale(*size))
        page = document.new_page(*size)
        page.insert_obj(image)
        page.set_rotation(turn)
        page.gen_content()
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def lines(texts: Sequence[str], x: float = 50, down: float = 100, apart: float = 12) -> list[Text]:
    return [Text(text, x, down + apart * number) for number, text in enumerate(texts)]


def wrapped(paragraphs: Iterable[str], characters: int, x: float = 50, down: float = 100) -> list[Text]:
    """Lay out `paragraphs`, a blank line after each."""
    shown: list[Text] = []
    for paragraph in paragraphs:
        shown += lines(textwrap.wrap(paragraph, characters, break_on_hyphens=False), x, down)
        down = shown[-1].down + 24
    return shown


def read(data: bytes) -> Article:
    article = load_pdf(data, "a", "a.pdf")
    blocks = article.blocks
    assert blocks is not None
    for block in blocks:
        text = block.span.of(article.text)
        assert text == " ".join(text.split())
        assert text
    assert all(block.span.end < below.span.start for block, below in pairwise(blocks))
    assert list(article.pages) == sorted(article.pages)
    assert not article.pages or (article.pages[0] == 0 and article.pages[-1] <= len(article.text))
    return article


def read_kind(name: str) -> Article:
    """Return what is read from a file that stands for a kind of PDF."""
    return read((KINDS / f"{name}.pdf").read_bytes())


def blocks_of(article: Article) -> Sequence[Block]:
    assert article.blocks is not None
    return article.blocks


def texts_of(article: Article) -> list[str]:
    return [block.span.of(article.text) for block in blocks_of(article)]


def of_kind(article: Article, kind: BlockKind) -> list[str]:
    return [block.span.of(article.text) for block in blocks_of(article) if block.kind is kind]
