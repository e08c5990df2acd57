"""Hostile visitors and hostile articles: refused or harmless, and logged in one line."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from articleqa import Article, load_articles
from articleqa.web.api import LARGEST_BODY
from articleqa.web.security import COOKIE, cookie_of
from pdf_pages import lines, pdf_of
from web_sites import FLOOD, HARBOUR, OPENED, client_of

TOKEN = "correct-horse-battery"
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
PAGES = ("/", f"/?q={OPENED}", f"/read?id={FLOOD.id}", "/nothing", "/login", "/add")


class Elements(HTMLParser):
    """Collects the elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def is_harmless(page: str) -> bool:
    """Return whether a page has only scripts of this server, no handlers, and no links elsewhere."""
    found = Elements(page)
    scripts = re.findall(r"<script[^>]*>[^<]*", page)
    names = {name for name, _ in found.attributes}
    addresses = [value or "" for name, value in found.attributes if name in ("href", "src", "action")]
    return (
        all(re.fullmatch(r'<script src="/static/\w+\.js" defer>', script) for script in scripts)
        and "img" not in found.tags
        and not any(name.startswith("on") or name == "style" for name in names)
        and all(re.match(r"/(?!/)|#", address) for address in addresses)
    )


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "articleqa.web")
    return caplog


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_all_but_its_own_scripts_and_frames(path: str) -> None:
    with client_of() as client:
        headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_markup_in_a_question_is_shown_as_text() -> None:
    with client_of() as client:
        for fields in ({"q": EVIL}, {"q": OPENED, "author": EVIL}, {"q": f"harbour {EVIL}"}, {"since": EVIL}):
            page = client.get("/", params=fields).text
            assert is_harmless(page)
        assert "&lt;script&gt;" in page or "script" not in page.partition("<main")[2]


@pytest.mark.filterwarnings("ignore::articleqa.UnreadDateWarning")
def test_markup_in_articles_is_shown_as_text() -> None:
    evil = Article(
        id=f"{EVIL}/{EVIL}.txt",
        title=EVIL,
        text=(
            f"{EVIL}\n\nThe harbour of Varnholm was opened in 1907 {EVIL}.\n\n- {EVIL}\n- b\n\n"
            f"| {EVIL} | b |\n| c | d |"
        ),
        metadata={"author": EVIL, "site": EVIL, "date": EVIL, "language": EVIL, "url": "javascript:alert(1)"},
        media_type=f"text/{EVIL}",
    )
    with client_of([evil, HARBOUR]) as client:
        asked = client.get("/", params={"q": OPENED}).text
        assert is_harmless(asked)
        assert "onerror" in asked
        shown = client.get("/read", params={"id": evil.id, "start": 0, "end": 900, "q": OPENED}).text
        assert is_harmless(shown)
        assert "onerror" in shown


def with_properties(pdf: bytes, **properties: str) -> bytes:
    """Return a PDF with a title, an author and the like, in an update at its end (ISO 32000-2, 7.5.6)."""
    before = re.findall(rb"startxref\s+(\d+)", pdf)[-1].decode()
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1].decode()
    written = "".join(f"/{name} <{value.encode('utf-16').hex()}>" for name, value in properties.items())
    added = f"\n999 0 obj\n<<{written}>>\nendobj\n"
    table = f"xref\n999 1\n{len(pdf) + 1:010} 00000 n \n"
    trailer = f"trailer\n<</Size 1000/Root {root}/Info 999 0 R/Prev {before}>>\n"
    return pdf + f"{added}{table}{trailer}startxref\n{len(pdf) + len(added)}\n%%EOF\n".encode()


@pytest.mark.parametrize("view", ["page", "text"])
def test_markup_in_a_pdf_is_shown_as_text(tmp_path: Path, view: str) -> None:
    quote = "The harbour of Varnholm was opened in 1907 <img src=x onerror=alert(1)>."
    file = tmp_path / f"{EVIL.replace('/', '_')}.pdf"
    file.write_bytes(
        with_properties(
            pdf_of(lines([quote, "</text></svg><script>alert(1)</script>"])), Title=EVIL, Author=EVIL
        )
    )
    (article,) = load_articles(file)
    assert (article.title, article.metadata["author"]) == (EVIL, EVIL)
    start = article.text.index(quote)
    place = {"id": article.id, "start": start, "end": start + len(quote), "view": view, "q": OPENED}
    with client_of([article, HARBOUR]) as client:
        shown = client.get("/read", params={key: str(value) for key, value in place.items()}).text
        asked = client.get("/", params={"q": OPENED}).text
    assert is_harmless(shown)
    assert is_harmless(asked)
    assert ("<svg" in shown) == (view == "page")
    assert "onerror" in shown


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "127.0.0.1@evil.example", "[::1"],
)
def test_request_that_names_another_host_is_refused(host: str, log: pytest.LogCaptureFixture) -> None:
    with client_of() as client:
        for path in ("/", "/api/health"):
            response = client.get(path, headers={"host": host})
            assert response.status_code == 400
            assert "names another host" in response.text
    assert len(log.records) == 2
    assert log.messages[0].startswith("GET / 400, ")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "LOCALHOST", "[::1]:8080"])
def test_request_that_names_this_machine_is_answered(host: str) -> None:
    with client_of() as client:
        assert client.get("/", headers={"host": host}).status_code == 200


def test_form_posted_by_another_sites_page_is_refused() -> None:
    with client_of(token=TOKEN) as client:
        for headers in (
            {"origin": "http://evil.example"},
            {"origin": "null"},
            {"origin": "http://127.0.0.1:9"},
            {"sec-fetch-site": "cross-site"},
        ):
            response = client.post("/login", data={"token": TOKEN}, headers=headers)
            assert response.status_code == 403
        response = client.post("/login", data={"token": TOKEN}, headers={"origin": "http://127.0.0.1"})
        assert response.status_code == 303


def test_without_the_token_nothing_is_shown() -> None:
    with client_of(token=TOKEN) as client:
        for path in ("/", f"/?q={OPENED}", f"/read?id={FLOOD.id}", "/answer?q=x", "/nothing"):
            response = client.get(path)
            assert response.status_code == 401
            assert "<h1>Token</h1>" in response.text
            assert (
                "Varnholm"
                not in response.text.replace(OPENED.replace(" ", "+"), "")[:50_000].split("<form")[0]
            )
        response = client.get("/api/health")
        assert response.status_code == 401
        assert response.json()["error"] == "the token is missing"
        assert client.get("/static/style.css").status_code == 200


def test_token_in_an_address_sets_a_cookie_and_leaves_the_address(log: pytest.LogCaptureFixture) -> None:
    with client_of(token=TOKEN) as client:
        response = client.get("/", params={"token": TOKEN, "q": OPENED})
        assert response.status_code == 303
        assert response.headers["location"] == "/?q=When+was+the+harbour+of+Varnholm+opened%3F"
        cookie = response.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert TOKEN not in cookie
        assert client.get(response.headers["location"]).status_code == 200
        assert client.get("/", params={"token": "wrong"}).status_code == 401
    assert TOKEN not in log.text
    assert "harbour" not in log.text


def test_token_is_taken_from_a_form_and_leads_where_the_visitor_wanted() -> None:
    with client_of(token=TOKEN) as client:
        page = client.get("/read", params={"id": FLOOD.id}).text
        wanted = re.findall(r'name="next" value="([^"]+)"', page)[0]
        assert client.post("/login", data={"token": "wrong", "next": wanted}).status_code == 401
        response = client.post("/login", data={"token": TOKEN, "next": wanted})
        assert response.headers["location"] == wanted
        assert client.get(wanted).status_code == 200


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nX: y"]
)
def test_login_leads_to_no_other_server(wanted: str) -> None:
    with client_of(token=TOKEN) as client:
        response = client.post("/login", data={"token": TOKEN, "next": wanted})
        assert response.headers["location"] == "/"
        redirected = client.get("//evil.example/", params={"token": TOKEN})
        assert not redirected.headers.get("location", "/").startswith("//")


def test_wrong_cookie_is_no_token_and_a_bearer_token_is_one(log: pytest.LogCaptureFixture) -> None:
    with client_of(token=TOKEN) as client:
        for cookie in (TOKEN, cookie_of(TOKEN)[:-1], "é"):
            headers = {b"cookie": f"{COOKIE}={cookie}".encode()}
            assert client.get("/", headers=headers).status_code == 401
        assert client.get("/api/health", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
        wrong = client.get("/api/health", headers={"authorization": "Bearer no"})
        assert wrong.status_code == 401
        assert wrong.json()["error"] == "the token is wrong"
    assert log.messages[-1].endswith(": the token is wrong")


def too_long(client: TestClient) -> list[int]:
    long = "Who? " * 2_000_000
    return [
        client.post("/api/ask", json={"question": long}).status_code,
        client.post("/login", data={"token": long}).status_code,
        client.get("/", params={"q": "x" * 1_001}).status_code,
        client.get("/answer", params={"q": "x" * 1_001}).status_code,
        client.post("/api/ask", json={"question": "x" * 1_001}).status_code,
    ]


def test_question_of_ten_megabytes_is_refused(log: pytest.LogCaptureFixture) -> None:
    with client_of(token=TOKEN) as client:
        client.cookies.set(COOKIE, cookie_of(TOKEN))
        assert too_long(client) == [413, 413, 400, 400, 422]
    assert [len(message.splitlines()) for message in log.messages] == [1] * 5
    assert LARGEST_BODY < 100_000


@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
def test_body_that_is_too_large_is_refused_in_json_with_the_limit(chunked: bool) -> None:
    body = b"x" * 10_000_000
    with client_of() as client:
        for path in ("/api/ask", "/api/search"):
            response = client.post(
                path, content=iter([body]) if chunked else body, headers={"content-type": "application/json"}
            )
            assert response.status_code == 413
            assert response.json() == {
                "schema": "articleqa.error",
                "version": 1,
                "error": "this is too large: at most 65,536 bytes can be sent at once",
            }


def test_path_of_this_machine_is_in_no_page_and_no_json() -> None:
    source = "/home/ada/secret/harbour.txt"
    article = HARBOUR.model_copy(update={"source": source})
    with client_of([article]) as client:
        pages = [
            client.get("/", params={"q": OPENED}).text,
            client.get("/read", params={"id": article.id, "q": OPENED}).text,
            client.post("/api/ask", json={"question": OPENED, "explain": True}).text,
            client.post("/api/search", json={"question": OPENED}).text,
            client.get(f"/api/articles/{article.id}").text,
        ]
    assert not any("secret" in page for page in pages)
    assert '"source": "harbour.txt"' in pages[2]


def test_failure_is_a_page_and_a_line_in_the_log_without_its_words(
    log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("/home/ada/kb is\nbroken")

    with client_of() as client:
        monkeypatch.setattr("articleqa.web.pages.shown_answer", fail)
        response = client.get("/", params={"q": OPENED})
        assert response.status_code == 500
        assert "Something went wrong" in response.text
        assert "ada" not in response.text
    assert log.messages[-1].endswith(": RuntimeError: /home/ada/kb is broken")
