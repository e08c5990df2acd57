"""Of documents made at random, every citation holds in its article and in the file that is read again."""

from __future__ import annotations

import html
import io
import json
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articleqa import ArticleIndex, SourceCheck, load_articles

Paragraphs = Sequence[str]


def as_text(paragraphs: Paragraphs) -> bytes:
    return "\n\n".join(paragraphs).encode()


def as_html(paragraphs: Paragraphs) -> bytes:
    body = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    return f"<html><body><article><h1>Of rain</h1>{body}</article></body></html>".encode()


def as_docx(paragraphs: Paragraphs) -> bytes:
    document = docx.Document()
    document.add_heading("Of rain", 1)
    for text in paragraphs:
        document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def as_jsonl(paragraphs: Paragraphs) -> bytes:
    return "\n".join(json.dumps({"text": text}) for text in paragraphs).encode()


def as_zip(paragraphs: Paragraphs) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for number, text in enumerate(paragraphs):
            archive.writestr(f"{number}/a#b.txt", text)
    return written.getvalue()


def as_epub(paragraphs: Paragraphs) -> bytes:
    written = io.BytesIO()
    container = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    package = (
        '<package><metadata/><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>'
        '</manifest><spine><itemref idref="c"/></spine></package>'
    )
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("b.opf", package)
        archive.writestr("c.xhtml", as_html(paragraphs))
    return written.getvalue()


def as_pdf(paragraphs: Paragraphs) -> bytes:
    written = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        for text in paragraphs:
            page = document.new_page(2000, 800)
            line = pdfium.FPDFPageObj_NewTextObj(document, b"Helvetica", 12.0)
            letters = (text + "\0").encode("utf-16-le")
            pdfium.FPDFText_SetText(line, (pdfium.FPDF_WCHAR * (len(letters) // 2)).from_buffer_copy(letters))
            pdfium.FPDFPageObj_Transform(line, 1, 0, 0, 1, 50, 700)
            pdfium.FPDFPage_InsertObject(page, line)
            pdfium.FPDFPage_GenerateContent(page)
        document.save(written)
    return written.getvalue()


WRITERS: dict[str, Callable[[Paragraphs], bytes]] = {
    "txt": as_text,
    "md": as_text,
    "rst": as_text,
    "html": as_html,
    "docx": as_docx,
    "jsonl": as_jsonl,
    "zip": as_zip,
    "epub": as_epub,
    "pdf": as_pdf,
}
WORDS = st.sampled_from(
    ["rain", "fell", "Arden", "10", "é", "“so”", "<b>", "&amp;", "a_b", "U.S.", "*", "1.", "|"]
)
PARAGRAPHS = st.lists(
    st.lists(WORDS, min_size=3, max_size=12).map(lambda words: "The " + " ".join(words) + "."),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(paragraphs=PARAGRAPHS)
def test_every_citation_verifies_in_its_article_and_its_source(
    kind: str, paragraphs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "")  # a process for each file takes its time
    path = tmp_path / f"a.{kind}"
    path.write_bytes(WRITERS[kind](paragraphs))
    index = ArticleIndex.from_articles(load_articles(path))
    sentences = index.ask("Where did the rain fall?", top_k=5, min_confidence=0).sentences
    for sentence in sentences:
        for citation in (sentence.citation, *sentence.also):
            article = index.articles[citation.article_id]
            assert article.text[citation.start : citation.end] == citation.quote
            assert citation.verify(article)
            assert citation.verify_source() is SourceCheck.YES
    if any("rain" in passage.terms() for passage in index.passages):
        assert sentences
