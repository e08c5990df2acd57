"""PowerPoint presentations: slides as pages, titles as headings, text in the order in which it is seen."""

from __future__ import annotations

import io
from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.slide import Slide
from pptx.util import Emu, Inches

from articleqa import Article, ArticleIndex
from articleqa.loaders.api import damage_to
from articleqa.loaders.office.pptx import load_pptx
from articleqa.loaders.protocol import UnreadableDataError
from zip_members import replaced

OUTLINE, TITLE_ONLY, EMPTY = 1, 5, 6


def deck(*slides: tuple[int, Callable[[Slide], object]], title: str = "") -> bytes:
    presentation = Presentation()
    presentation.core_properties.title = title
    for layout, fill in slides:
        fill(presentation.slides.add_slide(presentation.slide_layouts[layout]))
    saved = io.BytesIO()
    presentation.save(saved)
    return saved.getvalue()


def loaded(data: bytes) -> Article:
    return load_pptx(data, "fees.pptx", "talks/fees.pptx")


def body(article: Article) -> list[str]:
    """Return the blocks as lines; headings begin with "#", items with "-", rows with "|"."""
    marks = {"heading": "# ", "item": "- ", "row": "| ", "header row": "|| "}
    return [marks.get(block.kind, "") + block.span.of(article.text) for block in article.blocks or ()]


def outline(slide: Slide, title: str, *points: tuple[str, int]) -> None:
    assert slide.shapes.title is not None
    slide.shapes.title.text = title
    frame = slide.placeholders[1].text_frame
    for text, level in points:
        paragraph = frame.add_paragraph() if frame.text else frame.paragraphs[0]
        paragraph.text, paragraph.level = text, level


def box(slide: Slide, text: str, left: float, top: float) -> None:
    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(3), Inches(1)).text_frame.text = text


def test_slides_are_pages_and_their_titles_headings() -> None:
    data = deck(
        (OUTLINE, lambda slide: outline(slide, "Fees", ("The fee rose to six crowns.", 0))),
        (OUTLINE, lambda slide: outline(slide, "Crews", ("North crew", 0), ("Odra Vell leads it.", 1))),
    )
    article = loaded(data)
    assert body(article) == [
        *("# Fees", "- The fee rose to six crowns."),
        *("# Crews", "- North crew", "- Odra Vell leads it."),
    ]
    assert article.title == "Fees"
    index = ArticleIndex.from_articles([article])
    citation = index.ask("Who leads the north crew?", top_k=1, min_confidence=0).sentences[0].citation
    assert (citation.page, citation.section[0], citation.verify(article)) == (2, "Crews", True)


def test_text_is_read_from_top_to_bottom_and_left_to_right() -> None:
    def fill(slide: Slide) -> None:
        for text, left, top in (("d", 1, 5), ("b", 5, 2), ("c", 1, 3), ("a", 1, 2.05)):
            box(slide, text, left, top)

    assert body(loaded(deck((EMPTY, fill)))) == ["# Slide 1", "a", "b", "c", "d"]


def test_groups_within_groups_are_read_where_they_stand() -> None:
    def fill(slide: Slide) -> None:
        box(slide, "below", 1, 5)
        outer = slide.shapes.add_group_shape()
        inner = outer.shapes.add_group_shape()
        inner.shapes.add_textbox(Emu(0), Inches(3), Inches(1), Inches(1)).text_frame.text = "second"
        inner.shapes.add_textbox(Emu(0), Inches(2), Inches(1), Inches(1)).text_frame.text = "first"

    assert body(loaded(deck((EMPTY, fill)))) == ["# Slide 1", "first", "second", "below"]


def test_tables_have_rows_and_a_header() -> None:
    def fill(slide: Slide) -> None:
        table = slide.shapes.add_table(3, 2, Emu(0), Emu(0), Emu(99), Emu(99)).table
        for number, text in enumerate(("Port", "Fee", "Melvik", "six crowns", "Kolm", "two crowns")):
            table.cell(number // 2, number % 2).text = text

    data = deck((EMPTY, fill))
    assert body(loaded(data)) == [
        "# Slide 1",
        "|| Port | Fee",
        "| Melvik | six crowns",
        "| Kolm | two crowns",
    ]
    index = ArticleIndex.from_articles([loaded(data)])
    citation = index.ask("What is the fee in Kolm?", top_k=1, min_confidence=0).sentences[0].citation
    assert (citation.quote, citation.section) == ("Kolm | two crowns", ("Slide 1", "Port | Fee"))


def test_notes_stand_below_a_slide_under_a_heading_of_their_own() -> None:
    def fill(slide: Slide) -> None:
        outline(slide, "Fees", ("Six crowns", 0))
        assert slide.notes_slide.notes_text_frame is not None
        slide.notes_slide.notes_text_frame.text = "Say that the board agreed."

    assert body(loaded(deck((OUTLINE, fill)))) == [
        *("# Fees", "- Six crowns", "# Notes", "Say that the board agreed."),
    ]


def test_hidden_slides_say_so() -> None:
    def fill(slide: Slide) -> None:
        outline(slide, "Fees", ("Six crowns", 0))
        slide._element.set("show", "0")

    assert body(loaded(deck((OUTLINE, fill)))) == ["# Fees (hidden slide)", "- Six crowns"]


def test_numbers_dates_and_footers_of_slides_are_left_out() -> None:
    def fill(slide: Slide) -> None:
        outline(slide, "Fees", ("Six crowns", 0))
        for kind, text in (("sldNum", "7"), ("ftr", "The board"), ("dt", "May")):
            box(slide, text, 1, 6)
            properties = slide.shapes[-1]._element.find(".//{*}nvPr")
            assert properties is not None
            properties.insert(
                0, properties.makeelement(properties.nsmap["p"].join("{}") + "ph", {"type": kind})
            )

    assert body(loaded(deck((OUTLINE, fill)))) == ["# Fees", "- Six crowns"]


@pytest.mark.parametrize(
    ("first", "stated", "title"),
    [
        ("Fees of Melvik", "A template", "Fees of Melvik"),
        ("", "Fees of Melvik", "Fees of Melvik"),
        ("", "PowerPoint Presentation", "Crews"),
    ],
)
def test_the_title_is_that_of_the_first_slide_or_the_stated_one(first: str, stated: str, title: str) -> None:
    opening = (OUTLINE, lambda slide: outline(slide, first, ("Six crowns", 0)))
    second = (OUTLINE, lambda slide: outline(slide, "Crews", ("Odra Vell", 0)))
    assert loaded(deck(opening, second, title=stated)).title == title


WHOLE = deck((OUTLINE, lambda slide: outline(slide, "Fees", ("Six crowns", 0))))
SLIDE = "ppt/slides/slide1.xml"


@pytest.mark.parametrize(
    "made",
    [
        lambda: b"",
        lambda: b"noise" * 100,
        lambda: WHOLE[:3000],
        lambda: replaced(WHOLE, SLIDE, b"<broken"),
        lambda: replaced(WHOLE, "ppt/presentation.xml", b"<a/>"),
        lambda: replaced(WHOLE, SLIDE, b" " * 150_000_000),
        lambda: replaced(WHOLE, SLIDE, b"<a>" * 3_000_000 + b"</a>" * 3_000_000),
        lambda: bytes.fromhex("D0CF11E0") + b"old",
    ],
)
def test_what_is_no_presentation_or_too_much_is_refused(made: Callable[[], bytes]) -> None:
    data = made()  # only now: some are large
    with pytest.raises(UnreadableDataError):
        loaded(data)


def test_more_shapes_than_are_read_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(slide: Slide) -> None:
        for _ in range(3):
            box(slide, "The fee is six crowns.", 1, 1)

    many = deck((6, fill), (6, fill))
    assert loaded(many).text.count("six crowns") == 6
    monkeypatch.setattr("articleqa.loaders.office.pptx.MOST_SHAPES", 7)
    with pytest.raises(UnreadableDataError, match="has more than 7 shapes; split it"):
        loaded(many)


def test_entities_are_not_expanded() -> None:
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 9))
    bomb = b'<!DOCTYPE x [<!ENTITY e0 "lol">' + entities + b"]><x>&e8;</x>"
    try:
        article = loaded(replaced(WHOLE, SLIDE, bomb))
    except UnreadableDataError:
        return
    assert "lol" not in article.text


@settings(max_examples=20)
@given(st.data())
def test_damaged_presentations_are_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE)
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        article = loaded(bytes(damaged))
    except UnreadableDataError:
        return
    assert all(block.span.of(article.text).strip() for block in article.blocks or ())


def test_slides_without_text_are_not_called_scans() -> None:
    article = loaded(deck((EMPTY, lambda slide: None)))
    assert (article.text.strip(), damage_to(article)) == ("", "no text in it")


A = "http://schemas.openxmlformats.org/drawingml/2006/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
FRACTION = (
    f'<m:oMath xmlns:m="{MATH}"><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>20</m:t></m:r>'
    "</m:den></m:f></m:oMath>"
)


def test_formulas_are_read_also_in_shapes_that_powerpoint_writes_in_two_versions() -> None:
    def fill(slide: Slide) -> None:
        outline(slide, "Shares", ("The miller keeps ", 0))
        body = slide.placeholders[1]._element
        paragraph = body.find(f".//{{{A}}}p")
        assert paragraph is not None
        office = "http://schemas.microsoft.com/office/drawing/2010/main"
        paragraph.append(parse_xml(f'<a14:m xmlns:a14="{office}">{FRACTION}</a14:m>'))
        paragraph.append(parse_xml(f'<a:r xmlns:a="{A}"><a:t> of each sack.</a:t></a:r>'))
        parent = body.getparent()
        assert parent is not None
        ways = parse_xml(
            '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f'<mc:Choice xmlns:a14="{office}" Requires="a14"/><mc:Fallback/></mc:AlternateContent>'
        )
        parent.replace(body, ways)
        ways[0].append(body)
        ways[1].append(deepcopy(body))

    assert body(loaded(deck((OUTLINE, fill)))) == ["# Shares", "- The miller keeps 1/20 of each sack."]


def test_charts_are_read_as_their_titles_and_figures() -> None:
    def fill(slide: Slide) -> None:
        data: Any = cast(Any, CategoryChartData)()
        data.categories = ["Sloops", "Barges"]
        data.add_series("Arrivals", (1200, 45), "#,##0")
        place = (Inches(1), Inches(1), Inches(4), Inches(3))
        frame: Any = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
        frame.chart.chart_title.text_frame.text = "Arrivals rose by a tenth in 2023."

    assert body(loaded(deck((EMPTY, fill)))) == [
        *("# Slide 1", "Arrivals rose by a tenth in 2023."),
        *("|| | Arrivals", "| Sloops | 1,200", "| Barges | 45"),
    ]


def smart_art(slide: Slide) -> None:
    """Add SmartArt with a point, two points below it, and the lines between them."""
    namespace = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    texts = {"2": "The board decides.", "3": "The clerk writes.", "1": "The pilot steers."}
    points = "".join(
        f'<pt modelId="{key}"><t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></t></pt>'
        for key, text in texts.items()
    )
    lines = "".join(
        f'<cxn modelId="{9 - order}" srcId="{above}" destId="{below}" srcOrd="{order}"/>'
        for above, below, order in (("2", "1", 1), ("2", "3", 0), ("0", "2", 0))
    )
    model = (
        f'<dataModel xmlns="{namespace}" xmlns:a="{A}"><ptLst><pt modelId="0" type="doc"/>{points}'
        f'<pt modelId="8" type="pres"/></ptLst><cxnLst>{lines}</cxnLst></dataModel>'
    )
    part = Part(
        PackURI("/ppt/diagrams/data1.xml"),
        "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml",
        slide.part.package,
        model.encode(),
    )
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    key = slide.part.relate_to(part, f"{relations}/diagramData")
    frame = (
        '<p:graphicFrame xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
        f' xmlns:a="{A}" xmlns:r="{relations}"><p:nvGraphicFramePr><p:cNvPr id="7" name="d"/>'
        "<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>"
        '<p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></p:xfrm>'
        f'<a:graphic><a:graphicData uri="{namespace}"><d:relIds xmlns:d="{namespace}" r:dm="{key}"/>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )
    slide.shapes._spTree.append(parse_xml(frame))


def test_smart_art_is_read_as_a_list_in_its_order() -> None:
    article = loaded(deck((EMPTY, smart_art)))
    assert body(article) == [
        "# Slide 1",
        "- The board decides.",
        "- The clerk writes.",
        "- The pilot steers.",
    ]
    assert [block.level for block in article.blocks or ()] == [1, 1, 2, 2]


def test_columns_of_a_layout_are_read_one_after_the_other() -> None:
    def fill(slide: Slide) -> None:
        for place, text in enumerate(("Crews", "North", "Odra leads it.", "South", "Pell leads it.")):
            slide.placeholders[place].text = text

    assert body(loaded(deck((4, fill)))) == [
        *("# Crews", "- North", "- Odra leads it.", "- South", "- Pell leads it."),
    ]


def test_typed_markers_stay_out_of_items_and_tabs_part_columns() -> None:
    def fill(slide: Slide) -> None:
        for text, top in (("1. The gate is shut.", 1), ("09:00\tWelcome", 2), ("10:00\tThe fees", 3)):
            box(slide, text, 1, top)

    assert body(loaded(deck((EMPTY, fill)))) == [
        *("# Slide 1", "- The gate is shut.", "| 09:00 | Welcome", "| 10:00 | The fees"),
    ]


def test_what_python_pptx_writes_by_default_is_no_metadata() -> None:
    assert not set(loaded(WHOLE).metadata) & {"author", "date", "description"}
