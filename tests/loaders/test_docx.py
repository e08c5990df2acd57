from __future__ import annotations

import io
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from articleqa import Article
from articleqa.loaders.office.docx import MEDIA_TYPE, load_docx
from articleqa.models import BlockKind
from articleqa.text.sentences.spans import sentence_spans

LABOR = Path(__file__).parents[1] / "fixtures" / "office" / "labor.docx"
KIND = {
    BlockKind.PROSE: "|",
    BlockKind.ITEM: "*",
    BlockKind.HEADER_ROW: "=",
    BlockKind.ROW: "-",
    BlockKind.BOILERPLATE: "x",
}


def saved(document: Document) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def load(data: bytes) -> Article:
    return load_docx(data, "a", "a.docx")


def shown(article: Article) -> list[str]:
    assert article.blocks is not None
    return [
        f"{KIND.get(block.kind) or '#' * block.level} {block.span.of(article.text)}"
        for block in article.blocks
    ]


def body(xml: str) -> list[str]:
    """Return what is read of a document whose body is `xml`."""
    document = docx.Document()
    for element in parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    return shown(load(saved(document)))


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str) -> str:
    return f"<w:p>{run(text)}</w:p>"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def test_a_page_saved_by_libreoffice_is_read_in_order_with_its_table_and_footnote() -> None:
    article = load(LABOR.read_bytes())
    lines = [line if len(line) < 55 else f"{line[:40]}…" for line in shown(article)]
    assert lines == [
        "# The Labor Crackdown and Possible Unint…",
        "| The shock waves from this violence led…",
        "## What went wrong?",
        "| The steps the government took after 20…",
        "* Officials have harassed union representatives.",
        "* Some activists have been forced out of their jobs.",
        "* Security services have spied on them.",
        "| The law is so restrictive it violates …",
        "### In numbers",
        "= Year | Strikes | Law",
        "- 2011 | 15 | None was adopted",
        "- 2012 | 7 | None was adopted",
        "- 2014 | | Law on trade unions",
        "| As a result, a court in southern Kazak…",
    ]
    assert "“modernize trade union institutions.”" in article.text
    assert "representatives.\nSome activists" in article.text
    assert article.title == "The Labor Crackdown"
    assert article.media_type == MEDIA_TYPE
    assert article.metadata == {
        "author": "Human Rights Watch",
        "date": "2017-02-09T10:30:00+00:00",
        "language": "en-US",
        "extractor": f"python-docx/{docx.__version__}",
    }


def test_a_title_that_is_shown_goes_before_the_one_in_the_properties() -> None:
    document = docx.Document()
    document.core_properties.title = "Template"
    document.add_heading("Shown", 0)
    document.add_heading("Part", 1)
    assert load(saved(document)).title == "Shown"
    assert shown(load(saved(document))) == ["# Shown", "# Part"]


def test_headings_are_known_by_their_style_or_outline_level() -> None:
    document = docx.Document()
    styles = document.styles
    local = styles.add_style("Überschrift 2", WD_STYLE_TYPE.PARAGRAPH)
    local.element.set(f"{{{local.element.nsmap['w']}}}styleId", "Heading2")
    derived = styles.add_style("Chapter", WD_STYLE_TYPE.PARAGRAPH)
    derived.base_style = styles["Heading 3"]
    outlined = styles.add_style("Outlined", WD_STYLE_TYPE.PARAGRAPH)
    outlined.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="3"/>'))
    plain = styles.add_style("Plain", WD_STYLE_TYPE.PARAGRAPH)
    plain.base_style = styles["Heading 1"]
    plain.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="9"/>'))
    for style in (local, derived, outlined, plain, styles["Normal"]):
        document.add_paragraph(style.name, style=style)
    assert shown(load(saved(document))) == [
        "## Überschrift 2",
        "### Chapter",
        "#### Outlined",
        "| Plain",
        "| Normal",
    ]


def test_styles_based_on_each_other_in_a_circle_end() -> None:
    document = docx.Document()
    one = document.styles.add_style("One", WD_STYLE_TYPE.PARAGRAPH)
    two = document.styles.add_style("Two", WD_STYLE_TYPE.PARAGRAPH)
    one.base_style, two.base_style = two, one
    document.add_paragraph("text", style=one)
    assert shown(load(saved(document))) == ["| text"]


def test_items_of_a_list_stand_on_lines_below_each_other() -> None:
    document = docx.Document()
    document.add_paragraph("Above.")
    document.add_paragraph("one", style="List Bullet")
    document.add_paragraph("two", style="List Number 2")
    document.add_paragraph("Below.")
    assert load(saved(document)).text == "Above.\none\ntwo\n\nBelow."


def test_a_table_of_contents_is_left_out() -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Beginnings 3", style="toc 1")
    document.add_paragraph("Text.")
    assert shown(load(saved(document))) == ["| Text."]


def test_tracked_insertions_are_read_and_deletions_are_not() -> None:
    deleted = "<w:del><w:r><w:delText>old </w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('moved ')}</w:moveFrom>{run('new law')}<w:moveTo>{run(' moved')}</w:moveTo>"
    row = f"<w:trPr><w:del/></w:trPr>{cell(paragraph('deleted'))}"
    assert body(
        f"<w:p>{run('The ')}{deleted}<w:ins>{run('only ')}</w:ins>{moved}</w:p>"
        + table(cell(paragraph("a")) + cell(paragraph("b")), row)
    ) == ["| The only new law moved", "- a | b"]


def test_links_controls_fields_and_breaks_are_read_as_their_text_shows() -> None:
    xml = (
        f"<w:sdt><w:sdtContent><w:p><w:hyperlink>{run('linked')}</w:hyperlink><w:r><w:tab/></w:r>"
        f"<w:smartTag>{run('smart')}</w:smartTag><w:r><w:br/></w:r>"
        f"<w:r><w:instrText>PAGE 3</w:instrText></w:r><w:fldSimple>{run('field')}</w:fldSimple>"
        "<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert body(xml) == ["| linked smart fieldco-op"]


def test_a_text_box_is_read_once_below_its_paragraph() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    alternatives = f"<mc:AlternateContent {mc}>{both}</mc:AlternateContent>"
    assert body(f"<w:p>{run('One ')}<w:r>{alternatives}</w:r>{run('two')}</w:p>") == ["| One two", "| boxed"]


def test_cells_merged_with_the_one_above_say_the_same() -> None:
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    assert body(
        table(
            cell(paragraph("tall"), start) + cell(paragraph("b")),
            cell(paragraph(""), on) + cell(paragraph("d")),
            cell(paragraph("wide"), '<w:gridSpan w:val="2"/>'),
        )
    ) == ["- tall | b", "- tall | d", "- wide"]


def test_a_first_row_is_a_header_if_marked_or_in_bold_or_styled_as_one() -> None:
    data = cell(paragraph("1")) + cell(paragraph("2"))
    marked = "<w:trPr><w:tblHeader/></w:trPr>" + data
    bold = cell("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>bold</w:t></w:r></w:p>")
    off = cell('<w:p><w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>not</w:t></w:r></w:p>')
    assert body(table(marked, marked, data)) == ["= 1 | 2", "- 1 | 2"]
    assert body(table(bold + bold, data)) == ["= bold | bold", "- 1 | 2"]
    assert body(table(bold + off, data)) == ["- bold | not", "- 1 | 2"]
    assert body(table(data, bold + bold)) == ["- 1 | 2", "- bold | bold"]
    document = docx.Document()
    for style in ("Light Grid Accent 1", "Table Grid"):
        grid = document.add_table(2, 1, style=style)
        grid.cell(0, 0).text, grid.cell(1, 0).text = "Year", "1990"
    assert shown(load(saved(document))) == ["= Year", "- 1990", "- Year", "- 1990"]


def test_cells_that_hold_tables_or_long_texts_are_read_as_blocks() -> None:
    inner = table(cell(paragraph("x")) + cell(paragraph("y")), cell(paragraph("1")) + cell(paragraph("2")))
    long = paragraph("word " * 40) + paragraph("more " * 40)
    assert body(table(cell(paragraph("Before.") + inner) + cell(paragraph("Beside.")))) == [
        "| Before.",
        "- x | y",
        "- 1 | 2",
        "| Beside.",
    ]
    assert [line[:6] for line in body(table(cell(long) + cell(paragraph("side"))))] == [
        "| word",
        "| more",
        "| side",
    ]
    assert body(table(cell(paragraph("framed")))) == ["| framed"]


def shifted(text: str, properties: str) -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


RAISED, LOWERED = (f'<w:vertAlign w:val="{kind}script"/>' for kind in ("super", "sub"))


def test_raised_and_lowered_digits_are_no_part_of_the_number_before_them() -> None:
    assert body(
        f"<w:p>{run('He paid 10')}{shifted('6', RAISED)}{run(' crowns, 1')}{shifted('1', RAISED)}{run('/')}"
        f"{shifted('2', LOWERED)}{run(' a head, on the 1')}{shifted('st', RAISED)}{run(' for H')}"
        f"{shifted('2', LOWERED)}{run('O, 10')}{shifted('-', RAISED)}{shifted('12', RAISED)}{run('m.')}</w:p>"
        + table(cell(f"<w:p>{run('km')}{shifted('2', RAISED)}</w:p>") + cell(paragraph("5")))
    ) == ["| He paid 10⁶ crowns, 1¹/₂ a head, on the 1st for H₂O, 10⁻¹²m.", "- km² | 5"]


def test_digits_are_raised_by_styles_and_in_formulas() -> None:
    document = docx.Document()
    based_on = document.styles.add_style("Power", WD_STYLE_TYPE.CHARACTER)
    based_on.font.superscript = True
    style = document.styles.add_style("Of Power", WD_STYLE_TYPE.CHARACTER)
    style.base_style = based_on
    read = document.add_paragraph("10")
    read.add_run("6", style)
    read.add_run(" and 1")
    plain = parse_xml(
        f'<w:r {nsdecls("w")}><w:rPr><w:rStyle w:val="{style.style_id}"/><w:vertAlign w:val="baseline"/>'
        "</w:rPr><w:t>2</w:t></w:r>"
    )
    read._p.append(plain)
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    formula = "<m:e><m:r><m:t>c</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup>"
    read._p.append(parse_xml(f'<m:oMath xmlns:m="{math}"><m:sSup>{formula}</m:sSup></m:oMath>'))
    assert shown(load(saved(document))) == ["| 10⁶ and 12c²"]


def test_the_mark_of_a_note_behind_a_sentence_is_left_out() -> None:
    [read] = body(
        f"<w:p>{run('The ferry sank in 1987.')}{shifted('3', RAISED)}{shifted(',', RAISED)}"
        f"{shifted('14 ', RAISED)}{run('The captain')}{shifted('5', RAISED)}{run(' survived.')}"
        f'<w:r><w:rPr>{RAISED}</w:rPr><w:footnoteReference w:id="2"/></w:r>{run(" He wept.")}</w:p>'
    )
    text = read.removeprefix("| ")
    sentences = [span.of(text) for span in sentence_spans(text)]
    assert sentences == ["The ferry sank in 1987.", "The captain⁵ survived.", "He wept."]


def test_the_titles_of_charts_are_read_once() -> None:
    namespace = "http://schemas.openxmlformats.org/drawingml/2006"
    title = "<a:p><a:r><a:t>Arrivals rose in 2023.</a:t></a:r></a:p>"
    chart = (
        f'<c:chartSpace xmlns:c="{namespace}/chart" xmlns:a="{namespace}/main"><c:chart><c:title><c:tx>'
        f"<c:rich>{title}</c:rich></c:tx></c:title></c:chart></c:chartSpace>"
    )
    document = docx.Document()
    part = Part(
        PackURI("/word/charts/chart1.xml"),
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        chart.encode(),
        document.part.package,
    )
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    key = document.part.relate_to(part, f"{relations}/chart")
    drawn = (
        f'<w:drawing {nsdecls("w", "a", "c", "r")}><a:graphic><a:graphicData uri="{namespace}/chart">'
        f'<c:chart r:id="{key}"/></a:graphicData></a:graphic></w:drawing>'
    )
    for text in ("Above.", "Below."):
        document.add_paragraph(text).runs[0]._r.append(parse_xml(drawn))
    assert shown(load(saved(document))) == ["| Above.", "| Arrivals rose in 2023.", "| Below."]


def test_soft_hyphens_are_no_part_of_words() -> None:
    hyphens = "<w:p><w:r><w:t>The har</w:t><w:softHyphen/><w:t>bour mas\u00adter</w:t></w:r></w:p>"
    assert body(hyphens) == ["| The harbour master"]


def test_a_table_of_contents_without_its_styles_is_left_out() -> None:
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    contents = f"<w:sdtContent>{paragraph('Rules 3')}</w:sdtContent>"
    control = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr>{contents}</w:sdt>"
    assert body(control + paragraph("Shown.")) == ["| Shown."]


def test_text_in_symbol_fonts_is_what_they_show() -> None:
    font = '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr>'
    letter, bullet = (f"<w:r>{font}<w:t>{code}</w:t></w:r>" for code in ("\uf061", "\uf0b7"))
    tab = "<w:r><w:tab/></w:r>"
    assert body(f"<w:p>{run('The angle ')}{letter}{run(' is 30°.')}</w:p>") == ["| The angle α is 30°."]
    assert body(f"<w:p>{bullet}{tab}{run('An item.')}</w:p>") == ["* An item."]
