from __future__ import annotations

import random
import sys
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import Article
from articleqa.loaders.office import odt_package
from articleqa.loaders.office.blocks import Piece
from articleqa.loaders.office.lines import read_line
from articleqa.loaders.office.odt import MEDIA_TYPE, load_odt
from articleqa.loaders.protocol import MissingLibraryError, UnreadableDataError
from articleqa.models import BlockKind
from articleqa.text.sentences.spans import sentence_spans
from zip_members import changed

LABOR = Path(__file__).parents[1] / "fixtures" / "office" / "labor.odt"
KIND = {
    BlockKind.PROSE: "|",
    BlockKind.ITEM: "*",
    BlockKind.HEADER_ROW: "=",
    BlockKind.ROW: "-",
    BlockKind.BOILERPLATE: "x",
}


def load(data: bytes) -> Article:
    return load_odt(data, "a", "a.odt")


def shown(article: Article) -> list[str]:
    assert article.blocks is not None
    return [
        f"{KIND.get(block.kind) or '#' * block.level} {block.span.of(article.text)}"
        for block in article.blocks
    ]


def document(xml: str, styles: str = "") -> bytes:
    """Return an ODT file of the body `xml`, with the namespaces and styles of the saved page."""

    def change(content: bytes) -> bytes:
        start, end = content.index(b"<office:text"), content.index(b"</office:text>")
        content = content[:start] + b"<office:text>" + xml.encode() + content[end:]
        return content.replace(b"</office:automatic-styles>", styles.encode() + b"</office:automatic-styles>")

    return changed(LABOR.read_bytes(), "content.xml", change)


def body(xml: str, styles: str = "") -> list[str]:
    return shown(load(document(xml, styles)))


def cell(text: str, style: str = "Table_20_Contents") -> str:
    return f'<table:table-cell><text:p text:style-name="{style}">{text}</text:p></table:table-cell>'


def table(*rows: str) -> str:
    return (
        "<table:table>"
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + "</table:table>"
    )


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
        "date": "2017-02-09T10:30:00",
        "extractor": f"lxml/{version('lxml')}",
    }


def test_a_title_that_is_shown_goes_before_the_one_in_the_properties() -> None:
    derived = '<style:style style:name="P9" style:family="paragraph" style:parent-style-name="Title"/>'
    style = '<style:style style:name="Title" style:family="paragraph"/>'
    article = load(
        document('<text:p text:style-name="P9">Shown</text:p><text:p>Text.</text:p>', derived + style)
    )
    assert article.title == "Shown"
    assert shown(article) == ["# Shown", "| Text."]


def test_headings_have_the_level_of_their_outline_or_style() -> None:
    own = '<style:style style:name="Mine" style:family="paragraph" style:default-outline-level="4"/>'
    assert body(
        '<text:h text:outline-level="3">a</text:h><text:h>b</text:h>'
        '<text:h text:outline-level="9x">c</text:h>'
        '<text:p text:style-name="P1">d</text:p><text:p text:style-name="Mine">e</text:p>',
        own
        + '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_2"/>',
    ) == ["### a", "# b", "# c", "## d", "#### e"]


def test_styles_based_on_each_other_in_a_circle_end() -> None:
    circle = "".join(
        f'<style:style style:name="{a}" style:family="paragraph" style:parent-style-name="{b}"/>'
        for a, b in ("XY", "YX")
    )
    assert body('<text:p text:style-name="X">text</text:p>', circle) == ["| text"]


def test_deleted_and_hidden_text_comments_and_indexes_are_left_out() -> None:
    hidden = "<text:p>no</text:p>"
    assert body(
        f"<text:tracked-changes><text:changed-region><text:deletion>{hidden}</text:deletion>"
        f"</text:changed-region></text:tracked-changes>"
        f"<text:table-of-content><text:index-body>{hidden}</text:index-body></text:table-of-content>"
        f'<text:section text:display="none">{hidden}</text:section>'
        "<text:section><text:p>The <text:change/>new"
        "<office:annotation><text:p>no</text:p></office:annotation>"
        "<text:s text:c='9'/>law<text:tab/>is<text:line-break/><text:span>here<text:hidden-text>no"
        "</text:hidden-text></text:span>.</text:p></text:section>"
    ) == ["| The new law is here."]


def test_text_boxes_and_notes_are_read_below_their_paragraph() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Noted.</text:p>"
        "</text:note-body></text:note>"
    )
    frame = "<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box><svg:title/></draw:frame>"
    assert body(f"<text:p>One{note} {frame}two.</text:p><text:p>Three.</text:p>") == [
        "| One two.",
        "| boxed",
        "| Noted.",
        "| Three.",
    ]


def test_merged_cells_are_in_each_row_and_repeated_cells_are_read_once() -> None:
    wide = '<table:table-cell table:number-columns-spanned="2"><text:p>wide</text:p></table:table-cell>'
    many = (
        '<table:table-cell table:number-columns-repeated="1000000000"><text:p>x</text:p></table:table-cell>'
    )
    covered = "<table:covered-table-cell><text:p>no</text:p></table:covered-table-cell>"
    assert body(table(wide + covered + cell("b"), 2 * covered + cell("d"), many)) == [
        "- wide | b",
        "- wide | d",
        "- x",
    ]


def test_a_first_row_in_bold_is_a_header() -> None:
    strong = (
        '<style:style style:name="Strong" style:family="text"><style:text-properties fo:font-weight="bold"/>'
        "</style:style>"
    )
    span = '<text:span text:style-name="Strong">bold</text:span>'
    data = cell("1") + cell("2")
    assert body(table(cell("a", "Table_20_Heading") + cell(span), data), strong) == ["= a | bold", "- 1 | 2"]
    assert body(table(cell(f"{span} not") + cell(span), data), strong) == ["- bold not | bold", "- 1 | 2"]


def test_cells_that_hold_tables_or_long_texts_are_read_as_blocks() -> None:
    nested = f"<table:table-cell><text:p>Before.</text:p>{table(cell('x') + cell('y'))}</table:table-cell>"
    long = (
        f"<table:table-cell><text:p>{'word ' * 40}</text:p><text:p>{'more ' * 40}</text:p></table:table-cell>"
    )
    assert body(table(nested + cell("Beside."))) == ["| Before.", "- x | y", "| Beside."]
    assert [line[:6] for line in body(table(long + cell("side")))] == ["| word", "| more", "| side"]
    assert body(table(cell("framed"))) == ["| framed"]


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'
    for name in ("content.xml", "meta.xml"):
        with pytest.raises(UnreadableDataError, match="document type"):
            load(
                changed(
                    LABOR.read_bytes(), name, lambda part: part.replace(b"<office:", bomb + b"<office:", 1)
                )
            )


def test_what_expands_too_far_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = changed(LABOR.read_bytes(), "content.xml", lambda part: part + b" " * odt_package.LARGEST_PART)
    assert len(data) < 200_000
    with pytest.raises(UnreadableDataError, match="more than 100 MB of text and markup"):
        load(data)
    monkeypatch.setattr(odt_package, "MOST_TAGS", 100)
    with pytest.raises(UnreadableDataError, match="too much markup"):
        load(LABOR.read_bytes())


def test_sections_within_sections_without_end_are_refused() -> None:
    with pytest.raises(UnreadableDataError, match="damaged"):
        body("<text:section>" * 2000 + "</text:section>" * 2000)


def test_a_locked_document_is_said_to_be_locked() -> None:
    entry = b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
    with pytest.raises(UnreadableDataError, match="locked by a password"):
        load(changed(LABOR.read_bytes(), "META-INF/manifest.xml", lambda part: part + entry))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(MissingLibraryError, match=r"articleqa\[odt\]"):
        load(LABOR.read_bytes())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and nothing", LABOR.read_bytes()[:9000]])
def test_what_is_no_zip_archive_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableDataError, match="not a ZIP archive"):
        load(data)


def test_a_document_of_another_kind_is_no_odt_file() -> None:
    for change in (lambda _: b"", lambda part: part.replace(b"office:text", b"office:spreadsheet")):
        with pytest.raises(UnreadableDataError, match="not an ODT file"):
            load(changed(LABOR.read_bytes(), "content.xml", change))
    with pytest.raises(UnreadableDataError, match="not an ODT file"):
        load(LABOR.with_suffix(".docx").read_bytes())


WORDS = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff\u00ad\u200b\u2060\ufeff"
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: not read_line([Piece(text)]).marker)
KINDS = st.sampled_from(["heading", "paragraph", "item", "table"])


def written(kind: str, one: str, two: str) -> str:
    one, two = escape(one), escape(two)
    match kind:
        case "heading":
            return f'<text:h text:outline-level="2">{one}</text:h>'
        case "table":
            return table(cell(one) + cell(two))
        case "item":
            return f"<text:list><text:list-item><text:p>{one}</text:p></text:list-item></text:list>"
    return f"<text:p>{one}</text:p>"


@settings(max_examples=25)
@given(st.lists(st.tuples(KINDS, WORDS, WORDS), max_size=8))
def test_blocks_are_what_was_written_in_order_and_apart(content: list[tuple[str, str, str]]) -> None:
    article = load(document("".join(written(*block) for block in content)))
    expected = [
        " ".join((f"{one} | {two}" if kind == "table" else one).split())
        for kind, one, two in content
        if one.strip() or (kind == "table" and two.strip())
    ]
    assert article.blocks is not None
    assert [block.span.of(article.text) for block in article.blocks] == expected
    assert all(one.span.end < two.span.start for one, two in pairwise(article.blocks))


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_damage_is_never_anything_but_unreadable(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(LABOR.read_bytes())
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    for _ in range(chance.randrange(1, 20)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    part = chance.choice(["content.xml", "styles.xml", "meta.xml"])
    for damaged in (bytes(data), changed(LABOR.read_bytes(), part, lambda xml: swapped(xml, chance))):
        try:
            assert isinstance(load(damaged), Article)
        except UnreadableDataError:
            continue


def swapped(xml: bytes, chance: random.Random) -> bytes:
    """Return `xml` with pieces of it swapped: damage that the package's checksums would not show."""
    pieces = xml.split(b'"')
    for _ in range(4):
        one, two = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces[one], pieces[two] = pieces[two], pieces[one]
    return b'"'.join(pieces)


def position(name: str, value: str, parent: str = "") -> str:
    properties = f'<style:text-properties style:text-position="{value}"/>' if value else ""
    return (
        f'<style:style style:name="{name}" style:family="text" style:parent-style-name="{parent}">'
        f"{properties}</style:style>"
    )


POSITIONS = "".join(
    [
        position("Up", "super 58%"),
        position("Higher", "33% 80%"),
        position("Derived", "", "Up"),
        position("Down", "sub 58%"),
        position("Lower", "-8% 80%"),
        position("Level", "0% 100%", "Up"),
    ]
)


def span(text: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


def test_raised_and_lowered_digits_are_no_part_of_the_number_before_them() -> None:
    assert body(
        f"<text:p>He paid 10{span('6', 'Up')} crowns, 1{span('1', 'Higher')}/{span('2', 'Lower')} a head, on "
        f"the 1{span('st', 'Up')} for H{span('2', 'Down')}O, x{span(span('2', 'Other'), 'Derived')}, "
        f"1{span('2', 'Level')} and {span('3' + span('4', 'Level'), 'Up')}5.</text:p>",
        POSITIONS,
    ) == ["| He paid 10⁶ crowns, 1¹/₂ a head, on the 1st for H₂O, x², 12 and ³45."]


def test_the_mark_of_a_note_behind_a_sentence_is_left_out() -> None:
    note = "<text:note><text:note-citation>4</text:note-citation></text:note>"
    [read] = body(
        f"<text:p>The ferry sank in 1987.{span('3', 'Up')} The captain{span('5', 'Up')} survived."
        f"{span(note, 'Up')} He wept.{span('6 ', 'Higher')}All did.</text:p>",
        POSITIONS,
    )
    text = read.removeprefix("| ")
    sentences = [found.of(text) for found in sentence_spans(text)]
    assert sentences == ["The ferry sank in 1987.", "The captain⁵ survived.", "He wept.", "All did."]
