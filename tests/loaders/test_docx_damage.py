from __future__ import annotations

import random
import sys
from itertools import pairwise

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_docx import LABOR, load, saved

from articleqa import Article
from articleqa.loaders.office import docx_package
from articleqa.loaders.office.blocks import Piece
from articleqa.loaders.office.lines import read_line
from articleqa.loaders.protocol import MissingLibraryError, UnreadableDataError
from zip_members import changed


def test_a_link_to_a_part_that_is_not_there_does_no_harm() -> None:
    dead = b'<Relationship Id="rId99" Type="http://x/image" Target="../NULL"/></Relationships>'
    data = changed(
        LABOR.read_bytes(),
        "word/_rels/document.xml.rels",
        lambda part: part.replace(b"</Relationships>", dead),
    )
    assert load(data).text == load(LABOR.read_bytes()).text


def test_a_document_without_properties_has_no_metadata_made_up() -> None:
    data = changed(LABOR.read_bytes(), "_rels/.rels", lambda part: part.replace(b"core-properties", b"other"))
    assert set(load(data).metadata) == {"extractor"}


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'
    for name in ("word/document.xml", "word/footnotes.xml"):
        data = changed(LABOR.read_bytes(), name, lambda part: part.replace(b"<w:", bomb + b"<w:", 1))
        with pytest.raises(UnreadableDataError, match="document type"):
            load(data)


def test_what_expands_too_far_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = changed(
        LABOR.read_bytes(), "word/document.xml", lambda part: part + b" " * docx_package.LARGEST_PART
    )
    assert len(data) < 200_000
    with pytest.raises(UnreadableDataError, match="more than 100 MB of text and markup"):
        load(data)
    monkeypatch.setattr(docx_package, "MOST_TAGS", 100)
    with pytest.raises(UnreadableDataError, match="too much markup"):
        load(LABOR.read_bytes())


def test_tables_within_tables_without_end_are_refused() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 2000 + "</w:tc></w:tr></w:tbl>" * 2000
    data = changed(
        LABOR.read_bytes(),
        "word/document.xml",
        lambda part: part.replace(b"<w:body>", b"<w:body>" + deep.encode()),
    )
    with pytest.raises(UnreadableDataError):
        load(data)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingLibraryError, match=r"articleqa\[docx\]"):
        load(LABOR.read_bytes())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a ZIP archive"),
        (b"PK\x03\x04 and nothing", "not a ZIP archive"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "not a DOCX file; save it as one"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        (LABOR.with_suffix(".odt").read_bytes(), "not a DOCX file"),
    ],
)
def test_what_is_no_docx_file_is_said_to_be_none(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableDataError, match=message):
        load(data)


WORDS = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff\u00ad\u200b\u2060\ufeff"
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: not read_line([Piece(text)]).marker)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from(["heading", "paragraph", "item", "table"]), WORDS, WORDS), max_size=8)
)
def test_blocks_are_what_was_written_in_order_and_apart(content: list[tuple[str, str, str]]) -> None:
    document = docx.Document()
    for kind, one, two in content:
        if kind == "heading":
            document.add_heading(one, 2)
        elif kind == "table":
            row = document.add_table(1, 2).rows[0]
            row.cells[0].text, row.cells[1].text = one, two
        else:
            document.add_paragraph(one, style="List Bullet" if kind == "item" else None)
    article = load(saved(document))
    expected = [
        " ".join((f"{one} | {two}" if kind == "table" else one).split())
        for kind, one, two in content
        if one.strip() or (kind == "table" and two.strip())
    ]
    assert article.blocks is not None
    assert [block.span.of(article.text) for block in article.blocks] == expected
    spans = [block.span for block in article.blocks]
    assert all(before.end < after.start for before, after in pairwise(spans))
    assert load(saved(document)).text == article.text


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
    part = chance.choice(
        ["word/document.xml", "word/styles.xml", "word/footnotes.xml", "[Content_Types].xml"]
    )
    for damaged in (bytes(data), changed(LABOR.read_bytes(), part, lambda xml: flipped(xml, chance))):
        try:
            assert isinstance(load(damaged), Article)
        except UnreadableDataError:
            continue


def flipped(xml: bytes, chance: random.Random) -> bytes:
    """Return `xml` with pieces of it swapped: damage that a checksum of the archive would hide."""
    pieces = xml.split(b'"')
    for _ in range(4):
        one, two = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces[one], pieces[two] = pieces[two], pieces[one]
    return b'"'.join(pieces)
