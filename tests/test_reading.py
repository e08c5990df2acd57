"""Which format a file is of, and the articles of those that hold several."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from articleqa import Article, ArticleIndex, SourceCheck, load_articles
from articleqa.articles.contract import UnreadableDataError
from articleqa.articles.formats import (
    CSV,
    DOCX,
    EPUB,
    GZIP,
    HTML,
    JSONL,
    MARKDOWN,
    MHTML,
    ODT,
    PDF,
    RST,
    TEXT,
    WARC,
    ZIP,
    Format,
    format_of,
)
from articleqa.articles.reading import Named, read
from articleqa.articles.records import Fields

FORMATS = Path(__file__).parent / "fixtures" / "formats"


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "head", "found"),
    [
        ("a.txt", b"It rained.", TEXT),
        ("README", b"It rained.", TEXT),
        ("a.TXT", b"<html>", TEXT),
        ("a.md", b"# Rain", MARKDOWN),
        ("a.rst", b"Rain", RST),
        ("a.txt", b"%PDF-1.7", PDF),
        ("a", b"\n%PDF-1.7", PDF),
        ("a.docx", b"%PDF-1.7", PDF),
        ("a.pdf", b"It rained.", PDF),
        ("a.php", b"\xef\xbb\xbf \n<!DOCTYPE html>", HTML),
        ("a.unknown", b"<!-- saved from x --><html lang='en'>", HTML),
        ("a.unknown", b"From: <Saved by Blink>\r\nContent-Type: multipart/related;", MHTML),
        ("a.unknown", b"It rained.", None),
        ("a.jpg", b"\xff\xd8\xff", None),
        ("a.xlsx", zipped(("xl/workbook.xml", b"")), None),
        ("a.unknown", zipped(("word/document.xml", b"")), DOCX),
        ("a.unknown", zipped(("mimetype", b"application/epub+zip")), EPUB),
        ("a.unknown", zipped(("mimetype", b"application/vnd.oasis.opendocument.text")), ODT),
        ("a.zip", zipped(("word/document.xml", b"")), ZIP),
        ("a.csv", b"text", CSV),
        ("a.jsonl", b"{", JSONL),
        ("a.txt.gz", gzip.compress(b""), GZIP),
        ("a.warc.gz", gzip.compress(b""), WARC),
        ("a.unknown", b"WARC/1.0", WARC),
    ],
)
def test_content_decides_before_the_name_but_text_stays_text(
    name: str, head: bytes, found: Format | None
) -> None:
    assert format_of(name, head) == found


def articles(name: str, data: bytes) -> list[Article]:
    return list(read(Named(data, name, name, f"dir/{name}"), Fields()))


def test_an_article_of_an_archive_is_named_by_its_place_there() -> None:
    inner = gzip.compress(b"It snowed.")
    found = articles(
        "a.zip", zipped(("b/rain.txt", b"It rained."), ("snow.txt.gz", inner), ("x.png", b"\x89PNG"))
    )
    assert [(a.id, a.source, a.text) for a in found] == [
        ("a.zip/b/rain.txt", "dir/a.zip/b/rain.txt", "It rained."),
        ("a.zip/snow.txt.gz", "dir/a.zip/snow.txt.gz", "It snowed."),
    ]
    assert len({a.metadata["sha256"] for a in found}) == 1


def test_archives_in_archives_end() -> None:
    data = b"It rained."
    for _ in range(5):
        data = gzip.compress(data)
    with pytest.raises(UnreadableDataError, match="archives within archives, more than 3 deep"):
        articles("a.gz.gz.gz.gz.gz", data)
    assert articles("a.txt.gz", gzip.compress(b"It rained."))[0].text == "It rained."


def test_what_an_archive_holds_is_cited_verified_and_kept_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    rows = [{"story": f"The mill of {town} burnt down in 1809.", "id": town} for town in ("Arden", "Brome")]
    (tmp_path / "news" / "mills.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "news" / "a.zip").write_bytes(zipped(("corby.txt", b"The mill of Corby burnt down in 1812.")))
    index = ArticleIndex.create(tmp_path / "kb")
    index.add(load_articles(tmp_path / "news", text_field="story"))
    for town, source in (("Brome", "mills.jsonl#Brome"), ("Corby", "a.zip/corby.txt")):
        (citation,) = index.ask(f"When did the mill of {town} burn down?").citations
        assert citation.source == str(tmp_path / "news" / source)
        assert citation.verify_source() is SourceCheck.YES
    assert index.prune(tmp_path / "news") == []
    (tmp_path / "news" / "a.zip").unlink()
    assert index.prune(tmp_path / "news") == ["a.zip/corby.txt"]
