"""How a PDF is laid out: columns, tables, lists, slides, titles, addresses, and text over page breaks."""

from __future__ import annotations

import ctypes
import io
import textwrap
from collections.abc import Iterable

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from articleqa import ArticleIndex
from articleqa.loaders.pdf.bullets import with_known_bullets
from articleqa.loaders.pdf.words import Word
from articleqa.models import BlockKind
from pdf_pages import Text, lines, of_kind, pdf_of, read, read_kind, wrapped

PROSE = [f"It rained for {number} days in the town before the river rose." for number in range(40)]


def test_three_columns_at_different_heights_are_read_one_by_one() -> None:
    article = read_kind("three_columns_drawn_by_height")
    assert not of_kind(article, BlockKind.ROW)
    expected = "The fee for a night at the quay rose from four to six crowns last winter."
    places = [article.text.index(part) for part in ("chose a new pilot", "keeps bees", "grinds oats")]
    assert expected in article.text
    assert places == sorted(places)


def test_cells_of_many_lines_are_whole() -> None:
    rows = of_kind(read_kind("table_cells_of_many_lines"), BlockKind.ROW)
    cell = (
        "The register stays in the iron chest, and a copy is written every Friday by a second clerk who does"
        " not work at the quay."
    )
    assert rows[0].split(" | ")[2] == cell


def drawn(data: bytes, boxes: Iterable[tuple[float, float, float, float]]) -> bytes:
    """Return the PDF with boxes filled on its first page: left, lower edge below the top, width, height."""
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    for left, down, width, height in boxes:
        box = pdfium.FPDFPageObj_CreateNewRect(left, page.get_height() - down, width, height)
        pdfium.FPDFPath_SetDrawMode(box, pdfium.FPDF_FILLMODE_WINDING, False)
        pdfium.FPDFPage_InsertObject(page.raw, box)
    page.gen_content()
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def ruled(data: bytes, heights: list[float], left: float, right: float, *, boxed: bool = False) -> bytes:
    """Return the PDF with level lines drawn on its first page, so far below its top, and a box around it."""
    page = [(0.0, 800.0, 600.0, 800.0)] if boxed else []
    return drawn(data, [(left, down, right - left, 0.5) for down in heights] + page)


def table_of(rows: list[list[str]], xs: list[float], widths: list[int], *, apart: float = 8) -> list[Text]:
    """Lay out a table cell by cell, its cells in lines of at most `widths` characters, from 100 points on."""
    shown: list[Text] = []
    down = 100.0
    for row in rows:
        cells = [textwrap.wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
        shown += [text for x, cell in zip(xs, cells, strict=True) for text in lines(cell, x, down)]
        down += 12 * max(map(len, cells)) + apart
    return shown


TRADES = [
    ["Town", "What is made there", "Who keeps it"],
    ["Osterby", "Oats are ground on Mondays and on Fridays", "The miller of the lower quay and his sons"],
    ["Melvik", "Rope is laid in the long shed by the water, and sold by length", "Nobody"],
    ["Harum", "Salt", "A company of four brothers from the island of Runde"],
    ["Lund", "Bells are cast when the wind is north", "The church keeps it with money of the town"],
    ["Aker", "Nets are knotted by hand in every house", "The guild of fishers of the inner fjord"],
]


def test_tall_cells_without_lines_are_no_column_of_text() -> None:
    """Of their lines, those of the last cell of each row are as many and as full as lines of prose."""
    rows = [
        TRADES[0],
        *(
            [town, " ".join(PROSE[n : n + 2]), " ".join(PROSE[n + 8 : n + 10])]
            for n, (town, *_) in enumerate(TRADES)
        ),
    ]
    article = read(pdf_of(table_of(rows, [50, 130, 370], [12, 34, 30])))
    assert of_kind(article, BlockKind.ROW) == [" | ".join(row) for row in rows[1:]]


@pytest.mark.parametrize("second", [0, 60])
def test_a_heading_between_two_tables_is_none_of_their_rows(second: float) -> None:
    """Whether their columns stand below each other or not."""
    fees = [["Port", "Fee", "Since"], ["Melvik", "12", "2019"], ["Osterby", "7", "2021"]]
    ships = [["Year", "Ships", "Cargo"], ["2019", "110", "Salt"], ["2020", "97", "Rope"]]

    def table(rows: list[list[str]], xs: list[float], down: float) -> list[Text]:
        return [
            Text(cell, x, down + 14 * n)
            for n, row in enumerate(rows)
            for x, cell in zip(xs, row, strict=True)
        ]

    first = table(fees, [50, 200, 400], 100)
    below = table(ships, [50, 200 + second, 400 + second], 170)
    article = read(pdf_of([*first, Text("Ships of the year", 50, 152, 14), *below]))
    assert of_kind(article, BlockKind.HEADING) == ["Ships of the year"]
    assert of_kind(article, BlockKind.HEADER_ROW) == [" | ".join(rows[0]) for rows in (fees, ships)]
    assert of_kind(article, BlockKind.ROW) == [" | ".join(row) for rows in (fees, ships) for row in rows[1:]]


def test_last_row_of_a_striped_table_is_a_row() -> None:
    texts = table_of(TRADES, [50, 130, 370], [12, 34, 30])
    tops = [text.down - 10 for text in texts if text.x == 50]
    stripes = [(45.0, bottom, 530.0, bottom - top) for top, bottom in zip(tops[::2], tops[1::2], strict=True)]
    article = read(drawn(pdf_of([*texts, *lines(PROSE[:4], down=400)]), stripes))
    assert of_kind(article, BlockKind.ROW) == [" | ".join(row) for row in TRADES[1:]]


def test_cells_of_many_lines_are_whole_between_level_lines() -> None:
    cells = {
        50: [["Risk"], ["Loss of the", "book"], ["Fire"], ["Flood"]],
        200: [
            ["What happens"],
            ["Rain makes the names", "hard to read within", "an hour."],
            ["It burns."],
            ["None."],
        ],
        400: [
            ["What is done"],
            ["It stays in a chest."],
            ["Buckets stand on", "each stair."],
            ["Nothing", "at all."],
        ],
    }
    tops = [100, 114, 152, 178]
    shown = [
        text
        for x, rows in cells.items()
        for top, row in zip(tops, rows, strict=True)
        for text in lines(row, x, top + 10)
    ]
    article = read(ruled(pdf_of(shown), [*tops, 204], 45, 560))
    assert of_kind(article, BlockKind.ROW) == [
        "Loss of the book | Rain makes the names hard to read within an hour. | It stays in a chest.",
        "Fire | It burns. | Buckets stand on each stair.",
        "Flood | None. | Nothing at all.",
    ]


def test_raised_numbers_of_notes_stay_in_their_row_on_a_drawn_page() -> None:
    notes = [
        text
        for n, note in enumerate(["Counted in May.", "Counted in June."])
        for text in (Text(str(n + 1), 50, 696 + 12 * n, 6), Text(note, 56, 700 + 12 * n, 10))
    ]
    text = read(ruled(pdf_of([*lines(PROSE[:20]), *notes]), [690], 0, 600, boxed=True)).text
    assert "¹ Counted in May." in text
    assert "² Counted in June." in text


def test_groups_of_rows_between_level_lines_stay_rows() -> None:
    rows = [["Town", "Boats"], ["Harth", "9"], ["Kolm", "4"], ["Varn", "7"], ["Brome", "2"]]
    shown = [
        Text(cell, 50 + 200 * n, 110 + 14 * row)
        for row, cells in enumerate(rows)
        for n, cell in enumerate(cells)
    ]
    article = read(ruled(pdf_of(shown), [98, 114, 142, 170], 45, 560))
    assert of_kind(article, BlockKind.ROW) == ["Harth | 9", "Kolm | 4", "Varn | 7", "Brome | 2"]


def test_bullets_of_a_symbol_font_make_a_list() -> None:
    article = read_kind("bullets_of_other_glyphs")
    items = of_kind(article, BlockKind.ITEM)
    assert len(items) == 4
    assert all(item[0].isupper() for item in items)
    assert article.text.count("• ") == 4


@pytest.mark.parametrize("glyph", ["o", "n", "¢"])
def test_a_letter_of_another_font_before_each_item_is_a_bullet(glyph: str) -> None:
    items = ["Hives need a fence.", "Honey bears a number.", "The clerk keeps the book."]
    shown = [
        text
        for number, item in enumerate(items)
        for text in (
            Text(glyph, 50, 100 + 12 * number, 10, b"Courier"),
            Text(item, 70, 100 + 12 * number, 10, b"Helvetica"),
        )
    ]
    assert of_kind(read(pdf_of(shown)), BlockKind.ITEM) == items


@pytest.mark.parametrize(("elsewhere", "shown"), [(0, "•"), (3, "→")])
def test_arrows_are_bullets_only_if_they_begin_lines(elsewhere: int, shown: str) -> None:
    def word(text: str, left: float) -> Word:
        return Word(text, left, left + 6.0 * len(text), 100.0, 10.0, False, left > 50, 0, font="Sans")

    rows = [[word("→", 50), word("Hives", 58), word("need", 92)] for _ in range(3)]
    rows += [[word("File", 50), word("→", 78), word("Save", 88)] for _ in range(elsewhere)]
    (((first, *_),),) = with_known_bullets([[rows]])
    assert [each.text for each in first] == [shown, "Hives", "need"]


def test_points_of_slides_can_answer_and_their_titles_are_headings() -> None:
    article = read_kind("slides")
    assert of_kind(article, BlockKind.HEADING) == [
        "Bees in the valley",
        "The mill at Osterby",
        "The harbour of Melvik",
    ]
    answer = ArticleIndex.from_articles([article]).ask("Who must tell the parish clerk?", min_confidence=0)
    assert "Anyone who keeps bees" in answer.text


def test_slides_without_bullets_have_one_heading_each() -> None:
    pages = [
        [
            Text(f"Lesson {number}", 50, 60, 32),
            Text(f"Lamps of kind {number} burn oil", 50, 140, 24),
            Text("Boats show a green one", 50, 200, 24),
            Text("Source: the charter", 50, 380, 10),
        ]
        for number in range(3)
    ]
    article = read(pdf_of(*pages, width=720, height=400))
    assert of_kind(article, BlockKind.HEADING) == [f"Lesson {number}" for number in range(3)]


@pytest.mark.parametrize(
    ("cap", "rest", "expected"),
    [
        ("T", "he mill grinds", "The mill grinds"),
        ("A", "fter dusk the", "After dusk the"),
        ("A", "boat comes in", "A boat comes in"),
        ("W", "HEN the boats", "WHEN the boats"),
    ],
)
def test_a_drop_cap_is_joined_to_its_word(cap: str, rest: str, expected: str) -> None:
    first = f"{rest} all the night and every boat"
    shown = [
        Text(cap, 50, 112, 28),
        *lines([first, "that enters must show a green lamp in it"], x=70, down=100),
        *lines(["as the charter of the harbour of the town says."], down=124),
    ]
    article = read(pdf_of([*shown, *lines(PROSE[:8], down=160)]))
    assert article.text.startswith(expected)
    assert not of_kind(article, BlockKind.HEADING)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (["See https://", "www.town.example/a for it."], "See https://www.town.example/a for it."),
        (
            ["See https://www.town.example/hives/", "register/2019 now."],
            "See https://www.town.example/hives/register/2019 now.",
        ),
        (
            ["See https://www.town.example/", "and ask the clerk."],
            "See https://www.town.example/ and ask the clerk.",
        ),
        (["Write to A-Board-Inquiry@", "faa.example soon."], "Write to A-Board-Inquiry@faa.example soon."),
        (["Write to the.clerk", "@faa.example soon."], "Write to the.clerk@faa.example soon."),
        (
            ["See https://www.town.example/", "hives/index.php?year=2019&", "month=05 for it."],
            "See https://www.town.example/hives/index.php?year=2019&month=05 for it.",
        ),
        (["See www.town.example.", "The clerk keeps it."], "See www.town.example. The clerk keeps it."),
    ],
)
def test_an_address_broken_at_a_line_end_is_whole(shown: list[str], expected: str) -> None:
    assert read(pdf_of(lines(shown))).text == expected


def test_addresses_over_line_ends_have_no_space() -> None:
    text = read_kind("url_over_line_end").text
    assert "https://www.parish-of-melvik.example/hives/register/2019/list.html by" in text
    assert "clerk@parish-of-melvik.example or" in text


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("A N N E X  O N E", "ANNEX ONE"),
        ("Part C H A P T E R now", "Part CHAPTER now"),
        ("A B C D E F", "A B C D E F"),
        ("J R R T wrote it", "J R R T wrote it"),
    ],
)
def test_letters_set_apart_make_words(shown: str, expected: str) -> None:
    article = read(pdf_of([Text(shown, 50, 60, 16, b"Helvetica"), *lines(PROSE[:8])]))
    assert article.text.partition("\n")[0] == expected


def test_a_title_of_two_lines_is_whole() -> None:
    title = "tidebook A Unified Toolkit for Deep Harbour and River Measurements of Melvik"
    assert read_kind("title_two_lines").title == title


def test_references_are_no_title() -> None:
    shown = [Text("References", 50, 60, 16), *lines(PROSE[:4], down=90), Text("Of bees", 50, 160, 14)]
    assert read(pdf_of([*shown, *lines(PROSE[4:12], down=190)])).title == "Of bees"


def test_a_row_of_a_table_is_no_title() -> None:
    cells = [("Town", "Deaths"), ("Melvik", "4"), ("Osterby", "7")]
    table = [
        Text(cell, 50 + 200 * n, 60 + 14 * row)
        for row, pair in enumerate(cells)
        for n, cell in enumerate(pair)
    ]
    assert read(pdf_of([*table, *wrapped([PROSE[1]], 60, down=140)])).title == PROSE[1]


def test_entries_of_a_table_of_contents_are_no_sentences() -> None:
    article = read_kind("contents_with_dot_leaders")
    assert len(of_kind(article, BlockKind.BOILERPLATE)) == 3
    asked = "How do I reset the gauge after a storm?"
    answer = ArticleIndex.from_articles([article]).ask(asked, min_confidence=0, top_k=1)
    assert answer.text.startswith("Lift the float by its ring")


def test_prices_after_leaders_can_answer() -> None:
    prices = [f"{what} {'.' * 30} {price}" for what, price in (("Oats", 40), ("Rye", 12), ("Barley", 31))]
    assert not of_kind(read(pdf_of(lines(prices))), BlockKind.BOILERPLATE)


def test_a_paragraph_begins_on_its_page_before_a_table_of_the_next() -> None:
    article = read_kind("page_of_sentence_before_float")
    start = article.text.index("These detailed figures of the harbour allow the board")
    assert start < article.pages[1]
    assert article.text.index("Harbour | Boats") > article.pages[1]


def test_a_sentence_over_two_pages_cites_both() -> None:
    above = ["The unions of the country asked for more than", "the ministry would give them in that cold"]
    below = ["year, and the miller gave them nothing at all.", "Nobody has found the money again."]
    article = read(pdf_of(lines(above, down=700), lines(below, down=40)))
    answer = ArticleIndex.from_articles([article]).ask(
        "What did the unions ask for?", min_confidence=0, top_k=1
    )
    citation = answer.sentences[0].citation
    assert (citation.page, citation.page_end) == (1, 2)
    assert "pages 1-2" in citation.place


def with_text_box(data: bytes, drawing: str) -> bytes:
    """Return the PDF with a text box on its first page that is drawn by these operators."""
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    box = pdfium.FPDFPage_CreateAnnot(page.raw, pdfium.FPDF_ANNOT_FREETEXT)
    pdfium.FPDFAnnot_SetRect(box, pdfium.FS_RECTF(50, 650, 250, 600))
    drawn = f"{drawing}\0".encode("utf-16-le")
    encoded = (ctypes.c_ushort * (len(drawn) // 2)).from_buffer_copy(drawn)
    pdfium.FPDFAnnot_SetAP(box, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, encoded)
    pdfium.FPDFPage_CloseAnnot(box)
    page.close()
    written = io.BytesIO()
    document.save(written)
    document.close()
    return written.getvalue()


@pytest.mark.parametrize("shown", ["(Torvald Ekre) Tj", "[(Torvald Ekre)] TJ", "(Torvald Ekre) '"])
def test_what_is_written_in_a_text_box_is_read(shown: str) -> None:
    drawing = f"BT /Helv 12 Tf 14 TL 2 20 Td {shown} ET"
    assert "Torvald Ekre" in read(with_text_box(pdf_of(lines(["Name of the owner:"])), drawing)).text


def test_a_page_of_empty_text_boxes_is_no_scan() -> None:
    metadata = read(with_text_box(pdf_of([]), "1 g 0 0 200 50 re f")).metadata
    assert not {"scanned_pages", "ocr_pages"}.intersection(metadata)
