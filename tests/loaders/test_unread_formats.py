"""Formats that are not read: one message says what to convert a file to."""

from __future__ import annotations

from pathlib import Path

import pytest

from articleqa import ArticleReadError, SkippedFileWarning, load_articles

OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.PPT", OLE, "save it as .pptx"),
        ("a.xls", OLE, "save it as .xlsx"),
        ("a.ods", b"PK\x03\x04" + bytes(30), "save it as .xlsx"),
        ("a.pages", b"PK\x03\x04" + bytes(30), "export it as .docx"),
        ("a.png", b"\x89PNG", "run OCR on it"),
        ("a.mp3", b"ID3", "transcribe it"),
        ("a.json", b'{"a": 1}', "write one object a line"),
    ],
)
def test_a_file_that_is_not_read_is_named_with_what_to_do(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    (tmp_path / "b.txt").write_text("It rained.")
    with pytest.raises(ArticleReadError, match=f"{name}: .*{message}"):
        load_articles(path)
    with pytest.warns(SkippedFileWarning, match=f"{name}: .*{message}"):
        assert [article.id for article in load_articles(tmp_path)] == ["b.txt"]
