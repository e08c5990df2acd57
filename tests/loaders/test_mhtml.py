"""Web pages saved as a single file, in the shape in which Chrome writes them."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa.loaders.html import load_html
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.web_archives.mhtml import load_mhtml
from articleqa.models import Article

PAGES = sorted((Path(__file__).parents[1] / "fixtures" / "html").glob("*.html"))
ADDRESS = "https://a.example/storm?id=7"
PAGE = "<html><body><h1>A storm</h1><p>The river rose by two metres – said the agency in Overy.</p></body>"
FRAME = "<html><body><p>This frame is about tea and is no part of the article at all.</p></body></html>"


def part(content: str, address: str, *, charset: str = "", coding: str = "quoted-printable") -> str:
    data = content.encode(charset or "utf-8")
    encoded = quopri.encodestring(data) if coding == "quoted-printable" else base64.encodebytes(data)
    kind = f'text/html; charset="{charset}"' if charset else "text/html"
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\nContent-Location: {address}\r\n"
    return f"{head}\r\n{encoded.decode().replace(chr(10), chr(13) + chr(10))}"


def archive(*parts: str, date: str = "Fri, 12 Mar 2021 09:15:00 -0000") -> bytes:
    head = (
        "From: <Saved by Blink>\r\n"
        f"Snapshot-Content-Location: {ADDRESS}\r\n"
        "Subject: =?utf-8?Q?A=20storm?=\r\n"
        f"Date: {date}\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n'
        '\tboundary="----MultipartBoundary--x----"\r\n'
    )
    body = "".join(f"------MultipartBoundary--x----\r\n{part}\r\n" for part in parts)
    return f"{head}\r\n\r\n{body}------MultipartBoundary--x------\r\n".encode()


def loaded(data: bytes) -> Article:
    return load_mhtml(data, "storm.mhtml", "saved/storm.mhtml")


def test_the_page_is_the_part_that_was_saved_not_a_frame() -> None:
    article = loaded(archive(part(FRAME, "https://ads.example/"), part(PAGE, ADDRESS + "#top")))
    assert article.text == "A storm\n\nThe river rose by two metres – said the agency in Overy."
    assert article.media_type == "multipart/related"


def test_the_address_and_the_day_of_saving_are_metadata() -> None:
    metadata = loaded(archive(part(PAGE, ADDRESS))).metadata
    assert (metadata["url"], metadata["saved"]) == (ADDRESS, "2021-03-12T09:15:00")
    zoned = loaded(archive(part(PAGE, ADDRESS), date="Fri, 12 Mar 2021 09:15:00 +0200")).metadata
    assert zoned["saved"] == "2021-03-12T07:15:00+00:00"


@pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Mar 99999 09:15:00"])
def test_a_day_that_is_none_is_left_out(date: str) -> None:
    assert "saved" not in loaded(archive(part(PAGE, ADDRESS), date=date)).metadata


@pytest.mark.parametrize("coding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_the_parts_own_charset_and_coding_are_used(charset: str, coding: str) -> None:
    article = loaded(archive(part(PAGE, ADDRESS, charset=charset, coding=coding)))
    assert "two metres – said" in article.text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_reads_the_same_saved_alone_and_in_an_archive(path: Path) -> None:
    page = path.read_text(encoding="cp1252" if path.stem == "german" else "utf-8")
    alone = load_html(page.encode(), "page", "page")
    assert loaded(archive(part(page, ADDRESS))).blocks == alone.blocks


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"It rained.",
        b"From: a@b.example\r\nContent-Type: text/plain\r\n\r\nIt rained.",
        archive(),
        b'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: image/png\r\n',
        b"Content-Type: text/html; " + b"a;" * 1_000_000 + b"\r\n\r\n<p>x",
        b'Content-Type: multipart/related; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 100_000,
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (i, i) for i in range(5000)),
        bytes(range(256)) * 50,
    ],
)
def test_what_is_no_archive_with_a_page_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDataError):
        loaded(data)


def test_an_archive_cut_short_gives_the_text_it_still_has() -> None:
    whole = archive(part(PAGE.replace("</p>", "</p>" + "<p>It rained all of the day.</p>" * 50), ADDRESS))
    assert loaded(whole[: len(whole) // 2]).text.startswith("A storm\n\nThe river rose")


@settings(max_examples=30)
@given(st.data())
def test_damage_is_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(archive(part(PAGE, ADDRESS), part(FRAME, "https://ads.example/")))
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=20)):
        damaged[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    for candidate in (bytes(damaged), bytes(damaged[:cut]), data.draw(st.binary(max_size=300))):
        try:
            article = loaded(candidate)
        except UnreadableDataError:
            continue
        assert all(block.span.of(article.text) for block in article.blocks or ())
