"""The page that asks: answers, abstentions, filters."""

from __future__ import annotations

import re

import pytest

from articleqa import Article
from web_sites import FLOOD, HARBOUR, OPENED, client_of


def ask(question: str = OPENED, **fields: str) -> str:
    with client_of() as client:
        response = client.get("/", params={"q": question, **fields})
    assert response.status_code == 200
    return response.text


def test_answer_is_a_quote_with_its_short_answer_marked() -> None:
    page = ask()
    assert 'The harbour of Varnholm was opened in <mark class="short">1907</mark>.' in page
    assert "The harbour of Varnholm</a>" in page
    assert ">2021-03-14</time>" in page
    assert re.search(r'<meter [^>]*value="0\.\d+">(?:high|fair|low) \(0\.\d\d\)</meter>', page)


def test_answer_links_to_its_place_and_to_the_same_sentence_elsewhere() -> None:
    page = ask()
    start = HARBOUR.text.index("The harbour of Varnholm was")
    assert f'href="/read?id=ports%2Fharbour.txt&amp;start={start}&amp;end={start + 43}&amp;q=When' in page
    also = page.partition("Also in:")[2]
    assert "news%2Fflood.txt" in also[:300]


def test_places_of_the_same_title_are_told_apart_by_their_files() -> None:
    copy = FLOOD.model_copy(update={"title": HARBOUR.title})
    with client_of([HARBOUR, copy]) as client:
        page = client.get("/", params={"q": OPENED}).text
    assert 'The harbour of Varnholm</a><span class="part">harbour.txt</span>' in page
    also = page.partition("Also in:")[2].partition("</p>")[0]
    assert 'The harbour of Varnholm</a><span class="part">flood.txt</span>' in also
    assert ">harbour.txt<" not in ask()


def test_abstention_names_words_never_mentioned_and_near_spellings() -> None:
    page = ask("Who painted the lighthose in Ravenna?")
    assert "The articles do not say" in page
    never = page.partition("Never mentioned:")[2].partition("</p>")[0]
    assert "<b>Ravenna</b>" in never
    assert ">lighthouse</a>" in never
    assert "q=Who+painted+the+lighthouse+in+Ravenna" in never


def test_nearest_sentences_of_an_abstention_are_listed() -> None:
    assert re.search(r"<h2[^>]*>Nearest sentences</h2>\s*<ol>\s*<li>", ask("How high is the bridge?"))


def test_scores_are_explained_in_a_folded_table() -> None:
    page = ask()
    assert '<details class="why">' in page
    assert "harbour, Varnholm, opened" in page


@pytest.mark.parametrize(
    "fields",
    [
        {"author": "Jon Reed"},
        {"folder": "news"},
        {"until": "2020"},
        {"media_type": "text/plain", "until": "2020-06"},
    ],
    ids=["author", "folder", "date", "two"],
)
def test_filter_limits_the_articles_that_are_asked(fields: dict[str, str]) -> None:
    page = ask(**fields)
    assert "The flood</a>" in page
    assert "ports%2Fharbour" not in page


def test_filters_that_no_article_matches_are_named_as_the_reason() -> None:
    assert "No article matches the filters." in ask(author="Nobody")


def test_filters_are_offered_from_the_metadata_that_is_there() -> None:
    with client_of() as client:
        page = client.get("/").text
    assert re.findall(r'<option value="([^"]+)"', page) == ["news", "ports", "Ada Wren", "Jon Reed"]
    assert 'name="since" value="" placeholder="2020-05-17"' in page
    with client_of([Article(id="a.txt", text="The sea is salt.")]) as client:
        assert "Filters" not in client.get("/").text


def test_size_and_date_of_the_collection_are_shown() -> None:
    with client_of() as client:
        page = client.get("/").text
    assert re.search(r"2 articles,\s+3 passages,\s+dated 2020-05-17 to 2021-03-14", page)


def test_bad_date_is_refused_with_a_page() -> None:
    with client_of() as client:
        response = client.get("/", params={"q": OPENED, "since": "soon"})
    assert response.status_code == 400
    assert "Since must be a date" in response.text


def test_answer_alone_is_a_fragment_for_the_script() -> None:
    with client_of() as client:
        fragment = client.get("/answer", params={"q": OPENED}).text
        assert client.get("/answer").status_code == 400
    assert "<html" not in fragment
    assert fragment.strip() in ask()


def test_page_without_a_question_has_the_form_alone() -> None:
    with client_of([FLOOD]) as client:
        page = client.get("/", params={"q": "   "}).text
    assert '<form id="ask"' in page
    assert "outcome" not in page
