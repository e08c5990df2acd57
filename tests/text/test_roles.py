from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex
from articleqa.passages import analyse
from articleqa.text.roles import CAPTION_WORDS, LONGEST, caption_part_words, role_words
from articleqa.text.terms import terms


@pytest.mark.parametrize(
    "paragraph",
    [
        "A worker prepares pipes. © 2016 Shamil Zhumatov/Reuters",
        "Photo by Shamil Zhumatov",
        "Image credit: Reuters",
        "Image courtesy of the museum",
        "Photo: Shamil Zhumatov",
        "A worker prepares pipes (AP)",
        "A worker prepares pipes/Getty Images",
        "A worker prepares pipes (AFP photo by Smith)",
    ],
)
def test_a_caption_is_known_by_its_credit(paragraph: str) -> None:
    assert role_words(paragraph) == CAPTION_WORDS


@pytest.mark.parametrize(
    "paragraph",
    [
        "Editor’s note: Hugh Williamson is director.",
        "editor's note:  he is director.",
        "About the author: he is director.",
        "By Hugh Williamson",
        "Written by Hugh Williamson.",
    ],
)
def test_an_authors_note_is_known_by_how_it_begins(paragraph: str) -> None:
    assert "author" in role_words(paragraph).split()


@pytest.mark.parametrize(
    "paragraph",
    [
        "",
        "The union was shut down.",
        "By January the union was shut.",
        "By Hugh Williamson the law was read.",
        "The photo was old.",
        "The AP and Reuters reported it.",
        "The editor's note was long.",
    ],
)
def test_prose_has_no_role(paragraph: str) -> None:
    assert role_words(paragraph) == ""


def test_a_long_paragraph_is_prose_whatever_it_holds() -> None:
    assert role_words("© " + "x" * (LONGEST - 2)) == CAPTION_WORDS
    assert role_words("© " + "x" * (LONGEST - 1)) == ""


@given(st.text())
def test_any_paragraph_has_a_role_or_none(paragraph: str) -> None:
    assert isinstance(role_words(paragraph), str)
    assert caption_part_words(paragraph)


CAPTION = "A worker prepares pipes in Kyzylorda. © 2016 Shamil Zhumatov/Reuters"
PROSE = "The union was shut down by a court in the south of the country, and the workers went on strike."


def test_the_words_of_a_role_are_indexed_and_never_quoted() -> None:
    article = Article(id="a", text=f"{PROSE}\n\n{CAPTION}\n\n{PROSE.replace('union', 'club')}")
    _, caption, _ = analyse(article)
    shows, credits_ = caption.sentence_terms
    assert {"photograph", "show"} <= set(shows)
    assert {"photograph", "credit"} <= set(credits_)
    assert "show" not in credits_
    assert set(terms(CAPTION_WORDS)).isdisjoint(terms(article.text))
    assert caption.passage.span.of(article.text) == CAPTION
    index = ArticleIndex.from_articles([article])
    assert index.ask("Who took the photo?").text == "© 2016 Shamil Zhumatov/Reuters"
    assert index.ask("What does the picture show?").text == "A worker prepares pipes in Kyzylorda."


def test_a_caption_stays_a_passage_of_its_own_beside_short_paragraphs() -> None:
    article = Article(id="a", text=f"It rained.\n\n{CAPTION}\n\nIt snowed.")
    spans = [passage.passage.span.of(article.text) for passage in analyse(article)]
    assert spans == ["It rained.", CAPTION, "It snowed."]
