"""In memory and in a cluster: the same passages found, the same answers given."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from articleqa import Article, ArticleIndex, Changes, load_articles
from articleqa.retrieval.bm25 import bm25_score, idf_of
from articleqa.retrieval.opensearch import rounded_length
from clusters import cluster_of
from textbook import textbook

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
QUESTIONS = [
    json.loads(line)["question"]
    for name in ("questions", "development", "held_out", "hard_paraphrases")
    for line in (ROOT / "eval" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]

LENGTHS_IN_A_BYTE = 0.07
"""By how much Lucene's scores may be off: it keeps the lengths of passages in one byte each."""


def test_answers_on_the_seeds_are_those_from_memory_byte_for_byte(url: str) -> None:
    articles = load_articles(SEEDS)
    memory, index = ArticleIndex.from_articles(articles), ArticleIndex.create(url, replicas=0)
    assert index.add(articles) == Changes(added=2)
    assert index.add(articles) == Changes(unchanged=2)
    for question in QUESTIONS[::15]:
        expected = memory.ask(question, top_k=10).model_dump_json()
        assert index.ask(question, top_k=10).model_dump_json() == expected
    assert index.search(QUESTIONS[0]) == memory.search(QUESTIONS[0])


def test_filters_choose_the_same_articles(url: str) -> None:
    authors: list[JsonValue] = ["Ann", "Bob", ["Ann", "Cem"], None]
    articles = [
        Article(
            id=f"n{n}",
            text=f"The harbour of Zorp{n} froze in {1700 + n}. Nobody said why it froze.",
            metadata={"author": authors[n % 4], "date": f"20{10 + n % 9}-05-0{n % 9 + 1}"},
        )
        for n in range(60)
    ]
    memory, index = ArticleIndex.from_articles(articles), ArticleIndex.create(url, replicas=0)
    index.add(articles)
    choices: list[dict[str, Any]] = [
        {"where": {"author": "Ann"}},
        {"where": {"author": ["Bob", "Cem"]}, "since": "2012"},
        {"since": "2013-05", "until": "2015-05-03"},
        {"where": {"author": "nobody"}},
        {"where": {"author": []}},
    ]
    for chosen in choices:
        for question in ("When did the harbour of Zorp7 freeze?", "Which harbour froze in 1722?", "Why?"):
            asked = index.ask(question, **chosen)
            assert asked == memory.ask(question, **chosen)


def test_both_answer_alike_after_removals_and_updates(url: str) -> None:
    paragraphs = [
        paragraph
        for article in load_articles(SEEDS)
        for paragraph in article.text.split("\n\n")
        if len(paragraph) > 200
    ]
    chance = random.Random(0)
    first = [_of(number, chance.sample(paragraphs, 2)) for number in range(60)]
    changed = [_of(number, chance.sample(paragraphs, 3)) for number in range(0, 60, 5)]
    doomed = [str(number) for number in range(1, 60, 4)]
    memory, index = ArticleIndex.from_articles([]), ArticleIndex.create(url, replicas=0, shards=2)
    for each in (memory, index):
        each.add(first)
        each.remove(doomed)
        each.update(changed)
    questions = [
        " ".join(chance.sample(words, min(8, len(words))))
        for words in (chance.choice(paragraphs).split() for _ in range(40))
    ]
    for question in questions:
        expected = memory.ask(question, top_k=10, min_confidence=0)
        assert index.ask(question, top_k=10, min_confidence=0) == expected


def _of(number: int, paragraphs: list[str]) -> Article:
    return Article(id=str(number), text="\n\n".join(paragraphs))


def test_misspelled_and_unused_words_are_reported_alike(url: str) -> None:
    articles = [*load_articles(SEEDS), Article(id="gone", text="The goverment of Zorpia sang. " * 3)]
    memory, index = ArticleIndex.from_articles(articles), ArticleIndex.create(url, replicas=0)
    index.add(articles)
    for each in (memory, index):
        each.remove("gone")
    for question in ("Who is the presidnet of Kazahkstan?", "Was the goverment of Zorpa hungri?", "zzzq?"):
        assert index.ask(question) == memory.ask(question)


def test_scores_in_lucene_are_ours_with_rounded_lengths(url: str) -> None:
    lengths = (5, 24, 39, 41, 60, 77, 150)
    index = ArticleIndex.create(url, replicas=0)
    index.add(Article(id=f"{n}", text=f"Zorp {'quax ' * n}froze.") for n in lengths)
    statistics = index._backend.retriever.statistics(["zorp"])
    weights, average = idf_of(["zorp"], statistics), statistics.average_length
    expected = {
        each.key: bm25_score(weights, {"zorp": 1}, rounded_length(len(each.terms())), average)
        for each in index.passages
    }
    assert len({len(each.terms()) for each in index.passages}) == len(lengths)
    assert dict(index._backend.retriever.search(["zorp"], 9)) == pytest.approx(expected, rel=1e-6)


def test_a_question_takes_two_round_trips_and_three_with_unused_words(url: str) -> None:
    articles = [
        Article(id=f"n{n}", text=f"The harbour of Zorp{n} froze in {1700 + n}{' again' * (n % 9)}. " * 2)
        for n in range(100)
    ]
    memory, index = ArticleIndex.from_articles(articles), ArticleIndex.create(url, replicas=0)
    index.add(articles)
    cluster = cluster_of(index)
    index.ask("Which harbour?")  # which reads the state that adding has left
    for question, most in (
        ("When did the harbour of Zorp7 freeze?", 2),
        ("When did the harbour of Zorp8 freeze again?", 2),
        ("When did the harbuor of Zorp9 freeze?", 3),
        ("Which anchorage of Zorp9 froze, and which wharf?", 3),
    ):
        before = cluster.requests
        asked = index.ask(question)
        assert cluster.requests - before <= most, question
        assert asked == memory.ask(question)


def test_a_question_whose_first_passages_are_mostly_copies_takes_three_round_trips(url: str) -> None:
    copies = [Article(id=f"c{n}", text="The wharf froze.") for n in range(15)]
    others = [Article(id=f"n{n}", text=f"The wharf of Zorp{n} froze in {1700 + n}.") for n in range(60)]
    memory = ArticleIndex.from_articles([*copies, *others])
    index = ArticleIndex.create(url, replicas=0)
    index.add([*copies, *others])
    index.ask("Which wharf?")  # which reads the state that adding has left
    cluster = cluster_of(index)
    before = cluster.requests
    asked = index.ask("When did the wharf freeze?")
    assert cluster.requests - before == 3
    assert asked == memory.ask("When did the wharf freeze?")


def test_hostile_articles_are_stored_and_found_as_in_memory(url: str) -> None:
    long = "z" * 70_000
    articles = [
        Article(
            id="i" * 20_000, title="t" * 9_000, text=f"The {long} froze in 1740. {'x' * 300} sang in Zorp."
        ),
        Article(
            id="\x00\n\\", source="s\ud7ff\n", text="🜚 melted in 1850.\r\nThe lake Ⅷ \u202efroze\u202c twice."
        ),
        Article(id="deep", text="Zorp thawed.", metadata={"tree": {"a": [1, {"b": None}]}, "n": 1.0}),
        Article(id="empty", text=""),
    ]
    memory, index = ArticleIndex.from_articles(articles), ArticleIndex.create(url, replicas=0)
    index.add(articles)
    assert list(index.articles.values()) == articles
    for question in (
        f"When did the {long} freeze?",
        "What melted in 1850?",
        f"Who sang {'x' * 300}?",
        "Zorp?",
    ):
        expected = memory.ask(question, min_confidence=0)
        assert index.ask(question, min_confidence=0) == expected
    assert index.check() == []


WORDS = st.sampled_from(["zorp", "quax", "blim", "frood", "drell", "vint", "snarv", "gloop"])
PIECES = st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=3)


def test_the_passages_that_the_textbook_finds_are_found(url: str) -> None:
    index = ArticleIndex.create(url, replicas=0)

    # No shrinking: each example takes a second.
    @settings(max_examples=5, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(PIECES, max_size=30), st.lists(WORDS, min_size=1, max_size=5), st.integers(1, 12))
    def check(texts: list[list[str]], terms: list[str], k: int) -> None:
        index.remove(list(index.titles()))
        index.add(
            Article(id=str(number), text="\n\n".join(f"{p.capitalize()}." for p in pieces))
            for number, pieces in enumerate(texts)
        )
        expected = textbook({passage.key: passage.terms() for passage in index.passages}, terms)
        found = dict(index._backend.retriever.search(terms, k))
        best = sorted(expected.values(), reverse=True)
        cut = best[:k][-1] if best else 0.0
        # Lucene counts what was removed until it merges its files: only which are found is compared.
        above = {key for key, score in expected.items() if score > cut * (1 + LENGTHS_IN_A_BYTE)}
        assert above <= set(found) <= set(expected)
        assert len(found) >= min(k, len(expected))

    check()
