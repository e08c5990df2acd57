"""The page that shows an article: structure, marks, parts, and steps from place to place."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, Block, BlockKind, Span
from articleqa.web.parts import PART, boundary, count_parts, part_at, read_part
from web_sites import FLOOD, HARBOUR, OPENED, client_of


def read(*articles: Article, **fields: object) -> str:
    with client_of(articles or (HARBOUR, FLOOD)) as client:
        response = client.get("/read", params={key: str(value) for key, value in fields.items()})
    assert response.status_code == 200
    return response.text


def place(article: Article, words: str) -> dict[str, object]:
    start = article.text.index(words)
    return {"id": article.id, "start": start, "end": start + len(words)}


def test_quote_is_lit_at_the_fragment_of_its_link() -> None:
    page = read(**place(HARBOUR, "The lighthouse is 42 metres high."))
    assert '<mark class="lit" id="quote">The lighthouse is 42 metres high.</mark> Larisa Tide' in page
    assert "<h1>The harbour of Varnholm</h1>" in page
    assert "<h2>The lighthouse</h2>" in page


def test_other_places_of_the_answer_are_marked_and_a_step_away() -> None:
    quote = place(HARBOUR, "The harbour of Varnholm was opened in 1907.")
    page = read(**quote, q=OPENED)
    assert re.search(r"Place 1 of \d", page)
    after = html.unescape(re.findall(r'<a href="([^"]+)" data-key="n"', page)[0])
    assert after.startswith("/read?id=news%2Fflood.txt&start=11&end=54&q=When")
    assert 'class="beside" id="place-1"' in page
    with client_of() as client:
        following = client.get(after).text
    assert '<mark class="lit" id="quote">The harbour of Varnholm was opened in 1907.</mark>' in following
    before = html.unescape(re.findall(r'<a href="([^"]+)" data-key="p"', following)[0])
    assert before.startswith("/read?id=ports%2Fharbour.txt&start=")


def test_way_back_leads_to_the_answer_with_its_filters() -> None:
    page = read(**place(FLOOD, "A flood"), q=OPENED, author="Jon Reed")
    assert 'href="/?q=When+was+the+harbour+of+Varnholm+opened%3F&amp;author=Jon+Reed"' in page


def test_lists_and_tables_of_markdown_are_shown_as_such() -> None:
    text = (
        "# Boats\n\nWhat floats:\n\n1. A raft\n2. A boat\n\n| name | length |\n| --- | --- |\n| Ada | 9 m |\n"
    )
    page = read(Article(id="b.md", text=text, media_type="text/markdown"), id="b.md")
    assert '<li class="level-1"><span class="marker">1.</span> A raft</li>' in page
    assert '<th scope="col">name</th><th scope="col">length</th>' in page
    assert "<td>Ada</td><td>9 m</td>" in page


def test_first_heading_that_repeats_the_title_is_shown_once() -> None:
    article = Article(id="t.md", title="Tides", text="# Tides\n\nThey turn.", media_type="text/markdown")
    assert read(article, id="t.md").count("Tides</h") == 1
    assert '<mark class="lit" id="quote">Tides</mark></h2>' in read(article, **place(article, "Tides"))


def test_code_keeps_its_lines_and_boilerplate_is_set_apart() -> None:
    text = "a = 1\n  b = 2\n\nSubscribe now"
    blocks = (Block(BlockKind.CODE, Span(0, 13)), Block(BlockKind.BOILERPLATE, Span(15, 28)))
    page = read(Article(id="c", text=text, blocks=blocks), id="c")
    assert '<pre tabindex="0">a = 1\n  b = 2</pre>' in page
    assert '<p class="aside">Subscribe now</p>' in page


def test_pages_begin_where_the_document_has_them() -> None:
    text = "First page goes on over\nto the second one.\n\nThird."
    blocks = (Block(BlockKind.PROSE, Span(0, 42), hard_wrapped=True), Block(BlockKind.PROSE, Span(44, 50)))
    article = Article(id="p.pdf", text=text, blocks=blocks, pages=(0, 24, 44), media_type="application/pdf")
    page = read(article, **place(article, "First page goes on over\nto the second one."))
    assert [*re.findall(r'<span class="page" id="page-(\d)">Page \1</span>', page)] == ["1", "2", "3"]
    assert 'id="quote">First page' in page
    assert '<mark class="lit">to the second one.</mark>' in page


def test_unknown_article_is_a_page_that_says_so() -> None:
    with client_of() as client:
        for article_id in ("", "nothing", "../../etc/passwd", "/etc/passwd", "\0"):
            response = client.get("/read", params={"id": article_id})
            assert response.status_code == 404
            assert "There is no such article" in response.text


def test_numbers_out_of_range_show_the_nearest_part() -> None:
    for fields in ({"start": 10**9, "end": 3}, {"start": "x", "end": "-1"}, {"part": 99}, {"part": "none"}):
        assert "<h1>The flood</h1>" in read(id=FLOOD.id, **fields)


def test_long_article_is_read_in_parts_that_hold_all_of_it() -> None:
    text = "\n\n".join(f"Paragraph {number} is here to be read." for number in range(5_000))
    index = ArticleIndex.from_articles([Article(id="long", text=text)])
    parts = [read_part(index, "long", number=number) for number in range(1, count_parts(text) + 1)]
    assert len(parts) == -(-len(text) // PART)
    shown = [block.text for part in parts for block in part.blocks]
    assert shown == text.split("\n\n")
    for part in parts:
        assert all(text[b.start : b.start + len(b.text)] == b.text for b in part.blocks)
        assert part.end - part.start < 2 * PART


def test_link_to_a_quote_opens_the_part_that_has_it() -> None:
    text = "\n\n".join(f"Paragraph {number} is here to be read." for number in range(5_000))
    article = Article(id="long", text=text)
    page = read(article, **place(article, "Paragraph 4321 is here to be read."))
    assert 'id="quote">Paragraph 4321 is here to be read.</mark>' in page
    assert re.search(r"Part [2-9] of \d", page)
    assert 'rel="prev"' in page


@settings(max_examples=30)
@given(st.lists(st.integers(0, 70_000), max_size=6), st.integers(0, 120_000))
def test_every_offset_is_in_the_part_that_is_opened_for_it(gaps: list[int], offset: int) -> None:
    text = "\n\n".join("a" * gap for gap in gaps)[:100_000]
    parts = count_parts(text)
    bounds = [boundary(text, number) for number in range(parts)]
    assert bounds == sorted(set(bounds))
    offset = min(offset, len(text))
    number = part_at(text, offset)
    assert bounds[number] <= offset
    assert number + 1 == parts or offset < bounds[number + 1]
