from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.loaders.text.markdown import load_markdown
from articleqa.loaders.text.plain import load_plain_text
from articleqa.loaders.titles import LONGEST_TITLE, title_of
from articleqa.text.section_names import names_a_section


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Union Closed\n\nA court closed it.", "Union Closed"),
        ("• Home\n  • >\n  • Union Closed\n\nUnion Closed\n\nText here.", "Union Closed"),
        ("Skip to main content\n\nHome\nNews\nSport\n\nUnion Closed\n\nText.", "Union Closed"),
        ("We use cookies to improve this site.\nAccept all\n\nUnion Closed", "Union Closed"),
        ("  Union \t Closed  \r\nText.", "Union Closed"),
        ("A court closed it. The end.", "A court closed it. The end."),
        ("", ""),
        (" \n\n", ""),
        ("***\n\n>", ""),
    ],
)
def test_the_title_is_the_first_real_line(text: str, title: str) -> None:
    assert title_of(text) == title


def test_a_long_title_is_cut_at_a_word() -> None:
    title = title_of("word " * 100)
    assert title.endswith("word…")
    assert len(title) <= LONGEST_TITLE


def test_an_article_without_a_line_is_called_by_its_file() -> None:
    assert load_plain_text(b"\n", "news/storm.txt", "").title == "storm"
    assert load_markdown(b"---\n---\n", "news/storm.md", "").title == "storm"


@given(st.text(max_size=400))
def test_a_title_is_one_short_line(text: str) -> None:
    title = title_of(text)
    assert len(title) <= LONGEST_TITLE
    assert len(title.splitlines()) <= 1
    assert title == title.strip()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# A *big* `storm` #\n\nText.", "A big storm"),
        ("Storm\n=====\n\nText.", "Storm"),
        ("---\ntitle: 'Front: matter'\n---\n# Heading\n", "Front: matter"),
        ("---\ntitle:\n---\n# Heading\n", "Heading"),
        ("[![Build](a.svg)](http://x) [Storm](http://y/(z))\n\nText.", "Build Storm"),
        ("# snake_case and _emphasis_", "snake_case and emphasis"),
        ("<!-- a comment -->\n\n# Storm", "Storm"),
        ("> Quoted first\n\n# Storm", "Storm"),
        (f"[{'word ' * 20}](http://{'x' * 200})", " ".join(["word"] * 20)),
    ],
)
def test_a_markdown_title_has_no_markup(text: str, title: str) -> None:
    assert load_markdown(text.encode(), "a.md", "").title == title


def test_front_matter_becomes_metadata_and_stays_in_the_text() -> None:
    text = '---\r\ntitle: Storm\r\nAuthor: "Jane"\r\ntags:\r\n  - a\r\n---\r\nText.'
    article = load_markdown(text.encode(), "a.md", "")
    assert article.text == text
    assert article.metadata == {"author": "Jane", "tags": ["a"], "encoding": "utf-8"}


def test_front_matter_cannot_say_how_the_file_was_read() -> None:
    article = load_markdown(b"---\nencoding: morse\n---\nText.", "a.md", "")
    assert article.metadata["encoding"] == "utf-8"


def test_a_list_in_the_front_matter_is_a_list() -> None:
    text = b"---\ntags: [storm, 'sea wall', ]\nnote: [odd\n---\nText."
    metadata = load_markdown(text, "a.md", "").metadata
    assert metadata["tags"] == ["storm", "sea wall"]
    assert metadata["note"] == "[odd"


@pytest.mark.parametrize("heading", ["Abstract", "2. Overview", "**Contents**", "Table of\n Contents:"])
def test_a_heading_of_most_documents_names_none(heading: str) -> None:
    assert names_a_section(heading)


@pytest.mark.parametrize("heading", ["Abstract art", "The mill", "", "2.", "(" * 10_000])
def test_other_headings_may_name_a_document(heading: str) -> None:
    assert not names_a_section(heading)
