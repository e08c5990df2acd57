"""The page that shows a PDF: its image, the lines of the quote boxed, and text where the PDF is gone."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from articleqa import Article, ArticleIndex, load_articles
from articleqa.web.pdf_pages import MOST_SCANS, WIDTH, pdf_at
from pdf_pages import FIXTURES, Text, lines, pdf_of
from web_sites import HARBOUR, client_of

QUOTE = "The boats leave the harbour each morning with nets."
PAGES = (
    lines(["The boats leave the", "harbour each morn-", "ing with nets."]),
    lines(["They come back at noon with", "herring that they sell on the quay."]),
    lines(["The quay was built in 1907 by the salt guild."]),
)


def boats(folder: Path, *pages: list[Text]) -> Article:
    path = folder / "boats.pdf"
    path.write_bytes(pdf_of(*(pages or PAGES)))
    return load_articles(path)[0]


def place(article: Article, quote: str = QUOTE) -> dict[str, object]:
    start = article.text.index(quote)
    return {"id": article.id, "start": start, "end": start + len(quote)}


def read(*articles: Article, **fields: object) -> str:
    with client_of(articles) as client:
        response = client.get("/read", params={key: str(value) for key, value in fields.items()})
    assert response.status_code == 200
    return response.text


def rectangles(page: str, kind: str) -> list[list[float]]:
    group = re.findall(rf'<g class="{kind}">(.*?)</g>', page, re.DOTALL)[0]
    return [
        [float(each) for each in found]
        for found in re.findall(r'<rect[^>]* x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"', group)
    ]


def test_each_line_of_the_quote_is_boxed_where_it_is_drawn(tmp_path: Path) -> None:
    article = boats(tmp_path)
    page = read(article, **place(article))
    assert '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600.0 800.0">' in page
    boxes = rectangles(page, "lit")
    assert len(boxes) == 3
    for (x, y, width, height), line, down in zip(boxes, PAGES[0], (100, 112, 124), strict=True):
        assert x == pytest.approx(50, abs=1)
        assert width == pytest.approx(6 * len(line.text), abs=2)
        assert y < down - 5 < down < y + height
    assert page.count('id="quote"') == 1
    assert "Page 1 of 3" in page


def test_words_of_the_page_are_over_its_image(tmp_path: Path) -> None:
    article = boats(tmp_path)
    page = read(article, **place(article))
    words = re.findall(r"<tspan [^>]*>([^<]*)</tspan>", page)
    assert words == " ".join(text.text for text in PAGES[0]).split()
    x, y = re.findall(r'<tspan x="([^"]+)" y="([^"]+)"[^>]*>boats<', page)[0]
    assert float(x) == pytest.approx(50 + 4 * 6, abs=0.5)
    assert float(y) == pytest.approx(100, abs=2)


def test_neighbouring_pages_are_a_link_away_and_keep_the_quote(tmp_path: Path) -> None:
    article = boats(tmp_path)
    with client_of([article]) as client:
        page = client.get("/read", params={key: str(value) for key, value in place(article).items()}).text
        after = html.unescape(re.findall(r'<a href="([^"]+)" rel="next" data-key="j"', page)[0])
        assert 'rel="prev"' not in page
        second = client.get(after).text
        assert "Page 2 of 3" in second
        assert rectangles(second, "lit") == []
        assert "The quote begins on" in second
        before = html.unescape(re.findall(r'<a href="([^"]+)" rel="prev" data-key="k"', second)[0])
        assert len(rectangles(client.get(before).text, "lit")) == 3


def test_quote_over_two_pages_is_boxed_on_both(tmp_path: Path) -> None:
    first = lines(["The keeper of the lighthouse who writes"], down=700)
    article = boats(tmp_path, first, lines(["the height of the tide in a book sleeps."], down=60))
    quote = "The keeper of the lighthouse who writes the height of the tide in a book sleeps."
    page = read(article, **place(article, quote))
    assert len(rectangles(page, "lit")) == 1
    assert re.search(r'The quote goes on on <a href="[^"]*page=2[^"]*">page 2</a>', page)
    assert len(rectangles(read(article, **place(article, quote), page=2), "lit")) == 1


def test_other_answers_on_the_page_are_boxed_too() -> None:
    article = load_articles(FIXTURES.parent / "formats" / "pdf-columns" / "harbour.pdf")[0]
    question = "What destroyed the warehouses in 1587?"
    with client_of([article]) as client:
        page = client.get("/", params={"q": question}).text
        link = html.unescape(re.findall(r'href="(/read\?id=harbour.pdf[^"]*)"', page)[0])
        shown = client.get(link.partition("#")[0]).text
    assert rectangles(shown, "lit")
    assert rectangles(shown, "beside")
    assert re.search(r"Place 1 of \d", shown)


def test_image_is_that_of_the_page(tmp_path: Path) -> None:
    article = boats(tmp_path)
    with client_of([article]) as client:
        page = client.get("/read", params={"id": article.id, "page": 3}).text
        address = html.unescape(re.findall(r'<image href="([^"]+)"', page)[0])
        response = client.get(address)
    assert response.headers["content-type"] == "image/png"
    assert response.headers["cache-control"].startswith("private")
    image = Image.open(io.BytesIO(response.content))
    assert image.width == pytest.approx(WIDTH, abs=1)
    with pypdfium2.PdfDocument(article.source) as document:
        shown = document[2].render(scale=WIDTH / 600).to_pil()
    assert np.array_equal(np.asarray(image.convert("RGB")), np.asarray(shown.convert("RGB")))


def test_pdf_that_is_gone_or_changed_is_shown_as_text_and_says_so(tmp_path: Path) -> None:
    article = boats(tmp_path)
    Path(article.source).write_bytes(pdf_of(lines(["Nothing of what was there."])))
    changed = read(article, **place(article))
    assert "The PDF has changed since it was added, so only the text that was added is shown." in changed
    assert f'<mark class="lit" id="quote">{QUOTE}</mark>' in changed
    Path(article.source).write_bytes(b"%PDF-1.7 nothing")
    assert "The pages of this PDF cannot be shown, so only its text is." in read(article, **place(article))
    Path(article.source).unlink()
    gone = read(article, **place(article))
    assert "The PDF is no longer where it was when it was added, so only its text is shown." in gone
    for page in (changed, gone):
        assert str(tmp_path) not in page


def test_image_of_a_page_that_is_gone_is_refused_without_its_path(tmp_path: Path) -> None:
    article = boats(tmp_path)
    Path(article.source).unlink()
    with client_of([article, HARBOUR]) as client:
        for article_id in (article.id, HARBOUR.id, "nothing", "../../etc/passwd"):
            response = client.get("/page.png", params={"id": article_id, "page": "1"})
            assert response.status_code == 404
            assert str(tmp_path) not in response.text


def test_image_of_a_page_that_never_was_is_refused(tmp_path: Path) -> None:
    article = boats(tmp_path)
    with client_of([article]) as client:
        for number in ("0", "-1", "4", "99999", "abc", ""):
            response = client.get("/page.png", params={"id": article.id, "page": number})
            assert response.status_code == 404, number


def test_text_of_a_pdf_is_escaped(tmp_path: Path) -> None:
    article = boats(
        tmp_path, lines(['The <script>alert(1)</script> "boats" leave.', "</text></svg><b>&amp;"])
    )
    page = read(article, id=article.id, page=1)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("</svg>") == 1


def test_text_view_is_a_link_away(tmp_path: Path) -> None:
    article = boats(tmp_path)
    with client_of([article]) as client:
        page = client.get("/read", params={key: str(value) for key, value in place(article).items()}).text
        text = html.unescape(re.findall(r'<a href="([^"]+)" data-key="t"', page)[0])
        shown = client.get(text.partition("#")[0]).text
        back = html.unescape(re.findall(r'<a href="([^"]+)" data-key="t"', shown)[0])
        assert len(rectangles(client.get(back.partition("#")[0]).text, "lit")) == 3
    assert f'<mark class="lit" id="quote">{QUOTE}</mark>' in shown
    assert "<svg" not in shown


def test_nearest_page_is_shown_for_numbers_out_of_range(tmp_path: Path) -> None:
    article = boats(tmp_path)
    index = ArticleIndex.from_articles([article, HARBOUR])
    assert pdf_at(index, HARBOUR.id) is None
    for number, expected in ((0, 1), (2, 2), (99, 3)):
        found = pdf_at(index, article.id, number=number)
        assert found is not None
        assert found.page == expected
    found = pdf_at(index, article.id, offset=10**9)
    assert found is not None
    assert found.page == 3
    for fields in ({"start": 10**9, "end": 3}, {"start": 5, "end": 10**9}):
        assert "<svg" in read(article, id=article.id, **fields)


def test_quote_is_not_looked_for_in_many_scanned_pages(tmp_path: Path) -> None:
    article = boats(tmp_path)
    scans = {**article.metadata, "ocr_pages": [*range(2, 4 + MOST_SCANS)]}
    page = read(article.model_copy(update={"metadata": scans}), **place(article))
    assert rectangles(page, "lit") == []
    assert "Where the quote is on this page is not known" in page
