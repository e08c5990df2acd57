"""The PDF loader: pdfium reads the characters; their positions determine lines, columns and paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path

import regex
from pydantic import JsonValue

from articleqa.loaders.pdf.bullets import with_known_bullets
from articleqa.loaders.pdf.cells import with_cells
from articleqa.loaders.pdf.characters import UNKNOWN
from articleqa.loaders.pdf.columns import parts_in_reading_order
from articleqa.loaders.pdf.contents import contents_entries, is_common_heading
from articleqa.loaders.pdf.drop_caps import with_drop_caps
from articleqa.loaders.pdf.headers_footers import remove_headers_footers
from articleqa.loaders.pdf.headings import heading_levels
from articleqa.loaders.pdf.layout_stats import layout_stats_of
from articleqa.loaders.pdf.line_numbers import without_line_numbers
from articleqa.loaders.pdf.lines import Line, Row, line_of, rows_of
from articleqa.loaders.pdf.margin_heads import without_margin_heads
from articleqa.loaders.pdf.metadata import metadata_of, title_in
from articleqa.loaders.pdf.ocr import recognise, version_of_tesseract
from articleqa.loaders.pdf.pages import Page, pages_of
from articleqa.loaders.pdf.paragraphs import Kind, blocks_in
from articleqa.loaders.pdf.reflow import FlowedBlock, Hyphens, join_continued_blocks
from articleqa.loaders.pdf.shapes import with_drawn_bullets
from articleqa.loaders.pdf.unknown_glyphs import are_better, with_letters
from articleqa.loaders.pdf.words import Word
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.loaders.text_builder import TextBuilder
from articleqa.models import Article

LAYOUT = 3
"""Version of the layout analysis in this package: another version may give another text for the same PDF."""

_Texts = list[tuple[str, str]]
"""The texts of a block's parts, each with what goes between it and the text before."""

_UNKNOWN = regex.compile(f"[{chr(UNKNOWN)}-{chr(UNKNOWN + 0xFF)}]")
_HEAD = 1024
"""Number of bytes at the beginning of a file that must include the `%PDF-` marker."""


def load_pdf(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`: its text in reading order, with the offset of each page.

    Headers, footers, page numbers, and text at a different angle from most of its page are left out. Words
    broken at a line end are rejoined, and so are paragraphs that continue in another column or on another
    page; footnotes become paragraphs of their own. Pages without a text layer (scans) are recognised if the
    extra `ocr` and Tesseract are installed, and `metadata["ocr_pages"]` lists them; else they are empty, and
    `metadata["scanned_pages"]` is their number.
    Pages that cannot be read are empty, and `metadata["unreadable_pages"]` is their number;
    `metadata["garbled_pages"]` is the number of pages whose letters are unknown.

    Raises:
        MissingLibraryError: pypdfium2 is not installed.
        UnreadableDataError: `data` is not a PDF, is damaged or locked by a password, or exceeds the limits.
    """
    pypdfium2 = optional_import("pypdfium2", extra="pdf")
    if b"%PDF-" not in data[:_HEAD]:
        raise UnreadableDataError("not a PDF file; copy or download it again")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise UnreadableDataError(
            "locked by a password; save it without one"
            if is_locked
            else "a damaged PDF file; print it to a new one"
        ) from None
    with document:
        pages, unreadable = pages_of(document)
        metadata = metadata_of(document)
        title = title_in(document)
        words, garbled = with_letters([page.words for page in pages])
        textless = [number for number, on_page in enumerate(words) if garbled[number] or not on_page]
        scans = recognise(document, textless)
    recognised = {
        number: on_page
        for number, on_page in scans.words.items()
        if not garbled[number] or are_better(on_page, pages[number].words)
    }
    for number, on_page in enumerate(words):
        pages[number].words = recognised.get(number, on_page)
        if number in recognised:
            pages[number].shapes = []
    counts = {
        "unreadable_pages": unreadable,
        "garbled_pages": sum(garbled[number] for number in range(len(pages)) if number not in recognised),
        "scanned_pages": sum(not garbled[number] for number in scans.left),
    }
    metadata |= {name: count for name, count in counts.items() if count}
    if recognised:
        metadata["ocr_pages"] = [number + 1 for number in recognised]
    return _article(article_id, source, title, metadata, _columns(_rows(pages)))


def _rows(pages: Sequence[Page]) -> list[list[Row]]:
    """Return the rows of each page without what runs through its margins; a table row is one row."""
    words = without_line_numbers([page.words for page in pages])
    body = _body_size(words)
    rows = without_margin_heads([rows_of(on_page) for on_page in words])
    rows = [
        with_cells(with_drawn_bullets(with_drop_caps(on_page, body), page.shapes), page.shapes)
        for page, on_page in zip(pages, rows, strict=True)
    ]
    return remove_headers_footers(rows, body)


def _body_size(pages: Iterable[Iterable[Word]]) -> float:
    """Return the font size of most characters."""
    sizes = Counter[float]()
    for words in pages:
        for word in words:
            sizes[round(word.size, 1)] += len(word.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def _columns(pages: Sequence[list[Row]]) -> list[list[list[Line]]]:
    """Return the lines of each page, column by column."""
    known: set[int] = set()
    parts = with_known_bullets(parts_in_reading_order(rows, known) for rows in pages)
    return [[[line_of(row) for row in part] for part in on_page] for on_page in parts]


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
    levels = heading_levels(passages, measures)
    hyphens = Hyphens(line for parts in pages for lines in parts for line in lines)
    texts = [_texts(passage, hyphens) for passage in passages]
    contents = contents_entries([text if len(parts) == 1 else "" for parts in texts for _, text in parts[:1]])
    recogniser = f"+{version_of_tesseract()}" if "ocr_pages" in metadata else ""
    builder = TextBuilder()
    begun = 0
    for number, (passage, level) in enumerate(zip(passages, levels, strict=True)):
        begun = _turn_to(passage.page, begun, builder)
        if number in contents:
            builder.boilerplate(texts[number][0][1])
        else:
            begun = _add(passage, texts[number], level, begun, builder)
    _turn_to(len(pages) - 1, begun, builder)
    return builder.article(
        article_id,
        source,
        title=title or _title(passages, levels, texts, source),
        media_type="application/pdf",
        extractor=f"pypdfium2/{library_version('pypdfium2')}+layout/{LAYOUT}{recogniser}",
        metadata=metadata,
    )


def _title(
    passages: Sequence[FlowedBlock], levels: Sequence[int | None], texts: Sequence[_Texts], source: str
) -> str:
    """Return the largest heading of the first page, else the first heading, else the first text.

    Headings that most documents have, such as "References", are no titles, and neither are rows of tables.
    """
    headings = [
        (passage, parts[0][1])
        for passage, level, parts in zip(passages, levels, texts, strict=True)
        if level is not None and not is_common_heading(parts[0][1])
    ]
    on_first = [(passage.head.size, text) for passage, text in headings if passage.page == 0]
    if on_first:
        return max(on_first, key=lambda each: each[0])[1]
    shown = [text for _, text in headings] or [
        parts[0][1]
        for passage, parts in zip(passages, texts, strict=True)
        if passage.head.kind is not Kind.TABLE and any(map(str.isalpha, parts[0][1]))
    ]
    return shown[0] if shown else Path(source).stem


def _turn_to(page: int, begun: int, builder: TextBuilder) -> int:
    """Begin the pages up to `page`, `begun` of which have begun already; return how many have begun now."""
    for _ in range(begun, page + 1):
        builder.page()
    return max(begun, page + 1)


def _add(passage: FlowedBlock, texts: _Texts, level: int | None, begun: int, builder: TextBuilder) -> int:
    if passage.head.kind is Kind.TABLE:
        header, *rows = passage.head.rows
        (builder.header_row if passage.has_header else builder.row)(header)
        for row in rows:
            builder.row(row)
        return begun
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


def _texts(passage: FlowedBlock, hyphens: Hyphens) -> _Texts:
    """Return (separator, text) for each part of `passage`; the separator goes before the text."""
    texts: _Texts = []
    between = ""
    for place, (_, block) in enumerate(passage.parts):
        following = passage.parts[place + 1][1].lines[:1] if place + 1 < len(passage.parts) else []
        pieces: list[str] = []
        for line, below in zip_longest(block.lines, [*block.lines[1:], *following]):
            text, joint = hyphens.joined(line.text, below.text) if below else (line.text, "")
            pieces += [text, joint]
        texts.append((between, _UNKNOWN.sub("\ufffd", "".join(pieces[:-1]).replace("\u00ad", ""))))
        between = pieces[-1]
    return texts
