"""Tables with cells over several rows or columns: each row has its label, each column all of its names."""

from __future__ import annotations

import time

import pytest
from test_docx import body as docx_body
from test_docx import cell, paragraph, table
from test_html import loaded, shown
from test_odt import body as odt_body

from articleqa.loaders.table_spans import SpanningCell, filled_rows, joined_header
from articleqa.models import BlockKind

HEAD = "<tr><th rowspan='2'>Port<th colspan='2'>2023</tr><tr><th>Q1<th>Q2</tr>"
TALL = "<tr><td rowspan='2'>Melvik<td>4<td>5</tr><tr><td>6<td>7</tr><tr><td>Kolm<td>8<td>9</tr>"
ROWS = ["Melvik | 4 | 5", "Melvik | 6 | 7", "Kolm | 8 | 9"]


def rows_of(markup: str) -> tuple[list[str], list[str]]:
    article = loaded(f"<html><body><table>{markup}</table>")
    return shown(article, BlockKind.HEADER_ROW), shown(article, BlockKind.ROW)


def test_header_rows_of_a_page_are_one_and_tall_cells_are_in_each_row() -> None:
    assert rows_of(HEAD + TALL) == (["Port | 2023 / Q1 | 2023 / Q2"], ROWS)
    assert rows_of(f"<thead>{HEAD.replace('th', 'td')}</thead>{TALL}") == (
        ["Port | 2023 / Q1 | 2023 / Q2"],
        ROWS,
    )


@pytest.mark.parametrize(
    ("markup", "header", "rows"),
    [
        (  # a title over the whole table
            "<tr><th colspan='2'>Fees of Melvik</tr><tr><th>Port<th>Fee</tr><tr><td>Kolm<td>6</tr>",
            ["Fees of Melvik / Port | Fee"],
            ["Kolm | 6"],
        ),
        ("<tr><th>Port<th>Fee</tr><tr><th>Kolm<th>6</tr>", ["Port | Fee", "Kolm | 6"], []),
        ("<tr><td rowspan='x'>Kolm<td colspan='-1'>6</tr><tr><td>Orm<td>7</tr>", [], ["Kolm | 6", "Orm | 7"]),
        (  # a tall cell in the last column
            "<tr><td>Kolm<td rowspan='2'>closed</tr><tr><td>Orm</tr>",
            [],
            ["Kolm | closed", "Orm | closed"],
        ),
    ],
)
def test_tables_of_pages_are_read_as_they_are_shown(markup: str, header: list[str], rows: list[str]) -> None:
    assert rows_of(markup) == (header, rows)


def test_header_rows_of_word_are_one() -> None:
    marked = "<w:trPr><w:tblHeader/></w:trPr>"
    start, on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    first = marked + cell(paragraph("Port"), start) + cell(paragraph("2023"), wide)
    second = marked + cell(paragraph(""), on) + cell(paragraph("Q1")) + cell(paragraph("Q2"))
    data = "".join(cell(paragraph(text)) for text in ("Kolm", "8", "9"))
    assert docx_body(table(first, second, data)) == ["= Port | 2023 / Q1 | 2023 / Q2", "- Kolm | 8 | 9"]


def test_bold_names_of_columns_below_bold_groups_are_a_header_too() -> None:
    def bold(text: str, properties: str = "") -> str:
        return cell(f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>", properties)

    wide = '<w:gridSpan w:val="2"/>'
    data = "".join(cell(paragraph(text)) for text in ("Kolm", "8", "9"))
    first, second = bold("Port") + bold("2023", wide), bold("") + bold("Q1") + bold("Q2")
    assert docx_body(table(first, second, data)) == ["= Port | 2023 / Q1 | 2023 / Q2", "- Kolm | 8 | 9"]


def test_header_rows_and_tall_cells_of_odt_are_read_like_those_of_word() -> None:
    def odt_cell(text: str, spans: str = "") -> str:
        return f"<table:table-cell {spans}><text:p>{text}</text:p></table:table-cell>"

    tall, wide = 'table:number-rows-spanned="2"', 'table:number-columns-spanned="2"'
    covered = "<table:covered-table-cell/>"
    row = "<table:table-row>{}</table:table-row>".format
    head = row(odt_cell("Port", tall) + odt_cell("2023", wide) + covered)
    head += row(covered + odt_cell("Q1") + odt_cell("Q2"))
    rows = row(odt_cell("Melvik", tall) + odt_cell("4") + odt_cell("5"))
    rows += row(covered + odt_cell("6") + odt_cell("7"))
    xml = f"<table:table><table:table-header-rows>{head}</table:table-header-rows>{rows}</table:table>"
    assert odt_body(xml) == [
        *("= Port | 2023 / Q1 | 2023 / Q2", "- Melvik | 4 | 5", "- Melvik | 6 | 7"),
    ]


def test_wide_cell_leaves_the_cells_to_its_right_in_their_columns() -> None:
    header, rows = "Port | 2022 / Q1 | 2022 / Q2 | 2023 / Q1 | 2023 / Q2", "Kolm | closed | | 230 | 240"
    head = "<tr><th rowspan='2'>Port<th colspan='2'>2022<th colspan='2'>2023</tr><tr><th>Q1<th>Q2<th>Q1<th>Q2"
    row = "<tr><td>Orm<td>1<td>2<td>3<td>4</tr><tr><td>Kolm<td colspan='2'>closed<td>230<td>240</tr>"
    assert rows_of(f"{head}</tr>{row}") == ([header], ["Orm | 1 | 2 | 3 | 4", rows])


@pytest.mark.parametrize(
    ("markup", "header", "rows"),
    [
        (  # a wide name of two columns
            "<tr><th colspan='2'>Port<th>Fee</tr><tr><td>Kolm<td>north<td>6</tr>",
            ["Port | | Fee"],
            ["Kolm | north | 6"],
        ),
        (  # the same below the name of a group
            "<tr><th colspan='3'>Fees</tr><tr><th colspan='2'>Port<th>Fee</tr><tr><td>Kolm<td>west<td>6</tr>",
            ["Fees / Port | | Fee"],
            ["Kolm | west | 6"],
        ),
        (  # wider than the table
            "<tr><th>Port<th>Fee</tr><tr><td colspan='1000'>All closed</tr><tr><td>Kolm<td>6</tr>",
            ["Port | Fee"],
            ["All closed", "Kolm | 6"],
        ),
        (  # wide and tall
            "<tr><td rowspan='2' colspan='2'>closed<td>1</tr><tr><td>2</tr><tr><td>Orm<td>4<td>3</tr>",
            [],
            ["closed | | 1", "closed | | 2", "Orm | 4 | 3"],
        ),
    ],
)
def test_wide_cells_cover_as_many_columns_as_the_table_has(
    markup: str, header: list[str], rows: list[str]
) -> None:
    assert rows_of(markup) == (header, rows)


def test_wide_cells_of_word_and_odt_cover_columns_too() -> None:
    header = [cell(paragraph(text)) for text in ("Kolm", "8", "9")]
    wide = cell(paragraph("closed"), '<w:gridSpan w:val="2"/>') + cell(paragraph("7"))
    assert docx_body(table("".join(header), wide))[-1] == "- closed | | 7"
    one = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    both = '<table:table-cell table:number-columns-spanned="2"><text:p>closed</text:p></table:table-cell>'
    rows = [one("Kolm") + one("8") + one("9"), f"{both}<table:covered-table-cell/>{one('7')}"]
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    assert odt_body(f"<table:table>{inside}</table:table>")[-1] == "- closed | | 7"


def test_text_is_not_repeated_in_each_row_beside_it() -> None:
    long = "It rained. " * 40
    rows = [[SpanningCell(long), SpanningCell("a")], [SpanningCell("", is_covered=True), SpanningCell("b")]]
    assert list(filled_rows(rows)) == [[long, "a"], ["", "b"]]


def test_made_up_tables_do_not_grow_without_end() -> None:
    label, covered = SpanningCell("x" * 300), SpanningCell("", is_covered=True)
    rows = [[label] * 100, *([covered] * 100 for _ in range(1_000))]
    assert sum(len(text) for row in filled_rows(rows) for text in row) <= 11 * 300 * 100
    wide = [SpanningCell("x" * 500, 900)]
    assert joined_header([[*wide, SpanningCell("y")], [SpanningCell("z")] * 900], 2) == []
    page = f"<tr>{'<td rowspan=65000>x' * 300}</tr>{'<tr><td>y</tr>' * 2_000}"
    assert sum(map(len, rows_of(page)[1])) < 20 * len(page)


def test_absurd_spans_on_a_page_take_no_time() -> None:
    cells = "".join(f"<td rowspan='65534' colspan='1000'>quay {number}" for number in range(10))
    start = time.process_time()
    rows = rows_of(f"<tr><th colspan='1000'>Port</tr>{f'<tr>{cells}</tr>' * 100}")[1]
    assert time.process_time() - start < 5
    assert len(rows) == 100
    sparse = [[SpanningCell("a", 1_000), SpanningCell("b")]] * 100 + [[SpanningCell("c")] * 900]
    assert sum(map(len, filled_rows(sparse))) <= 11 * sum(map(len, sparse))
