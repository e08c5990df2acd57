"""What OpenDocument texts have beside plain paragraphs: formulas, numbers, columns, hidden text."""

from __future__ import annotations

import io
import zipfile

import pytest
from test_odt import body, document, load, shown, span, table

from articleqa import Article
from articleqa.loaders.office import odt_package
from articleqa.loaders.protocol import UnreadableDataError

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'
HALF = MATH.format("<mfrac><mn>1</mn><mn>2</mn></mfrac>")
FRAME = '<draw:frame text:anchor-type="as-char">{}<draw:image/></draw:frame>'
LINKED = FRAME.format('<draw:object xlink:href="./Object 1"/>')


def with_object(xml: str, content: str) -> bytes:
    """Return an ODT file of the body `xml` with an embedded object."""
    out = io.BytesIO(document(xml))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("Object 1/content.xml", content)
    return out.getvalue()


def test_formulas_are_written_in_one_line() -> None:
    article = load(with_object(f"<text:p>A half is {LINKED}.</text:p>", HALF))
    assert shown(article) == ["| A half is 1/2."]
    inline = FRAME.format(f"<draw:object>{HALF}</draw:object>")
    assert body(f"<text:p>It weighs 2{inline} pounds.</text:p>") == ["| It weighs 2 1/2 pounds."]


def test_formulas_in_folders_with_a_slash_are_read() -> None:
    pandoc = LINKED.replace("./Object 1", "Object 1/")
    assert shown(load(with_object(f"<text:p>A half is {pandoc}.</text:p>", HALF))) == ["| A half is 1/2."]


@pytest.mark.parametrize("content", ["", f"<{HALF}", "<chart xmlns='urn:x'/>", f"<chart>{HALF}</chart>"])
def test_objects_that_are_no_formulas_do_no_harm(content: str) -> None:
    assert shown(load(with_object(f"<text:p>A half is {LINKED}.</text:p>", content))) == ["| A half is ."]


def test_formulas_with_a_document_type_are_read_without_its_entities() -> None:
    # OpenOffice named one in every formula.
    old = '<!DOCTYPE math [<!ENTITY a "lol">]>' + HALF.replace("2", "2<!-- -->&a;")
    assert shown(load(with_object(f"<text:p>A half is {LINKED}.</text:p>", old))) == ["| A half is 1/2."]


def test_formula_that_is_shown_many_times_is_read_once() -> None:
    data = with_object(f"<text:p>{LINKED * 1000}.</text:p>", HALF)
    assert load(data).text == "1/2."


def test_formulas_of_too_much_markup_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = MATH.format("<mi/>" * 50_000)
    data = with_object("<text:p>x</text:p>", many)
    monkeypatch.setattr(odt_package, "MOST_TAGS", 40_000)
    with pytest.raises(UnreadableDataError, match="too much markup"):
        load(data)


def test_written_out_number_of_a_heading_or_item_is_left_out() -> None:
    item = "<text:list-item><text:p><text:number>1.</text:number>A lamp.</text:p></text:list-item>"
    assert body(f"<text:h><text:number>2.1</text:number>Scope</text:h><text:list>{item}</text:list>") == [
        "# Scope",
        "* A lamp.",
    ]


def test_columns_lead_ins_and_lines_are_read_as_in_word() -> None:
    bold = (
        '<style:style style:name="Strong" style:family="text"><style:text-properties fo:font-weight="bold"/>'
        "</style:style>"
    )
    line_end = "<text:line-break/>"
    assert body(
        "<text:p>Odra Vell<text:tab/><text:tab/>Pell Marun</text:p>"
        f"<text:p>{span('Annual leave', 'Strong')}{line_end}There are 28 days.</text:p>"
        f"<text:p>One{line_end}line.{line_end}{line_end}Two.</text:p>",
        bold,
    ) == ["- Odra Vell | Pell Marun", "# Annual leave", "| There are 28 days.", "| One line.", "| Two."]


def test_text_hidden_by_its_style_is_left_out() -> None:
    hidden = (
        '<style:style style:name="Secret" style:family="text"><style:text-properties text:display="none"/>'
        "</style:style>"
    )
    assert body(f"<text:p>Shown.{span(' Not shown.', 'Secret')}</text:p>", hidden) == ["| Shown."]


def test_large_line_at_the_start_is_the_title() -> None:
    large = (
        '<style:style style:name="Big" style:family="paragraph"><style:text-properties fo:font-size="24pt"/>'
        "</style:style>"
    )
    text = "<text:p>The ferry sails at nine. It is blue.</text:p>" * 3
    data = document(f'<text:p text:style-name="Big">Risk plan</text:p><text:h>Overview</text:h>{text}', large)
    assert titled(data).title == "Risk plan"


def titled(data: bytes) -> Article:
    """Return the article in a document whose properties state no title."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as copy:
        for name in package.namelist():
            if name != "meta.xml":
                copy.writestr(name, package.read(name))
    return load(out.getvalue())


def test_empty_fields_answer_nothing_but_rows_below_a_header_do() -> None:
    cells = "<table:table-cell><text:p>Closing date</text:p></table:table-cell><table:table-cell/>"
    assert body(table(cells, cells)) == ["x Closing date |", "x Closing date |"]
    header = (
        "<table:table-header-rows><table:table-row>{}</table:table-row></table:table-header-rows>".format(
            cells.replace("<table:table-cell/>", "<table:table-cell><text:p>Note</text:p></table:table-cell>")
        )
    )
    rows = f"<table:table>{header}<table:table-row>{cells}</table:table-row></table:table>"
    assert body(rows) == ["= Closing date | Note", "- Closing date |"]
