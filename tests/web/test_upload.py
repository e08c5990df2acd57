"""Files that visitors add: read into the served index, or refused with the reason."""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from articleqa import ArticleIndex
from articleqa.web import upload
from web_sites import HARBOUR, client_of, index_on_disk

PIER = b"The pier of Varnholm was built in 1911."


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    index_on_disk(tmp_path / "kb").close()
    return tmp_path / "kb"


@pytest.fixture
def client(kb: Path) -> Iterator[TestClient]:
    options = {"upload_to": kb / upload.FOLDER, "most_upload": 1_000_000}
    with client_of(ArticleIndex.open(kb, vectors=False), **options) as made:
        yield made


def add(client: TestClient, *files: tuple[str, bytes]) -> list[str]:
    """Return what the page says of each file, without markup."""
    response = client.post("/add", files=[("files", (name, content)) for name, content in files])
    assert response.status_code == 200
    rows = response.text.partition('<ul class="added">')[2].partition("<p>")[0]
    return [
        " ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.split(r"<li><b>", rows) if row.strip()
    ]


def test_added_file_is_asked_at_once_and_kept_beside_the_index(client: TestClient, kb: Path) -> None:
    assert add(client, ("pier.txt", PIER)) == ["pier.txt : added"]
    page = client.get("/", params={"q": "When was the pier of Varnholm built?"}).text
    assert '<mark class="short">1911</mark>' in page
    assert "id=uploads%2Fpier.txt" in page
    assert (kb / "uploads" / "pier.txt").read_bytes() == PIER
    index = ArticleIndex.open(kb)
    assert index.check() == []
    assert index.articles["uploads/pier.txt"].source == str(kb / "uploads" / "pier.txt")


def test_file_of_the_same_name_never_replaces_another(client: TestClient, kb: Path) -> None:
    assert add(client, ("pier.txt", PIER), ("pier.txt", PIER)) == [
        "pier.txt : added",
        "pier.txt : already there",
    ]
    assert add(client, ("pier.txt", b"It burnt down in 1950.")) == ["pier (2).txt : added"]
    index = ArticleIndex.open(kb)
    assert index.read("uploads/pier.txt") == PIER.decode()
    assert index.read(HARBOUR.id) == HARBOUR.text


def test_file_that_cannot_be_read_is_skipped_with_the_reason(client: TestClient, kb: Path) -> None:
    told = add(client, ("noise.pdf", b"%PDF-1.4 nothing"), ("empty.txt", b""), ("game.exe", b"MZ\0\1\2"))
    assert [line.partition(" skipped ")[0] for line in told] == ["noise.pdf :", "empty.txt :", "game.exe :"]
    assert all(len(line.partition(" skipped ")[2]) > 5 for line in told)
    assert not any(str(kb) in line or "uploads" in line for line in told)
    assert list((kb / "uploads").iterdir()) == []


@pytest.mark.workers
def test_bombs_are_refused_and_logged_in_a_line(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    zeros = BytesIO()
    with zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(300_000_000))
        archive.writestr("[Content_Types].xml", "<Types/>")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><rss><channel>&l11;</channel></rss>'
    caplog.set_level(logging.INFO, "articleqa.web")
    told = add(client, ("bomb.docx", zeros.getvalue()), ("laughs.xml", xml.encode()), ("a.txt", PIER))
    assert [" skipped " in line for line in told] == [True, True, False]
    assert client.get("/").status_code == 200
    posted = [message for message in caplog.messages if message.startswith("POST /add")]
    assert len(posted) == 1
    assert "bomb.docx: " in posted[0]
    assert "\n" not in posted[0]


def test_upload_over_the_limit_is_refused(client: TestClient, kb: Path) -> None:
    response = client.post("/add", files=[("files", ("big.txt", b"x" * 1_000_001))])
    assert response.status_code == 413
    assert "<h1>This is too large: at most 1 MB can be sent at once</h1>" in response.text
    assert '<a href="/add">Choose other files</a>' in response.text
    assert not (kb / "uploads").exists()


def test_more_files_than_the_page_says_are_refused_with_the_limit(client: TestClient, kb: Path) -> None:
    assert "at most 50 files and 1 MB at once" in client.get("/add").text
    files = [("files", (f"{number}.txt", PIER)) for number in range(51)]
    response = client.post("/add", files=files)
    assert response.status_code == 400
    assert "<h1>Too many files. Maximum number of files is 50.</h1>" in response.text
    assert '<a href="/add">Choose other files</a>' in response.text
    assert not (kb / "uploads").exists()


def test_full_folder_of_uploads_takes_no_more(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MOST_KEPT", 50)
    told = add(client, ("pier.txt", PIER), ("quay.txt", PIER))
    assert told[0] == "pier.txt : added"
    assert "no room for more uploads" in told[1]


def test_without_a_file_or_without_leave_nothing_is_added(client: TestClient) -> None:
    assert client.post("/add", files=[("files", ("", b""))]).status_code == 400
    assert (
        client.post("/add", content=b"x", headers={"content-type": "multipart/form-data"}).status_code == 400
    )
    with client_of() as other:
        assert other.get("/add").status_code == 404
        assert other.post("/add", files=[("files", ("pier.txt", PIER))]).status_code == 404


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\notes.md", "notes.md"),
        ("..", "file"),
        (".bashrc", "bashrc"),
        ("", "file"),
        ("a\x00b\n\u202ec.txt", "a_b _c.txt"),
        ("x" * 300 + ".txt", "x" * 96 + ".txt"),
        ("Größe (neu).docx", "Größe (neu).docx"),
        ("<script>.txt", "_script_.txt"),
        ("a.txt/", "file"),
        ("report.pdf. . ", "report.pdf"),
    ],
)
def test_name_of_an_uploaded_file_is_made_safe(given: str, name: str) -> None:
    assert upload.safe_name(given) == name
