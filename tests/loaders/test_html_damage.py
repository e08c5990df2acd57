"""Web pages of any content: each block comes back as written; damage and malice are read or refused."""

from __future__ import annotations

import html
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articleqa.loaders.html import load_html
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.models import Article

PAGES = sorted((Path(__file__).parents[1] / "fixtures" / "html").glob("*.html"))
PARAGRAPH = "The river rose by two metres on Monday, said the agency in Overy."


def loaded(page: str | bytes) -> Article:
    return load_html(page if isinstance(page, bytes) else page.encode(), "page.html", "saved/page.html")


def shown(article: Article) -> list[str]:
    return [block.span.of(article.text) for block in article.blocks or ()]


def hostile_pages() -> Iterator[tuple[str, str]]:
    yield "divs", "<div>" * 100_000 + "deep" + "</div>" * 100_000
    yield "tables", "<table><tr><td>x" * 30_000
    yield "attribute", f"<div class='{'a b-' * 1_000_000}'>{PARAGRAPH}"
    yield "entities", '<!DOCTYPE html [<!ENTITY a "&b;&b;"><!ENTITY b "aa">]>' + "&a;" * 50_000
    yield "tags", "<x>" * 4_000_000
    yield "siblings", "<p><i>a</i>" * 8_000
    yield "rows", "<table>" + ("<tr>" + "<td>1</td>" * 20 + "</tr>") * 500
    yield "dates", "<time datetime='2020-01-01'>x</time><p>12 May 2020 and more</p>" * 3_000
    yield "quotes", f"<div class=pullquote>{PARAGRAPH}</div>" * 3_000
    yield "ends", "<" * 1_000_000
    yield "noscript", "<noscript>" * 500_000 + PARAGRAPH
    yield "beginnings", "".join(f"<div><p>{PARAGRAPH[:40]}{'and so on ' * n}</p></div>" for n in range(200))


@pytest.mark.parametrize(("name", "page"), list(hostile_pages()), ids=lambda value: value[:10])
def test_a_hostile_page_is_read_or_refused_in_seconds(name: str, page: str) -> None:
    start = time.monotonic()
    try:
        loaded(page)
    except UnreadableDataError:
        assert name in ("divs", "noscript", "tables", "tags")
    assert time.monotonic() - start < 20


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
WORDS = st.lists(TEXTS, min_size=1, max_size=8).map(" ".join)
# Visible text that neither is furniture by itself nor the mark of a break.
PROSE = WORDS.map(
    lambda words: f"We saw {words.translate(str.maketrans('', '', chr(0x2060) + chr(0xFEFF)))} there."
)
BLOCKS = st.one_of(
    st.tuples(st.sampled_from(["p", "blockquote", "li", "h2"]), PROSE),
    st.tuples(st.just("table"), st.lists(st.lists(PROSE, min_size=2, max_size=3), min_size=1, max_size=3)),
)


def marked_up(blocks: list[tuple[str, str | list[list[str]]]]) -> str:
    parts = []
    for tag, content in blocks:
        if isinstance(content, str):
            item = f"<{tag}>{html.escape(content)}</{tag}>"
            parts.append(f"<ul>{item}</ul>" if tag == "li" else item)
        else:
            rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in content)
            parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    return f"<html><body><article>{''.join(parts)}<p>The end of it all came.</p></article></body></html>"


def lines_of(blocks: list[tuple[str, str | list[list[str]]]]) -> list[str]:
    lines: list[str] = []
    for _, content in blocks:
        lines += [content] if isinstance(content, str) else [" | ".join(row) for row in content]
    return [" ".join(line.split()) for line in lines]


@settings(max_examples=30)
@given(st.lists(BLOCKS, max_size=6, unique_by=lambda block: str(block[1])))
@example([("h2", "We saw x there."), ("p", "We saw [1] there.")])
def test_every_block_comes_back_in_order_as_it_was_written(
    blocks: list[tuple[str, str | list[list[str]]]],
) -> None:
    article = loaded(marked_up(blocks))
    assert shown(article) == [*lines_of(blocks), "The end of it all came."]
    ends = [0, *(block.span.end for block in article.blocks or ())]
    assert all(end <= b.span.start for end, b in zip(ends, article.blocks or (), strict=False))
    assert loaded(marked_up(blocks)) == article


@settings(max_examples=30)
@given(st.data())
def test_damage_is_read_or_refused(data: st.DataObject) -> None:
    page = bytearray(data.draw(st.sampled_from(PAGES)).read_bytes()[:3000])
    for place in data.draw(st.lists(st.integers(0, len(page) - 1), max_size=20)):
        page[place] = data.draw(st.integers(0, 255))
    damaged = bytes(page[: data.draw(st.integers(0, len(page)))])
    for candidate in (damaged, data.draw(st.binary(max_size=300))):
        try:
            article = loaded(candidate)
        except UnreadableDataError:
            continue
        assert all(block.span.of(article.text) for block in article.blocks or ())
