"""The pages of PDFs behind the web pages: which one has a place, its image, its words and the boxes on it."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Self, TypeVar

from pydantic import JsonValue

from articleqa import (
    ArticleIndex,
    ArticleNotFoundError,
    Box,
    IndexPoolError,
    PageWords,
    PdfSource,
    PdfViewer,
    SourceChangedError,
    Span,
    UnknownArticleError,
)
from articleqa.web.places import Place

PDF = "application/pdf"

WIDTH = 1_400
"""Pixels of the width of an image: twice those of the column that shows it, for fine screens."""

MOST_SCALE = 4.0
"""Pixels a point at most: a page as small as a card is not drawn larger."""

MOST_WAITING = 50
"""Requests for pages that may wait for the worker processes; more are refused."""

MOST_BESIDE = 20
"""Further places of an answer that are looked for on a page."""

MOST_SCANS = 10
"""A quote is not looked for in a PDF with more scanned pages: each takes seconds to recognise again."""

_Made = TypeVar("_Made")


class PdfArticle(NamedTuple):
    """An article that was loaded from a PDF, and the page of it that is asked for, counted from 1.

    `start` and `end` are the offsets of the text of the page.
    """

    source: PdfSource
    title: str
    media_type: str
    metadata: Mapping[str, JsonValue]
    page: int
    start: int
    end: int


class PdfPage(NamedTuple):
    """A page: its words, the boxes of the quote on all pages, and those of other places on this page."""

    words: PageWords
    quote: Sequence[Box]
    beside: Sequence[Box]


def pdf_at(
    index: ArticleIndex, article_id: str, *, offset: int = 0, number: int | None = None
) -> PdfArticle | None:
    """Return an article of a PDF, with the page with this number, or else the one at `offset`.

    The nearest page is taken if there is none. None if the article is not from a PDF.

    Raises:
        UnknownArticleError: the index has no such article.
    """
    try:
        article = index.articles[article_id]
    except KeyError:
        raise UnknownArticleError("no such article; it may have been removed") from None
    if article.media_type != PDF or not article.pages:
        return None
    page = bisect_right(article.pages, offset) if number is None else number
    page = min(max(page, 1), len(article.pages))
    start, end = [*article.pages, len(article.text)][page - 1 : page + 1]
    title = article.title or article.id
    return PdfArticle(PdfSource.of(article), title, article.media_type, article.metadata, page, start, end)


def why_not_shown(error: Exception) -> str:
    """Return why a page cannot be shown, in words that name no file of this machine."""
    if isinstance(error, ArticleNotFoundError):
        return "The PDF is no longer where it was when it was added, so only its text is shown."
    if isinstance(error, SourceChangedError):
        return "The PDF has changed since it was added, so only the text that was added is shown."
    return "The pages of this PDF cannot be shown, so only its text is."


class PdfPages:
    """Finds and draws pages of PDFs in worker processes of its own.

    Laying out a long PDF takes seconds and its images wait for nobody: a process of its own does each.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._boxes, self._pages = PdfViewer(), PdfViewer()
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="articleqa pages")
        self._waiting = 0

    def __enter__(self) -> Self:
        """Return these pages; the processes end with the context."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._boxes.close()
        self._pages.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def page(self, pdf: PdfArticle, here: Place | None, others: Sequence[Place]) -> PdfPage:
        """Return what is on a page, with the boxes of the quote `here` and of `others` of this article.

        Raises:
            ArticleQAError: the page cannot be shown; see `PdfViewer`.
        """
        words, quote = await asyncio.gather(
            self._call(lambda: self._pages.page_words(pdf.source, pdf.page)), self._boxes_of(pdf, here)
        )
        beside: list[Box] = []
        for place in [place for place in others if place != here and _is_on(pdf, place)][:MOST_BESIDE]:
            beside += [box for box in await self._boxes_of(pdf, place) if box.page == pdf.page]
        return PdfPage(words, quote, [box for box in beside if box not in quote])

    async def image(self, pdf: PdfArticle) -> bytes:
        """Return a page as a PNG image.

        Raises:
            ArticleQAError: the page cannot be shown; see `PdfViewer`.
        """
        words = await self._call(lambda: self._pages.page_words(pdf.source, pdf.page))
        scale = min(MOST_SCALE, WIDTH / max(1.0, words.width))
        return await self._call(lambda: self._pages.page_image(pdf.source, pdf.page, scale=scale))

    async def _boxes_of(self, pdf: PdfArticle, place: Place | None) -> tuple[Box, ...]:
        if place is None or not 0 <= place.start < place.end <= pdf.source.length:
            return ()
        if len(pdf.source.scans) > MOST_SCANS:
            return ()
        span = Span(place.start, place.end)
        return await self._call(lambda: self._boxes.boxes_of(pdf.source, span))

    async def _call(self, work: Callable[[], _Made]) -> _Made:
        if self._waiting >= MOST_WAITING:
            raise IndexPoolError("too many pages at once; try again in a moment")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _is_on(pdf: PdfArticle, place: Place) -> bool:
    """Return whether a place is in the text of the page, at least in part."""
    return place.article_id == pdf.source.article_id and place.start < pdf.end and pdf.start < place.end
