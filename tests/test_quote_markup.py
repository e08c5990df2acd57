"""Answers as HTML and Markdown show the quote and nothing that the text of an article could smuggle in."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from articleqa import Answer, Article, ArticleIndex
from articleqa.quote_markup import SURROUNDINGS, markdown_note, markdown_quote

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HARBOUR = "Ships came from far away. The harbour of Zorp froze in 1740. Bread was dear."
QUESTION = "When did the harbour of Zorp freeze?"


def asked(text: str = HARBOUR, title: str = "", min_confidence: float | None = None) -> Answer:
    index = ArticleIndex.from_articles([Article(id="a", title=title, text=text)])
    return index.ask(QUESTION, min_confidence=min_confidence)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_notebook_shows_the_quote_marked_in_its_passage() -> None:
    shown = asked()._repr_html_()
    assert (
        "Ships came from far away. <mark>The harbour of Zorp froze in 1740.</mark> Bread was dear." in shown
    )
    assert "<footer>a, line 1, characters 26–60</footer>" in shown


def test_long_passage_is_cut_around_the_quote() -> None:
    long = "Ships came from far away to the north of it. " * 20
    shown = asked(f"{long}The harbour of Zorp froze in 1740. {long}")._repr_html_()
    before, after = re.split("<mark>.*</mark>", shown)
    assert before.split(">")[-1].startswith("…")
    assert after.split("<")[0].endswith("…")
    assert len(text_of(shown)) < 2 * SURROUNDINGS + 300


def test_answer_read_back_from_json_shows_what_the_citation_has() -> None:
    answer = asked()
    again = Answer.model_validate_json(answer.model_dump_json())
    assert again == answer
    assert again.sentences[0].passage is None
    assert answer.sentences[0].passage == HARBOUR
    assert "<mark>The harbour of Zorp froze in 1740.</mark>" in again._repr_html_()


def test_text_of_an_article_is_no_html() -> None:
    nasty = "<script>alert(1)</script> & </mark> The harbour of Zorp froze in 1740."
    shown = asked(nasty, title='"><img src=x onerror=alert(1)>\x1b[2J')._repr_html_()
    assert not {"<script", "<img", "\x1b"} & set(re.findall(r"<script|<img|\x1b", shown))
    assert "&lt;script&gt;" in shown


def test_markdown_is_a_block_with_a_footnote() -> None:
    assert asked(title="The *old* harbour").to_markdown() == (
        "> The harbour of Zorp froze in 1740.[^1]\n\n[^1]: The \\*old\\* harbour, line 1, characters 26–60\n"
    )
    assert asked(min_confidence=1.0).to_markdown().startswith("The articles may say:\n\n> The harbour of")
    assert asked("Tea is green.").to_markdown() == "The articles do not say.\n"


@pytest.mark.parametrize(
    "quote",
    [
        "# not a heading",
        "1. not a list\n2) nor this\n- nor that\n+ or that\n* or that",
        "    not code",
        "a\n===\nb\n---\nc\n***",
        "```\nno fence\n```\n~~~",
        "<b>bold</b> &amp; <!-- gone --> [link](javascript:alert(1)) ![i](x) *a* _b_ `c` ~~d~~",
        "| a | b |\n| - | - |\n| 1 | 2 |",
        "> no quote\n>> of a quote",
        "back\\slash\\",
        "[^1]: no note\n[a]: http://example.org",
    ],
)
def test_markdown_shows_a_quote_as_it_is(quote: str) -> None:
    assert_shown(quote)


@given(st.text(st.sampled_from("#*_`~<>[]()!&;|\\-+=.:1 2a\n\t\"'^$@{}"), min_size=1).filter(str.strip))
def test_markdown_shows_any_quote_as_it_is(quote: str) -> None:
    assert_shown(quote)


def assert_shown(quote: str) -> None:
    html = MARKDOWN.render(markdown_quote(quote, 1))
    assert set(re.findall(r"</?(\w+)", html)) == {"blockquote", "p"}
    assert text_of(html).replace(" ", "") == "".join(quote.split()) + "[^1]"
    note = markdown_note(quote, 2)
    assert "\n" not in note
    assert note.startswith("[^2]: ")


def test_bare_addresses_are_no_links() -> None:
    shown = markdown_quote("See https://evil.example, www.evil.example or me@evil.example", 1)
    assert shown == "> See https\\://evil.example, www\\.evil.example or me\\@evil.example[^1]"
