"""The boxes of a quote on its page are those of the characters it was read from, and of no others."""

from __future__ import annotations

import functools
import io
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa.loaders.pdf import boxes, ocr
from articleqa.loaders.pdf.boxes import Box, TextMap, lines_in
from articleqa.loaders.pdf.document import lay_out, open_pdf
from articleqa.loaders.pdf.glyphs import boxes_of_characters, glyphs_on
from articleqa.models import Article, Span
from articleqa.passages import passages_of
from pdf_pages import FIXTURES, KINDS, Text, lines, pdf_of, scan_of, wrapped

FORMATS = FIXTURES.parent / "formats"
PRINTED = [
    *(path for path in sorted(FIXTURES.glob("*.pdf")) if path.stem != "locked"),
    *(path for path in sorted(KINDS.glob("*.pdf")) if path.stem != "ligature_to_nul"),
    *sorted(path for path in FORMATS.glob("pdf*/*.pdf") if path.parent.name != "pdf-scanned"),
]
LINES = ["The mill at Osterby grinds oats on Mondays.", "The miller keeps one sack in twenty as his wage."]
PHRASE = "boats leave the harbour each morning with nets ropes lamps bread and seven sailors of Osterby"


_opened: list[pypdfium2.PdfDocument] = []


@pytest.fixture(autouse=True)
def _read_each_page_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(boxes, "glyphs_on", functools.cache(glyphs_on))
    yield
    while _opened:
        _opened.pop().close()


class Located:
    """A PDF and its article, and where its text is."""

    def __init__(self, data: bytes) -> None:
        laid_out = lay_out(data, "a", "a.pdf")
        self.article: Article = laid_out.article
        self.document = open_pdf(data)
        _opened.append(self.document)
        self._map = TextMap(laid_out)
        self._pages: dict[int, list[tuple[str, float, float]]] = {}

    def boxes(self, quote: str | Span) -> list[Box]:
        span = quote if isinstance(quote, Span) else self.span(quote)
        return list(self._map.boxes(self.document, span))

    def span(self, quote: str) -> Span:
        start = self.article.text.index(quote)
        return Span(start, start + len(quote))

    def sentences(self) -> list[Span]:
        return [span for passage in passages_of(self.article) for span in passage.sentence_spans]

    def characters_in(self, boxes: Sequence[Box]) -> str:
        """Return the characters whose middles are in the boxes, as pdfium reports characters."""
        return "".join(
            char
            for box in boxes
            for char, x, y in self._characters_on(box.page)
            if box.left <= x <= box.right and box.top <= y <= box.bottom
        )

    def _characters_on(self, number: int) -> list[tuple[str, float, float]]:
        if number not in self._pages:
            self._pages[number] = list(_shown_characters(self.document[number - 1]))
        return self._pages[number]


def _shown_characters(page: pypdfium2.PdfPage) -> Iterator[tuple[str, float, float]]:
    """Yield each character with its middle, in fractions of the page as it is shown."""
    text = page.get_textpage()
    left, bottom, right, top = page.get_bbox()
    for number in range(text.count_chars()):
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(text.raw, number, box)
        x = ((box.left + box.right) / 2 - left) / (right - left)
        y = (top - (box.top + box.bottom) / 2) / (top - bottom)
        for _ in range(page.get_rotation() // 90):  # clockwise
            x, y = 1 - y, x
        yield chr(pdfium.FPDFText_GetUnicode(text.raw, number)), x, y


def letters(text: str) -> str:
    """Return the letters and numbers of a text without line-end hyphens, ligatures and superscripts."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text.replace("\u00ad", "")))


def changed(data: bytes, *, turn: int = 0, crop: tuple[float, float, float, float] | None = None) -> bytes:
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.set_rotation(turn)
        if crop:
            page.set_cropbox(*crop)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def prose(seed: int, sentences: int) -> str:
    chosen = random.Random(seed)
    made = (" ".join(chosen.choices(PHRASE.split(), k=chosen.randint(4, 14))) for _ in range(sentences))
    return " ".join(f"{sentence.capitalize()}." for sentence in made)


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_boxes_of_each_sentence_hold_its_characters_and_no_others(path: Path) -> None:
    located = Located(path.read_bytes())
    for span in located.sentences():
        found = located.boxes(span)
        assert letters(located.characters_in(found)) == letters(span.of(located.article.text))


@settings(max_examples=12)
@given(
    seed=st.integers(0, 10_000),
    width=st.integers(24, 60),
    turn=st.sampled_from([0, 90, 180, 270]),
    is_cropped=st.booleans(),
    columns=st.integers(1, 2),
)
def test_boxes_hold_on_pages_that_are_turned_and_cropped(
    seed: int, width: int, turn: int, is_cropped: bool, columns: int
) -> None:
    shown = [
        text
        for column in range(columns)
        for text in wrapped(
            [prose(seed + column, 9)], min(width, 36 if columns == 2 else width), 50 + 260 * column
        )
    ]
    data = changed(pdf_of(shown), turn=turn, crop=(30, 20, 590, 780) if is_cropped else None)
    located = Located(data)
    spans = located.sentences()
    assert len(spans) >= 5
    for span in spans:
        found = located.boxes(span)
        assert letters(located.characters_in(found)) == letters(span.of(located.article.text))


def test_every_character_is_in_the_box_of_its_own_span() -> None:
    located = Located((FIXTURES / "paper.pdf").read_bytes())
    sentence = next(span for span in located.sentences() if "confederation" in span.of(located.article.text))
    for at in range(sentence.start, sentence.end):
        char = located.article.text[at]
        inside = located.characters_in(located.boxes(Span(at, at + 1)))
        assert letters(inside) == letters(char)


def test_each_line_of_a_quote_has_one_box() -> None:
    located = Located(pdf_of(lines(["The boats leave the", "harbour each morn-", "ing with nets."])))
    assert "each morning with" in located.article.text
    found = located.boxes("The boats leave the harbour each morning with nets.")
    assert [located.characters_in([box]).strip().rstrip("-\x02\ufffe") for box in found] == [
        "The boats leave the",
        "harbour each morn",
        "ing with nets.",
    ]
    for box, below in pairwise(found):
        assert box.page == 1
        assert box.top < below.top < below.bottom
        assert below.top - box.top == pytest.approx(12 / 800, abs=1e-4)
    assert found[0].left == pytest.approx(50 / 600, abs=2e-3)
    assert found[0].top < 100 / 800 < found[0].bottom


def test_a_broken_word_has_a_box_with_its_hyphen_on_each_line() -> None:
    located = Located(pdf_of(lines(["The boats leave the", "harbour each morn-", "ing with nets."])))
    first, second = located.boxes("morning")
    assert first.right == pytest.approx((50 + 18 * 6) / 600, abs=2e-3)  # 18 characters with the hyphen
    assert second.left == pytest.approx(50 / 600, abs=2e-3)
    (alone,) = located.boxes("leave")
    assert located.characters_in([alone]) == "leave"


def test_a_sentence_over_two_pages_has_boxes_on_both() -> None:
    first = lines(
        [*prose(1, 3).split(". ")[:2], "The keeper of the lighthouse at Osterby who writes down"], down=700
    )
    second = lines(["the height of the tide in a blue book sleeps at noon."], down=60)
    located = Located(pdf_of(first, second))
    quote = "The keeper of the lighthouse at Osterby who writes down the height of the tide in a blue book"
    assert [box.page for box in located.boxes(quote)] == [1, 2]


def test_a_drop_cap_has_a_box_of_its_own() -> None:
    body = ["nce a year the boats of the harbour are", "painted with tar from the northern woods."]
    rest = lines(
        ["The oldest of them is seven years old and", "leaks at the stern when the wind is west."], 50, 124
    )
    cap = Text("O", 50, 112, size=30)
    located = Located(pdf_of([cap, *lines(body, 75, 100), *rest]))
    assert located.article.text.startswith("Once a year")
    found = located.boxes("Once")
    assert [located.characters_in([box]) for box in found] == ["O", "nce"]
    assert found[0].bottom - found[0].top > 2 * (found[1].bottom - found[1].top)


def test_a_raised_number_is_in_the_box_of_its_line() -> None:
    located = Located((FIXTURES / "paper.pdf").read_bytes())
    raised = located.article.text.index("¹")
    (box,) = located.boxes(Span(raised, raised + 1))
    assert located.characters_in([box]) == "1"
    line = located.boxes(Span(located.article.text.rindex(" ", 0, raised) + 1, raised + 1))
    assert len(line) == 1
    assert line[0].left < box.left < box.right <= line[0].right


def test_each_cell_of_a_row_has_a_box_of_its_own() -> None:
    located = Located((FIXTURES / "report.pdf").read_bytes())
    found = located.boxes("2011 | Strike in the west | 3,000")
    assert [located.characters_in([box]).strip() for box in found] == ["2011", "Strike in the west", "3,000"]


def test_a_drawn_bullet_has_no_box_and_its_item_has() -> None:
    located = Located((FIXTURES / "news.pdf").read_bytes())
    at = located.article.text.index("•")
    end = located.article.text.index("\n", at)
    found = located.boxes(Span(at, end))
    assert letters(located.characters_in(found)) == letters(located.article.text[at:end])


def test_a_span_of_white_space_has_no_box() -> None:
    located = Located(pdf_of(lines(["The boats leave."])))
    assert located.boxes(Span(3, 4)) == []
    assert located.boxes(Span(0, 0)) == []


def test_letters_of_an_unknown_ligature_share_its_box() -> None:
    located = Located((KINDS / "ligature_to_nul.pdf").read_bytes())
    quote = "The office of the harbour opens at nine."
    (box,) = located.boxes(quote)
    at = located.article.text.index("office") + 1
    before, one, two = (located.boxes(Span(at + n, at + n + 1))[0] for n in range(3))
    assert located.characters_in([before]) == "f"
    assert one == two
    assert box.left < before.left < one.left < one.right < box.right


@pytest.mark.parametrize(
    ("text", "drawn", "expected"),
    [
        ("boat", "boat", [0, 1, 2, 3]),
        ("boat", "boat-", [0, 1, 2, (3, 4)]),
        ("boat", "bo\u00adat", [0, (1, 2), 3, 4]),
        ("office", "o\U000f0001ce", [0, 1, 1, 1, 2, 3]),
        ("note¹", "note1", [0, 1, 2, 3, 4]),
        ("x¹²", "x1-2", [0, (1, 2), 3]),
    ],
)
def test_each_character_of_a_word_has_the_box_it_was_drawn_in(
    text: str, drawn: str, expected: list[int | tuple[int, int]]
) -> None:
    boxes = np.array([(place, 0.0, place + 1.0, 1.0) for place in range(len(drawn))])
    found = boxes_of_characters(text, drawn, boxes)
    ends = [(each, each) if isinstance(each, int) else each for each in expected]
    assert found[:, 0].tolist() == [first for first, _ in ends]
    assert found[:, 2].tolist() == [last + 1 for _, last in ends]


def test_a_line_is_parted_where_other_text_stands_in_it() -> None:
    line = np.array([(0.0, 0.0, 10.0, 10.0), (80.0, 0.0, 90.0, 10.0)])
    between = np.array([(40.0, 2.0, 50.0, 8.0)])
    assert len(list(lines_in(line, 0, line))) == 1
    assert len(list(lines_in(line, 0, np.vstack([line, between])))) == 2


@pytest.mark.skipif(not ocr.is_available(), reason="needs Tesseract")
@pytest.mark.parametrize("turn", [0, 90])
def test_recognised_words_have_the_boxes_that_were_recognised(turn: int) -> None:
    texts = [text._replace(size=14) for text in lines(LINES, apart=20)]
    located = Located(scan_of(texts, turn=turn))
    assert located.article.metadata["ocr_pages"] == [1]
    (box,) = located.boxes(LINES[0])
    assert box.left * 600 == pytest.approx(50, abs=4)
    assert box.right * 600 == pytest.approx(50 + 14 * 0.6 * len(LINES[0]), abs=8)
    assert box.top * 800 < 92 < 100 < box.bottom * 800 + 2
