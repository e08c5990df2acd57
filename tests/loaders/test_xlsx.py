"""Excel workbooks: rows that can answer, with their header and sheet, and values as Excel shows them."""

from __future__ import annotations

import datetime
import io
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import Font

from articleqa import Article, ArticleIndex
from articleqa.loaders.api import damage_to
from articleqa.loaders.office.xlsx import load_xlsx
from articleqa.loaders.protocol import UnreadableDataError
from zip_members import changed, replaced

Rows = Sequence[Sequence[Any]]
FEES: Rows = (("Port", "Fee", "Since"), ("Melvik", "six crowns", 2019), ("Kolm", "two crowns", 2021))


def saved(book: Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def book(**sheets: Rows) -> Workbook:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return made


def loaded(data: bytes) -> Article:
    return load_xlsx(data, "fees.xlsx", "tables/fees.xlsx")


def body(article: Article) -> list[str]:
    """Return the blocks as lines; headings begin with "#", rows with "|", header rows with "||"."""
    marks = {"heading": "# ", "row": "| ", "header row": "|| "}
    return [marks.get(block.kind, "") + block.span.of(article.text) for block in article.blocks or ()]


def test_rows_answer_with_their_header_and_sheet() -> None:
    article = loaded(saved(book(Fees=FEES)))
    assert body(article) == [
        *("# Fees", "|| Port | Fee | Since", "| Melvik | six crowns | 2019", "| Kolm | two crowns | 2021"),
    ]
    index = ArticleIndex.from_articles([article])
    citation = index.ask("What is the fee in Kolm?", top_k=1, min_confidence=0).sentences[0].citation
    assert (citation.quote, citation.section) == (
        "Kolm | two crowns | 2021",
        ("Fees", "Port | Fee | Since"),
    )
    assert citation.verify(article)


def test_a_single_sheet_with_the_name_that_excel_gives_is_no_section() -> None:
    assert body(loaded(saved(book(Sheet1=FEES))))[0] == "|| Port | Fee | Since"


def test_hidden_sheets_say_so() -> None:
    made = book(Fees=FEES, Old=FEES)
    made["Old"].sheet_state = "hidden"
    assert "# Old (hidden sheet)" in body(loaded(saved(made)))


def test_line_ends_that_excel_writes_out_are_spaces() -> None:
    text = body(loaded(saved(book(Sheet=[["The gate_x000D_\nis open._x000a_Six crowns."]]))))
    assert text == ["The gate is open. Six crowns."]


def test_hidden_rows_and_columns_are_read() -> None:
    made = book(Sheet=FEES)
    made["Sheet"].row_dimensions[2].hidden = True
    made["Sheet"].column_dimensions["C"].hidden = True
    assert body(loaded(saved(made))) == body(loaded(saved(book(Sheet=FEES))))


def test_notes_stand_below_the_cells_with_their_places() -> None:
    made = book(Fees=FEES, Crew=[["Odra Vell", "pilot"]])
    made["Fees"]["B2"].comment = Comment("Clerk:\nSeven crowns in winter.", "Clerk")
    article = loaded(saved(made))
    assert body(article)[4:6] == ["B2: Clerk: Seven crowns in winter.", "# Crew"]
    index = ArticleIndex.from_articles([article])
    citation = index.ask("How many crowns is it in winter?", min_confidence=0).sentences[0].citation
    assert (citation.quote, citation.section) == ("B2: Clerk: Seven crowns in winter.", ("Fees",))


def test_comment_is_read_and_not_its_copy_for_older_versions() -> None:
    made = book(Fees=FEES)
    copy = "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\nComment:\n    Ask Odra."
    made["Fees"]["B2"].comment = Comment(copy, "tc={1}")
    made["Fees"]["B3"].comment = Comment("Six in May.", "Clerk")
    data = saved(made)
    links = "xl/worksheets/_rels/sheet1.xml.rels"
    link = '<Relationship Id="t1" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"'
    data = changed(
        data,
        links,
        lambda part: part.replace(
            b"</Relationships>", f'{link} Target="/xl/threadedComments/t1.xml"/></Relationships>'.encode()
        ),
    )
    threads = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    comment = '<threadedComment ref="B2" id="{1}"><text>Ask Odra.</text></threadedComment>'
    data = replaced(
        data,
        "xl/threadedComments/t1.xml",
        f'<ThreadedComments xmlns="{threads}">{comment}</ThreadedComments>'.encode(),
    )
    assert body(loaded(data))[4:] == ["B3: Six in May.", "B2: Ask Odra."]


DRAWING = """<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{}</xdr:wsDr>"""
SHAPE = (
    '<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="1" name="x" hidden="{}"/></xdr:nvSpPr>'
    "<xdr:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
)


def with_drawing(content: str) -> bytes:
    made = book(Fees=FEES)
    chart = BarChart()
    chart.title = "Fees of all ports"
    made["Fees"].add_chart(chart)
    data = saved(made)
    return (
        data if not content else replaced(data, "xl/drawings/drawing1.xml", DRAWING.format(content).encode())
    )


def test_titles_of_charts_and_text_boxes_stand_below_the_cells() -> None:
    assert body(loaded(with_drawing("")))[4:] == ["Fees of all ports"]
    shapes = SHAPE.format("0", "The gate is open.") + SHAPE.format("1", "Hidden.")
    older = f"<mc:Fallback>{SHAPE.format('0', 'A slicer.')}</mc:Fallback>"
    newer = f"<mc:Choice>{SHAPE.format('0', 'Pick a port.')}</mc:Choice>"
    ways = f"<mc:AlternateContent>{newer}{older}</mc:AlternateContent>"
    assert body(loaded(with_drawing(shapes + ways)))[4:] == ["The gate is open.", "Pick a port."]


def test_damaged_drawing_takes_nothing_else_with_it() -> None:
    data = replaced(with_drawing(""), "xl/drawings/drawing1.xml", b"<broken")
    assert body(loaded(data)) == ["# Fees", *body(loaded(saved(book(Fees=FEES))))[1:]]


def test_sheet_of_text_boxes_alone_is_read() -> None:
    data = with_drawing(SHAPE.format("0", "The gate is open."))
    empty = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    assert body(loaded(replaced(data, SHEET, empty))) == ["# Fees", "The gate is open."]


def test_single_cells_are_headings_if_bold_and_paragraphs_otherwise() -> None:
    made = book(Sheet=[["Fees of Melvik"], ["They rose in May."], *FEES, ["All in crowns."]])
    made["Sheet"]["A1"].font = Font(bold=True)
    article = loaded(saved(made))
    assert body(article)[:3] == ["# Fees of Melvik", "They rose in May.", "|| Port | Fee | Since"]
    assert body(article)[-1] == "All in crowns."
    assert article.title == "Fees of Melvik"


def test_blank_rows_part_tables_and_rows_with_gaps_stay_in_theirs() -> None:
    rows = [*FEES, ["Orm"], ["Hult", None, 2020], [], ["Crew", "Leader"], ["North", "Odra Vell"]]
    assert body(loaded(saved(book(Sheet=rows))))[3:] == [
        *("| Orm | |", "| Hult | | 2020", "|| Crew | Leader", "| North | Odra Vell"),
    ]


def test_merged_cells_stand_in_each_of_their_rows_and_above_each_of_their_columns() -> None:
    rows: list[list[Any]] = [
        ["Port", "2020", None, "2021", None],
        [None, "Ships", "Fee", "Ships", "Fee"],
        ["Melvik", 12, 4, 14, 6],
        [None, 13, 5, 15, 7],
    ]
    made = book(Sheet=rows)
    for area in ("A1:A2", "B1:C1", "D1:E1", "A3:A4"):
        made["Sheet"].merge_cells(area)
    assert body(loaded(saved(made))) == [
        "|| Port | 2020 / Ships | 2020 / Fee | 2021 / Ships | 2021 / Fee",
        *("| Melvik | 12 | 4 | 14 | 6", "| Melvik | 13 | 5 | 15 | 7"),
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (datetime.datetime(2024, 3, 2), "d mmm yyyy", "2024-03-02"),
        (datetime.datetime(2024, 3, 2, 10, 30), "d mmm yyyy hh:mm", "2024-03-02 10:30"),
        (datetime.time(10, 30), "hh:mm", "10:30"),
        (0.125, "0.0%", "12.5%"),
        (0.25, "0%", "25%"),
        (datetime.datetime(2024, 3, 1), "mmmm yyyy", "2024-03"),
        (datetime.datetime(2024, 1, 1), "yyyy", "2024"),
        (datetime.timedelta(hours=30), "[h]:mm", "30:00"),
        (1200.5, '"$"#,##0.00', "$1,200.50"),
        (1200, "#,##0 [$€-407]", "1,200 €"),
        (-1200.5, '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)', "$(1,200.50)"),
        (0, '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)', "$-"),
        (-5, "#,##0;[Red]-#,##0", "-5"),
        (-5, '0" kg"', "-5 kg"),
        (42, "000000", "000042"),
        (1.005, "0.00", "1.01"),
        (2.5, "0.0#", "2.5"),
        (12_500_000, '0.0,,"M"', "12.5M"),
        (0.00000015, "0.00E+00", "1.50E-07"),
        (1.5, "# ?/?", "1 1/2"),
        (3, "# ?/?", "3"),
        (1, '"Yes";"Yes";"No"', "Yes"),
        (1234567, "General", "1234567"),
        (1e20, "0." + 200 * "0", "100000000000000000000." + 30 * "0"),
        (0.1 + 0.2, "General", "0.3"),
        (True, "General", "TRUE"),
        ("#N/A", "General", ""),
        ("two\nlines", "General", "two lines"),
    ],
)
def test_values_are_written_as_excel_shows_them(value: object, number_format: str, text: str) -> None:
    made = book(Sheet=[["Port", "Value"], ["Melvik", value]])
    made["Sheet"]["B2"].number_format = number_format
    assert body(loaded(saved(made)))[-1] == f"| Melvik | {text}".rstrip()


def test_tables_beside_each_other_are_read_one_after_the_other() -> None:
    rows: list[list[Any]] = [
        ["Crew", "Boat", None, "Crew", "Dog"],
        ["North", "Odra", None, "South", "Rex"],
        ["East", "Pell", None, "West", "Bob"],
    ]
    assert body(loaded(saved(book(Sheet=rows)))) == [
        *("|| Crew | Boat", "| North | Odra", "| East | Pell"),
        *("|| Crew | Dog", "| South | Rex", "| West | Bob"),
    ]


def test_a_blank_column_within_a_table_does_not_part_its_rows() -> None:
    rows: list[list[Any]] = [
        ["First", "Last", None, "Street", "Town"],
        ["Odra", "Vell", None, "Quay 1", "Melvik"],
        ["Pell", "Marun", None, "Mole 2", "Kolm"],
    ]
    assert body(loaded(saved(book(Sheet=rows))))[1] == "| Odra | Vell | Quay 1 | Melvik"


def test_a_title_over_all_columns_is_no_column_name() -> None:
    made = book(Sheet=[["Fees in crowns", None, None], *FEES])
    made["Sheet"].merge_cells("A1:C1")
    assert body(loaded(saved(made)))[:2] == ["Fees in crowns", "|| Port | Fee | Since"]


def test_columns_of_the_same_name_take_no_row_for_names() -> None:
    rows = [["Name", "Mark", "Mark"], ["Odra", "good", "bad"], ["Pell", "bad", "good"]]
    assert body(loaded(saved(book(Sheet=rows)))) == [
        "|| Name | Mark | Mark",
        "| Odra | good | bad",
        "| Pell | bad | good",
    ]


def test_labels_beside_their_values_are_no_header() -> None:
    rows: list[list[Any]] = [["Name", "Odra Vell"], ["Born", 1970], ["Town", "Melvik"]]
    assert body(loaded(saved(book(Sheet=rows)))) == ["| Name | Odra Vell", "| Born | 1970", "| Town | Melvik"]


def test_questions_of_a_survey_name_its_columns_however_long() -> None:
    question = "What do you like about the harbour, and what should change there in the coming years?"
    rows: list[list[Any]] = [[question, "Age"], ["I like the quay.", 33], ["More benches!", 45]]
    assert body(loaded(saved(book(Sheet=rows)))) == [
        *(f"|| {question} | Age", "| I like the quay. | 33", "| More benches! | 45"),
    ]


def test_the_author_that_openpyxl_writes_is_none() -> None:
    assert "author" not in loaded(WHOLE).metadata


def test_formulas_are_their_last_computed_values() -> None:
    data = saved(book(Sheet=[["Port", "Sum"], ["Melvik", "=1+2"], ["Kolm", "=3+4"], ["Orm", 5]]))
    sheet = re.sub(rb"(<f>1\+2</f>)(<v ?/>|<v></v>)?", rb"\1<v>3</v>", part(data, SHEET))
    assert body(loaded(replaced(data, SHEET, sheet)))[1:] == ["| Melvik | 3", "| Kolm |", "| Orm | 5"]


def test_a_line_above_a_later_sheet_is_no_title_of_the_file() -> None:
    rows: Rows = (("Port", "Fee"), ("Melvik", 12))
    assert (
        loaded(saved(book(Fees=[["Fees of Melvik"], *rows], Notes=[["An aside"], *rows]))).title
        == "Fees of Melvik"
    )
    assert "aside" not in loaded(saved(book(Fees=rows, Notes=[["An aside"], *rows]))).title


def test_the_title_author_and_date_are_those_of_the_file() -> None:
    made = book(Sheet=FEES)
    made.properties.title, made.properties.creator = "Fees of Melvik", "Odra Vell"
    made.properties.created = datetime.datetime(2024, 3, 2)
    article = loaded(saved(made))
    assert (article.title, article.metadata["author"]) == ("Fees of Melvik", "Odra Vell")
    assert str(article.metadata["date"]).startswith("2024-03-02")


SHEET = "xl/worksheets/sheet1.xml"


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


WHOLE = saved(book(Sheet=FEES))


CUT_OFF = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>Melvik has a harbour.</t></is></c></row><row r="2"><c r='
)


def with_rows(rows: str) -> bytes:
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return replaced(WHOLE, SHEET, f"<worksheet {names}><sheetData>{rows}</sheetData></worksheet>".encode())


def test_millions_of_empty_rows_and_rows_that_no_sheet_has_cost_nothing() -> None:
    first = '<row r="1"><c r="A1"><v>7</v></c></row>'
    start = time.process_time()
    assert loaded(with_rows(first + '<row r="1048576"><c r="A1048576"><v>8</v></c></row>')).text == "7\n\n8"
    assert loaded(with_rows(first + '<row r="999999999"><c r="A999999999"><v>8</v></c></row>')).text == "7"
    assert loaded(with_rows(first + "<row/>" * 100_000)).text == "7"
    assert time.process_time() - start < 30


@pytest.mark.parametrize(
    "made",
    [
        lambda: b"",
        lambda: b"noise" * 100,
        lambda: WHOLE[:2000],
        lambda: replaced(WHOLE, SHEET, b"<broken"),
        lambda: replaced(WHOLE, SHEET, b" " * 150_000_000),
        lambda: replaced(WHOLE, SHEET, b"<a>" * 3_000_000),
        lambda: replaced(WHOLE, "xl/styles.xml", b'<!DOCTYPE x [<!ENTITY a "lol">]><x>&a;</x>'),
        lambda: bytes.fromhex("D0CF11E0") + b"old",
    ],
)
def test_what_is_no_workbook_or_too_much_is_refused(made: Callable[[], bytes]) -> None:
    data = made()  # only now: some are large
    with pytest.raises(UnreadableDataError):
        loaded(data)


def test_a_cell_that_cannot_be_read_takes_nothing_else_with_it() -> None:
    good = '<c r="A1" t="inlineStr"><is><t>Melvik</t></is></c>'
    bad = '<c r="B1"><v>six</v></c><c r="C1" t="s"><v>99</v></c><c r="D1" t="d"><v>32 May</v></c><c r="E?"/>'
    unstyled = '<c r="F1" s="999"><v>6</v></c>'
    article = loaded(with_rows(f'<row r="1">{good}{bad}{unstyled}</row><row r="2">{good}</row>'))
    assert article.text == "Melvik | 6\n\nMelvik"
    assert article.metadata["unreadable_parts"] == "4 cells (Sheet!B1, Sheet!C1, Sheet!D1, ...)"
    assert damage_to(article).endswith("; open it in its program, and save it again or that part by itself")


def test_what_stands_above_a_break_in_a_sheet_is_kept() -> None:
    broken = replaced(saved(book(Fees=FEES, Notes=[["It rained in March."]])), SHEET, CUT_OFF)
    article = loaded(broken)
    assert "Melvik has a harbour." in article.text
    assert "It rained in March." in article.text
    assert article.metadata["unreadable_parts"] == "the sheet 'Fees' below row 1"


def test_odd_number_formats_do_not_cost_the_values() -> None:
    names = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    odd = b"<styleSheet %s><fills><fill/></fills></styleSheet>" % names
    article = loaded(replaced(WHOLE, "xl/styles.xml", odd))
    assert article.text.startswith("Port | Fee | Since")
    assert article.metadata["unreadable_parts"] == "its number formats and properties"


def test_more_cells_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articleqa.loaders.office.xlsx.MOST_CELLS", 8)
    with pytest.raises(UnreadableDataError, match="more than 8 cells"):
        loaded(WHOLE)


@settings(max_examples=20)
@given(st.data())
def test_damaged_workbooks_are_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE)
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        article = loaded(bytes(damaged))
    except UnreadableDataError:
        return
    assert all(block.span.of(article.text).strip() for block in article.blocks or ())
