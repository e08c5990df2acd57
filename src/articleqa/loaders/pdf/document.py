"""The PDF loader: pdfium reads the characters; their positions determine lines, columns and paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import regex
from pydantic import JsonValue

from articleqa.loaders.pdf.bullets import with_known_bullets
from articleqa.loaders.pdf.cells import with_cells
from articleqa.loaders.pdf.characters import UNKNOWN
from articleqa.loaders.pdf.columns import parts_in_reading_order
from articleqa.loaders.pdf.contents import contents_entries, is_common_heading
from articleqa.loaders.pdf.drawing import start_again
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
from articleqa.loaders.pdf.paragraphs import Block, Kind, blocks_in
from articleqa.loaders.pdf.reflow import FlowedBlock, Hyphens, join_continued_blocks
from articleqa.loaders.pdf.ruled_rows import column_lines
from articleqa.loaders.pdf.shapes import with_drawn_bullets
from articleqa.loaders.pdf.spaced_letters import with_whole_words
from articleqa.loaders.pdf.unknown_glyphs import are_better, with_letters
from articleqa.loaders.pdf.words import Word
from articleqa.loaders.pdf.written import LaidOut, Stretch
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.loaders.text_builder import TextBuilder
from articleqa.models import Article
from articleqa.text.bullets import BULLETS
from articleqa.text.lines import lines_of
from articleqa.text.plain.lists import marker_of
from articleqa.text.sentences.boundaries import boundaries

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

LAYOUT = 6
"""Version of the layout analysis in this package: another version may give another text for the same PDF."""

_UNKNOWN = regex.compile(f"[{chr(UNKNOWN)}-{chr(UNKNOWN + 0xFF)}]")
_LOOKED_AT = 1_000
"""Characters of a text in which the end of its first sentence is looked for."""

_HEAD = 1024
"""Number of bytes at the beginning of a file that must include the `%PDF-` marker."""


class _Part(NamedTuple):
    """The text of a part of a block, and what goes between it and the part before.

    `cut` says for each line whether its last character is left out: the hyphen of a broken word.
    """

    between: str
    text: str
    cut: tuple[bool, ...]


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
    return lay_out(data, article_id, source).article


def open_pdf(data: bytes) -> PdfDocument:
    """Open the PDF in `data`; a worker process has one open at a time.

    Raises:
        MissingLibraryError: pypdfium2 is not installed.
        UnreadableDataError: `data` is not a PDF, is damaged or locked by a password.
    """
    pypdfium2 = optional_import("pypdfium2", extra="pdf")
    start_again()
    if b"%PDF-" not in data[:_HEAD]:
        raise UnreadableDataError("not a PDF file; copy or download it again")
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        if _is_locked(data):
            raise UnreadableDataError("locked by a password; save it without one") from None
        raise UnreadableDataError("a damaged PDF file; print it to a new one") from None


def lay_out(data: bytes, article_id: str, source: str) -> LaidOut:
    """Return the article in `data`, as `load_pdf` does, and where each line was written in its text."""
    with open_pdf(data) as document:
        pages, unreadable = pages_of(document)
        metadata = metadata_of(document)
        title = title_in(document, source)
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
    article, stretches = _article(article_id, source, title, metadata, _columns(_rows(pages)))
    return LaidOut(article, stretches, recognised)


def _is_locked(data: bytes) -> bool:
    """Return whether a password is missing, for a file that cannot be opened.

    pdfium sets no error code for some damaged files, and keeps that of the file before: here, an empty one.
    """
    import pypdfium2

    code = None
    for attempt in (b"", data):
        try:
            pypdfium2.PdfDocument(attempt).close()
        except pypdfium2.PdfiumError as error:
            code = error.err_code
    return bool(code == pypdfium2.raw.FPDF_ERR_PASSWORD)


def _rows(pages: Sequence[Page]) -> list[list[Row]]:
    """Return the rows of each page without what runs through its margins; a table row is one row."""
    words = without_line_numbers([page.words for page in pages])
    body = _body_size(words)
    rows = without_margin_heads([[with_whole_words(row) for row in rows_of(on_page)] for on_page in words])
    rows = [
        with_cells(
            with_drawn_bullets(with_drop_caps(on_page, body), page.shapes),
            [*page.shapes, *column_lines(on_page, page.shapes)],
        )
        for page, on_page in zip(pages, rows, strict=True)
    ]
    return remove_headers_footers(rows, body)


def _body_size(pages: Iterable[Iterable[Word]]) -> float:
    """Return the font size of most characters."""
    exact = Counter[float]()
    for words in pages:
        for word in words:
            exact[word.size] += len(word.text)
    sizes = Counter[float]()
    for size, count in exact.items():
        sizes[round(size, 1)] += count
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
) -> tuple[Article, list[Stretch]]:
    measures = layout_stats_of(pages)
    columns = [(page, blocks_in(lines, measures)) for page, parts in enumerate(pages) for lines in parts]
    passages = join_continued_blocks(columns, measures)
    levels = heading_levels(passages, measures)
    hyphens = Hyphens(line for parts in pages for lines in parts for line in lines)
    texts = [_texts(passage, hyphens) for passage in passages]
    contents = contents_entries([parts[0].text if len(parts) == 1 else "" for parts in texts])
    recogniser = f"+{version_of_tesseract()}" if "ocr_pages" in metadata else ""
    writer = _Writer()
    for number, (passage, level) in enumerate(zip(passages, levels, strict=True)):
        writer.add(passage, texts[number], level, is_contents=number in contents)
    writer.turn_to(len(pages) - 1)
    article = writer.builder.article(
        article_id,
        source,
        title=title or _title(passages, levels, texts, source),
        media_type="application/pdf",
        extractor=f"pypdfium2/{library_version('pypdfium2')}+layout/{LAYOUT}{recogniser}",
        metadata=metadata,
    )
    return article, writer.stretches


def _title(
    passages: Sequence[FlowedBlock], levels: Sequence[int | None], texts: Sequence[list[_Part]], source: str
) -> str:
    """Return the largest heading of the first page, else the first heading, else the first sentence.

    Headings that most documents have, such as "References", are no titles, and neither are rows of tables.
    """
    headings = [
        (passage, parts[0].text)
        for passage, level, parts in zip(passages, levels, texts, strict=True)
        if level is not None and not is_common_heading(parts[0].text)
    ]
    on_first = [(passage.head.size, text) for passage, text in headings if passage.page == 0]
    if on_first:
        return max(on_first, key=lambda each: each[0])[1]
    if headings:
        return headings[0][1]
    for passage, parts in zip(passages, texts, strict=True):
        text = parts[0].text
        if passage.head.kind is not Kind.TABLE and any(map(str.isalpha, text)):
            return text[: next(boundaries(text, 0, min(len(text), _LOOKED_AT)), len(text))]
    return Path(source).stem


class _Writer:
    """Writes blocks to a text, and keeps where each of their parts is in it."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self.stretches: list[Stretch] = []
        self._begun = 0

    def turn_to(self, page: int) -> None:
        """Begin the pages up to `page` that have not begun already."""
        for _ in range(self._begun, page + 1):
            self.builder.page()
        self._begun = max(self._begun, page + 1)

    def add(self, passage: FlowedBlock, parts: list[_Part], level: int | None, *, is_contents: bool) -> None:
        """Write a block; an entry of a table of contents is never an answer."""
        self.turn_to(passage.page)
        if passage.head.kind is Kind.TABLE and not is_contents:
            self._add_table(passage)
            return
        start, text = self.builder.length, parts[0].text
        if is_contents:
            self.builder.boilerplate(text)
        elif level is not None:
            self.builder.heading(text, level)
        elif passage.head.kind is Kind.ITEM:
            marker = _marker_length(text)
            self.builder.item(text[marker:], marker=text[:marker])
        else:
            self.builder.paragraph(text)
        self._keep(passage.page, start, passage.head, parts[0])
        for (page, block), part in zip(passage.parts[1:], parts[1:], strict=True):
            self.turn_to(page)
            start = self.builder.length
            self.builder.continue_paragraph(part.text, part.between)
            self._keep(page, start, block, part)

    def _add_table(self, passage: FlowedBlock) -> None:
        for number, row in enumerate(passage.head.rows):
            start = self.builder.length
            is_header = number == 0 and passage.has_header
            (self.builder.header_row if is_header else self.builder.row)(row)
            if self.builder.length > start:
                cells = passage.head.cells[number]
                self.stretches.append(Stretch(passage.page, start, self.builder.length, row=cells))

    def _keep(self, page: int, start: int, block: Block, part: _Part) -> None:
        if self.builder.length > start:
            self.stretches.append(Stretch(page, start, self.builder.length, block.lines, part.cut))


def _marker_length(text: str) -> int:
    """Return how many characters at the start of an item are its bullet or number; 0 if nothing follows."""
    if text[0] in BULLETS:
        rest = text[1:].lstrip()
        return len(text) - len(rest) if rest else 0
    marker = marker_of(text, lines_of(text)[0])
    return marker.text_start if marker else 0


def _texts(passage: FlowedBlock, hyphens: Hyphens) -> list[_Part]:
    """Return the parts of `passage`."""
    parts: list[_Part] = []
    between = ""
    for place, (_, block) in enumerate(passage.parts):
        following = passage.parts[place + 1][1].lines[:1] if place + 1 < len(passage.parts) else []
        pieces: list[str] = []
        cut: list[bool] = []
        for line, below in zip_longest(block.lines, [*block.lines[1:], *following]):
            text, joint = hyphens.joined(line.text, below.text) if below else (line.text, "")
            pieces += [text, joint]
            cut.append(len(text) < len(line.text))
        written = "".join(pieces[:-1])
        if not written.isascii():
            written = _UNKNOWN.sub("\ufffd", written.replace("\u00ad", ""))
        parts.append(_Part(between, written, tuple(cut)))
        between = pieces[-1]
    return parts
