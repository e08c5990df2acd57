"""Pages of the PDFs that articles were made of: images, words, and the boxes of quotes."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import cast

from articleqa._worker_pool import WorkerEndedError, WorkerPool
from articleqa.exceptions import ArticleNotFoundError, ArticleReadError, SourceChangedError
from articleqa.loaders.paths import file_at, shown_source
from articleqa.loaders.pdf.boxes import Box, PageWords
from articleqa.loaders.pdf.view import Boxes, Failed, File, Image, Words, answer
from articleqa.loaders.sandbox import LIMITS
from articleqa.models import Article, Span

PDF_TYPE = "application/pdf"

MOST_KEPT = 64_000_000
"""Bytes of images and words that a viewer keeps by default: about 200 pages."""

_WORD_BYTES = 300
"""About what a word with its box takes in memory."""


@dataclass(frozen=True, slots=True)
class PdfSource:
    """What a `PdfViewer` needs to know of an article: small, so that it can be sent to another process.

    `length` is that of the article's text, and `scans` are the pages that were recognised. `sha256` is the
    digest of the article's file when it was loaded ("" if unknown), `text_sha256` that of the text.
    """

    article_id: str
    source: str
    pages: int
    length: int
    scans: tuple[int, ...]
    sha256: str
    text_sha256: str

    @classmethod
    def of(cls, article: Article) -> PdfSource:
        """Return what is needed of `article`.

        Raises:
            ArticleReadError: the article was not loaded from a PDF.
        """
        if article.media_type != PDF_TYPE:
            raise ArticleReadError(f"{article.id}: not loaded from a PDF file, so it has no pages to show")
        scans = article.metadata.get("ocr_pages")
        return cls(
            article_id=article.id,
            source=article.source,
            pages=len(article.pages),
            length=len(article.text),
            scans=tuple(page for page in scans if isinstance(page, int)) if isinstance(scans, list) else (),
            sha256=str(article.metadata.get("sha256", "")),
            text_sha256=hashlib.sha256(article.text.encode()).hexdigest(),
        )


class PdfViewer:
    """Shows pages of the PDFs that articles were made of.

    A PDF is read again, within the limits of loading, by a worker process that starts with the first call and
    is kept: `boxes_of` lays out a PDF once, and finds further quotes of it at once. What was shown last is
    kept too, as long as the file is not written again. Any thread may call.

        with PdfViewer() as viewer:
            boxes = viewer.boxes_of(article, Span(citation.start, citation.end))

    All methods raise:

    - `ArticleNotFoundError`: the file of the article is gone
    - `SourceChangedError`: the file has another text now, or another version extracts another text from it
    - `ArticleReadError`: the article is not from a PDF, or the PDF cannot be read within the limits
    """

    def __init__(self, *, workers: int = 1, most_kept: int = MOST_KEPT) -> None:
        """Take the number of worker processes, and of bytes of images and words that are kept."""
        self._pool = WorkerPool(answer, workers, LIMITS)
        self._lock = Lock()
        self._most_kept = most_kept
        self._kept: OrderedDict[Boxes | Image | Words, tuple[object, int]] = OrderedDict()
        self._size = 0

    def __enter__(self) -> PdfViewer:
        """Return the viewer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the viewer."""
        self.close()

    def close(self) -> None:
        """End the worker processes."""
        self._pool.stop()

    def boxes_of(self, article: Article | PdfSource, span: Span) -> tuple[Box, ...]:
        """Return where a span of the text of `article` is on its pages; see the function `boxes_of`."""
        pdf = _source_of(article)
        if not 0 <= span.start <= span.end <= pdf.length:
            raise ValueError(f"the span {span.start}-{span.end} is not in the text of {pdf.article_id!r}")
        return cast("tuple[Box, ...]", self._result(pdf, Boxes(_file_of(pdf), span)))

    def page_image(self, article: Article | PdfSource, page: int, *, scale: float = 2.0) -> bytes:
        """Return a page of `article` as a PNG image; see the function `page_image`."""
        if not scale > 0:
            raise ValueError(f"scale must be above 0, not {scale}")
        pdf = _source_with(article, page)
        return cast(bytes, self._result(pdf, Image(_file_of(pdf), page, scale)))

    def page_words(self, article: Article | PdfSource, page: int) -> PageWords:
        """Return the words on a page of `article`, each with its box; see the function `page_words`."""
        pdf = _source_with(article, page)
        return cast(PageWords, self._result(pdf, Words(_file_of(pdf), page, page in pdf.scans)))

    def _result(self, pdf: PdfSource, request: Boxes | Image | Words) -> object:
        with self._lock:
            if request in self._kept:
                self._kept.move_to_end(request)
                return self._kept[request][0]
            wait = self._pool.submit(request)
        source = shown_source(pdf.source)
        try:
            result = wait()
        except WorkerEndedError as error:
            raise ArticleReadError(f"{source}: {error}") from None
        if isinstance(result, Failed):
            raise (SourceChangedError if result.is_changed else ArticleReadError)(
                f"{source}: {result.reason}"
            )
        self._keep(request, result)
        return result

    def _keep(self, request: Boxes | Image | Words, result: object) -> None:
        size = _size_of(result)
        with self._lock:
            if request not in self._kept and size <= self._most_kept:
                self._kept[request] = result, size
                self._size += size
            while self._size > self._most_kept:
                self._size -= self._kept.popitem(last=False)[1][1]


def boxes_of(article: Article, span: Span) -> tuple[Box, ...]:
    """Return where a span of an article that was loaded from a PDF is on its pages.

    There is one box for each line, in the order of the text; a drop cap has one of its own. A word that was
    broken at a line end has a box on each line, up to the hyphen. The boxes are those of the characters that
    the text was extracted from: the file is read again, and must still have the text of the article. On
    scanned pages they are those of the recognised words, and the pages are recognised again.

    For many quotes, use a `PdfViewer`: this function starts a process on each call.

    Raises:
        ArticleNotFoundError: the file of the article is gone.
        SourceChangedError: the file has another text now, or another version extracts another text from it.
        ArticleReadError: the article is not from a PDF, or the PDF cannot be read within the limits.
        ValueError: `span` is not in the text of the article.
    """
    with PdfViewer() as viewer:
        return viewer.boxes_of(article, span)


def page_image(article: Article, page: int, *, scale: float = 2.0) -> bytes:
    """Return a page of an article that was loaded from a PDF, as it looks, as a PNG image.

    `page` counts from 1. The image has `scale` pixels a point, of which there are 72 in an inch; it is
    smaller if it would have more than 16 million pixels. For many pages, use a `PdfViewer`.

    Raises:
        ArticleNotFoundError: the file of the article is gone.
        SourceChangedError: the file has another text now.
        ArticleReadError: the article is not from a PDF, or the PDF cannot be read within the limits.
        ValueError: there is no such page, or `scale` is not above 0.
    """
    with PdfViewer() as viewer:
        return viewer.page_image(article, page, scale=scale)


def page_words(article: Article, page: int) -> PageWords:
    """Return the words on a page of an article that was loaded from a PDF, each with its box.

    They are in the order in which they are drawn, with headers and footers. `page` counts from 1. A scanned
    page is recognised again. For many pages, use a `PdfViewer`.

    Raises:
        ArticleNotFoundError: the file of the article is gone.
        SourceChangedError: the file has another text now.
        ArticleReadError: the article is not from a PDF, or the PDF cannot be read within the limits.
        ValueError: there is no such page.
    """
    with PdfViewer() as viewer:
        return viewer.page_words(article, page)


def _source_of(article: Article | PdfSource) -> PdfSource:
    return article if isinstance(article, PdfSource) else PdfSource.of(article)


def _source_with(article: Article | PdfSource, page: int) -> PdfSource:
    pdf = _source_of(article)
    if not 1 <= page <= pdf.pages:
        raise ValueError(f"page must be from 1 to {pdf.pages}, not {page}")
    return pdf


def _file_of(pdf: PdfSource) -> File:
    path = file_at(pdf.source)
    if path is None:
        raise ArticleNotFoundError(f"{shown_source(pdf.source) or pdf.article_id}: no such file to show")
    return File(path, pdf.source, pdf.sha256, pdf.text_sha256, _stamp_of(path))


def _stamp_of(path: Path) -> tuple[int, int]:
    """Return when a file was written last, and its size; zeros if it cannot be told."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _size_of(result: object) -> int:
    """Return about how many bytes a result takes."""
    if isinstance(result, bytes):
        return len(result)
    return _WORD_BYTES * (
        1 + len(result.words if isinstance(result, PageWords) else cast(tuple[Box, ...], result))
    )
