"""Web pages: the main text, all of it, and nothing else.

The pages in fixtures/html say themselves what they are made of: what stands between the comments "main" and
"/main" is main text, between "any" and "/any" it may be taken or not (bylines), all else is furniture. The
comments are taken out before a page is loaded. The shapes in fixtures/html/shapes are filled with the seeds.
"""

from __future__ import annotations

import html
import json
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
import regex

from articleqa.loaders.html import load_html
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.models import Article, BlockKind
from articleqa.passages import passages_of

FIXTURES = Path(__file__).parents[1] / "fixtures" / "html"
SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
PAGES = sorted(FIXTURES.glob("*.html"))
SHAPES = sorted((FIXTURES / "shapes").glob("*.html"))
METADATA = json.loads((FIXTURES / "metadata.json").read_text(encoding="utf-8"))
MARKS = regex.compile(r"<!--/?(?:main|any)-->")
INLINE = {"a", "abbr", "b", "cite", "em", "font", "i", "small", "span", "strong", "sub", "sup", "time"}
PARAGRAPH = "The river rose by two metres on Monday, said the agency in Overy."


class MarkedPage(HTMLParser):
    """What a page says it is made of, as `(mark, text)`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[tuple[str, str]] = []
        self._marks = ["furniture"]
        self._text = ""
        self._hidden = 0
        self.feed(page)
        self._end_part()

    def handle_comment(self, data: str) -> None:
        self._end_part()
        if data.startswith("/"):
            self._marks.pop()
        else:
            self._marks.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("script", "style", "title", "svg")
        if tag not in INLINE:
            self._end_part()

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "title", "svg")
        if tag not in INLINE:
            self._end_part()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text += data

    def _end_part(self) -> None:
        if letters(self._text):
            self.parts.append((self._marks[-1], " ".join(self._text.split())))
        self._text = ""


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def loaded(page: str | bytes) -> Article:
    return load_html(page if isinstance(page, bytes) else page.encode(), "page.html", "saved/page.html")


def shown(article: Article, *kinds: BlockKind) -> list[str]:
    return [b.span.of(article.text) for b in article.blocks or () if not kinds or b.kind in kinds]


def read(path: Path) -> str:
    return path.read_text(encoding="cp1252" if path.stem == "german" else "utf-8")


def load_marked(page: str, encoding: str = "utf-8") -> tuple[Article, list[str], list[str]]:
    """Return the article, the parts of the main text lost, and the parts of the furniture let through."""
    article = loaded(MARKS.sub("", page).encode(encoding))
    taken = [b.span.of(article.text) for b in article.blocks or () if b.kind is not BlockKind.BOILERPLATE]
    text = letters("".join(taken))
    parts = MarkedPage(page).parts
    main = letters("".join(part for mark, part in parts if mark == "main"))
    lost = [part for mark, part in parts if mark == "main" and letters(part) not in text]
    alone = {letters(block) for block in taken}
    let_through = [
        part
        for mark, part in parts
        if mark == "furniture"
        and (
            text.count(letters(part)) > main.count(letters(part))
            if len(part.split()) > 3
            else letters(part) in alone
        )
    ]
    return article, lost, let_through


def filled(shape: str, title: str, paragraphs: list[str]) -> str:
    """Return a page in `shape`, whose lines "@each" are for paragraphs and "@after" follow the third."""
    lines = shape.splitlines()
    between = [line.removeprefix("@after ") for line in lines if line.startswith("@after ")]
    page: list[str] = []
    for line in lines:
        if line.startswith("@each "):
            for number, paragraph in enumerate(paragraphs[1:]):
                page.append(line[6:].replace("{{paragraph}}", html.escape(paragraph)))
                page += between if number == 2 else []
        elif not line.startswith("@after "):
            page.append(line.replace("{{title}}", title).replace("{{lead}}", html.escape(paragraphs[0])))
    return "\n".join(page)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_main_text_is_whole_and_holds_no_furniture(path: Path) -> None:
    article, lost, let_through = load_marked(read(path), "cp1252" if path.stem == "german" else "utf-8")
    assert (lost, let_through) == ([], [])
    said = letters("".join(s.of(article.text) for p in passages_of(article) for s in p.sentence_spans))
    headings = letters("".join(shown(article, BlockKind.HEADING, BlockKind.HEADER_ROW)))
    for mark, part in MarkedPage(read(path)).parts:
        assert mark != "main" or letters(part) in said or letters(part) in headings


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_metadata_are_those_of_the_page(path: Path) -> None:
    article, _, _ = load_marked(read(path), "cp1252" if path.stem == "german" else "utf-8")
    found = {**article.metadata, "title": article.title}
    assert str(found.pop("extractor")).startswith("trafilatura/2.")
    assert found == METADATA[path.stem]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda path: path.stem)
def test_the_seeds_come_back_whole_from_pages_of_other_shapes(shape: Path, seed: Path) -> None:
    lines = [" ".join(line.split()) for line in seed.read_text(encoding="utf-8").splitlines()]
    # A request for gifts is the only furniture of that length in the seeds.
    paragraphs = [line for line in lines if len(line) > 60 and not line.startswith("Your tax deductible")]
    _, lost, let_through = load_marked(filled(read(shape), "A title of its own", paragraphs))
    assert (lost, let_through) == ([], [])


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        (
            "semantic_news",
            [
                (1, "Harbour tunnel to close for nine weeks"),
                (2, "Why the pumps failed"),
                (2, "What drivers should do"),
            ],
        ),
        ("wordpress", [(1, "Why our town planted 900 oaks"), (2, "The map"), (2, "What it cost")]),
        ("ghost", [(1, "The quiet end of the fax machine"), (2, "The form"), (3, "What is left")]),
        ("interrupted_essay", [(1, "What the lighthouse keepers wrote"), (2, "The last entry")]),
    ],
)
def test_headings_are_those_of_the_article(name: str, headings: list[tuple[int, str]]) -> None:
    article, _, _ = load_marked(read(FIXTURES / f"{name}.html"))
    found = [b for b in article.blocks or () if b.kind is BlockKind.HEADING]
    assert [(block.level, block.span.of(article.text)) for block in found] == headings


def test_tables_have_rows_under_their_header_row() -> None:
    article, _, _ = load_marked(read(FIXTURES / "press_release.html"))
    assert shown(article, BlockKind.HEADER_ROW) == ["Stock | 2021 (tonnes) | 2022 (tonnes)"]
    assert shown(article, BlockKind.ROW) == ["North herring | 14,203 | 13,780", "Bay sole | 1,940 | 2,310"]


def test_a_table_that_lays_out_the_page_has_no_rows() -> None:
    article, _, _ = load_marked(read(FIXTURES / "table_layout.html"))
    assert shown(article, BlockKind.ROW) == ["1790 | 1,100", "1795 | 4,350"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>It <b>rain</b>ed on <time>3 May</time>, H<sub>2</sub>O.", ["It rained on 3 May, H₂O."]),
        ("<p>one<br>two<br><br>three", ["one two", "three"]),
        ("<div>one<p>two</p>three<div>four</div>five</div>", ["one", "two", "three", "four", "five"]),
        ("<ul><li>one<ul><li>two</ul>three</ul>", ["one", "two", "three"]),
        ("<p>Wor&shy;d&#8203;s &amp; &nbsp; more", ["Words & more"]),
        ("<p>It rained.<sup>2</sup> It stopped at 10<sup>3</sup>.", ["It rained. It stopped at 10³."]),
        ("<p>It rained.<sup>2, 3</sup> It stopped<sup>4</sup> soon.", ["It rained. It stopped⁴ soon."]),
        ("<p>E = mc<sup><b>2</b></sup>, 10<sup>-6</sup>, 2<sup>(n+1)</sup>.", ["E = mc², 10⁻⁶, 2⁽ⁿ⁺¹⁾."]),
        ("<p>1<sup>1</sup>/<sub>2</sub> of SO<sub>4</sub><sup>2−</sup>.", ["1¹/₂ of SO₄²⁻."]),
        ("<p>The 1<sup>st</sup> and 22<sup>nd</sup> of x<sub>n</sub>.", ["The 1st and 22nd of xn."]),
        ("<p>One<p><sup>All 31 of 1987 (n-1) said so.</sup>", ["One", "All 31 of 1987 (n-1) said so."]),
        ("<p><math><msup><mn>10</mn><mn>6</mn></msup><msub><mi>c</mi><mn>0</mn></msub></math>", ["10⁶c₀"]),
        ("<table><tr><td>km<sup>2</sup><td>10<sup>6</sup></table>", ["km² | 10⁶"]),
        ("<p>It rained<a href='#n'>[1]</a> as in <a href='#s'>3</a>.", ["It rained as in 3."]),
        ("<p><ruby>漢<rp>(</rp><rt>kan</rt></ruby>字", ["漢字"]),
        ("<p>seen<script>var unseen</script><style>p{}</style><button>Press</button>", ["seen"]),
        ("<p>seen</p><p hidden>not</p><p style='display: none'>not</p>", ["seen"]),
        (f"<p>a\0b \x01c</p><!--{' ' * 99}-->", ["ab c"]),
        ("<h2>One</h2><h2>Two</h2><p>It rained.</p><h2>Three</h2>", ["Two", "It rained."]),
        ("only text", ["only text"]),
        ("", []),
    ],
)  # fmt: skip
def test_blocks_are_as_a_browser_shows_them(body: str, expected: list[str]) -> None:
    assert shown(loaded(f"<html><body>{body}")) == expected


def test_a_link_in_a_sentence_stays_whatever_its_class() -> None:
    page = f"<p>{PARAGRAPH} The <a class='ad subscribe' href='/x'>paper</a> was read.</p>"
    assert "The paper was read." in loaded(f"<html><body>{page}").text


def test_a_whole_page_is_no_furniture_whatever_its_class() -> None:
    page = (
        f"<form id='aspnetForm'><div class='has-sidebar social-share newsletter'>{f'<p>{PARAGRAPH}</p>' * 5}"
    )
    assert shown(loaded(f"<html><body class='cookie-notice'>{page}")) == [PARAGRAPH] * 5


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset=utf-8>", "utf-8"),
        ("<meta charset=iso-8859-1>", "utf-8"),
        ("<meta charset=iso-8859-1>", "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
        ("<meta charset=koi8-r>", "koi8-r"),
        ("<meta charset=utf-8>", "utf-16"),
        ("<meta charset=no-such-charset>", "utf-8"),
        ("", "utf-8-sig"),
    ],
)
def test_a_page_is_read_in_its_encoding_whatever_it_says(head: str, encoding: str) -> None:
    text = "Река поднялась на два метра." if encoding in ("cp1251", "koi8-r") else "Zoë paid 5 – in cafés."
    page = f"<html><head>{head}</head><body><p>{text}</p></body></html>".encode(encoding)
    assert loaded(page).text == text


@pytest.mark.parametrize(
    ("comment", "url"),
    [
        ("<!-- saved from url=(0024)https://a.example/b?c=d -->", "https://a.example/b?c=d"),
        ("<!--\n Page saved with SingleFile \n url: https://a.example/b \n saved date: x\n-->", "https://a.example/b"),
        ("", None),
    ],
)  # fmt: skip
def test_the_address_is_the_one_a_browser_saved_the_page_from(comment: str, url: str | None) -> None:
    page = f"<!DOCTYPE html>\n{comment}\n<html><body><p>{PARAGRAPH}</p></body></html>"
    assert loaded(page).metadata.get("url") == url


def test_the_sites_name_is_no_part_of_the_title() -> None:
    head = "<meta property='og:title' content='A storm in May | The Post'>"
    head += "<meta property='og:site_name' content='The Post'>"
    assert loaded(f"<html><head>{head}</head><body><p>{PARAGRAPH}").title == "A storm in May"


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("Ida Marn", "Ida Marn"),
        ("Username", None),
        ("Authority control", None),
        ("February", None),
        ("Ida Marn Monday", "Ida Marn"),
        ("Laura Topol July 5", "Laura Topol"),
        ("April Roach", "April Roach"),
        ("Joe May", "Joe May"),
    ],
)
def test_labels_and_dates_are_no_authors(stated: str, author: str | None) -> None:
    head = f"<title>A storm in May</title><meta name='author' content='{stated}'>"
    assert loaded(f"<html><head>{head}</head><body><p>{PARAGRAPH}").metadata.get("author") == author


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04" + bytes(100), bytes(range(256)) * 40]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDataError):
        loaded(data)


def test_a_picture_in_the_page_is_not_too_large() -> None:
    page = f"<html><body><img src='data:image/png;base64,{'A' * 20_000_000}'><p>{PARAGRAPH}</p>"
    assert loaded(page).text == PARAGRAPH


@pytest.mark.parametrize("lines", ["Hanna Reck Society<br>12 Quay Lane<br>Kolm", "Hanna Reck Society, Kolm"])
def test_address_below_its_heading_is_text(lines: str) -> None:
    said = (
        "<p>The harbour museum of Kolm was opened by Hanna Reck in 1911, and it is still open on Sundays.</p>"
    )
    more = "<p>Visitors come from all parts of the country to see the lamp, which hangs near the door.</p>"
    body = f"<h1>Museum</h1>{said}{more}<h2>Address</h2><address>{lines}</address>{said}{more}"
    assert "Address\n\nHanna Reck Society" in loaded(f"<html><body>{body}").text


@pytest.mark.parametrize("tag", ["font color='red'", "div", "ul><li"])
def test_text_in_deeply_nested_elements_is_read(tag: str) -> None:
    body = f"<p>{PARAGRAPH}</p>{f'<{tag}>' * 600}<p>The keeper Ole Rist lives beside the old mill.</p>"
    assert "The keeper Ole Rist" in loaded(f"<html><body>{body}").text


@pytest.mark.parametrize("inside", ["<div>" * 3_000, "<div>" * 300 + "<p>x</p>" * 6_000])
def test_elements_too_deep_to_be_read_are_no_silent_loss(inside: str) -> None:
    with pytest.raises(UnreadableDataError, match="nested too deep"):
        loaded(f"<html><body><p>It rained.</p>{inside}<p>The keeper Ole Rist lives here.</p>")
