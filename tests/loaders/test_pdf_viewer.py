"""Pages of the PDF of an article; a file that is gone, changed or hostile is an error of one line."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from articleqa import (
    Article,
    ArticleNotFoundError,
    ArticleReadError,
    PdfSource,
    PdfViewer,
    SourceChangedError,
    Span,
    boxes_of,
    load_articles,
    page_image,
    page_words,
)
from articleqa._worker import Limits
from articleqa.loaders import pdf_viewer
from articleqa.loaders.pdf import images, ocr, view
from pdf_pages import FIXTURES, KINDS, lines, pdf_of, scan_of

QUOTE = "The boats leave the harbour each morning."
BACK = "They come back at noon."
BOATS = lines(["The boats leave the", "harbour each morning."])


def boats(folder: Path, data: bytes | None = None) -> tuple[Path, Article]:
    path = folder / "boats.pdf"
    path.write_bytes(data or pdf_of(BOATS, lines([BACK])))
    return path, load_articles(path)[0]


def span_of(article: Article, quote: str = QUOTE) -> Span:
    start = article.text.index(quote)
    return Span(start, start + len(quote))


@pytest.mark.workers
def test_a_worker_process_answers_all_requests(tmp_path: Path) -> None:
    _, article = boats(tmp_path)
    with PdfViewer() as viewer:
        first, second = viewer.boxes_of(article, span_of(article))
        assert (first.page, second.page) == (1, 1)
        assert first.bottom - first.top == pytest.approx(second.bottom - second.top, abs=1e-5)
        assert Image.open(io.BytesIO(viewer.page_image(article, 2))).size == (1200, 1600)
        assert [word.text for word in viewer.page_words(article, 2).words] == BACK.split()
        assert boxes_of(article, span_of(article)) == (first, second)


@pytest.mark.workers
def test_a_pdf_over_the_limits_is_an_error_and_the_viewer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, article = boats(tmp_path)
    monkeypatch.setattr(pdf_viewer, "LIMITS", Limits(seconds=0.001))
    with PdfViewer() as viewer:
        for _ in range(2):
            with pytest.raises(ArticleReadError, match=r"boats.pdf: it takes more than 0.001 seconds"):
                viewer.page_image(article, 1)


def test_an_image_shows_the_page(tmp_path: Path) -> None:
    path = FIXTURES / "news.pdf"
    article = load_articles(path)[0]
    image = Image.open(io.BytesIO(page_image(article, 1, scale=1.5)))
    with pypdfium2.PdfDocument(path) as document:
        shown = document[0].render(scale=1.5).to_pil().convert("RGB")
    assert np.array_equal(np.asarray(image.convert("RGB")), np.asarray(shown))


@pytest.mark.parametrize("is_gray", [False, True])
def test_png_has_the_pixels(is_gray: bool) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    if is_gray:
        pixels[:] = pixels[:, :, :1]
    image = Image.open(io.BytesIO(images.encode_png(pixels)))
    assert image.mode == ("L" if is_gray else "RGB")
    assert np.array_equal(np.asarray(image.convert("RGB")), pixels)


@pytest.mark.parametrize(("width", "height"), [(600, 800), (14_000, 14_000), (14_000, 120)])
def test_an_image_has_at_most_so_many_pixels(tmp_path: Path, width: float, height: float) -> None:
    _, article = boats(tmp_path, pdf_of(BOATS, width=width, height=height))
    image = Image.open(io.BytesIO(page_image(article, 1, scale=1_000)))
    assert image.width * image.height <= 1.01 * images.MOST_PIXELS
    assert max(image.size) <= 16_001


def test_words_have_their_boxes_and_the_page_its_size(tmp_path: Path) -> None:
    _, article = boats(tmp_path)
    found = page_words(article, 1)
    assert (found.width, found.height) == (600, 800)
    assert [word.text for word in found.words] == QUOTE.split()
    one, other = found.words[:2]
    assert one.box.left * 600 == pytest.approx(50, abs=0.5)
    assert other.box.left * 600 == pytest.approx(50 + 4 * 6, abs=0.5)
    (first, _) = boxes_of(article, span_of(article))
    assert (first.left, first.top) == (one.box.left, one.box.top)


def test_an_unknown_glyph_is_shown_as_such() -> None:
    article = load_articles(KINDS / "ligature_to_nul.pdf")[0]
    assert page_words(article, 1).words[1].text == "of\ufffdce"


@pytest.mark.skipif(not ocr.is_available(), reason="needs Tesseract")
def test_words_of_a_scan_are_recognised(tmp_path: Path) -> None:
    _, article = boats(tmp_path, scan_of([text._replace(size=16) for text in BOATS]))
    assert [word.text for word in page_words(article, 1).words] == QUOTE.split()


def test_a_pdf_in_an_archive_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "Some text of no PDF.")
        archive.writestr("inner/boats.pdf", pdf_of(BOATS))
        archive.writestr("inner/others.pdf", pdf_of(lines(["Others."])))
    article = next(each for each in load_articles(path) if each.id.endswith("boats.pdf"))
    assert len(boxes_of(article, span_of(article))) == 2
    assert page_image(article, 1).startswith(b"\x89PNG")


def test_a_file_that_was_changed_is_an_error(tmp_path: Path) -> None:
    path, article = boats(tmp_path)
    path.write_bytes(pdf_of(lines(["Other text."])))
    message = "boats.pdf: the file has changed since it was loaded; load it again"
    with pytest.raises(SourceChangedError, match=message):
        boxes_of(article, span_of(article))
    with pytest.raises(SourceChangedError, match=message):
        page_image(article, 1)
    with pytest.raises(SourceChangedError, match=message):
        page_words(article, 1)


def test_a_file_saved_again_with_the_same_text_is_shown(tmp_path: Path) -> None:
    path, article = boats(tmp_path)
    path.write_bytes(path.read_bytes() + b"\n% saved again\n")
    assert len(boxes_of(article, span_of(article))) == 2


def test_an_article_of_another_extractor_is_an_error(tmp_path: Path) -> None:
    _, article = boats(tmp_path)
    other = article.model_copy(update={"text": article.text.replace("leave", "left ")})
    with pytest.raises(SourceChangedError, match="extracted by another version; load it again"):
        boxes_of(other, Span(0, 10))


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    path, article = boats(tmp_path)
    path.unlink()
    with pytest.raises(ArticleNotFoundError, match=r"boats.pdf: no such file to show"):
        boxes_of(article, span_of(article))


def test_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    path, article = boats(tmp_path)
    path.write_bytes(b"%PDF-1.4 nothing more")
    with pytest.raises(ArticleReadError, match=r"boats.pdf: a damaged PDF file"):
        page_image(article, 1)


def test_an_article_of_another_format_has_no_pages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The boats leave.")
    article = load_articles(tmp_path / "a.txt")[0]
    for call in (lambda: boxes_of(article, Span(0, 3)), lambda: page_image(article, 1)):
        with pytest.raises(ArticleReadError, match=r"a.txt: not loaded from a PDF file"):
            call()


def test_wrong_arguments_are_refused(tmp_path: Path) -> None:
    _, article = boats(tmp_path)
    for page in (0, 3):
        with pytest.raises(ValueError, match="page must be from 1 to 2"):
            page_image(article, page)
        with pytest.raises(ValueError, match="page must be from 1 to 2"):
            page_words(article, page)
    with pytest.raises(ValueError, match="scale must be above 0"):
        page_image(article, 1, scale=float("nan"))
    with pytest.raises(ValueError, match="is not in the text of"):
        boxes_of(article, Span(0, 10_000))


def test_maps_of_many_files_take_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "_MOST_MAPPED", 1_000)
    view._maps.clear()
    for number in range(5):
        _, article = boats(tmp_path, pdf_of(lines([f"Boat {number} leaves the harbour."])))
        assert boxes_of(article, Span(0, 4))
    assert 1 <= len(view._maps) < 5


def test_what_a_viewer_needs_of_an_article_is_small(tmp_path: Path) -> None:
    _, article = boats(tmp_path)
    pdf = PdfSource.of(article)
    assert article.text not in repr(pdf)
    with PdfViewer() as viewer:
        assert viewer.boxes_of(pdf, span_of(article)) == viewer.boxes_of(article, span_of(article))
        assert viewer.page_words(pdf, 2) == viewer.page_words(article, 2)
        with pytest.raises(ValueError, match="page must be from 1 to 2"):
            viewer.page_image(pdf, 3)


def test_a_viewer_keeps_what_it_showed_until_the_file_changes(tmp_path: Path) -> None:
    path, article = boats(tmp_path)
    with PdfViewer(most_kept=100_000) as viewer:
        image = viewer.page_image(article, 1)
        assert viewer.page_image(article, 1) is image
        for scale in range(1, 9):
            viewer.page_image(article, 2, scale=scale)
        assert viewer._size == sum(size for _, size in viewer._kept.values()) <= 100_000
        assert viewer.page_image(article, 1) == image
        path.write_bytes(pdf_of(lines(["Other text."])))
        with pytest.raises(SourceChangedError):
            viewer.page_image(article, 1)


def test_many_threads_may_ask_a_viewer_without_worker_processes(tmp_path: Path) -> None:
    article = load_articles(FIXTURES / "news.pdf")[0]
    with PdfViewer(most_kept=0) as viewer, ThreadPoolExecutor(8) as threads:
        words = list(threads.map(lambda number: viewer.page_words(article, 1 + number % 2), range(40)))
    assert words[0::2] == words[:1] * 20
    assert words[1::2] == words[1:2] * 20
