"""E-books whose packages are not as the standard has them, and pages that hold contents and text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from test_epub import book, chapter, loaded, shown

from articleqa.models import Article

RAIN = chapter("<p>It rained.</p>")


def changed(data: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> Article:
    """Return the article in a book, each file of which goes through `change`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return loaded(packed.getvalue())


def with_package(data: bytes, change: Callable[[str], str]) -> Article:
    """Return the article in a book whose package document is changed."""

    def each(name: str, part: bytes) -> tuple[str, bytes]:
        return name, change(part.decode()).encode() if name.endswith(".opf") else part

    return changed(data, each)


CHAPTERS = "".join(f'<p><a href="#c{n}">Chapter {n}</a> {n}</p>' for n in range(1, 9))
TEXT = "<p>Anyone who keeps bees must tell the clerk. He asks <a href='#n'>few</a> questions.</p>" * 4


def test_chapter_in_the_same_file_as_the_contents_is_kept() -> None:
    body = f"<h1>The Bee Book</h1><h2 id='toc'>Contents</h2>{CHAPTERS}<h2 id='c1'>Chapter 1</h2>{TEXT}"
    guide = '<reference type="toc" href="text/a#toc"/>'
    article = loaded(book({"a": chapter(body + "<p><a href='b'>To the mill</a></p>")}, guide=guide))
    assert shown(article)[:3] == [
        "The Bee Book",
        "Chapter 1",
        "Anyone who keeps bees must tell the clerk. He asks few questions.",
    ]
    assert shown(article)[-1] == "To the mill"


def test_text_above_the_contents_is_kept_too() -> None:
    above = "<p><a href='http://x'>A note by the printer</a></p>"
    body = f"{above}<div><a id='toc'></a><ul>{CHAPTERS}</ul></div>{TEXT}"
    article = loaded(book({"a": chapter(body)}, guide='<reference type="toc" href="text/a#toc"/>'))
    assert "A note by the printer" in article.text
    assert "Chapter 2" not in article.text


def test_text_of_a_navigation_document_is_kept() -> None:
    nav = f"<nav epub:type='toc'><h1>Contents</h1><ol>{CHAPTERS}</ol></nav>"
    article = loaded(book({"a": chapter(f"{nav}<h1>On bees</h1>{TEXT}")}, properties={"a": "nav"}))
    assert shown(article)[0] == "On bees"


def test_japanese_text_in_the_file_of_contents_is_kept() -> None:
    text = "山路を登りながら、こう考えた。" * 10
    guide = '<reference type="toc" href="text/a"/>'
    assert loaded(book({"a": chapter(f"{CHAPTERS}<p>{text}</p>")}, guide=guide)).text == text


def test_fallback_of_a_file_of_another_type_is_read() -> None:
    def change(package: str) -> str:
        other = '<item id="raw" href="raw.xml" media-type="application/xml" fallback="{}"/></manifest>'
        return package.replace("</manifest>", other.format("a")).replace('idref="a"', 'idref="raw"')

    data = book({"a": RAIN}, extra={"OPS/raw.xml": "<bee><line>raw</line></bee>"})
    assert with_package(data, change).text == "It rained."


def test_fallbacks_in_a_circle_end() -> None:
    def change(package: str) -> str:
        circle = (
            '<item id="x" href="x.svg" media-type="image/svg+xml" fallback="y"/>'
            '<item id="y" href="y.svg" media-type="image/svg+xml" fallback="x"/></manifest>'
        )
        return package.replace("</manifest>", circle).replace("<spine>", '<spine><itemref idref="x"/>')

    assert with_package(book({"a": RAIN}), change).text == "It rained."


@pytest.mark.parametrize(
    "href", ["..\\OPS\\text\\a", "../OPS/text/a", "TEXT/A", "/OPS/text/a", "../../OPS/text/a", "text/%61#x"]
)
def test_paths_are_found_however_they_are_written(href: str) -> None:
    data = book({"a": RAIN})
    assert with_package(data, lambda package: package.replace('href="text/a"', f'href="{href}"')).text


def test_names_with_backslashes_in_the_archive_are_found() -> None:
    article = changed(book({"a": RAIN}), lambda name, part: (name.replace("/", "\\"), part))
    assert article.text == "It rained."


def test_utf8_names_that_are_not_marked_as_such_are_found() -> None:
    data = bytearray(book({"山": RAIN}))
    for signature, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            data[place + offset] = 0  # the flags, of which one says that the name is UTF-8
    assert loaded(bytes(data)).text == "It rained."


def test_missing_files_and_a_missing_spine_do_no_harm() -> None:
    data = book({"a": RAIN})
    gone = '<item id="z" href="gone" media-type="application/xhtml+xml"/></manifest>'
    assert with_package(
        data,
        lambda package: package.replace("</manifest>", gone).replace(
            "<spine>", '<spine><itemref idref="z"/>'
        ),
    ).text
    assert (
        with_package(data, lambda package: package.replace('<itemref idref="a"/>', "")).text == "It rained."
    )


def test_package_document_is_found_if_the_container_names_another() -> None:
    def change(name: str, part: bytes) -> tuple[str, bytes]:
        return name, part.replace(b"OPS/book.opf", b"OEBPS/content.opf")

    assert changed(book({"a": RAIN}), change).text == "It rained."


def test_main_title_is_preferred_to_the_first() -> None:
    metadata = (
        "<dc:title id='s'>A series</dc:title><dc:title id='t'>The Tide Tables</dc:title>"
        "<meta refines='#t' property='title-type'>main</meta>"
    )
    assert loaded(book({"a": RAIN}, metadata=metadata)).title == "The Tide Tables"
    assert loaded(book({"a": chapter("<h1>On bees</h1>")}, metadata="")).title == "On bees"


def test_one_of_several_ways_to_show_the_same_is_read() -> None:
    switch = "<switch><case>{}</case><default><p>x = 1</p></default></switch>"
    assert loaded(book({"a": chapter(switch.format("<p>chemistry</p>"))})).text == "x = 1"


def test_dtbook_is_read() -> None:
    level = "<level1><h1>One</h1><p>It rained.</p></level1>"
    text = f"<dtbook><book><bodymatter>{level}</bodymatter></book></dtbook>"

    def change(package: str) -> str:
        return package.replace("application/xhtml+xml", "application/x-dtbook+xml")

    assert shown(with_package(book({"a": text}), change)) == ["One", "It rained."]


LINES = """
<text><tspan y='0'>The his-</tspan><tspan y='15'>tory of Sous-le, </tspan><tspan y='15'>av</tspan>
<tspan y='15'>ec</tspan><tspan y='30'>the sous-</tspan><tspan y='45'>le wind.</tspan></text>
"""


def test_words_broken_at_line_ends_of_drawn_text_are_whole() -> None:
    body = f"<div>{SVG.format(LINES.replace(chr(10), ''))}</div>"
    assert shown(loaded(book({"a": chapter(body)}))) == ["The history of Sous-le, avec the sous-le wind."]


SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>A map</title><g>{}</g></svg>'
DRAWN = (
    "<text><tspan y='1'>SOUS LE</tspan><tspan y='2'>VENT</tspan></text><text>It rai<tspan>ned.</tspan></text>"
)


def test_text_drawn_in_vector_graphics_is_read() -> None:
    assert shown(loaded(book({"a": chapter(f"<div>{SVG.format(DRAWN)}</div>")}))) == [
        "SOUS LE VENT",
        "It rained.",
    ]

    def change(package: str) -> str:
        return package.replace("application/xhtml+xml", "image/svg+xml")

    assert shown(with_package(book({"a": SVG.format(DRAWN)}), change)) == ["SOUS LE VENT", "It rained."]


def test_text_instead_of_an_object_is_read_but_not_that_instead_of_a_picture() -> None:
    quiz = '<object data="quiz.xml" type="application/x-quiz"><p>How far is the moon?</p></object>'
    picture = '<object data="moon.svg"><p>A picture of the moon.</p></object>'
    assert loaded(book({"a": chapter(quiz + picture)})).text == "How far is the moon?"


def test_formulas_are_written_in_one_line() -> None:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>1</mn><mn>20</mn></mfrac></math>'
    assert loaded(book({"a": chapter(f"<p>The miller keeps {math} of it.</p>")})).text == (
        "The miller keeps 1/20 of it."
    )


@pytest.mark.parametrize("nothing", ["Unknown", "[Untitled]", "Unbekannt", "bees.epub"])
def test_what_programs_write_for_no_title_or_author_is_none(nothing: str) -> None:
    metadata = f"<dc:title>{nothing}</dc:title><dc:creator>{nothing}</dc:creator>"
    article = loaded(book({"a": chapter("<h1>On bees</h1>")}, metadata=metadata))
    assert (article.title, article.metadata.get("author")) == ("On bees", None)


def test_a_book_may_be_called_by_a_number() -> None:
    metadata = "<dc:title>1984</dc:title>"
    assert loaded(book({"a": chapter("<h1>On bees</h1>")}, metadata=metadata)).title == "1984"
