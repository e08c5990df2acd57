"""What the web page shows of a page of a PDF: its image, words over it, and the lines of a quote boxed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from articleqa import Box
from articleqa.web.parts import Part
from articleqa.web.pdf_pages import PDF, PdfArticle, PdfPage
from articleqa.web.places import Place, Stepping
from articleqa.web.questions import AskRequest, query_of
from articleqa.web.read_page import about, language_of, place_url

MOST_WORDS = 6_000
"""Words that can be selected on a page; a full page of a newspaper has about 5,000."""

_BASELINE = 0.21
"""How far the baseline is above the bottom of a box, in heights of the box: what most fonts have."""

_MARGIN = 0.6
"""Points that a box is larger on each side, so that its edge touches no letter."""


class Rectangle(NamedTuple):
    """A rectangle in points, from the upper left corner of the page."""

    x: float
    y: float
    width: float
    height: float


class ShownWord(NamedTuple):
    """A word: where its baseline starts, its width, its font size, all in points, and its text."""

    x: float
    y: float
    width: float
    size: float
    text: str


class ShownPage(NamedTuple):
    """A page of a PDF as the web page shows it; see the template `page.html`."""

    title: str
    about: Sequence[str]
    language: str
    number: int
    pages: int
    width: float
    height: float
    image: str
    words: Sequence[ShownWord]
    quote: Sequence[Rectangle]
    beside: Sequence[Rectangle]
    has_quote: bool
    before: str
    after: str
    goes_on: Sequence[tuple[int, str]]
    text: str
    back: str
    step: Stepping | None
    step_before: str
    step_after: str


def shown_page(
    pdf: PdfArticle, page: PdfPage, here: Place | None, asked: AskRequest | None, step: Stepping | None
) -> ShownPage:
    """Return what the web page shows of `page`; `here` is the quote whose lines are boxed."""
    width, height = max(1.0, page.words.width), max(1.0, page.words.height)
    on_pages = sorted({box.page for box in page.quote} - {pdf.page})
    return ShownPage(
        title=pdf.title,
        about=about(pdf),
        language=language_of(pdf),
        number=pdf.page,
        pages=pdf.source.pages,
        width=width,
        height=height,
        image=image_url(pdf),
        words=[_word(each.text, each.box, width, height) for each in page.words.words[:MOST_WORDS]],
        quote=[_rectangle(box, width, height) for box in page.quote if box.page == pdf.page],
        beside=[_rectangle(box, width, height) for box in page.beside],
        has_quote=here is not None and bool(page.quote),
        before=page_url(pdf, pdf.page - 1, here, asked) if pdf.page > 1 else "",
        after=page_url(pdf, pdf.page + 1, here, asked) if pdf.page < pdf.source.pages else "",
        goes_on=[(number, page_url(pdf, number, here, asked)) for number in on_pages],
        text=text_url(pdf, here, asked),
        back=f"/?{query_of(asked)}" if asked else "/",
        step=step,
        step_before=place_url(step.before, asked) if step and step.before else "",
        step_after=place_url(step.after, asked) if step and step.after else "",
    )


def image_url(pdf: PdfArticle) -> str:
    """Return the address of the image of a page; another file has another one, so that it can be cached."""
    fields = {"id": pdf.source.article_id, "page": pdf.page, "of": pdf.source.sha256[:16]}
    return f"/page.png?{urlencode(fields)}"


def page_url(pdf: PdfArticle, number: int, here: Place | None, asked: AskRequest | None) -> str:
    """Return the address of another page of the same PDF, with the same quote."""
    return _url({"id": pdf.source.article_id, "page": number}, here, asked)


def text_url(pdf: PdfArticle, here: Place | None, asked: AskRequest | None) -> str:
    """Return the address of the text of the same place."""
    address = _url({"id": pdf.source.article_id, "view": "text"}, here, asked)
    return f"{address}#quote" if here else address


def pages_url(part: Part, here: Place | None, asked: AskRequest | None) -> str:
    """Return the address of the page of a PDF whose text is shown; empty for an article without pages."""
    if part.media_type != PDF or not part.pages:
        return ""
    number = part.breaks[0][1] if part.breaks and not here else 1
    fields: dict[str, str | int] = {"id": part.article_id, **({} if here else {"page": number})}
    address = _url(fields, here, asked)
    return f"{address}#quote" if here else address


def _url(fields: dict[str, str | int], here: Place | None, asked: AskRequest | None) -> str:
    if here is not None:
        fields = {**fields, "start": here.start, "end": here.end}
    return f"/read?{query_of(asked, **fields) if asked else urlencode(fields)}"


def _rectangle(box: Box, width: float, height: float) -> Rectangle:
    left, top = box.left * width - _MARGIN, box.top * height - _MARGIN
    right, bottom = box.right * width + _MARGIN, box.bottom * height + _MARGIN
    return Rectangle(round(left, 2), round(top, 2), round(right - left, 2), round(bottom - top, 2))


def _word(text: str, box: Box, width: float, height: float) -> ShownWord:
    high = (box.bottom - box.top) * height
    return ShownWord(
        x=round(box.left * width, 2),
        y=round(box.bottom * height - _BASELINE * high, 2),
        width=round(max(0.1, (box.right - box.left) * width), 2),
        size=round(max(0.1, high * (1 - _BASELINE)), 2),
        text=text,
    )
