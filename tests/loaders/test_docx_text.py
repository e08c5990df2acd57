"""What Word documents have beside plain paragraphs: deleted ends, drop caps, columns, fields, formulas."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from test_docx import body, cell, load, paragraph, run, saved, shown, table

from articleqa import ArticleIndex
from zip_members import changed

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
BREAK, TAB = "<w:r><w:br/></w:r>", "<w:r><w:tab/></w:r>"


def bold(text: str) -> str:
    return f"<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>"


def ending(change: str, text: str) -> str:
    """Return a paragraph whose end is marked as changed."""
    return f"<w:p><w:pPr><w:rPr><w:{change}/></w:rPr></w:pPr>{run(text)}</w:p>"


@pytest.mark.parametrize("change", ["del", "moveFrom"])
def test_paragraph_with_deleted_end_goes_on_in_the_next(change: str) -> None:
    xml = (
        ending(change, "The ferry leaves ")
        + ending(change, "at ")
        + paragraph("nine.")
        + paragraph("So be it.")
    )
    assert body(xml) == ["| The ferry leaves at nine.", "| So be it."]
    assert body(ending(change, "Above.") + table(cell(paragraph("a")) + cell(paragraph("b")))) == [
        "| Above.",
        "- a | b",
    ]
    assert body(ending(change, "At the end.")) == ["| At the end."]


def test_drop_cap_belongs_to_the_paragraph_below_it() -> None:
    cap = f'<w:p><w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr>{run("T")}</w:p>'
    assert body(cap + paragraph("he harbour board met.")) == ["| The harbour board met."]
    frame = f'<w:p><w:pPr><w:framePr w:w="200"/></w:pPr>{run("Framed.")}</w:p>'
    assert body(frame + paragraph("Below.")) == ["| Framed.", "| Below."]


def test_columns_set_with_tabs_are_rows() -> None:
    crews = f"<w:p>{run('North crew:')}{TAB}{TAB}{run('South crew:')}</w:p>"
    names = f"<w:p>{run('Odra Vell')}{TAB}{run('Pell Marun')}</w:p>"
    assert body(crews + names + names) == [
        "= North crew: | South crew:",
        "- Odra Vell | Pell Marun",
        "- Odra Vell | Pell Marun",
    ]
    lines = f"<w:p>{run('Pell Marun')}{TAB}{run('5 crowns')}{BREAK}{run('Ilse Torn')}{TAB}{run('6')}</w:p>"
    assert body(lines) == ["- Pell Marun | 5 crowns", "- Ilse Torn | 6"]


def test_tab_within_a_sentence_or_behind_a_label_is_a_space() -> None:
    assert body(f"<w:p>{run('The ferry')}{TAB}{run('leaves at nine.')}</w:p>") == [
        "| The ferry leaves at nine."
    ]
    assert body(f"<w:p>{run('Date:')}{TAB}{run('5 May 2012')}</w:p>") == ["| Date: 5 May 2012"]
    assert body(f"<w:p>{TAB}{run('Indented.')}</w:p>") == ["| Indented."]


@pytest.mark.parametrize("marker", ["1.", "(a)", "•", "iv.", "2.1", "–"])
def test_typed_number_of_an_item_is_outside_its_sentence(marker: str) -> None:
    document = docx.Document()
    document.add_paragraph("Bring these:")
    for _ in range(2):
        document.add_paragraph(f"{marker}\tA lamp is needed.")
    article = load(saved(document))
    assert shown(article) == ["| Bring these:", "* A lamp is needed.", "* A lamp is needed."]
    assert article.text == f"Bring these:\n{marker} A lamp is needed.\n{marker} A lamp is needed."


def test_bold_line_above_the_text_of_its_paragraph_is_a_heading() -> None:
    text = "There are 28 days of leave."
    assert body(f"<w:p>{bold('Annual leave')}{BREAK}{run(text)}</w:p>") == ["# Annual leave", f"| {text}"]
    assert body(f"<w:p>{bold('Annual leave')}{BREAK}{bold(text)}</w:p>") == [f"| Annual leave\n{text}"]
    assert body(f"<w:p>{bold('Leave was long.')}{BREAK}{run(text)}</w:p>") == [f"| Leave was long.\n{text}"]


def test_lines_of_verse_and_addresses_stay_apart() -> None:
    lines = ("Mill House", "3 Quay", "Harwick, where the", "ferry leaves.")
    assert body(f"<w:p>{BREAK.join(map(run, lines))}</w:p>") == [
        "| Mill House\n3 Quay\nHarwick, where the ferry leaves."
    ]
    assert body(f"<w:p>{run('(1) Fees')}{BREAK}{run('Six crowns')}</w:p>") == ["* Fees\nSix crowns"]


def test_two_line_ends_in_a_row_part_paragraphs() -> None:
    assert body(f"<w:p>{run('One')}{BREAK}{run('line.')}{BREAK}{BREAK}{run('Two.')}</w:p>") == [
        "| One line.",
        "| Two.",
    ]


def test_content_controls_are_read_but_not_their_prompts() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    filled, empty = (
        control.format("<w:text/>", run("Ekre")),
        control.format("<w:showingPlcHdr/>", run("Click here to enter text.")),
    )
    inner = control.format("", paragraph("In the box."))
    box = f"<w:r><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r>"
    assert body(f"<w:p>{run('With ')}{filled}{run(' of Melvik.')}{empty}</w:p><w:p>{box}</w:p>") == [
        "| With Ekre of Melvik.",
        "| In the box.",
    ]


def test_empty_fields_of_a_form_answer_nothing() -> None:
    document = docx.Document()
    document.add_heading("Loan of a crane", 1)
    document.add_paragraph("A crane is lent for at most three days.")
    fields = document.add_table(2, 2)
    for row, (label, blank) in zip(
        fields.rows, [("Closing date", ""), ("Day of return", "_____")], strict=True
    ):
        row.cells[0].text, row.cells[1].text = label, blank
    document.add_paragraph("Signature: ________   Date: ______")
    article = load(saved(document))
    assert [line[0] for line in shown(article)] == ["#", "|", "x", "x", "x"]
    index = ArticleIndex.from_articles([article])
    for question in ("What is the closing date?", "What is the day of return?", "Who gave the signature?"):
        answer = index.ask(question, min_confidence=0)
        assert [sentence.text for sentence in answer.sentences] in ([], [document.paragraphs[1].text])


def test_rows_with_an_empty_cell_stay_answers_in_a_table_with_a_header() -> None:
    document = docx.Document()
    names = document.add_table(2, 2, style="Light Grid Accent 1")
    names.cell(0, 0).text, names.cell(0, 1).text, names.cell(1, 0).text = "Pilot", "Remark", "Odra Vell"
    assert shown(load(saved(document))) == ["= Pilot | Remark", "- Odra Vell |"]


def test_formulas_are_written_in_one_line() -> None:
    part = "<m:r><m:t>{}</m:t></m:r>".format
    share = f"<m:oMath {MATH}><m:f><m:num>{part(1)}</m:num><m:den>{part(20)}</m:den></m:f></m:oMath>"
    hidden = "<m:radPr><m:degHide/></m:radPr><m:deg/>"
    root = f"<m:oMath {MATH}><m:rad>{hidden}<m:e>{part(16)}</m:e></m:rad></m:oMath>"
    assert body(f"<w:p>{run('The share is ')}{share}{run(', as ')}{root}{run(' shows.')}</w:p>") == [
        "| The share is 1/20, as √16 shows."
    ]
    assert body(f"<w:p>{run('It weighs 2')}{share}{run(' pounds.')}</w:p>") == ["| It weighs 2 1/20 pounds."]
    assert body(f"<m:oMathPara {MATH}>{share}</m:oMathPara>") == ["| 1/20"]


def test_symbols_are_read_as_the_characters_that_are_shown() -> None:
    symbols = "".join(
        f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'
        for font, code in (
            ("Symbol", "F0A3"),
            ("Wingdings", "F0FE"),
            ("Arial", "0035"),
            ("Webdings", "F041"),
            ("", "x"),
        )
    )
    assert body(f"<w:p>{run('Load ')}{symbols}</w:p>") == ["| Load ≤☑5"]


def test_text_hidden_by_its_style_is_left_out() -> None:
    document = docx.Document()
    style = document.styles.add_style("Secret", WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    read = document.add_paragraph("Shown.")
    read.add_run(" Not shown.", style)
    assert shown(load(saved(document))) == ["| Shown."]


def strict(data: bytes) -> bytes:
    """Return the document in the namespaces of Strict Open XML."""
    names = rb"http://schemas.openxmlformats.org/(officeDocument|wordprocessingml|drawingml)/2006/"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", 8) as copy:
        for name in archive.namelist():
            copy.writestr(name, re.sub(names, rb"http://purl.oclc.org/ooxml/\1/", archive.read(name)))
    return out.getvalue()


def test_white_text_is_read_since_the_page_behind_it_may_be_dark() -> None:
    white = '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>Six crowns.</w:t></w:r>'
    assert body(f"<w:p>{white}</w:p>") == ["| Six crowns."]


def test_strict_open_xml_is_read_like_any_other() -> None:
    document = docx.Document()
    document.add_heading("Rules for the quay", 1)
    document.add_paragraph('Its name is "http://purl.oclc.org/ooxml/wordprocessingml/main".')
    data = strict(saved(document))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"schemas.openxmlformats.org/wordprocessingml" not in archive.read("word/document.xml")
    assert shown(load(data)) == shown(load(saved(document)))


@pytest.mark.parametrize(
    "kind",
    [
        b"vnd.ms-word.document.macroEnabled.main+xml",
        b"vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    ],
)
def test_templates_and_documents_with_macros_are_read(kind: bytes) -> None:
    document = docx.Document()
    document.add_paragraph("It rained.")
    usual = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    data = changed(saved(document), "[Content_Types].xml", lambda part: part.replace(usual, kind))
    assert load(data).text == "It rained."


def test_names_with_backslashes_are_found() -> None:
    document = docx.Document()
    document.add_paragraph("It rained.")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as archive, zipfile.ZipFile(out, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name.replace("/", "\\"), archive.read(name))
    assert load(out.getvalue()).text == "It rained."


def test_what_a_library_writes_into_all_documents_is_no_metadata() -> None:
    document = docx.Document()
    document.add_paragraph("It rained.")
    assert set(load(saved(document)).metadata) == {"extractor"}
    document.core_properties.author = "Ada Wren"
    assert load(saved(document)).metadata["author"] == "Ada Wren"


def test_columns_stay_one_paragraph_in_headings() -> None:
    element = parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{run("1")}{TAB}{run("Scope")}</w:p>'
    )
    document = docx.Document()
    document.element.body.insert(0, element)
    assert shown(load(saved(document))) == ["# 1 Scope"]
