from __future__ import annotations

import random
import re
import sys
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa.loaders.pdf import load_pdf
from articleqa.loaders.pdf import pages as pages_module
from articleqa.loaders.pdf.reflow import Hyphens
from articleqa.loaders.protocol import MissingLibraryError, UnreadableDataError
from articleqa.models import BlockKind
from pdf_pages import FIXTURES, Text, blocks_of, lines, of_kind, pdf_of, read, texts_of, wrapped

WIDTH = 0.6
"""Of a character of Courier, in font sizes."""

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@pytest.fixture(autouse=True)
def _without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of random letters look garbled; recognising them would take seconds each."""
    monkeypatch.setattr("articleqa.loaders.pdf.ocr.is_available", lambda: False)


class Source(HTMLParser):
    """The blocks of an HTML fixture, as they are to be read back."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.headings: list[str] = []
        self._text = ""
        self._cells: list[str] = []
        self.feed((FIXTURES / f"{name}.html").read_text())

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("p", "h1", "h2", "li", "td", "tr"):
            self._text = ""
        if tag == "tr":
            self._cells = []
        if tag == "sup":
            self._text += "^"

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        text = " ".join(self._text.replace("\u00ad", "").split())
        text = re.sub(r"\^(\d+)", lambda match: match[1].translate(RAISED), text)
        if tag == "td":
            self._cells.append(text)
        elif tag == "tr":
            self.blocks.append(" | ".join(self._cells))
        elif tag in ("p", "h1", "h2", "li"):
            self.blocks.append(text)
            if tag in ("h1", "h2"):
                self.headings.append(text)


@pytest.mark.parametrize("name", ["news", "paper"])
def test_every_block_of_a_printed_page_comes_back_whole_and_in_order(name: str) -> None:
    article = read((FIXTURES / f"{name}.pdf").read_bytes())
    source = Source(name)
    assert texts_of(article) == source.blocks
    assert of_kind(article, BlockKind.HEADING) == source.headings


def test_every_paragraph_but_footnotes_comes_back_in_order() -> None:
    article = read((FIXTURES / "report.pdf").read_bytes())
    text, table = (
        "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}",
        "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    )
    body = ElementTree.parse(FIXTURES / "report.fodt").find(".//{*}body/{*}text")
    assert body is not None
    notes = []
    for number, note in enumerate(body.iter(f"{text}note"), 1):
        notes.append(f"{number}{''.join(note[1].itertext())}")
        note.remove(note[1])
        note[0].text = str(number).translate(RAISED)
    rows = [" | ".join("".join(cell.itertext()) for cell in row) for row in body.iter(f"{table}table-row")]
    items = ["".join(item.itertext()) for item in body.iter(f"{text}list-item")]
    inner = {
        id(each)
        for tag in (f"{text}list", f"{table}table")
        for outer in body.iter(tag)
        for each in outer.iter()
    }
    expected: list[str] = []
    for element in body.iter():
        if element.tag == f"{text}list":
            expected += items
        elif element.tag == f"{table}table":
            expected += rows
        elif element.tag in (f"{text}p", f"{text}h") and id(element) not in inner:
            expected.append("".join(element.itertext()))
    found = texts_of(article)
    assert [block for block in found if block not in notes] == expected
    assert [block for block in found if block in notes] == notes


@pytest.mark.parametrize("name", ["news", "paper", "report"])
def test_each_page_begins_with_what_stands_on_it(name: str) -> None:
    data = (FIXTURES / f"{name}.pdf").read_bytes()
    article = read(data)
    document = pypdfium2.PdfDocument(data)
    assert len(article.pages) == len(document) > 2
    for page, (start, end) in enumerate(pairwise([*article.pages, len(article.text)])):
        on_page = "".join(document[page].get_textpage().get_text_range().split())
        words = [re.sub(r"[⁰¹²³⁴-⁹\W]", "", word) for word in article.text[start:end].split()]
        missing = [word for word in words if word not in re.sub(r"\W", "", on_page)]
        assert not missing
    document.close()


def test_running_heads_and_page_numbers_are_left_out() -> None:
    for name, running in (("news", "Page "), ("paper", "Labour Quarterly"), ("report", "Page ")):
        assert running not in read((FIXTURES / f"{name}.pdf").read_bytes()).text


def test_metadata_are_those_of_the_document() -> None:
    article = read((FIXTURES / "report.pdf").read_bytes())
    assert article.title == "Report on the unions"
    assert article.media_type == "application/pdf"
    assert article.metadata["author"] == "Ana Petrova"
    assert article.metadata["language"] == "en-GB"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*", str(article.metadata["date"]))
    assert re.fullmatch(r"pypdfium2/[\d.]+\+layout/\d+", str(article.metadata["extractor"]))


def test_the_largest_heading_replaces_a_title_that_names_nothing() -> None:
    title = read((FIXTURES / "paper.pdf").read_bytes()).title
    assert title == "What trade unions may do, and what is done to them"


def test_without_a_heading_the_title_is_the_first_sentence_alone() -> None:
    text = "The office of Dr. Sand opens at nine. A fine of six crowns is due."
    article = read(pdf_of(wrapped([text], 60)))
    assert article.title == "The office of Dr. Sand opens at nine."


def test_the_same_bytes_are_the_same_article() -> None:
    data = (FIXTURES / "paper.pdf").read_bytes()
    assert load_pdf(data, "a", "") == load_pdf(data, "a", "")


def test_a_page_without_text_is_an_empty_page() -> None:
    prose = ["It rained all day in the town, and all night too.", "Then it stopped."]
    article = read(pdf_of([], lines(prose), [], lines(prose, down=300), []))
    assert article.text == f"{' '.join(prose)}\n\n{' '.join(prose)}"
    half = len(" ".join(prose))
    assert article.pages == (0, 0, half, half + 2, 2 * half + 2)


def test_a_document_without_text_is_an_empty_article() -> None:
    article = read(pdf_of([]))
    assert (article.text, article.blocks, article.pages) == ("", (), (0,))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (["The convention is an inter-", "national one."], "The convention is an international one."),
        (
            ["It was a state-", "owned firm that drilled for oil."],
            "It was a state-owned firm that drilled for oil.",
        ),
        (
            ["The rules of the anti-", "Soviet movement changed."],
            "The rules of the anti-Soviet movement changed.",
        ),
        (
            ["The law of the years 2014-", "2016 was the first."],
            "The law of the years 2014-2016 was the first.",
        ),
        (["There was pre-", "and post-war music in it."], "There was pre- and post-war music in it."),
        (
            ["A zorb-wug is no wug, and a zorb-", "wug is none."],
            "A zorb-wug is no wug, and a zorb-wug is none.",
        ),
        (["The zorbwug sleeps, for a zorb-", "wug is tired."], "The zorbwug sleeps, for a zorbwug is tired."),
    ],
)
def test_a_hyphen_at_a_line_end_stays_only_where_it_belongs(shown: list[str], expected: str) -> None:
    assert read(pdf_of(lines(shown))).text == expected


@pytest.mark.parametrize("hyphen", ["\u00ad", "\u2010"])
def test_a_hyphen_used_for_broken_words_alone_joins_even_small_words(hyphen: str) -> None:
    assert Hyphens([]).joined(f"opens at sev{hyphen}", "en in the morning") == ("opens at sev", "")


def test_a_paragraph_goes_on_over_a_page_break_but_not_over_a_new_one() -> None:
    long = "The unions of the country asked for more than the ministry would give them that year. " * 8
    shown = wrapped([long.strip()], 60)
    first, second = shown[:5], [line._replace(down=100 + 12 * n) for n, line in enumerate(shown[5:])]
    new = lines(["Then came the winter."], down=second[-1].down + 24)
    article = read(pdf_of(first, [*second, *new]))
    assert texts_of(article) == [long.strip(), "Then came the winter."]
    assert article.text[article.pages[1] :].startswith(shown[5].text)


@pytest.mark.parametrize("following", ["494", "Annason"])
def test_a_paragraph_goes_on_over_a_page_break_with_a_number_or_a_name(following: str) -> None:
    above = ["The unions of the country asked for more than", "the ministry would give them that cold year."]
    below = [f"{following} crowns were lost by the town in it.", "Nobody has found them again."]
    pages = [
        lines([*above, "In 1700 the miller of Nordorf lost to Emma of"], down=700),
        lines(below, down=40),
    ]
    text = read(pdf_of(*pages)).text
    assert f"Emma of {following} crowns" in text
    ended = [
        lines([*above, "In 1700 the miller lost his money."], down=700),
        lines(below, down=40),
    ]
    assert f"money.\n\n{following} crowns" in read(pdf_of(*ended)).text


def justified(text: str, characters: int) -> list[Text]:
    """Lay out `text` in lines that are all as wide, but for the last and for one of a single word."""
    *full, last = textwrap.wrap(text, characters)
    shown = lines([last], down=100 + 12 * len(full))
    for number, line in enumerate(full):
        parts = line.split()
        room = 10 * WIDTH * (characters - sum(map(len, parts)))
        x = 50.0
        for part in parts:
            shown.append(Text(part, x, 100 + 12 * number))
            x += 10 * WIDTH * len(part) + room / max(1, len(parts) - 1)
    return shown


def test_wide_gaps_in_a_justified_column_break_no_paragraph() -> None:
    text = (
        "Der Rat beschloss die Errichtung eines Elektrizitätswerkes, denn die Straßenbeleuchtung koste z. "
        "B. 4500 Mark. Der Bürgermeister erklärte dies. Die Feuerwehrhauptmannschaft protestierte gegen "
        "die Entschädigung. Dem Antrag wurde mit vielen Stimmen stattgegeben."
    )
    assert texts_of(read(pdf_of(justified(text, 25)))) == [text]


def test_indented_lines_begin_paragraphs() -> None:
    first = "The unions of the country asked for more than the ministry would give."
    second = "The ministry, which had heard of it before, gave them nothing at all then."
    shown: list[Text] = []
    for paragraph in (first, second, first):
        for number, line in enumerate(textwrap.wrap("   " + paragraph, 37, drop_whitespace=True)):
            indent = 0.0 if number else 3 * 6.0
            shown.append(Text(line.strip(), 50 + indent, 100 + 12 * len(shown)))
    assert texts_of(read(pdf_of(shown))) == [first, second, first]


def test_larger_and_bold_lines_are_headings_by_size() -> None:
    prose = "The unions of the country asked for more than the ministry would give them that year."
    shown = [Text("The Title", 50, 60, 20.0), Text("A Part", 50, 90, 14.0), *wrapped([prose], 40, down=110)]
    shown += [Text("A Section", 50, 180, 10.0, b"Courier-Bold"), *wrapped([prose], 40, down=200)]
    article = read(pdf_of(shown))
    levels = {block.span.of(article.text): block.level for block in blocks_of(article) if block.level}
    assert levels == {"The Title": 1, "A Part": 2, "A Section": 3}
    assert article.title == "The Title"


def test_items_are_blocks_of_their_own_without_their_marks() -> None:
    items = ["1. The first item of them", "is long.", "2. The second is short.", "(a) A third one."]
    shown = [Text(text, 50 if text[0] in "12(" else 68, 100 + 12 * n) for n, text in enumerate(items)]
    article = read(pdf_of(shown))
    assert texts_of(article) == ["The first item of them is long.", "The second is short.", "A third one."]
    assert article.text == "1. The first item of them is long.\n2. The second is short.\n(a) A third one."


def test_an_initial_is_no_mark_of_an_item() -> None:
    said = "J. Smith wrote of it."
    assert texts_of(read(pdf_of([Text("Letters", 50, 60, 20.0), *lines([said])]))) == ["Letters", said]


def test_a_bullet_without_text_is_kept() -> None:
    assert read(pdf_of([Text("•", 50, 100), Text("It rained.", 50, 160)])).text == "•\n\nIt rained."


def test_text_turned_as_a_whole_is_read_and_stamps_in_the_margin_are_not() -> None:
    prose = ["It rained all day in the town, and", "all night too."]
    turned = [line._replace(turned=True) for line in lines(prose)]
    assert read(pdf_of(turned)).text == " ".join(prose)
    stamp = Text("Draft of May 2020", 100, 30, turned=True)
    assert read(pdf_of([stamp, *lines(prose)])).text == " ".join(prose)


def test_headings_that_repeat_at_different_places_are_no_running_heads() -> None:
    pages = [[Text("Summary", 50, 100 + 40 * n), *lines(["It rained."], down=300 + 7 * n)] for n in range(4)]
    assert read(pdf_of(*pages)).text.count("Summary") == 4


PROSE = [f"It rained for {number} days in the town before the river rose." for number in range(40)]


def with_body(*edges: Text, page: int, down: float = 100) -> list[Text]:
    """Return a page of `edges` and 18 lines of running text, other ones on each page."""
    return [*edges, *lines(PROSE[page : page + 18], down=down)]


def test_what_is_set_apart_in_the_margins_of_most_pages_runs() -> None:
    for count in (2, 5):
        pages = [
            with_body(Text("The town paper", 50, 40), Text(f"Page {page + 7}", 50, 760), page=page)
            for page in range(count)
        ]
        text = read(pdf_of(*pages)).text
        assert "paper" not in text
        assert "Page" not in text


def test_a_sentence_that_ends_several_pages_is_kept() -> None:
    pages = [with_body(Text("The motion was adopted.", 50, 328), page=page) for page in range(4)]
    assert read(pdf_of(*pages)).text.count("The motion was adopted.") == 4


def test_numbered_headings_at_the_head_of_every_page_are_kept() -> None:
    for font in (b"Courier", b"Courier-Bold"):
        heads = [Text(f"Statement {page + 1}", 50, 40, 10, font) for page in range(5)]
        pages = [with_body(head, page=page, down=64) for page, head in enumerate(heads)]
        assert read(pdf_of(*pages)).text.count("Statement") == 5


def test_what_is_set_apart_on_few_of_the_pages_is_kept() -> None:
    heads = [[Text("The town paper", 50, 40)] if page < 2 else [] for page in range(9)]
    pages = [with_body(*head, page=page) for page, head in enumerate(heads)]
    assert read(pdf_of(*pages)).text.count("The town paper") == 2


def test_a_word_left_over_at_the_foot_of_short_pages_is_kept() -> None:
    short = [with_body(page=page)[:9] + lines(["crowns."], down=208) for page in range(3)]
    pages = [page for n, each in enumerate(short) for page in (with_body(page=n + 5), each)]
    assert read(pdf_of(*pages)).text.count("crowns.") == 3


def table_of(rows: Sequence[Sequence[str]]) -> list[Text]:
    return [
        Text(cell, 50 + 150 * column, 60 + 14 * number)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]


@pytest.mark.parametrize("repeated", [False, True])
def test_a_table_goes_on_over_pages_and_its_header_stays_its_header(repeated: bool) -> None:
    header = ["Town", "Deaths", "Doctor"]
    parts = [[[f"Town{page}{row}", str(13 * row), "none"] for row in range(30)] for page in range(3)]
    shown = [[header, *rows] if repeated or not page else rows for page, rows in enumerate(parts)]
    article = read(pdf_of(*[table_of(rows) for rows in shown]))
    assert texts_of(article) == [" | ".join(row) for rows in shown for row in rows]
    assert of_kind(article, BlockKind.HEADER_ROW) == ["Town | Deaths | Doctor"] * (3 if repeated else 1)


def test_text_repeated_on_all_pages_is_kept_if_it_is_all_there_is() -> None:
    assert "Hello" in read(pdf_of(*[lines(["Hello."])] * 3)).text


def test_a_locked_file_is_said_to_be_locked() -> None:
    with pytest.raises(UnreadableDataError, match=r"^locked by a password; save it without one$"):
        load_pdf((FIXTURES / "locked.pdf").read_bytes(), "a", "")


def test_a_damaged_file_is_not_locked_because_the_one_before_was() -> None:
    catalog = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    xref = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\n"
    without_pages = catalog + xref + b"startxref\n%d\n%%%%EOF\n" % len(catalog)
    for _ in range(2):
        test_a_locked_file_is_said_to_be_locked()
        with pytest.raises(UnreadableDataError, match=r"^a damaged PDF file; "):
            load_pdf(without_pages, "a", "")


@pytest.mark.parametrize("data", [b"", b"It rained.", b"\0" * 2000, b"PK\x03\x04"])
def test_what_is_no_pdf_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(UnreadableDataError, match=r"^not a PDF file; copy or download it again$"):
        load_pdf(data, "a", "")


def test_damage_is_told() -> None:
    with pytest.raises(UnreadableDataError, match=r"^a damaged PDF file; print it to a new one$"):
        load_pdf(b"%PDF-1.7\nand nothing else", "a", "")


def test_pages_that_cannot_be_read_are_counted() -> None:
    data = pdf_of(lines(["It rained."]), lines(["It stopped."]))
    place = data.rindex(b"/Type/Page>>")
    article = read(data[:place] + b"/Type/Pale>>" + data[place + 12 :])
    assert article.metadata["unreadable_pages"] == 1
    assert (article.text, article.pages) == ("It rained.", (0, 10))


def test_too_many_pages_and_characters_are_refused_by_their_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf_of(lines(["It rained."]), lines(["It stopped."]))
    monkeypatch.setattr(pages_module, "MOST_CHARACTERS", 12)
    with pytest.raises(UnreadableDataError, match=r"^has more than 12 characters; split it$"):
        load_pdf(data, "a", "")
    monkeypatch.setattr(pages_module, "MOST_PAGES", 1)
    with pytest.raises(UnreadableDataError, match=r"^has more than 1 pages; split it$"):
        load_pdf(data, "a", "")


def test_a_missing_library_is_named_by_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingLibraryError, match=r"articleqa\[pdf\]"):
        load_pdf(b"%PDF-", "a", "")


words = st.from_regex(r"[A-Za-z0-9]{1,9}", fullmatch=True)
paragraphs = st.lists(words, min_size=1, max_size=40).map(lambda found: " ".join(found) + ".")
printable = st.text(
    # A stroke between spaces parts the cells of a row, and is no character of the page.
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="-|"),
    min_size=1,
    max_size=9,
)


@settings(max_examples=30, deadline=None)
@given(st.lists(paragraphs, min_size=1, max_size=6), st.integers(24, 70))
def test_paragraphs_come_back_as_they_were(texts: list[str], characters: int) -> None:
    assert texts_of(read(pdf_of(wrapped(texts, characters)))) == texts


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(printable, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=20))
def test_no_character_is_lost_or_added(texts: list[str]) -> None:
    article = read(pdf_of(lines(texts)))
    assert "".join(article.text.replace(" | ", " ").split()) == "".join(
        "".join(texts).replace(" | ", " ").split()
    )


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(words, min_size=3, max_size=5).map(" ".join), min_size=4, max_size=20),
    st.lists(st.lists(words, min_size=3, max_size=5).map(" ".join), min_size=4, max_size=20),
    st.floats(0, 12),
)
def test_the_left_column_is_read_before_the_right_one(
    left: list[str], right: list[str], lower: float
) -> None:
    shown = lines(left, x=40), lines(right, x=360, down=100 + lower)
    assert read(pdf_of([*shown[0], *shown[1]], width=700)).text.split() == " ".join(left + right).split()


@settings(max_examples=20, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda n: st.lists(st.lists(words, min_size=n, max_size=n), min_size=3, max_size=8)
    )
)
def test_a_table_comes_back_row_by_row(rows: list[list[str]]) -> None:
    shown = [
        Text(cell, 40 + 130 * column, 100 + 14 * number)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    article = read(pdf_of(shown))
    assert texts_of(article) == [" | ".join(row) for row in rows]
    assert of_kind(article, BlockKind.HEADER_ROW) == [" | ".join(rows[0])]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["news", "paper", "report", "locked"]), st.integers(0, 2**32), st.booleans())
def test_damaged_files_are_read_or_refused(name: str, seed: int, cut: bool) -> None:
    chance = random.Random(seed)
    data = bytearray((FIXTURES / f"{name}.pdf").read_bytes())
    if cut:
        del data[chance.randrange(len(data)) :]
    for _ in range(chance.choice((1, 10, 100)) if data else 0):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with suppress(UnreadableDataError):
        read(bytes(data))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for head in (b"", b"%PDF-1.4\n"):
        with pytest.raises(UnreadableDataError):
            load_pdf(head + data, "a", "")
