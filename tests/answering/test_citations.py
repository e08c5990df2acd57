from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.answering.citations import cite
from articleqa.models import Article, Passage, Span
from articleqa.passage_text import SURROUNDINGS, LineTable
from samples import passage_text

ARTICLE = Article(id="a", title="A title", source="a.txt", text="x" * 40 + "\nThe union.\r\n" + "y" * 40)
QUOTE = Span(41, 51)


def passage(span: Span) -> Passage:
    return Passage(article_id="a", span=span, sentence_spans=(span,))


def test_a_citation_says_where_and_what() -> None:
    cited = cite(passage_text(ARTICLE, passage(Span(0, 60))), QUOTE)
    assert (cited.article_id, cited.title, cited.source) == ("a", "A title", "a.txt")
    assert (cited.quote, cited.line, cited.context) == ("The union.", 2, Span(0, 60))
    assert cited.prefix == "x" * (SURROUNDINGS - 1) + "\n"
    assert cited.suffix == "\r\n" + "y" * (SURROUNDINGS - 2)
    assert cited.verify(ARTICLE)


def test_a_citation_says_on_which_page_and_in_which_section() -> None:
    text = "Results\nOf  2020\nCity | Rain\nOslo | 12"
    article = Article(id="a", text=text, media_type="application/pdf", pages=(0, 8, 30))
    spans = [Span(0, 7), Span(8, 16), Span(17, 28), Span(29, 38)]
    row = Passage("a", spans[3], (spans[3],), headings=tuple(spans[:3]))
    cited = cite(passage_text(article, row), spans[3])
    assert cited.section == ("Results", "Of 2020", "City | Rain")
    assert (cited.page, cited.line, cited.quote) == (2, None, "Oslo | 12")
    whole = passage_text(article, passage(Span(0, 38)))
    pages = [cite(whole, Span(start, start + 1)).page for start in (0, 7, 8, 29, 30)]
    assert pages == [1, 1, 2, 2, 3]
    ends = [cite(whole, Span(0, end)).page_end for end in (8, 9, 30, 31)]
    assert ends == [None, 2, 2, 3]
    assert cite(passage_text(ARTICLE, passage(Span(0, 60))), QUOTE).page is None


def test_at_the_ends_of_an_article_there_is_nothing_around() -> None:
    article = Article(id="a", text="The union.")
    cited = cite(passage_text(article, passage(Span(0, 10))), Span(0, 10))
    assert (cited.prefix, cited.suffix, cited.line) == ("", "", 1)
    assert cited.verify(article)


def test_offsets_count_characters_and_not_bytes() -> None:
    article = Article(id="a", text="😀é\u0301 The union.")
    start = article.text.index("The")
    cited = cite(passage_text(article, passage(Span(0, start + 10))), Span(start, start + 10))
    assert (cited.start, cited.quote, cited.prefix) == (4, "The union.", "😀é\u0301 ")
    assert cited.verify(article)


@pytest.mark.parametrize(
    ("text", "offset", "line"),
    [
        ("abc", 0, 1),
        ("a\nb", 1, 1),
        ("a\nb", 2, 2),
        ("a\r\nb", 3, 2),
        ("a\rb", 2, 2),
        ("\n\r\n\rx", 4, 4),
        ("a\u2028b\x0cc", 4, 1),
    ],
)
def test_a_line_ends_with_newline_return_or_both(text: str, offset: int, line: int) -> None:
    assert LineTable(text).line_of(offset) == line


@given(st.text("a\n\r😀", max_size=30), st.integers(1, 700))
def test_line_numbers_of_long_texts_count_every_line_end(piece: str, times: int) -> None:
    text = "x\r\n" + piece * times
    table = LineTable(text)
    for offset in {0, len(text) // 2, 4095, 4096, 4097, 8192, len(text)}:
        before = text[:offset]
        ends = before.count("\n") + before.count("\r") - before.count("\r\n")
        if offset <= len(text):
            assert table.line_of(offset) == 1 + ends


@given(st.text("ab\n\r😀 ", max_size=120), st.data())
def test_any_span_can_be_cited_and_verified(text: str, data: st.DataObject) -> None:
    text += "."
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    article = Article(id="a", text=text)
    cited = cite(passage_text(article, passage(Span(0, len(text)))), Span(start, end))
    assert cited.quote == text[start:end]
    assert text[: cited.start].endswith(cited.prefix)
    assert text[cited.end :].startswith(cited.suffix)
    assert max(len(cited.prefix), len(cited.suffix)) <= SURROUNDINGS
    assert cited.verify(article)
