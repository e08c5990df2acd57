from __future__ import annotations

import ctypes
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from articleqa.loaders.pdf.bulk_calls import doubles_at, floats_at, numbers_at, objects_at, sizes_at
from articleqa.loaders.pdf.shapes import shapes_of
from articleqa.loaders.pdf.words import words_of
from pdf_pages import FIXTURES

Page = tuple[pypdfium2.PdfPage, pypdfium2.PdfTextPage]


def opened(name: str) -> Iterator[Page]:
    with pypdfium2.PdfDocument((FIXTURES / name).read_bytes()) as document:
        page = document[0]
        yield page, page.get_textpage()
        page.close()


@pytest.fixture
def page() -> Iterator[Page]:
    yield from opened("paper.pdf")


@pytest.fixture
def drawn() -> Iterator[Page]:
    yield from opened("report.pdf")


def test_bulk_calls_give_what_single_calls_give(page: Page) -> None:
    raw, places = page[1].raw, range(page[1].count_chars())
    assert len(places) > 1_000, "several times what is copied at once"
    codes, sizes, boxes, origins, objects = [], [], [], [], []
    for place in places:
        codes.append(pdfium.FPDFText_GetUnicode(raw, place))
        sizes.append(pdfium.FPDFText_GetFontSize(raw, place))
        box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetLooseCharBox(raw, place, box)
        boxes.append([getattr(box, name) for name, _ in box._fields_])
        pdfium.FPDFText_GetCharOrigin(raw, place, x, y)
        origins.append([x.value, y.value])
        found = pdfium.FPDFText_GetTextObject(raw, place)
        objects.append(ctypes.cast(found, ctypes.c_void_p).value or 0)
    assert numbers_at("FPDFText_GetUnicode", raw, places).tolist() == codes
    assert sizes_at("FPDFText_GetFontSize", raw, places).tolist() == sizes
    assert floats_at("FPDFText_GetLooseCharBox", raw, places, count=4).tolist() == boxes
    assert doubles_at("FPDFText_GetCharOrigin", raw, places, count=2).tolist() == origins
    assert objects_at("FPDFText_GetTextObject", raw, places).tolist() == objects


def test_failed_bulk_calls_leave_zeros(page: Page) -> None:
    beyond = page[1].count_chars() + 5
    boxes = floats_at("FPDFText_GetLooseCharBox", page[1].raw, [0, beyond, -1], count=4)
    assert boxes[0].any()
    assert not boxes[1:].any()


def test_each_thread_has_its_own_memory(page: Page) -> None:
    def words_in_a_thread() -> list[str]:
        return [word.text for word in words_of(page[1])]

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(words_in_a_thread).result() == words_in_a_thread()


def test_shapes_are_where_single_calls_say(drawn: Page) -> None:
    edges = [ctypes.c_float() for _ in range(4)]
    expected = []
    for place in range(pdfium.FPDFPage_CountObjects(drawn[0].raw)):
        found = pdfium.FPDFPage_GetObject(drawn[0].raw, place)
        if pdfium.FPDFPageObj_GetType(found) == pdfium.FPDF_PAGEOBJ_PATH:
            pdfium.FPDFPageObj_GetBounds(found, *edges)
            left, bottom, right, top = (edge.value for edge in edges)
            expected.append((left, -top, right, -bottom))
    assert expected
    assert list(map(tuple, shapes_of(drawn[0]))) == expected
