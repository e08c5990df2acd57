from __future__ import annotations

import gzip
import io
import random
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from articleqa.loaders.protocol import MissingLibraryError, UnreadableDataError
from articleqa.loaders.web_archives import warc
from articleqa.loaders.web_archives.warc import StoredPage, warc_pages

DATE = "2020-05-17T10:00:00Z"
URI = "https://example.org/a"


def archive(*pages: tuple[str, bytes, dict[str, str]], packed: bool = False, kind: str = "response") -> bytes:
    """Return a WARC file of `pages`: the status, the payload and the headers of each."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "tests"}))
    for status, payload, headers in pages:
        http = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
        record = writer.create_warc_record(
            URI,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            http_headers=http,
            warc_headers_dict={"WARC-Date": DATE},
        )
        writer.write_record(record)
    return out.getvalue()


def page(payload: bytes, **headers: str) -> tuple[str, bytes, dict[str, str]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return "200 OK", payload, {"Content-Type": "text/html; charset=UTF-8", **named}


def payloads(data: bytes) -> list[bytes]:
    return [page.payload for page in warc_pages(data)]


@pytest.mark.parametrize("packed", [False, True])
def test_pages_come_with_their_address_type_date_and_charset(packed: bool) -> None:
    data = archive(page(b"<p>One"), ("200 OK", b"Two\n\n", {"Content-Type": "text/plain"}), packed=packed)
    assert list(warc_pages(data)) == [
        StoredPage(URI, "text/html", b"<p>One", DATE, "utf-8"),
        StoredPage(URI, "text/plain", b"Two\n\n", DATE, ""),
    ]


def test_a_file_that_is_packed_as_a_whole_is_read_too() -> None:
    assert payloads(gzip.compress(archive(page(b"One"), page(b"Two")))) == [b"One", b"Two"]


def test_other_records_are_passed_over() -> None:
    missing = ("404 Not Found", b"no", {"Content-Type": "text/html"})
    image = ("200 OK", b"\x89PNG", {"Content-Type": "image/png"})
    brotli = page(b"\x0b\x02", Content_Encoding="br")
    assert payloads(archive(missing, image, brotli, page(b"yes"))) == [b"yes"]
    assert payloads(archive(page(b"asked"), kind="resource")) == []


def test_compressed_and_chunked_pages_are_undone() -> None:
    raw = zlib.compress(b"three")[2:-4]
    data = archive(
        page(gzip.compress(b"one"), Content_Encoding="gzip"),
        page(b"as it is", Content_Encoding="gzip"),
        page(zlib.compress(b"two"), Content_Encoding="deflate"),
        page(raw, Content_Encoding="deflate"),
        page(b"4\r\nfour\r\n2\r\n!!\r\n0\r\n\r\n", Transfer_Encoding="chunked"),
    )
    assert payloads(data) == [b"one", b"as it is", b"two", b"three", b"four!!"]


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_page_that_expands_too_far_is_refused(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(warc, "LARGEST_PAGE", 1_000_000)
    bomb = (gzip if encoding == "gzip" else zlib).compress(bytes(2_000_000))
    with pytest.raises(UnreadableDataError, match=r"record 3: .*(more than 1 MB|too large)"):
        payloads(archive(page(b"one"), page(bomb, Content_Encoding=encoding)))
    with pytest.raises(UnreadableDataError, match="record 2: a page of more than 1 MB"):
        payloads(archive(page(b"a\n" * 600_000)))


def test_a_file_that_expands_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LARGEST_WARC", 3_000_000)
    with pytest.raises(UnreadableDataError, match="the file expands to more than 3 MB"):
        payloads(gzip.compress(archive(page(b"a\n" * 2_000_000))))


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LONGEST_LINE", 2_000_000)
    with pytest.raises(UnreadableDataError, match="record 1: a line of more than 2 MB"):
        payloads(b"WARC/1.0\r\nWARC-Type: " + b"x" * 5_000_000)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.recordloader", None)
    with pytest.raises(MissingLibraryError, match=r"articleqa\[warc\]"):
        payloads(archive(page(b"one")))


@pytest.mark.parametrize(
    "data", [b"", b"text", b"WARC", b"\x1f\x8bx", gzip.compress(b"text", mtime=0), b"%PDF-1.7"]
)
def test_what_is_no_warc_file_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(UnreadableDataError, match="not a WARC file"):
        payloads(data)


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_is_cut_off_is_not_taken_for_whole(packed: bool) -> None:
    data = archive(page(b"one"), page(b"two" * 50), packed=packed)
    for cut in (10, 60, 100):
        with pytest.raises(UnreadableDataError, match=r"record \d"):
            payloads(data[:-cut])
    pages = warc_pages(archive(page(b"one"), page(b"two" * 50))[:-60])
    assert next(pages).payload == b"one"
    with pytest.raises(UnreadableDataError, match="record 3: cut off"):
        next(pages)


def test_a_wrong_length_is_told_of_and_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    data = archive(page(b"one" * 50), page(b"two"))
    wrong = data.replace(b"Content-Length: 2", b"Content-Length: 1", 1)
    assert wrong != data
    with pytest.raises(UnreadableDataError, match="record 2: cut off, or of another length"):
        payloads(wrong)
    assert capsys.readouterr() == ("", "")


def test_standard_error_is_left_to_other_threads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, seen, read = sys.stderr, [], warc._BoundedStream.read

    def read_and_see(self: warc._BoundedStream, size: int) -> bytes:
        seen.append(sys.stderr)
        return read(self, size)

    monkeypatch.setattr(warc._BoundedStream, "read", read_and_see)
    spaced = archive(page(b"one")).replace(b"example.org/a", b"example.org/ ")
    assert payloads(spaced) == [b"one"]
    assert seen
    assert all(stream is before for stream in seen)
    assert capsys.readouterr() == ("", "")


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=60), max_size=4), st.booleans())
def test_payloads_come_back_as_they_were_written(pages: list[bytes], packed: bool) -> None:
    assert payloads(archive(*map(page, pages), packed=packed)) == pages


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_damage_is_never_anything_but_unreadable(seed: int) -> None:
    chance = random.Random(seed)
    pages = (
        page(b"one"),
        page(gzip.compress(b"two"), Content_Encoding="gzip"),
        page(b"3\r\nabc\r\n0\r\n\r\n"),
    )
    data = bytearray(archive(*pages, packed=chance.random() < 0.3))
    for _ in range(chance.randrange(1, 9)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        payloads(bytes(data[: chance.choice([len(data), chance.randrange(len(data))])]))
    except UnreadableDataError:
        return
