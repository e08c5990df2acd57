from __future__ import annotations

from pathlib import Path

import pytest

from articleqa import Article, Span, load_articles
from articleqa.loaders.pdf_viewer import PdfViewer


def with_font_outside(width: int, stem: int) -> bytes:
    """Return a PDF of one line in a font that is not in it, with letters of this width."""
    shown = b"BT /F 20 Tf 50 700 Td (The bridge of Aldmouth is 156 paces long.) Tj ET"
    widths = b" ".join(b"%d" % width for _ in range(32, 127))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 800] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /TrueType /BaseFont /Aldmouth /FirstChar 32 /LastChar 126"
        b" /Widths [%s] /FontDescriptor 6 0 R /Encoding /WinAnsiEncoding >>" % widths,
        b"<< /Type /FontDescriptor /FontName /Aldmouth /Flags 32 /StemV %d /ItalicAngle 0 /Ascent 900"
        b" /Descent -200 /CapHeight 700 /FontBBox [0 -200 1000 900] >>" % stem,
    ]
    numbered = (b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + b"".join(numbered) + b"trailer << /Size 7 /Root 1 0 R >>\n%%EOF"


@pytest.fixture
def narrow_and_wide(tmp_path: Path) -> tuple[Article, Article]:
    (tmp_path / "narrow.pdf").write_bytes(with_font_outside(300, 80))
    (tmp_path / "wide.pdf").write_bytes(with_font_outside(700, 200))
    narrow, wide = load_articles(tmp_path)
    return narrow, wide


@pytest.mark.workers
def test_a_page_drawn_before_moves_no_box_of_another_file(narrow_and_wide: tuple[Article, Article]) -> None:
    narrow, wide = narrow_and_wide
    whole = Span(0, len(narrow.text))
    with PdfViewer() as viewer:
        expected = viewer.boxes_of(narrow, whole)
    with PdfViewer() as viewer:
        viewer.page_image(wide, 1)
        assert viewer.boxes_of(narrow, whole) == expected
