"""The PDF loader: pdfium reads the characters; their positions determine lines, columns and paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from itertools import zip_longest
from typing import TYPE_CHECKING

from pydantic import JsonValue

from articleqa.loaders.pdf.cells import with_cells
from articleqa.loaders.pdf.columns import parts_in_reading_order
from articleqa.loaders.pdf.headers_footers import remove_headers_footers
from articleqa.loaders.pdf.headings import Headings
from articleqa.loaders.pdf.layout_stats import layout_stats_of
from articleqa.loaders.pdf.lines import Line, Row, line_of, rows_of
from articleqa.loaders.pdf.metadata import metadata_of, title_in
from articleqa.loaders.pdf.paragraphs import Kind, blocks_in
from articleqa.loaders.pdf.reflow import FlowedBlock, Hyphens, join_continued_blocks
from articleqa.loaders.pdf.shapes import shapes_of, with_drawn_bullets
from articleqa.loaders.pdf.words import words_of
from articleqa.loaders.protocol import UnreadableDataError, optional_import
from articleqa.loaders.text_builder import TextBuilder
from articleqa.models import Article

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

LAYOUT = 2
"""Version of the layout analysis in this package: another version may give another text for the same PDF."""

MOST_PAGES = 5_000
MOST_CHARACTERS = 10_000_000
"""Limits for one file; laying out this many characters takes about a gigabyte of memory."""

_HEAD = 1024
"""Number of bytes at the beginning of a file that must include the `%PDF-` marker."""


def load_pdf(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`: its text in reading order, with the offset of each page.

    Headers, footers, page numbers, and text at a different angle from most of its page are left out. Words
    broken at a line end are rejoined, and so are paragraphs that continue in another column or on another
    page; footnotes become paragraphs of their own. A PDF without a text layer (a scan) gives an empty text.
    Pages that cannot be read are empty, and `metadata["unreadable_pages"]` is their number.

    Raises:
        MissingLibraryError: pypdfium2 is not installed.
        UnreadableDataError: `data` is not a PDF, is damaged or locked by a password, or exceeds the limits.
    """
    pypdfium2 = optional_import("pypdfium2", extra="pdf")
    if b"%PDF-" not in data[:_HEAD]:
        raise UnreadableDataError("not a PDF file")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise UnreadableDataError("locked by a password" if is_locked else "a damaged PDF file") from None
    with document:
        pages, unreadable = _pages(document)
        metadata = metadata_of(document)
        title = title_in(document)
    if unreadable:
        metadata["unreadable_pages"] = unreadable
    return _article(article_id, source, title, metadata, _columns(pages))


def _pages(document: PdfDocument) -> tuple[list[list[Row]], int]:
    """Return the rows of each page, and the number of pages that cannot be read."""
    from pypdfium2 import PdfiumError

    if len(document) > MOST_PAGES:
        raise UnreadableDataError(f"has more than {MOST_PAGES:,} pages")
    pages: list[list[Row]] = []
    characters = unreadable = 0
    for number in range(len(document)):
        pages.append([])
        try:
            page = document[number]
        except PdfiumError:
            unreadable += 1
            continue
        try:
            text = page.get_textpage()
            characters += text.count_chars()
            if characters > MOST_CHARACTERS:
                raise UnreadableDataError(f"has more than {MOST_CHARACTERS:,} characters")
            rows, shapes = rows_of(words_of(text)), shapes_of(page)
            pages[-1] = with_cells(with_drawn_bullets(rows, shapes), shapes)
        except PdfiumError:
            unreadable += 1
        finally:
            page.close()
    if not pages or unreadable == len(pages):
        raise UnreadableDataError("a damaged PDF file")
    return pages, unreadable


def _columns(pages: Sequence[Sequence[Row]]) -> list[list[list[Line]]]:
    """Return the lines of each page, column by column, without headers and footers."""
    sizes = Counter[float]()
    for rows in pages:
        for row in rows:
            for word in row:
                sizes[round(word.size, 1)] += len(word.text)
    body = max(sizes, key=lambda size: (sizes[size], size), default=0.0)
    known: set[int] = set()
    return [
        [[line_of(row) for row in part] for part in parts_in_reading_order(rows, known)]
        for rows in remove_headers_footers(pages, body)
    ]


def _article(
    article_id: str,
    source: str,
    title: str,
    metadata: dict[str, JsonValue],
    pages: Sequence[Sequence[Sequence[Line]]],
) -> Article:
    measures = layout_stats_of(pages)
    columns = [(page, blocks_in(lines, measures)) for page, parts in enumerate(pages) for lines in parts]
    passages = join_continued_blocks(columns, measures)
    headings = Headings((passage.head for passage in passages), measures)
    hyphens = Hyphens(line for parts in pages for lines in parts for line in lines)
    builder = TextBuilder()
    begun = 0
    largest: tuple[float, str] = (0.0, "")
    for passage in passages:
        begun = _turn_to(passage.page, begun, builder)
        level = headings.level_of(passage.head)
        if level is not None and passage.page == 0 and passage.head.size > largest[0]:
            largest = passage.head.size, _texts(passage, hyphens)[0][1]
        begun = _add(passage, level, begun, hyphens, builder)
    _turn_to(len(pages) - 1, begun, builder)
    return builder.article(
        article_id,
        source,
        title=title or largest[1],
        media_type="application/pdf",
        extractor=f"pypdfium2/{version('pypdfium2')}+layout/{LAYOUT}",
        metadata=metadata,
    )


def _turn_to(page: int, begun: int, builder: TextBuilder) -> int:
    """Begin the pages up to `page`, `begun` of which have begun already; return how many have begun now."""
    for _ in range(begun, page + 1):
        builder.page()
    return max(begun, page + 1)


def _add(passage: FlowedBlock, level: int | None, begun: int, hyphens: Hyphens, builder: TextBuilder) -> int:
    if passage.head.kind is Kind.TABLE:
        header, *rows = passage.head.rows
        (builder.header_row if passage.has_header else builder.row)(header)
        for row in rows:
            builder.row(row)
        return begun
    texts = _texts(passage, hyphens)
    _, text = texts[0]
    if level is not None:
        builder.heading(text, level)
    elif passage.head.kind is Kind.ITEM:
        builder.item(text)
    else:
        builder.paragraph(text)
    for (page, _), (between, text) in zip(passage.parts[1:], texts[1:], strict=True):
        begun = _turn_to(page, begun, builder)
        builder.continue_paragraph(text, between)
    return begun


def _texts(passage: FlowedBlock, hyphens: Hyphens) -> list[tuple[str, str]]:
    """Return (separator, text) for each part of `passage`; the separator goes before the text."""
    texts: list[tuple[str, str]] = []
    between = ""
    for place, (_, block) in enumerate(passage.parts):
        following = passage.parts[place + 1][1].lines[:1] if place + 1 < len(passage.parts) else []
        pieces: list[str] = []
        for line, below in zip_longest(block.lines, [*block.lines[1:], *following]):
            text, joint = hyphens.joined(line.text, below.text) if below else (line.text, "")
            pieces += [text, joint]
        texts.append((between, "".join(pieces[:-1]).replace("\u00ad", "")))
        between = pieces[-1]
    return texts
