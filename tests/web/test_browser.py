"""The pages in Debian's chromium: with and without JavaScript, by keyboard, narrow, dark, and to axe-core."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from articleqa import Article
from web_sites import FLOOD, HARBOUR, OPENED, index_on_disk, server_of_articles

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page, Request

    Open = Callable[..., Page]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

TABLE = Article(
    id="boats.md",
    title="Boats",
    media_type="text/markdown",
    text=(
        "# Boats\n\nThe ferry sails twice a day.\n\n## Fleet\n\n- a raft\n  - of oak\n- a boat\n\n"
        "| name | a rather long heading for a column | length in metres and centimetres |\n"
        "| --- | --- | --- |\n"
        "| Ada | a fast boat for the mail and for passengers | 9.75 |\n\n    code that goes on and on "
        + "and on " * 20
        + "\n"
    ),
)
LONG = Article(
    id="long.txt",
    title="A long article",
    text="\n\n".join(f"Paragraph {number} is here to be read by nobody." for number in range(2_000))
    + "\n\nThe bridge of Varnholm is 310 metres long.",
)
ARTICLES = (HARBOUR, FLOOD, TABLE, LONG)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The sandbox of chromium does not work for root, as whom CI runs.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=os.geteuid() != 0)
        yield opened
        opened.close()


@pytest.fixture
def site() -> Iterator[str]:
    with server_of_articles(ARTICLES) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of a site.

    A request to another host, a script that fails and any complaint of the browser fail the test. The site
    ends after the pages that are open on it.
    """
    del site
    complaints: list[str] = []

    def note_other_host(request: Request) -> None:
        if not request.url.startswith("http://127.0.0.1:"):
            complaints.append(request.url)

    def note(message: ConsoleMessage) -> None:
        if (
            message.type in ("error", "warning")
            and "the server responded with a status of 4" not in message.text
        ):
            complaints.append(message.text)

    def open_page(site: str, path: str = "/", **options: Any) -> Page:
        context = browser.new_context(base_url=site, **options)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("request", note_other_host)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", note)
        page.goto(path)
        return page

    yield open_page
    for context in browser.contexts:
        context.close()
    assert complaints == []


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": content}


def test_answer_comes_without_loading_the_page_again(opened: Open, site: str) -> None:
    page = opened(site)
    page.evaluate("window.kept = true")
    page.get_by_role("searchbox", name="Question").fill(OPENED)
    page.get_by_role("button", name="Ask").click()
    page.wait_for_selector("blockquote")
    assert page.locator("blockquote mark").inner_text() == "1907"
    assert page.evaluate("window.kept")
    assert page.url == f"{site}/?q=When+was+the+harbour+of+Varnholm+opened%3F"
    assert page.get_by_role("status").inner_text() == "Answer"
    page.go_back()
    page.locator("blockquote").wait_for(state="detached")


def test_abstention_offers_a_near_spelling_that_is_asked_by_a_click(opened: Open, site: str) -> None:
    page = opened(site, "/?q=Who+paints+the+lighthose+in+Ravenna%3F")
    assert page.get_by_role("heading", name="The articles do not say").is_visible()
    page.get_by_role("link", name="lighthouse").click()
    page.wait_for_url("**/*lighthouse*")


def test_citation_leads_to_the_quote_in_view(opened: Open, site: str) -> None:
    page = opened(site, "/?q=How+long+is+the+bridge+of+Varnholm%3F")
    page.get_by_role("link", name="A long article").first.click()
    page.wait_for_url("**/read?*#quote")  # until all is loaded, and scrolled to the quote
    quote = page.locator("#quote")
    assert quote.inner_text() == "The bridge of Varnholm is 310 metres long."
    box, height = quote.bounding_box(), page.evaluate("window.innerHeight")
    assert box is not None
    assert 0 < box["y"] < height
    assert page.get_by_text(re.compile(r"Part \d of \d")).first.is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_title_stays_in_sight_beside_the_quote(opened: Open, site: str, width: int) -> None:
    start = LONG.text.index("The bridge")
    where = f"/read?id=long.txt&start={start}&end={len(LONG.text)}#quote"
    page = opened(site, where, viewport={"width": width, "height": 640})
    assert page.evaluate("document.querySelector('h1').getBoundingClientRect().bottom") < 0
    title = page.locator(".steps .document")
    assert title.inner_text() == "A long article"
    box = title.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 100
    assert 80 < box["width"] <= width - box["x"]


def test_table_of_scores_fits_on_a_screen(opened: Open, site: str) -> None:
    page = opened(site, f"/?q={OPENED}", viewport={"width": 1280, "height": 800})
    page.get_by_text("Why these sentences").click()
    assert page.locator(".why tr").count() > 2
    around = page.locator(".why .wide")
    assert around.evaluate("(box) => box.scrollWidth - box.clientWidth") == 0


def test_everything_works_from_the_keyboard(opened: Open, site: str) -> None:
    page = opened(site, f"/?q={OPENED}")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("When was the harbour opened?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=When+was+the+harbour+opened%3F")
    page.get_by_role("status").filter(has_text="Answer").wait_for()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('figure')?.className") == "quote":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/read?*#quote")
    first = page.url
    page.keyboard.press("n")
    page.get_by_text("Place 2 of").wait_for()
    page.wait_for_load_state()  # the script that takes keys comes after the text
    page.keyboard.press("p")
    page.wait_for_url(first)
    page.keyboard.press("b")
    page.wait_for_url("**/?q=*")


def test_everything_works_without_javascript(opened: Open, tmp_path: Path) -> None:
    with server_of_articles(index_on_disk(tmp_path / "kb"), upload_to=tmp_path / "kb" / "uploads") as site:
        page = opened(site, java_script_enabled=False)
        page.get_by_role("searchbox").fill(OPENED)
        page.get_by_role("searchbox").press("Enter")
        assert page.locator("blockquote mark").inner_text() == "1907"
        page.get_by_text("Why these sentences").click()
        assert page.get_by_role("columnheader", name="Score").is_visible()
        page.locator("figure a").first.click()
        assert page.locator("#quote").is_visible()
        page.get_by_role("link", name="Next").click()
        assert page.get_by_text("Place 2 of").is_visible()
        page.get_by_role("link", name="Add files").click()
        page.locator("#files").set_input_files([file("a.txt", b"The pier is new.")])
        page.get_by_role("button", name="Add").click()
        assert page.locator("#added li").inner_text() == "a.txt: added"


def test_files_are_added_and_can_be_asked(opened: Open, tmp_path: Path) -> None:
    with server_of_articles(index_on_disk(tmp_path / "kb"), upload_to=tmp_path / "kb" / "uploads") as site:
        page = opened(site, "/add")
        good = file("pier.txt", b"The pier of Varnholm was built in 1911.")
        bad = file("noise.pdf", b"%PDF-1.4 nothing")
        page.locator("#files").set_input_files([good, bad])
        page.get_by_role("button", name="Add").click()
        page.wait_for_selector("#added li")
        told = page.locator("#added > ul > li").all_inner_texts()
        assert told[0] == "pier.txt: added"
        assert told[1].startswith("noise.pdf: skipped")
        page.goto("/?q=When+was+the+pier+of+Varnholm+built%3F")
        assert page.locator("blockquote mark").inner_text() == "1911"


def test_files_are_sent_in_batches_and_one_that_is_too_large_is_named(opened: Open, tmp_path: Path) -> None:
    kb = index_on_disk(tmp_path / "kb")
    with server_of_articles(kb, upload_to=tmp_path / "kb" / "uploads", most_upload=1_000_000) as site:
        page = opened(site, "/add")
        posted: list[str] = []
        page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
        small = [file(f"{number}.txt", f"Pier {number} is new.".encode()) for number in range(52)]
        halves = [file(f"half-{number}.txt", b"The pier is new. " * 30_000) for number in range(2)]
        page.locator("#files").set_input_files([*small, file("big.txt", b"x" * 1_000_001), *halves])
        page.get_by_role("button", name="Add").click()
        state = page.get_by_role("status").filter(has_text="Not sent")
        assert state.inner_text() == "Not sent: big.txt (larger than 1 MB, the most for a file)."
        assert page.locator("#added > ul > li").all_inner_texts()[-1] == "half-1.txt: added"
        assert page.locator("#added > ul > li").count() == 54
        assert page.locator("#added h2").all_inner_texts() == ["Files received"]
        assert len(posted) == 3


def test_too_large_upload_without_javascript_says_the_limit(opened: Open, tmp_path: Path) -> None:
    kb = index_on_disk(tmp_path / "kb")
    with server_of_articles(kb, upload_to=tmp_path / "kb" / "uploads", most_upload=1_000_000) as site:
        page = opened(site, "/add", java_script_enabled=False)
        page.locator("#files").set_input_files([file("big.txt", b"x" * 30_000_000)])
        page.get_by_role("button", name="Add").click()
        told = page.get_by_role("heading").inner_text()
        assert told == "This is too large: at most 1 MB can be sent at once"
        page.get_by_role("link", name="Choose other files").click()
        page.locator("#files").wait_for()


VIEWS = {
    "home": "/",
    "answer": f"/?q={OPENED}",
    "filtered": f"/?q={OPENED}&author=Ada+Wren&since=2020",
    "abstention": "/?q=Who+paints+the+lighthose+in+Ravenna%3F",
    "quote": f"/read?id=ports/harbour.txt&start=13&end=56&q={OPENED}#quote",
    "table": "/read?id=boats.md",
    "part": "/read?id=long.txt&part=2",
    "error": "/read?id=nothing",
    "login": "/login",
}


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(opened: Open, site: str, look: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(site, viewport={"width": 360, "height": 640}, color_scheme=look)
    for name, path in VIEWS.items():
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, name
        ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 200) == (look == "dark")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_axe_finds_nothing_on_the_page_for_files(opened: Open, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with server_of_articles(index_on_disk(tmp_path / "kb"), upload_to=tmp_path / "kb" / "uploads") as site:
        page = opened(site, "/add")
        page.locator("#files").set_input_files([file("a.bin", b"\0\1\2\3")])
        page.get_by_role("button", name="Add").click()
        page.wait_for_selector("#added li li")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
