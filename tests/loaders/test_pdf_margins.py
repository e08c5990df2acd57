"""What is left out of a PDF: line numbers, running heads, text that nobody sees, and second copies."""

from __future__ import annotations

import pytest

from articleqa.models import BlockKind
from pdf_pages import Text, lines, of_kind, pdf_of, read, read_kind, texts_of

PROSE = [f"It rained for {number} days in the town before the river rose." for number in range(40)]
RUNNING = """
the board of the harbour met in march and chose a new pilot for the channel, and every boat that
enters the basin after dusk must show a green lamp at the stern while the keeper of the lighthouse
writes the height of the tide in a blue book, as the charter says
"""


def running_lines(count: int, words: int = 8) -> list[str]:
    """Return lines of one long sentence."""
    running = RUNNING.split()
    return [
        " ".join(running[(number * words + place) % len(running)] for place in range(words))
        for number in range(count)
    ]


def test_line_numbers_in_the_left_margin_are_left_out() -> None:
    article = read_kind("line_numbers_left")
    assert "The harbour board of Melvik met in March and chose a new pilot for the northern channel." in (
        article.text
    )
    assert not any(char.isdigit() for char in article.text)


@pytest.mark.parametrize("x", [30, 540])
@pytest.mark.parametrize("step", [1, 5])
def test_line_numbers_of_manuscripts_are_left_out(x: float, step: int) -> None:
    pages = []
    for page in range(2):
        shown = lines(running_lines(30), x=80, apart=20)
        numbers = [
            Text(str(number + 1 + 30 * page), x, shown[number].down, 8)
            for number in range(30)
            if (number + 1) % step == 0
        ]
        pages.append([*shown, *numbers])
    assert not any(char.isdigit() for char in read(pdf_of(*pages)).text)


def test_numbers_of_the_rows_of_a_table_are_kept() -> None:
    towns = [f"Town{chr(97 + row)} | {row * 13} | none" for row in range(20)]
    shown = [
        Text(cell, 50 + 120 * column, 60 + 14 * row)
        for row, town in enumerate(towns)
        for column, cell in enumerate([str(row + 1), *town.split(" | ")])
    ]
    assert texts_of(read(pdf_of(shown))) == [f"{row + 1} | {town}" for row, town in enumerate(towns)]


def test_a_head_close_to_the_text_is_left_out() -> None:
    assert "The Charter of the Harbour" not in read_kind("running_head_close").text


def test_a_title_in_the_outer_margin_is_left_out() -> None:
    text = read_kind("margin_title").text
    assert not [part for part in ("Harbour work", "in the north", "HN", "29,2", "34") if part in text]
    assert "The mill at Osterby grinds oats on Mondays and rye on Thursdays for the whole district." in text


def pages_with(heads: list[str], down: float = 40) -> list[list[Text]]:
    """Return pages of running text, each with its head if it has one."""
    return [
        [*([Text(head, 50, down)] if head else []), *lines(PROSE[page : page + 18])]
        for page, head in enumerate(heads)
    ]


@pytest.mark.parametrize("down", [40, 84])
def test_heads_that_change_with_the_chapter_are_left_out(down: float) -> None:
    chapters = ["Of bees"] * 4 + ["Of boats"] * 5 + ["Of mills"] * 3
    text = read(pdf_of(*pages_with(chapters, down))).text
    assert not [chapter for chapter in set(chapters) if chapter in text]


def test_a_head_on_a_third_of_the_pages_is_left_out() -> None:
    heads = ["The town paper" if page % 3 == 0 else "" for page in range(12)]
    assert "The town paper" not in read(pdf_of(*pages_with(heads))).text


def test_a_foot_with_many_numbers_is_left_out() -> None:
    feet = [Text(f"12/03/2020 10:15 file 7 of 9, page {page + 1}/6", 50, 770) for page in range(6)]
    pages = [[*page, foot] for page, foot in zip(pages_with([""] * 6), feet, strict=True)]
    assert "10:15" not in read(pdf_of(*pages)).text


def flowing_pages(heads: list[str], size: float, *, at_foot: bool = False) -> list[list[Text]]:
    """Return pages of one long text in lower case, each with its head or foot as close as another line."""
    running = running_lines(30 * len(heads))
    down = 100 + 12 * 30 if at_foot else 86
    return [
        [Text(head, 50, down, size), *lines(running[30 * page : 30 * page + 30])]
        for page, head in enumerate(heads)
    ]


@pytest.mark.parametrize("size", [7, 10])
@pytest.mark.parametrize("at_foot", [False, True])
@pytest.mark.parametrize("count", [3, 8])
def test_a_head_with_growing_numbers_close_to_the_text_is_left_out(
    count: int, size: float, at_foot: bool
) -> None:
    heads = [f"Acta Portus 2019, 14, 1203; {page + 1} of 8" for page in range(count)]
    assert "Acta" not in read(pdf_of(*flowing_pages(heads, size, at_foot=at_foot))).text


def test_a_head_within_a_sentence_over_both_pages_is_left_out() -> None:
    heads = ["The harbour of Melvik, page 1", "The harbour of Melvik, page 2"]
    assert "harbour of Melvik" not in read(pdf_of(*flowing_pages(heads, 10))).text


def test_bold_heads_with_large_page_numbers_are_left_out() -> None:
    bold = b"Helvetica-Bold"
    pages = [
        [
            Text("The Harbour Register", 150, 40, 10, bold),
            Text(str(310 + page), 380 if page % 2 else 50, 40, 14, bold),
            *lines(PROSE[4 * page : 4 * page + 9], down=66),
        ]
        for page in range(8)
    ]
    assert "Register" not in read(pdf_of(*pages)).text


def test_numbered_headings_at_the_top_of_pages_are_kept() -> None:
    pages = [
        [
            Text(f"Question {page + 1}", 50, 86),
            *lines([f"{line.capitalize()}." for line in running_lines(12)]),
        ]
        for page in range(6)
    ]
    text = read(pdf_of(*pages)).text
    assert all(f"Question {page + 1}" in text for page in range(6))


def test_the_head_of_a_page_that_is_there_twice_is_kept() -> None:
    page = [
        Text("Invoice 17 of the harbour", 50, 40),
        *lines([line.capitalize() for line in running_lines(12)]),
    ]
    text = read(pdf_of(page, page, page)).text
    assert text.count("Invoice 17 of the harbour") == 3


def test_captions_at_the_top_of_pages_are_kept() -> None:
    text = read(pdf_of(*flowing_pages([f"Figure {page + 1}" for page in range(6)], 7))).text
    assert all(f"Figure {page + 1}" in text for page in range(6))


def test_heads_of_right_pages_that_change_are_left_out() -> None:
    heads = [("Of harbours" if page % 2 else f"Chapter {page}") for page in range(9)]
    assert "Chapter" not in read(pdf_of(*flowing_pages(heads, 7))).text


def test_the_head_of_a_chapter_of_one_page_is_left_out() -> None:
    heads = ["Of bees"] * 4 + ["Of boats"] + ["Of mills"] * 4
    assert "Of boats" not in read(pdf_of(*pages_with(heads))).text


def test_text_outside_the_page_is_left_out() -> None:
    text = read_kind("text_outside_page").text
    assert "bees" not in text
    assert text.count("The harbour board of Melvik") == 1


def test_a_line_that_goes_on_over_the_edge_is_kept_whole() -> None:
    line = "The line is too long for its page and goes on beyond the edge of it"
    assert read(pdf_of([Text(line, 300, 100)])).text == line


def printed_twice(line: str, apart: float) -> list[Text]:
    """Return a line, and its words once more: pdfium knows copies of a whole line itself."""
    width = 6.0
    return [
        Text(line, 50, 100),
        *(Text(word, 50 + apart + width * line.index(f" {word}") + width, 100) for word in line.split()[1:]),
    ]


@pytest.mark.parametrize("apart", [0, 0.3, 0.5])
def test_text_printed_twice_is_read_once(apart: float) -> None:
    line = "All officers will still see the bill of that old mill."
    assert read(pdf_of(printed_twice(line, apart))).text == line


def test_text_printed_twice_beside_many_pieces_of_text_is_read_once() -> None:
    line = "Bees sleep in winter"
    pairs = [chr(ord("a") + number % 26) + chr(ord("a") + number // 26) for number in range(100)]
    over_each_other = [Text(pair, 250 + 3 * place, 100) for place, pair in enumerate(pairs)]
    assert read(pdf_of([*printed_twice(line, 0.4), *over_each_other])).text.startswith(f"{line} ")


def test_text_printed_twice_to_look_bold_is_bold() -> None:
    article = read(pdf_of([*printed_twice("§ Bees and boats of the year", 0.4), *lines(PROSE[:9], down=124)]))
    assert of_kind(article, BlockKind.HEADING) == ["§ Bees and boats of the year"]


def test_the_first_column_of_a_table_that_repeats_is_kept() -> None:
    rows = [[str(row), f"b{row}x", f"c{row}y"] for row in range(12)]
    page = [
        Text(cell, 50 + 150 * column, 60 + 40 * row)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    assert read(pdf_of(page, page, page)).text.count("0 | b0x | c0y") == 3
    assert read(pdf_of(page, page, page)).text.count("11 | b11x | c11y") == 3


def test_the_last_columns_of_a_table_below_a_long_line_are_kept() -> None:
    def page(number: int) -> list[Text]:
        cells = [
            [f"{number + row if row < 5 else row}.{column}0" for column in range(8)] for row in range(10)
        ]
        table = [
            Text(cell, 30 + 70 * column, 200 + 50 * row)
            for row, texts in enumerate(cells)
            for column, cell in enumerate(texts)
        ]
        return [*lines(["The levels of the harbour in metres, from the north to the south"] * 3), *table]

    article = read(pdf_of(*[page(100 * number) for number in range(4)]))
    assert article.text.count("9.70") == 4
    assert article.text.count("5.50") == 4
