"""Searching for passages, reading articles, and what an index says about itself."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest

from articleqa import (
    Article,
    ArticleIndex,
    FoundPassage,
    UnknownArticleError,
    load_articles,
)
from articleqa.loaders.paths import DATABASE
from samples import TEA, UNION

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "When was the union shut down by a court?"


@pytest.fixture(params=["memory", "disk"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> ArticleIndex:
    dated = UNION.model_copy(update={"metadata": {"date": "2017-01-04"}})
    if request.param == "memory":
        return ArticleIndex.from_articles([dated, TEA])
    index = ArticleIndex.create(tmp_path / "kb")
    index.add([dated, TEA])
    return index


def test_the_passage_that_answers_is_found_first(index: ArticleIndex) -> None:
    first = index.search(QUESTION)[0]
    assert isinstance(first, FoundPassage)
    assert first.text == UNION.text[first.citation.start : first.citation.end]
    assert "shut by a court on January 4" in first.text
    assert first.id == f"union#{first.citation.start}-{first.citation.end}"
    assert first.metadata["date"] == "2017-01-04"
    assert first.citation.verify(index.articles["union"])


def test_passages_come_best_first_and_at_most_top_k() -> None:
    index = ArticleIndex.from_articles(load_articles(SEEDS))
    found = index.search("oil workers hunger strike", top_k=4)
    assert len(found) == 4
    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert len({passage.id for passage in found}) == 4
    assert found == index.search("oil workers hunger strike", top_k=9)[:4]


def test_more_passages_than_an_answer_ranks_can_be_asked_for() -> None:
    articles = [Article(id=f"a{n}", text=f"The harbour of Zorp{n} froze in {1700 + n}.") for n in range(90)]
    index = ArticleIndex.from_articles(articles)
    assert len(index.search("Which harbour froze?", top_k=70)) == 70


@pytest.mark.reader
def test_passages_are_found_with_the_reader_too(index: ArticleIndex) -> None:
    assert index.search(QUESTION)[0].citation.article_id == "union"


def test_a_search_keeps_to_the_chosen_articles(index: ArticleIndex) -> None:
    assert {p.citation.article_id for p in index.search(QUESTION, since="2017")} == {"union"}
    assert index.search(QUESTION, since="2018") == []


@pytest.mark.parametrize("question", ["", "?!", "\ud800", "the of"])
def test_a_question_that_matches_nothing_finds_no_passage_or_few(index: ArticleIndex, question: str) -> None:
    assert len(index.search(question)) <= 3


@pytest.mark.parametrize("top_k", [0, -1])
def test_top_k_below_one_is_refused(index: ArticleIndex, top_k: int) -> None:
    with pytest.raises(ValueError, match="top_k must be at least 1"):
        index.search(QUESTION, top_k=top_k)


def test_reading_returns_the_text_between_two_offsets(index: ArticleIndex) -> None:
    assert index.read("tea", 0, 9) == "Green tea"
    assert index.read("tea") == TEA.text
    with pytest.raises(UnknownArticleError, match="no article with the id 'coffee'"):
        index.read("coffee")


def test_titles_are_listed_in_the_order_of_the_articles(index: ArticleIndex) -> None:
    assert list(index.titles().items()) == [("union", "The union"), ("tea", "")]


def test_an_index_says_what_it_is(index: ArticleIndex) -> None:
    info = index.info()
    assert (len(index), info.articles, info.ranker) == (2, 2, "words")
    assert info.passages == len(index.passages) > 0
    assert info.terms == sum(len(passage.terms()) for passage in index.passages)
    assert "2 articles" in repr(index)
    assert index.check() == []
    assert index.repair() == []
    assert index.ask(QUESTION).answered


def test_an_index_without_articles_is_true() -> None:
    assert ArticleIndex.from_articles([])


def test_what_a_damaged_index_lost_is_returned_by_its_repair(tmp_path: Path) -> None:
    index = ArticleIndex.create(tmp_path / "kb")
    index.add([UNION, TEA])
    index.close()
    with closing(sqlite3.connect(tmp_path / "kb" / DATABASE)) as database, database:
        database.execute("UPDATE articles SET text = 'x' || text WHERE id = 'tea'")
    with ArticleIndex.open(tmp_path / "kb") as opened:
        assert "'tea' does not match its checksum" in opened.check()[0]
        assert opened.repair() == ["tea"]
        assert opened.check() == []
        assert opened.ask(QUESTION).answered


def test_asking_searching_and_adding_work_in_a_coroutine(index: ArticleIndex) -> None:
    async def all_three() -> tuple[str, str, int]:
        changes = await index.aadd([Article(id="ice", text="The harbour of Zorp froze in 1740.")])
        answer = await index.aask("When did the harbour of Zorp freeze?", top_k=1)
        (passage,) = await index.asearch("harbour of Zorp", top_k=1)
        return answer.text, passage.citation.article_id, changes.added

    assert asyncio.run(all_three()) == ("The harbour of Zorp froze in 1740.", "ice", 1)


def test_sentences_say_whether_they_are_cited_and_what_their_article_is(index: ArticleIndex) -> None:
    answer = index.ask(QUESTION)
    assert [sentence.citation in answer.citations for sentence in answer.sentences] == [
        sentence.cited for sentence in answer.sentences
    ]
    assert answer.sentences[0].cited
    assert answer.sentences[0].metadata == {"date": "2017-01-04"}


def test_a_citation_has_an_id_and_a_url() -> None:
    article = Article(id="a b/c.txt", title="Ä & <b>", text="The harbour of Zorp froze in 1740.")
    answer = ArticleIndex.from_articles([article]).ask("When did the harbour of Zorp freeze?")
    citation = answer.citations[0]
    assert citation.id == "a b/c.txt#char=0,34"
    assert citation.url("https://example.org/news/") == "https://example.org/news/a%20b/c.txt#char=0,34"
    assert str(answer) == "The harbour of Zorp froze in 1740.\nÄ & <b>, line 1, characters 0–34"
    shown = answer._repr_html_()
    assert "<mark>The harbour of Zorp froze in 1740.</mark></p>" in shown
    assert "Ä &amp; &lt;b&gt;" in shown


@pytest.mark.parametrize(
    ("article_id", "path"),
    [
        ("../a/./b", "..%2Fa%2F.%2Fb"),
        ("a/b/..", "a/b%2F.."),
        ("a..b/.c", "a..b/.c"),
        ("..", "%2E%2E"),
        ("/a/b", "a/b"),
    ],
)
def test_a_url_with_dots_in_the_id_stays_below_its_base(article_id: str, path: str) -> None:
    article = Article(id=article_id, text="The harbour of Zorp froze in 1740.")
    citation = ArticleIndex.from_articles([article]).ask("When did the harbour of Zorp freeze?").citations[0]
    url = citation.url("https://example.org/news")
    assert url == f"https://example.org/news/{path}#char=0,34"
    if article_id != "..":
        assert urljoin("https://example.org/other", url).startswith(f"https://example.org/news/{path}")
    assert unquote(path) == article_id.lstrip("/")


def test_what_is_found_can_be_hashed_and_equal_ones_are_one(index: ArticleIndex) -> None:
    first, second = index.search(QUESTION), index.search(QUESTION)
    assert len({*first, *second}) == len(first)
    answers = {index.ask(QUESTION), index.ask(QUESTION), index.ask("Which tea was drunk in China?")}
    assert len(answers) == 2
    nested = TEA.model_copy(update={"metadata": {"a": [1, {"b": [2]}]}})
    assert hash(nested) == hash(nested.model_copy()) != hash(TEA)


def test_an_answer_that_abstains_says_so_as_text_and_as_html() -> None:
    answer = ArticleIndex.from_articles([TEA]).ask("Who won the football world cup?")
    assert str(answer) == "The articles do not say."
    assert "The articles do not say." in answer._repr_html_()


@pytest.mark.parametrize("top_k", [1_000, 10**9, 2**62])
def test_any_number_of_passages_may_be_asked_for(index: ArticleIndex, top_k: int) -> None:
    assert [passage.citation.article_id for passage in index.search(QUESTION, top_k=top_k)] == ["union"]


def test_metadata_has_one_order_in_memory_and_on_disk(tmp_path: Path) -> None:
    article = TEA.model_copy(update={"metadata": {"b": {"z": 1, "a": [{"y": 1, "x": 2}]}, "a": 1}})
    on_disk = ArticleIndex.create(tmp_path / "kb")
    on_disk.add([article])
    question = "Which tea was drunk in China?"
    in_memory = ArticleIndex.from_articles([article])
    assert on_disk.ask(question).model_dump_json() == in_memory.ask(question).model_dump_json()


def test_a_reader_sees_what_a_repair_by_another_left(tmp_path: Path) -> None:
    index = ArticleIndex.create(tmp_path / "kb")
    index.add([UNION, TEA])
    with ArticleIndex.open(tmp_path / "kb") as other:
        other.repair()
        other.add([Article(id="new", text="The harbour of Zorp froze in 1740.")])
    assert (len(index), index.read("new", 4, 11), list(index.titles())) == (
        3,
        "harbour",
        ["union", "tea", "new"],
    )
