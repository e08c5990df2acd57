"""Scanned pages of a PDF: recognised by Tesseract, or reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from articleqa import ArticleIndex, load_articles
from articleqa.loaders.api import damage_to
from articleqa.loaders.pdf import ocr
from pdf_pages import lines, pdf_of, read, read_kind, scan_of

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"
LINES = ["The mill at Osterby grinds oats on Mondays.", "The miller keeps one sack in twenty as his wage."]


@pytest.mark.skipif(not ocr.is_available(), reason="needs Tesseract")
def test_a_scanned_page_is_recognised_and_cited_as_such() -> None:
    article = read(scan_of([text._replace(size=14) for text in lines(LINES, apart=20)]))
    assert article.metadata["ocr_pages"] == [1]
    assert "+tesseract/" in str(article.metadata["extractor"])
    asked = ArticleIndex.from_articles([article]).ask(
        "What does the mill grind on Mondays?", min_confidence=0
    )
    citation = asked.sentences[0].citation
    assert (citation.ocr, citation.pages) == (True, "page 1 (OCR)")
    assert "grinds oats on Mondays" in citation.quote
    assert not damage_to(article)


def test_scans_are_reported_where_nothing_recognises_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    article = read(scan_of(lines(LINES), lines(LINES)))
    assert (article.text, article.metadata["scanned_pages"]) == ("", 2)
    assert damage_to(article).endswith("run OCR on the file first, or install Tesseract and articleqa[ocr]")


def test_a_page_that_takes_too_long_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: True)
    monkeypatch.setattr(ocr, "_words_of", lambda page: None)
    article = read(scan_of(lines(LINES)))
    assert article.metadata["scanned_pages"] == 1
    assert "Tesseract could not read it in time" in damage_to(article)
    assert "install" not in damage_to(article)


def test_tesseract_is_advised_for_unreadable_letters_only_where_it_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ocr, "_words_of", lambda page: None)
    for available in (False, True):
        monkeypatch.setattr(ocr, "is_available", lambda is_here=available: is_here)
        article = read_kind("no_unicode_for_glyphs")
        assert article.metadata["garbled_pages"] == 1
        assert ("install Tesseract" in damage_to(article)) is not available


def test_a_blank_page_is_no_scan() -> None:
    assert "scanned_pages" not in read(pdf_of([], lines(LINES))).metadata


def test_words_of_tesseract_are_placed_in_points() -> None:
    table: dict[str, list[int | float | str]] = {
        "level": [4, 5, 5, 5],
        "text": ["", "Oats", "grow", "here"],
        "block_num": [1, 1, 1, 1],
        "par_num": [1, 1, 1, 1],
        "line_num": [1, 1, 1, 2],
        "left": [100, 100, 200, 100],
        "top": [50, 50, 50, 100],
        "width": [200, 80, 80, 80],
        "height": [36, 36, 36, 36],
    }
    words = ocr.words_in(table, 2.0, 800.0)
    assert [(word.text, word.left, word.right, word.y) for word in words] == [
        ("Oats", 50, 90, -757),
        ("grow", 100, 140, -757),
        ("here", 50, 90, -732),
    ]


def test_bullets_of_scanned_pages_are_read_as_bullets() -> None:
    said = ["e", "Dogs", "¢", "Cats", "e", "cats"]
    table: dict[str, list[int | float | str]] = {
        "level": [5] * 6,
        "text": list(said),
        **{name: [1] * 6 for name in ("block_num", "par_num", "top", "width", "height")},
        "line_num": [1, 1, 2, 2, 3, 3],
        "left": [1, 9] * 3,
    }
    assert [word.text for word in ocr.words_in(table, 1.0, 800.0)] == ["•", "Dogs", "•", "Cats", "e", "cats"]


@pytest.mark.skipif(not ocr.is_available(), reason="needs Tesseract")
def test_a_scan_with_its_file_name_as_title_is_named_by_its_heading() -> None:
    (article,) = load_articles(FORMATS / "pdf-scanned" / "tea.pdf")
    assert article.title == "Tea in the Quell Valley"
    items = [block.span.of(article.text) for block in article.blocks or () if block.kind == "item"]
    assert [item.split()[0] for item in items] == ["The", "Admission", "Dogs"]


@pytest.mark.skipif(not ocr.is_available(), reason="needs Tesseract")
def test_a_page_of_part_numbers_keeps_its_own_letters() -> None:
    numbers = [f"{chr(66 + n % 20)}XKR{n:03}Q WTZL{n * 7:04}H BNMC{n * 3}FGH RTPS{n}KL" for n in range(40)]
    article = read(pdf_of(lines(numbers)))
    assert article.text.replace("\n", " ").split() == " ".join(numbers).split()
    assert "ocr_pages" not in article.metadata
