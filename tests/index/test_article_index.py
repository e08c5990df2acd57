from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articleqa import (
    AbstainReason,
    Article,
    ArticleIndex,
    ArticleNotFoundError,
    DuplicateArticleError,
    UnknownArticleError,
    ask,
    load_articles,
)

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "When was the confederation shut down?"
UNION = Article(
    id="union", title="Union", text="A court shut the confederation on 4 January 2017.", source="u.txt"
)
STORM = Article(id="storm", title="Storm", text="The storm reached the coast on Monday morning.")
Given = ArticleIndex | Article | str | Path | Iterable[Article | str | Path]
BLANK = Article(id="blank", text=" \n\n ")


def test_a_question_is_answered_word_for_word() -> None:
    answer = ask(QUESTION, [UNION, STORM], min_confidence=0)
    assert answer.answered
    assert answer.text == UNION.text
    assert answer.citations[0].verify(UNION)


def generated() -> Iterator[Article]:
    yield UNION
    yield STORM


def test_every_way_to_give_articles_answers_alike(tmp_path: Path) -> None:
    for article in (UNION, STORM):
        (tmp_path / f"{article.id}.txt").write_text(article.text, encoding="utf-8")
    index = ArticleIndex.from_articles([UNION, STORM])
    given_as: list[Given] = [
        UNION,
        [UNION, STORM],
        (UNION, STORM),
        generated(),
        index,
        str(tmp_path),
        tmp_path,
        [tmp_path / "union.txt", STORM],
        [STORM, str(tmp_path / "union.txt")],
        {"union": UNION}.values(),
    ]
    answers = [ask(QUESTION, articles, min_confidence=0) for articles in given_as]
    assert {answer.text for answer in answers} == {UNION.text}


def test_articles_stand_in_the_order_given(tmp_path: Path) -> None:
    same = "The union went on strike in the capital."
    (tmp_path / "b.txt").write_text(same, encoding="utf-8")
    a, c = (Article(id=name, title=same, text=same) for name in "ac")
    orders: list[list[Article | Path]] = [[c, tmp_path, a], [tmp_path, c, a], [a, c, tmp_path]]
    for given_as in orders:
        (sentence,) = ask("Who went on strike?", given_as, min_confidence=0).sentences
        ids = [sentence.citation.article_id, *(citation.article_id for citation in sentence.also)]
        assert ids == ["b.txt" if isinstance(item, Path) else item.id for item in given_as]


def test_a_str_is_always_a_path() -> None:
    with pytest.raises(ArticleNotFoundError, match="The court closed it"):
        ask(QUESTION, "The court closed it")


@pytest.mark.parametrize(
    ("question", "articles", "reason"),
    [
        (QUESTION, [], AbstainReason.EMPTY_CORPUS),
        (QUESTION, [BLANK], AbstainReason.EMPTY_CORPUS),
        ("", [UNION], AbstainReason.NO_MATCHING_TERMS),
        ("?!", [UNION], AbstainReason.NO_MATCHING_TERMS),
        ("Penguins?", [UNION, BLANK], AbstainReason.NO_MATCHING_TERMS),
        ("who were they", [UNION], AbstainReason.NO_MATCHING_TERMS),
    ],
)
def test_where_nothing_can_match_the_answer_abstains_and_says_why(
    question: str, articles: list[Article], reason: AbstainReason
) -> None:
    answer = ask(question, articles, min_confidence=0)
    assert (answer.answered, answer.text, answer.confidence, answer.reason) == (False, "", 0.0, reason)
    assert (len(answer.sentences), len(answer.citations)) == (0, 0)


def test_below_the_threshold_the_nearest_sentence_stays_visible() -> None:
    answer = ask(QUESTION, [UNION], min_confidence=1)
    assert (answer.answered, answer.reason) == (False, AbstainReason.BELOW_THRESHOLD)
    assert answer.text == ""
    assert answer.sentences[0].text == UNION.text


def test_a_question_of_stop_words_finds_stop_words() -> None:
    assert ask("What was on the?", [UNION], min_confidence=0).sentences


def test_a_question_that_is_no_text_is_read_as_far_as_it_is() -> None:
    answer = ask("confederation \ud800", [UNION], min_confidence=0)
    assert answer.question == "confederation \ufffd"
    answer.model_dump_json()


@pytest.mark.parametrize("top_k", [0, -1])
@pytest.mark.parametrize("articles", [[UNION], []])
def test_top_k_below_one_is_refused(top_k: int, articles: list[Article]) -> None:
    with pytest.raises(ValueError, match="top_k"):
        ask(QUESTION, articles, top_k=top_k)


@pytest.mark.parametrize("min_confidence", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_threshold_that_is_no_probability_is_refused(min_confidence: float) -> None:
    with pytest.raises(ValueError, match="min_confidence"):
        ask(QUESTION, [UNION], min_confidence=min_confidence)


def test_confidence_does_not_depend_on_top_k() -> None:
    index = ArticleIndex.from_articles(load_articles(SEEDS))
    answers = [index.ask(QUESTION, top_k=top_k) for top_k in (1, 2, 3, 10, 10_000)]
    assert len({answer.confidence for answer in answers}) == 1
    assert len({answer.answered for answer in answers}) == 1
    longest = answers[-1].sentences
    assert all(answer.sentences == longest[: len(answer.sentences)] for answer in answers)
    assert [len(answer.sentences) for answer in answers[:4]] == [1, 2, 3, 10]


def test_a_duplicate_is_named_by_both_sources_and_nothing_is_added() -> None:
    index = ArticleIndex.from_articles([UNION])
    with pytest.raises(DuplicateArticleError, match=r"'union': u\.txt and one without a source"):
        index.add([STORM, Article(id="union", text="Another.")])
    assert list(index.articles) == ["union"]
    with pytest.raises(DuplicateArticleError, match="'storm'"):
        ArticleIndex.from_articles([STORM, UNION, STORM])


def test_an_add_that_breaks_off_adds_nothing() -> None:
    def broken() -> Iterator[Article]:
        yield STORM
        raise RuntimeError("the source broke off")

    index = ArticleIndex.from_articles([UNION])
    with pytest.raises(RuntimeError):
        index.add(broken())
    assert list(index.articles) == ["union"]


def test_an_unknown_id_is_named_and_nothing_is_removed() -> None:
    index = ArticleIndex.from_articles([UNION, STORM])
    with pytest.raises(UnknownArticleError, match="'nobody'"):
        index.remove(["union", "nobody"])
    assert list(index.articles) == ["union", "storm"]


def test_one_id_or_many_can_be_removed() -> None:
    index = ArticleIndex.from_articles([UNION, STORM, BLANK])
    index.remove("storm")
    index.remove(key for key in ("union", "union", "blank"))
    assert list(index.articles) == []
    assert list(index.passages) == []
    assert index.ask(QUESTION).reason is AbstainReason.EMPTY_CORPUS


def test_a_removed_article_may_come_again_changed() -> None:
    index = ArticleIndex.from_articles([UNION, STORM])
    index.remove("union")
    index.add([Article(id="union", text="A judge shut the confederation on Friday.")])
    assert index.ask(QUESTION, min_confidence=0).text == "A judge shut the confederation on Friday."
    assert list(index.articles) == ["storm", "union"]


def test_ids_that_look_like_passage_keys_do_not_clash() -> None:
    articles = [Article(id=name, text=f"The {name} union was shut.") for name in ("a", "a#0", "a#0#0", "#")]
    index = ArticleIndex.from_articles(articles)
    index.remove("a#0")
    cited = index.ask("Which union was shut?", top_k=9, min_confidence=0).sentences
    assert {sentence.citation.article_id for sentence in cited} == {"a", "a#0#0", "#"}


def test_the_articles_cannot_be_changed_from_outside() -> None:
    index = ArticleIndex.from_articles([UNION])
    with pytest.raises(TypeError):
        index.articles["x"] = STORM  # type: ignore[index]


def test_a_misspelt_word_is_pointed_out_as_the_articles_have_it() -> None:
    answer = ask("When was the confedration shut?", [UNION])
    assert [(term.word, term.suggestion) for term in answer.never_mentioned] == [
        ("confedration", "confederation")
    ]


SENTENCES = [
    "The union was shut.",
    "A court shut it in 2017.",
    "The storm came.",
    "It rained.",
    "",
    "Why shut it?",
]
TEXTS = st.lists(st.sampled_from(SENTENCES), max_size=4).map("\n\n".join)


@settings(max_examples=40)
@given(st.lists(TEXTS, max_size=6), st.sets(st.integers(0, 5)))
def test_answers_do_not_depend_on_how_the_index_came_about(texts: list[str], doomed: set[int]) -> None:
    articles = [Article(id=str(number), text=text) for number, text in enumerate(texts)]
    kept = [article for number, article in enumerate(articles) if number not in doomed]
    index = ArticleIndex.from_articles([])
    for article in articles:
        index.add([article])
    index.remove([article.id for article in articles if article not in kept])
    once = ArticleIndex.from_articles(kept)
    for question in ("When was the union shut?", "Did it rain?"):
        assert index.ask(question, min_confidence=0) == once.ask(question, min_confidence=0)
