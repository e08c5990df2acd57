"""Which format a file is of, and the articles of those that hold several."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from articleqa import (
    Article,
    ArticleIndex,
    ArticleReadError,
    DamagedTextWarning,
    FailedFileWarning,
    SourceCheck,
    load_articles,
)
from articleqa.loaders.file_reader import Reader
from articleqa.loaders.protocol import Fields, Format, NamedData, UnreadableDataError
from articleqa.loaders.registry import (
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
    XLSX,
    ZIP,
    format_of,
)

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"


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
        ("a.xlsx", zipped(("xl/workbook.xml", b"")), XLSX),
        ("a.unknown", zipped(("[Content_Types].xml", b""), ("word/document.xml", b"")), DOCX),
        ("a.unknown", zipped(("mimetype", b"application/epub+zip")), EPUB),
        ("a.unknown", zipped(("mimetype", b"application/vnd.oasis.opendocument.text")), ODT),
        ("a.zip", zipped(("word/document.xml", b"")), ZIP),
        ("a.csv", b"text", CSV),
        ("a.jsonl", b"{", JSONL),
        ("a.txt.gz", gzip.compress(b"", mtime=0), GZIP),
        ("a.warc.gz", gzip.compress(b"", mtime=0), WARC),
        ("a.unknown", b"WARC/1.0", WARC),
    ],
)
def test_content_decides_before_the_name_but_text_stays_text(
    name: str, head: bytes, found: Format | None
) -> None:
    assert format_of(name, head) == found


def articles(name: str, data: bytes) -> list[Article]:
    return list(Reader(Fields()).read(NamedData(data, name, name, f"dir/{name}")))


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


def test_a_part_that_cannot_be_read_takes_no_other_with_it(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(
        zipped(
            ("bad.pdf", b"%PDF-1.7"),
            ("bad.txt", b"\0\1\2"),
            ("rain.txt", b"It rained."),
            ("t.csv", b"a,b\n1,2,3\n"),
        )
    )
    with pytest.warns(FailedFileWarning) as told:
        assert [article.text for article in load_articles(tmp_path)] == ["It rained."]
    assert [
        str(warning.message).removeprefix(f"skipped {tmp_path}/a.zip/").partition(";")[0] for warning in told
    ] == [
        "bad.pdf: a damaged PDF file",
        "bad.txt: neither text nor a supported format",
        "t.csv: line 2: 3 fields, but the header has 2",
    ]
    with pytest.raises(ArticleReadError, match=r"a\.zip/bad\.pdf: a damaged PDF file"):
        load_articles(tmp_path, strict=True)


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.epub", "a.zip", "a"])
@pytest.mark.parametrize("kind", ["docx", "odt", "epub"])
def test_documents_that_are_zip_files_are_known_by_what_they_hold(kind: str, name: str) -> None:
    (article,) = articles(name, (FORMATS / kind / f"tea.{kind}").read_bytes())
    assert article.title == "Tea in the Quell Valley"


def test_an_archive_that_is_cut_off_is_not_read_as_one_within_it() -> None:
    inner = (FORMATS / "epub" / "tea.epub").read_bytes()
    data = zipped(("a.epub", inner), ("b.txt", b"It rained."))
    assert len(articles("a.zip", data)) == 2
    with pytest.raises(UnreadableDataError, match="not a ZIP archive, or a damaged one"):
        articles("a.zip", data[: len(inner) + 100])
    with pytest.raises(UnreadableDataError, match="not a DOCX file, or a damaged one"):
        articles("a.docx", data[: len(inner) + 100])


@pytest.mark.parametrize("name", ["rows.jsonl", "notes#1.jsonl", "a#b#c.jsonl", "d#1/rows.jsonl"])
def test_the_file_of_a_record_is_found_whatever_their_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"text": "It rained in Arden.", "id": "a/b#c"}))
    (citation,) = ArticleIndex.from_articles(load_articles(path)).ask("Where did it rain?").citations
    assert citation.verify_source() is SourceCheck.YES
    assert citation.line is None


def test_what_has_no_text_is_told_of(tmp_path: Path) -> None:
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(100, 100)
        document.save(tmp_path / "scan.pdf")
    (tmp_path / "nothing.zip").write_bytes(zipped(("x.png", b"\x89PNG")))
    with pytest.warns(DamagedTextWarning) as told:
        load_articles(tmp_path)
    assert [str(warning.message).removeprefix(f"{tmp_path}/") for warning in told] == [
        "nothing.zip: no articles in it",
        "scan.pdf: no text in it; if it is a scan, run OCR on it first",
    ]


def test_archives_in_archives_end() -> None:
    data = b"It rained."
    for _ in range(5):
        data = gzip.compress(data)
    with pytest.raises(UnreadableDataError, match="archives nested more than 3 deep"):
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


@pytest.mark.parametrize(
    ("name", "told"),
    [("a.xlsx", "not an XLSX file"), ("a.docx", "not a DOCX file"), ("a.epub", "not an EPUB file")],
)
def test_messages_say_a_and_an(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(ArticleReadError, match=told):
        load_articles(tmp_path / name)
