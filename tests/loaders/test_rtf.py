"""RTF: text in all its encodings, with headings, list items and tables."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import Article, load_articles
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.rtf import load_rtf

WHOLE = Path(__file__).parents[1] / "fixtures" / "formats" / "rtf" / "harbour.rtf"
STYLES = r"{\stylesheet{\s0 Normal;}{\s7\b\fs32 heading 2;}}"


def loaded(body: str) -> Article:
    return load_rtf((r"{\rtf1\ansi\ansicpg1252" + STYLES + body + "}").encode("latin-1"), "a.rtf", "a.rtf")


def body(article: Article) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(article.text)) for block in article.blocks or ()]


def test_headings_are_known_by_their_style_or_their_level() -> None:
    article = loaded(r"\pard\s7 Fees\par\pard It rose.\par\pard\outlinelevel0 Crews\par\pard Odra leads.\par")
    assert body(article) == [
        *(("heading", "Fees"), ("prose", "It rose."), ("heading", "Crews"), ("prose", "Odra leads.")),
    ]


def test_characters_of_all_kinds_are_decoded() -> None:
    article = loaded(r"\pard Geb\'fchren \u8211? six\rquote s \u-10179?\u-8704? \{a\}\par")
    assert article.text == "Gebühren – six’s 😀 {a}"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (r"10{\super 3} crowns", "10³ crowns"),
        (r"10{\rtlch\fcs1 \af0 \ltrch\fcs0 \super\insrsid45 -3}", "10⁻³"),
        (r"H\sub 2\nosupersub O", "H₂O"),
        (r"{\super th} 4{\super th}", "th 4th"),
    ],
)
def test_raised_and_lowered_digits_stay_apart_from_numbers(shown: str, expected: str) -> None:
    assert loaded(rf"\pard {shown}\par").text == expected


def test_cells_of_several_paragraphs_are_whole() -> None:
    article = loaded(
        r"\trowd\cellx100\cellx200{{\pard\intbl Punt\par}\cell}{{\pard\intbl at dawn\par and noon\par}\cell}"
        r"\intbl\row\pard It rose.\par\pard\intbl Left alone.\par"
    )
    assert body(article) == [
        *(("header row", "Punt | at dawn and noon"), ("prose", "It rose."), ("prose", "Left alone.")),
    ]


def test_the_title_is_what_is_in_its_style() -> None:
    article = load_rtf(
        (
            rb"{\rtf1\ansi{\stylesheet{\s4\fs56 Title;}{\s5 Title Page;}}{\info{\title Document1}}"
            rb"\pard\s5 Melvik\par\pard\s4 The harbour book\par\pard It rose.\par}"
        ),
        "a.rtf",
        "a.rtf",
    )
    assert (article.title, body(article)[1]) == ("The harbour book", ("heading", "The harbour book"))


def test_list_items_lose_their_bullets() -> None:
    article = loaded(r"\pard\ls1{\listtext\'95\tab}North crew\par\pard\ls1{\listtext\'95\tab}South crew\par")
    assert body(article) == [("item", "North crew"), ("item", "South crew")]


def test_rows_of_tables_have_cells() -> None:
    row = r"\trowd\pard\intbl {0}\cell {1}\cell\row "
    article = loaded(row.format("Port", "Fee") + row.format("Kolm", "two | three") + r"\pard It rained.\par")
    assert body(article) == [
        *(("header row", "Port | Fee"), ("row", "Kolm | two | three"), ("prose", "It rained.")),
    ]


def test_addresses_of_links_and_pictures_are_no_text() -> None:
    link = r'{\field{\*\fldinst{HYPERLINK "https://m.example"}}{\fldrslt{the register}}}'
    article = loaded(rf"\pard See {link}.{{\pict\pngblip {'89504e47' * 40}}}\par")
    assert article.text == "See the register."


def test_the_title_and_the_author_are_those_of_the_file() -> None:
    article = loaded(r"{\info{\title Geb\'fchren}{\author Odra Vell}}\pard It rose.\par")
    assert (article.title, article.metadata["author"], article.text) == ("Gebühren", "Odra Vell", "It rose.")


def test_content_decides_whatever_the_name_says(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(WHOLE.read_bytes())
    (article,) = load_articles(tmp_path / "a.doc")
    assert (article.title, article.media_type) == ("The Harbour of Varnholm", "application/rtf")


@pytest.mark.parametrize("data", [b"", b"It rained.", b"\0\1\2" * 99])
def test_what_is_no_rtf_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDataError, match="not an RTF file"):
        load_rtf(data, "a", "a")


@pytest.mark.parametrize("text", ["{" * 200_000, "\\par " * 200_000, "{\\s7 " * 50_000, "\\'e4" * 100_000])
def test_deep_and_long_files_take_seconds(text: str) -> None:
    start = time.process_time()
    loaded(text)
    assert time.process_time() - start < 30


@settings(max_examples=20)
@given(st.data())
def test_damaged_files_are_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE.read_bytes())
    for place in data.draw(st.lists(st.integers(6, len(damaged) - 1), max_size=20)):
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        article = load_rtf(bytes(damaged), "a", "a")
    except UnreadableDataError:
        return
    assert all(block.span.of(article.text).strip() for block in article.blocks or ())


@pytest.mark.parametrize(
    "note",
    [
        r"{\super\chftn{\footnote\pard\plain{\super\chftn} It was four.}}",  # Word
        r"{\super\chftn{\*\footnote\chftn\pard\plain It was four.\par It was {\i five}.}}",  # LibreOffice
        r"{\super\chftn}{\footnote\ftnalt\pard\plain It was four.}",  # an endnote
    ],
)
def test_notes_stand_below_their_paragraph(note: str) -> None:
    article = loaded(rf"\pard The fee is six.{note} It is paid.\par Next.\par")
    lines = [text for kind, text in body(article)]
    assert lines == [
        *("The fee is six. It is paid.", "It was four."),
        *(["It was five."] if "five" in note else []),
        "Next.",
    ]


def test_a_note_of_an_item_or_a_cell_stands_below_it() -> None:
    note = r"{\footnote\pard\plain It was four.}"
    article = loaded(
        rf"\pard\ls1 One.{note}\par Two.\par\pard\trowd\intbl A{note}\cell B\cell\row\pard End.{note}"
    )
    assert body(article) == [
        *(("item", "One."), ("prose", "It was four."), ("item", "Two.")),
        *(("header row", "A | B"), ("prose", "It was four."), ("prose", "End."), ("prose", "It was four.")),
    ]


def test_text_boxes_are_read() -> None:
    box = r"{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard The gate is shut.\par}}}"
    assert loaded(rf"\pard The fee{box} is six.\par").text == "The fee is six.\n\nThe gate is shut."


@pytest.mark.parametrize(
    "hidden", [r"{\v no}", r"\v no {\b no}\v0 ", r"{\rtlch\fcs1 \af0 \deleted no}", r"{\v no\plain }"]
)
def test_hidden_and_deleted_text_is_left_out(hidden: str) -> None:
    assert loaded(rf"\pard The fee {hidden}is six.\par").text == "The fee is six."


def test_typed_markers_and_tabs_are_read_as_in_other_documents() -> None:
    article = loaded(r"\pard 1.\tab Sloops pay.\par \bullet\tab Barges pay.\par Odra Vell\tab Pell Marun\par")
    assert body(article) == [
        ("item", "Sloops pay."),
        ("item", "Barges pay."),
        ("row", "Odra Vell | Pell Marun"),
    ]


def test_the_day_on_which_it_was_made_is_its_date() -> None:
    assert loaded(r"{\info{\creatim\yr2021\mo5\dy3\hr9\min1}}\pard Six.\par").metadata["date"] == "2021-05-03"


@pytest.mark.parametrize(
    "odd", [r"}}}\footnote x", "{" * 5_000 + r"\footnote x", r"{\footnote{\footnote x", r"\v"]
)
def test_odd_groups_are_read_or_refused(odd: str) -> None:
    try:
        article = loaded(rf"\pard The fee is six.\par{odd}")
    except UnreadableDataError:
        return
    assert article.text.startswith("The fee is six.")


def test_pictures_as_pandoc_writes_them_do_not_cost_the_text() -> None:
    picture = r"{\pict\jpegblip\picw250\bin " + "ffd8ffe000104a46" * 20 + "}"
    assert loaded(rf"\pard The fee is six.\par{{\pard {picture}\par}}\pard It rose.\par").text == (
        "The fee is six.\n\nIt rose."
    )
