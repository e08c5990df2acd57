"""The page of a PDF in Debian's chromium: the quote is boxed where it is drawn, and text can be selected."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image

from articleqa import Article, load_articles
from pdf_pages import FIXTURES, Text, lines, pdf_of
from web_sites import server_of_articles

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

HARBOUR = FIXTURES.parent / "formats" / "pdf-columns" / "harbour.pdf"
QUOTE = "The boats leave the harbour each morning with nets."
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The sandbox of chromium does not work for root, as whom CI runs.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=os.geteuid() != 0)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def boats(tmp_path_factory: pytest.TempPathFactory) -> Article:
    """Return an article of two pages; the second is turned, and cropped by 100 points at its left."""
    document = pypdfium2.PdfDocument(
        pdf_of(
            lines(["The boats leave the", "harbour each morn-", "ing with nets."], down=500),
            [Text("They come back at noon.", 200, 300, size=20), *lines(["The oars are of ash."], 200, 400)],
        )
    )
    document[1].set_rotation(90)
    document[1].set_cropbox(100, 0, 600, 800)
    path = tmp_path_factory.mktemp("pdf") / "boats.pdf"
    document.save(path)
    document.close()
    return load_articles(path)[0]


@pytest.fixture(scope="module")
def site(boats: Article) -> Iterator[str]:
    with server_of_articles([boats, *load_articles(HARBOUR)], timeout_s=120) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an address; any complaint of the browser fails the test."""
    complaints: list[str] = []

    def note_request(request: Request) -> None:
        if not request.url.startswith(site):
            complaints.append(request.url)

    def note_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def open_page(path: str, **options: Any) -> Page:
        context = browser.new_context(base_url=site, viewport=options.pop("viewport", WIDE), **options)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("request", note_request)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", note_message)
        page.goto(path, wait_until="load")
        return page

    yield open_page
    for context in browser.contexts:
        context.close()
    assert complaints == []


def address(article: Article, quote: str) -> str:
    start = article.text.index(quote)
    return f"/read?{urlencode({'id': article.id, 'start': start, 'end': start + len(quote)})}#quote"


def pixels(page: Page) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(page.locator(".sheet svg").screenshot())).convert("RGB"))


def lit_place(shown: NDArray[np.uint8], size: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of what is yellow, in points of a page of this size."""
    red, _, blue = (shown[:, :, channel].astype(int) for channel in range(3))
    down, across = np.nonzero(red - blue > 60)
    x, y = size[0] / shown.shape[1], size[1] / shown.shape[0]
    return across.min() * x, down.min() * y, (across.max() + 1) * x, (down.max() + 1) * y


@pytest.mark.parametrize("options", [{}, {"viewport": NARROW}, {"color_scheme": "dark"}])
def test_quote_is_lit_on_the_pixels_where_it_is_drawn(
    opened: Callable[..., Page], boats: Article, options: dict[str, Any]
) -> None:
    page = opened(address(boats, QUOTE), **options)
    left, top, right, bottom = lit_place(pixels(page), (600, 800))
    assert (left, right) == pytest.approx((50, 50 + 19 * 6), abs=3)
    assert 488 < top < 500 < 524 < bottom < 532
    box = page.locator("#quote").bounding_box()
    assert box is not None
    assert 0 < box["y"] < options.get("viewport", WIDE)["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("has_script", [True, False])
def test_page_on_a_phone_is_large_enough_to_read_and_shows_the_quote(
    opened: Callable[..., Page], has_script: bool
) -> None:
    (harbour,) = load_articles(HARBOUR)
    quote = "The town rebuilt the mole with blocks of granite from the quarry at Hult."  # in the right column
    page = opened(address(harbour, quote), viewport=NARROW, java_script_enabled=has_script)
    line, word = (
        page.locator("#quote").bounding_box(),
        page.locator("tspan", has_text="granite").bounding_box(),
    )
    assert line is not None
    assert word is not None
    assert word["height"] > 10
    assert 0 < line["y"] < NARROW["height"]
    assert 0 <= line["x"] < line["x"] + line["width"] <= NARROW["width"]
    sheet = page.locator(".sheet").bounding_box()
    assert sheet is not None
    assert 0 < sheet["x"] < sheet["x"] + sheet["width"] < NARROW["width"]


def test_quote_is_lit_on_a_page_that_is_turned_and_cropped(
    opened: Callable[..., Page], boats: Article
) -> None:
    page = opened(address(boats, "They come back at noon."))
    # 800 x 500 points are shown. The text runs down; its baseline was 500 above the bottom of the sheet.
    left, top, right, bottom = lit_place(pixels(page), (800, 500))
    assert left < 500 < 510 < right
    assert (right - left) == pytest.approx(24, abs=6)
    assert (top, bottom) == pytest.approx((100, 100 + 23 * 12), abs=4)


def test_text_of_the_page_is_selected_with_its_spaces(opened: Callable[..., Page], boats: Article) -> None:
    page = opened(address(boats, QUOTE))
    selected = page.evaluate(
        """() => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector(".words"));
          getSelection().addRange(range);
          return getSelection().toString();
        }"""
    )
    assert selected.split() == [
        "The",
        "boats",
        "leave",
        "the",
        "harbour",
        "each",
        "morn-",
        "ing",
        "with",
        "nets.",
    ]
    word = page.locator("tspan", has_text="boats").bounding_box()
    sheet = page.locator(".sheet svg").bounding_box()
    assert word is not None
    assert sheet is not None
    point = sheet["width"] / 600
    assert (word["x"] - sheet["x"]) / point == pytest.approx(50 + 4 * 6, abs=1.5)
    assert word["width"] / point == pytest.approx(5 * 6, abs=1.5)


def test_pages_are_a_key_away(opened: Callable[..., Page], boats: Article) -> None:
    page = opened(address(boats, QUOTE))
    page.keyboard.press("j")
    page.wait_for_url("**page=2*")
    assert "Page 2 of 2" in page.inner_text(".steps")
    page.keyboard.press("k")
    page.wait_for_url("**page=1*")
    assert page.locator(".lit rect").count() == 3
    page.keyboard.press("t")
    page.wait_for_url("**view=text*")
    assert page.inner_text("mark.lit") == QUOTE


def test_answer_leads_to_its_box_without_javascript(opened: Callable[..., Page]) -> None:
    page = opened("/", java_script_enabled=False)
    page.fill("input[name=q]", "What destroyed the warehouses in 1587?")
    page.press("input[name=q]", "Enter")
    page.locator("figure.quote a").first.click()
    assert page.locator(".lit rect").count() == 3
    page.get_by_role("link", name="Next page").click()
    assert "Page 2 of 2" in page.inner_text(".steps")


@pytest.mark.parametrize("options", [{}, {"viewport": NARROW}, {"color_scheme": "dark"}])
def test_axe_finds_nothing_on_the_page(
    opened: Callable[..., Page], boats: Article, options: dict[str, Any]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(address(boats, QUOTE), **options, bypass_csp=True)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
