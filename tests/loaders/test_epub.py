"""E-books: every chapter, whole, in the order of reading. `book.epub` is LibreOffice's; see make.py there."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa.loaders.epub import load_epub
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.models import Article, BlockKind

BOOK = Path(__file__).parents[1] / "fixtures" / "html" / "book.epub"
CONTAINER = """<?xml version="1.0"?><container version="1.0"
xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
METADATA = """<dc:title>The Tide Tables</dc:title><dc:creator>Ada Wren</dc:creator>
<dc:creator>Lem Obi</dc:creator><dc:date>2020-05-17T10:00:00Z</dc:date><dc:language>en</dc:language>
<dc:description>&lt;p&gt;A river, &lt;i&gt;measured&lt;/i&gt;.&lt;/p&gt;</dc:description>"""


def chapter(body: str, attributes: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head>'
        f"<body {attributes}>{body}</body></html>"
    )


def book(
    chapters: Mapping[str, str],
    *,
    metadata: str = METADATA,
    properties: Mapping[str, str] | None = None,
    guide: str = "",
    extra: Mapping[str, str | bytes] | None = None,
) -> bytes:
    items = "".join(
        f'<item id="{name}" href="text/{name}" media-type="application/xhtml+xml" '
        f'properties="{(properties or {}).get(name, "")}"/>'
        for name in sorted(chapters)
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine>"
        f"<guide>{guide}</guide></package>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        entries: dict[str, str | bytes] = {"META-INF/container.xml": CONTAINER, "OPS/book.opf": package}
        entries |= {f"OPS/text/{name}": text for name, text in chapters.items()}
        for name, data in {**entries, **(extra or {})}.items():
            archive.writestr(name, data)
    return packed.getvalue()


def loaded(data: bytes) -> Article:
    return load_epub(data, "book.epub", "books/book.epub")


def shown(article: Article, *kinds: BlockKind) -> list[str]:
    return [b.span.of(article.text) for b in article.blocks or () if not kinds or b.kind in kinds]


def test_a_book_of_libreoffice_is_read_whole() -> None:
    article = loaded(BOOK.read_bytes())
    assert shown(article) == [
        "The first tide",
        "The river at Overy rose on a Monday. Nobody had written it down before.",
        "The clerk began a table that night.",
        "High water at four.",
        "Low water at ten.",
        "It is kept in the chapel.",
        "The second tide",
        "Day | Height",
        "Tuesday | 5.2 m",
        "By spring the table had 212 lines & one mistake.",
    ]
    assert (article.title, article.metadata["author"]) == ("The Tide Tables", "Ada Wren")


def test_metadata_are_those_of_the_package() -> None:
    metadata = dict(loaded(book({"a": chapter("<p>It rained.</p>")})).metadata)
    assert str(metadata.pop("extractor")).startswith("lxml/")
    assert metadata == {
        "author": "Ada Wren; Lem Obi",
        "date": "2020-05-17",
        "language": "en",
        "description": "A river, measured .",
    }


def test_chapters_come_in_the_order_of_reading() -> None:
    chapters = {name: chapter(f"<h1>{name}</h1><p>It rained.</p>") for name in ("z", "b", "a", "c%20d")}
    assert shown(loaded(book({**chapters, "c d": chapters["c%20d"]})), BlockKind.HEADING)[:3] == [
        "z",
        "b",
        "a",
    ]


def test_raised_and_lowered_digits_are_no_part_of_the_number_before_them() -> None:
    body = (
        "<p>In 1987.<sup>3</sup> He paid 10<sup>6</sup> crowns for H<sub>2</sub>O on the 1<sup>st</sup>.</p>"
    )
    article = loaded(book({"a": chapter(body)}))
    assert article.text == "In 1987. He paid 10⁶ crowns for H₂O on the 1st."


@pytest.mark.parametrize(
    ("stated", "language"),
    [
        ("C", None),
        ("English", None),
        ("POSIX locale", None),
        ("en_GB", "en-GB"),
        ("zh-Hant-TW", "zh-Hant-TW"),
    ],
)
def test_a_language_is_known_only_by_a_language_tag(stated: str, language: str | None) -> None:
    data = book({"a": chapter("<p>It rained.</p>")}, metadata=f"<dc:language>{stated}</dc:language>")
    assert loaded(data).metadata.get("language") == language


def test_all_that_a_chapter_says_is_kept() -> None:
    body = (
        "<section><h2>One</h2><p>It <em>rain</em>ed.<sup><a href='#n1'>1</a></sup> All day.</p>"
        "<blockquote><p>Wet.</p></blockquote><figure><img src='x'/><figcaption>A cloud</figcaption></figure>"
        "<dl><dt>Rain</dt><dd>Water</dd></dl><form><p>In a form.</p></form><nav><p>Not contents.</p></nav>"
        "<table><tr><th>Day</th><th>Rain</th></tr><tr><td>Monday</td><td>3 mm</td></tr></table>"
        "<aside id='n1'><p>By the clock.</p></aside><p class='share'>Share it.</p></section>"
    )
    article = loaded(book({"a": chapter(body)}))
    said = ["One", "It rained. All day.", "Wet.", "A cloud", "Rain", "Water", "In a form.", "Not contents."]
    assert shown(article) == [*said, "Day | Rain", "Monday | 3 mm", "By the clock.", "Share it."]
    assert shown(article, BlockKind.HEADER_ROW) == ["Day | Rain"]


@pytest.mark.parametrize("hidden", ["hidden=''", "style='display: none'", "style='visibility:hidden'"])
def test_what_a_chapter_hides_is_left_out(hidden: str) -> None:
    assert shown(loaded(book({"a": chapter(f"<p>It rained.</p><p {hidden}>Not shown.</p>")}))) == [
        "It rained."
    ]


def test_lists_of_contents_and_covers_are_left_out() -> None:
    contents = "<nav epub:type='toc'><ol><li><a href='a'>One</a></li></ol></nav>"
    data = book(
        {
            "cover": chapter("<section epub:type='cover'><p>The Tide Tables</p></section>"),
            "jacket": chapter("<p>A novel</p>"),
            "nav": chapter(f"<h1>Contents</h1>{contents}"),
            "list": chapter("<p>One 1</p>"),
            "a": chapter(f"{contents}<p>It rained.</p>"),
        },
        properties={"nav": "nav"},
        guide='<reference type="cover" href="text/jacket"/><reference type="toc" href="text/list#x"/>',
    )
    assert shown(loaded(data)) == ["It rained."]


def test_a_chapter_called_cover_with_much_to_read_is_kept() -> None:
    text = "It rained all day in the harbour. " * 20
    assert loaded(book({"a": chapter(f"<p>{text}</p>", "epub:type='cover'")})).text == text.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (chapter("<p>caf&eacute;&nbsp;&mdash; &amp;lt;</p>"), ["café — &lt;"]),
        (chapter("<p>one<br>two</p><p>open <b>bold</p><p>three</p>"), ["one two", "open bold", "three"]),
        ("<html><body><p>no namespace</p></body></html>", ["no namespace"]),
        ("<p>no body", ["no body"]),
        ("", []),
    ],
)  # fmt: skip
def test_faulty_chapters_are_read_as_browsers_do(text: str, expected: list[str]) -> None:
    assert shown(loaded(book({"a": text}))) == expected


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    text = f"{bomb}<html><body><p>It &b;rained&c;.</p></body></html>"
    assert loaded(book({"a": text})).text == "It rained."


def locked(algorithm: str) -> bytes:
    lock = (
        f'<encryption><EncryptedData><EncryptionMethod Algorithm="{algorithm}"/></EncryptedData></encryption>'
    )
    return book({"a": chapter("<p>It rained.</p>")}, extra={"META-INF/encryption.xml": lock})


def test_a_book_with_a_lock_is_refused_but_not_one_with_locked_fonts() -> None:
    with pytest.raises(UnreadableDataError, match="locked"):
        loaded(locked("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
    assert loaded(locked("http://www.idpf.org/2008/embedding")).text == "It rained."


def test_a_book_with_a_password_is_refused() -> None:
    data = bytearray(book({"a": chapter("<p>It rained.</p>")}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            data[place + offset] |= 1
    with pytest.raises(UnreadableDataError, match="password"):
        loaded(bytes(data))


def test_a_book_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(UnreadableDataError, match="too large"):
        loaded(book({"a": chapter("<p>" + "x" * 21_000_000 + "</p>")}))


def test_a_chapter_of_too_many_elements_is_refused() -> None:
    with pytest.raises(UnreadableDataError, match="elements"):
        loaded(book({"a": chapter("<i/>" * 400_000)}))


def test_one_chapter_named_many_times_is_read_once() -> None:
    data = book({"a": chapter("<p>It rained.</p>")})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package = archive.read("OPS/book.opf").decode()
    again = package.replace("</spine>", '<itemref idref="a"/>' * 10_000 + "</spine>")
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, again if name == "OPS/book.opf" else old.read(name))
    assert loaded(packed.getvalue()).text == "It rained."


def test_deep_nesting_is_read_or_refused() -> None:
    text = chapter("<div>" * 50_000 + "deep" + "</div>" * 50_000 + "<p>It rained.</p>")
    assert isinstance(loaded(book({"a": text})).text, str)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"It rained.", book({})[:200], bytes(range(256)) * 50],
)
def test_what_is_no_book_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDataError):
        loaded(data)


VISIBLE = st.characters(exclude_categories=["C", "Z"], exclude_characters="\u2060\ufeff")
PROSE = st.lists(st.text(VISIBLE, min_size=1, max_size=12), min_size=1, max_size=6).map(" ".join)
BLOCKS = st.lists(st.tuples(st.sampled_from(["p", "h1", "h3", "li", "blockquote", "div"]), PROSE), max_size=8)


@settings(max_examples=30)
@given(st.lists(BLOCKS, max_size=3))
def test_every_block_comes_back_in_order_as_it_was_written(chapters: list[list[tuple[str, str]]]) -> None:
    written = {
        f"c{number}": chapter("".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in blocks))
        for number, blocks in enumerate(chapters)
    }
    article = loaded(book(written))
    assert shown(article) == [" ".join(text.split()) for blocks in chapters for _, text in blocks]
    ends = [0, *(block.span.end for block in article.blocks or ())]
    assert all(end <= b.span.start for end, b in zip(ends, article.blocks or (), strict=False))
    assert loaded(book(written)) == article


@settings(max_examples=30)
@given(st.data())
def test_damage_is_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(BOOK.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=20)):
        damaged[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    for candidate in (bytes(damaged), bytes(damaged[:cut]), data.draw(st.binary(max_size=300))):
        try:
            article = loaded(candidate)
        except UnreadableDataError:
            continue
        assert all(block.span.of(article.text) for block in article.blocks or ())


@settings(max_examples=30)
@given(st.data())
def test_damage_inside_the_parts_is_read_or_refused(data: st.DataObject) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(BOOK) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            part = bytearray(old.read(name))
            for place in data.draw(st.lists(st.integers(0, max(0, len(part) - 1)), max_size=4)):
                part[place] = data.draw(st.integers(0, 255))
            new.writestr(name, bytes(part))
    try:
        loaded(packed.getvalue())
    except UnreadableDataError:
        return


def test_page_numbers_of_the_printed_book_and_hidden_text_are_left_out() -> None:
    body = (
        '<p>The bees <span epub:type="pagebreak">12</span>fly at<a role="doc-pagebreak">13</a> dawn.</p>'
        '<p hidden="">No.</p><p>They <b style="display: none">do not</b> return.</p>'
    )
    assert shown(loaded(book({"a": chapter(body)}))) == ["The bees fly at dawn.", "They return."]
