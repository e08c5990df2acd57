"""The same articles in every format: the same answers, and places that a person finds.

tests/fixtures/formats/make.py made the files from articles.json, with Chromium and LibreOffice.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from articleqa import Article, ArticleIndex, Citation, SourceCheck, load_articles

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"
ARTICLES = {article["name"]: article for article in json.loads((FORMATS / "articles.json").read_text())}
QUESTIONS = [json.loads(line) for line in (FORMATS / "questions.jsonl").read_text().splitlines()]
PACKED = (
    *("packed/articles.jsonl", "packed/articles.csv", "packed/articles.zip", "packed/gz"),
    *("packed/articles.rss", "packed/articles.atom", "packed/feed.json"),
    *("packed/articles.mbox", "packed/articles.warc"),
)
PDFS = ("pdf", "pdf-columns", "pdf-office")
EXTRACTED = ("html", "docx", "odt", "rtf", "epub", *PDFS)
FLAT = ("pptx", "xlsx", "eml")
"""Formats whose headings are not nested: the slides, sheets and lines of these files."""

OTHERS = ("rst", "mhtml", "msg", "vtt", "srt")

EPUB_OFFICE = "epub-office"
"""LibreOffice loses the header rows of tables in these."""


def paths_of(kind: str) -> list[Path]:
    if kind == "packed/gz":
        return sorted((FORMATS / "packed").glob("*.gz"))
    path = FORMATS / kind
    return sorted(path.iterdir()) if path.is_dir() else [path]


@cache
def index_of(kind: str, ranking: str = "words") -> ArticleIndex:
    """Return the index of the files of a kind; `ranking` only keeps apart what tests with the reader make."""
    return ArticleIndex.from_articles(load_articles(paths_of(kind)))


@cache
def first_citations(kind: str, ranking: str = "words") -> tuple[Citation | None, ...]:
    index = index_of(kind, ranking)
    answers = (index.ask(asked["question"], top_k=1, min_confidence=0) for asked in QUESTIONS)
    return tuple(answer.sentences[0].citation if answer.sentences else None for answer in answers)


def right(kind: str, *, ranking: str = "words") -> list[tuple[dict[str, Any], Citation]]:
    """Return the questions whose first sentence is right, with its citation."""
    return [
        (asked, citation)
        for asked, citation in zip(QUESTIONS, first_citations(kind, ranking), strict=True)
        if citation is not None
        and asked["answer"] in " ".join(citation.quote.split())
        and citation.title == ARTICLES[asked["article"]]["title"]
    ]


@pytest.mark.reader
@pytest.mark.parametrize("kind", FLAT)
def test_with_the_reader_as_many_questions_are_answered_right_as_from_plain_text(kind: str) -> None:
    of_text, of_kind = (len(right(each, ranking="reader")) for each in ("txt", kind))
    assert of_kind >= of_text >= 0.9 * len(QUESTIONS)


@pytest.mark.parametrize("kind", ["md", *EXTRACTED, "xlsx", "eml", *OTHERS, *PACKED])
def test_as_many_questions_are_answered_right_as_from_plain_text(kind: str) -> None:
    assert len(right("txt")) >= 0.9 * len(QUESTIONS)
    assert len(right(kind)) / len(QUESTIONS) >= len(right("txt")) / len(QUESTIONS) - 0.03


def test_headings_that_only_look_like_headings_are_found_in_e_books() -> None:
    found = right(EPUB_OFFICE)
    assert len(found) >= 0.9 * len(QUESTIONS)
    for asked, citation in found:
        assert list(citation.section)[1:] == asked["section"], asked["question"]


@pytest.mark.parametrize("kind", EXTRACTED)
def test_every_citation_names_its_section(kind: str) -> None:
    for asked, citation in right(kind):
        named = [part for part in citation.section if part != ARTICLES[asked["article"]]["title"]]
        row = [" | ".join(block[1]) for block in ARTICLES[asked["article"]]["blocks"] if block[0] == "table"]
        assert [part for part in named if part not in row] == asked["section"], asked["question"]
        assert (" | " in citation.quote) == any(part in row for part in named)


@pytest.mark.parametrize("kind", FLAT)
def test_every_citation_of_slides_sheets_and_mails_names_its_heading(kind: str) -> None:
    for asked, citation in right(kind):
        assert asked["section"][-1] in citation.section, asked["question"]


def test_every_citation_of_slides_names_its_slide() -> None:
    for asked, citation in right("pptx"):
        blocks = ARTICLES[asked["article"]]["blocks"]
        titles = [block[2] for block in blocks if block[0] == "h"]
        assert citation.page == 2 + titles.index(asked["section"][-1]), asked["question"]


@pytest.mark.parametrize("kind", PDFS)
def test_every_citation_of_a_pdf_names_its_page(kind: str) -> None:
    for asked, citation in right(kind):
        assert citation.page in pages_with(citation.source, citation.quote), asked["question"]
        if kind == "pdf":  # where the pages are broken as the source says
            assert citation.page == asked["page"], asked["question"]


def pages_with(path: str, quote: str) -> list[int]:
    """Return the pages on which PDFium itself finds the beginning of a quote, line ends aside."""
    wanted = squeezed(quote)[:15]
    with pypdfium2.PdfDocument(path) as document:
        texts = [squeezed(page.get_textpage().get_text_range()) for page in document]
    return [number for number, text in enumerate(texts, start=1) if wanted in text]


def squeezed(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@pytest.mark.parametrize("kind", ["txt", "md", *EXTRACTED, *FLAT, *OTHERS, *PACKED])
def test_every_citation_holds_in_its_article_and_in_its_source(kind: str) -> None:
    index = index_of(kind)
    for citation in first_citations(kind)[::10]:
        assert citation is not None
        assert citation.verify(index.articles[citation.article_id])
        assert citation.verify_source() is SourceCheck.YES


@pytest.mark.parametrize("kind", [*EXTRACTED, *FLAT])
def test_all_that_was_written_is_there_and_nothing_else(kind: str) -> None:
    for article in index_of(kind).articles.values():
        written = next(a for a in ARTICLES.values() if a["title"] == article.title)
        kept = "".join(
            block.span.of(article.text) for block in article.blocks or () if block.kind != "boilerplate"
        )
        for text in texts_of(written):
            assert squeezed(text) in squeezed(kept)
        extra = len(squeezed(kept)) - sum(len(squeezed(text)) for text in texts_of(written))
        assert extra <= 2 * len(squeezed(article.title)) + len(squeezed(written["author"])) + 10


def texts_of(written: dict[str, Any]) -> list[str]:
    """Return the texts of an article's source, block by block."""
    texts: list[str] = []
    for kind, *rest in written["blocks"]:
        if kind == "table":
            texts += ["".join(row) for row in (rest[0], *rest[1])]
        elif kind == "list":
            texts += rest[0]
        elif kind != "page":
            texts.append(rest[-1])
    return texts


@pytest.mark.parametrize("kind", EXTRACTED)
def test_what_the_format_knows_of_an_article_is_its_metadata(kind: str) -> None:
    for article in index_of(kind).articles.values():
        assert article.title in {written["title"] for written in ARTICLES.values()}
        assert str(article.metadata["extractor"]).count("/") >= 1
        assert len(str(article.metadata["sha256"])) == 64
        if kind == "html":
            written = next(a for a in ARTICLES.values() if a["title"] == article.title)
            assert (article.metadata["author"], article.metadata["date"]) == (
                written["author"],
                written["date"],
            )


def test_a_source_that_changed_or_is_gone_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "tea.docx"
    path.write_bytes((FORMATS / "docx" / "tea.docx").read_bytes())
    (article,) = load_articles(path)
    citation = (
        ArticleIndex.from_articles([article]).ask("Who brought seedlings home from Darjeeling?").citations[0]
    )
    assert citation.verify_source() is SourceCheck.YES
    path.write_bytes((FORMATS / "docx" / "harbour.docx").read_bytes())
    assert citation.verify_source() is SourceCheck.NO
    older = citation.model_copy(update={"extractor": "python-docx/0.1"})
    assert older.verify_source() is SourceCheck.OTHER_VERSION


def test_offsets_of_extracted_text_are_those_of_its_blocks() -> None:
    for kind in (*EXTRACTED, *FLAT):
        for article in index_of(kind).articles.values():
            check_blocks(article)


def check_blocks(article: Article) -> None:
    """Check that blocks are in order, apart, within the text and without outer white space; pages too."""
    end = 0
    for block in article.blocks or ():
        assert end <= block.span.start < block.span.end <= len(article.text)
        assert block.span.of(article.text) == block.span.of(article.text).strip()
        end = block.span.end
    assert list(article.pages) == sorted(article.pages)
    assert all(0 <= page <= len(article.text) for page in article.pages)
