"""In memory and on disk: the same passages found, the same answers given."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex, load_articles
from articleqa.retrieval import Retriever
from articleqa.retrieval.tantivy import SLACK
from textbook import textbook

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
QUESTIONS = [
    json.loads(line)["question"]
    for name in ("questions", "development", "held_out", "hard_paraphrases")
    for line in (ROOT / "eval" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]

LENGTHS_IN_A_BYTE = 0.04
"""By how much tantivy's scores may be off: it keeps the lengths of passages in one byte each."""


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    return tmp_path / "kb"


def test_answers_on_the_seeds_are_those_from_memory_byte_for_byte(kb: Path) -> None:
    articles = load_articles(SEEDS)
    memory, on_disk = ArticleIndex.from_articles(articles), ArticleIndex.create(kb)
    on_disk.add(articles)
    for index in (on_disk, ArticleIndex.open(kb)):
        for question in QUESTIONS[:: 4 if index is on_disk else 40]:
            expected = memory.ask(question, top_k=10).model_dump_json()
            assert index.ask(question, top_k=10).model_dump_json() == expected


@pytest.mark.slow
def test_both_backends_answer_alike_after_removals_and_updates(kb: Path) -> None:
    paragraphs = [
        paragraph
        for article in load_articles(SEEDS)
        for paragraph in article.text.split("\n\n")
        if len(paragraph) > 200
    ]
    chance = random.Random(0)
    first = [_of(number, chance.sample(paragraphs, 2)) for number in range(120)]
    changed = [_of(number, chance.sample(paragraphs, 3)) for number in range(0, 120, 5)]
    doomed = [str(number) for number in range(1, 120, 4)]
    memory, on_disk = ArticleIndex.from_articles([]), ArticleIndex.create(kb)
    for index in (memory, on_disk):
        index.add(first)
        index.remove(doomed)
        index.update(changed)
    questions = [
        " ".join(chance.sample(words, min(8, len(words))))
        for words in (chance.choice(paragraphs).split() for _ in range(200))
    ]
    alike = sum(
        memory.ask(question, top_k=10, min_confidence=0) == on_disk.ask(question, top_k=10, min_confidence=0)
        for question in questions
    )
    assert alike >= 0.995 * len(questions)


def _of(number: int, paragraphs: list[str]) -> Article:
    return Article(id=str(number), text="\n\n".join(paragraphs))


WORDS = st.sampled_from(["zorp", "quax", "blim", "frood", "drell", "vint", "snarv", "gloop"])
PIECES = st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=3)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=30), st.lists(WORDS, min_size=1, max_size=5), st.integers(1, 12))
def test_both_retrievers_find_the_passages_that_the_textbook_finds(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]], terms: list[str], k: int
) -> None:
    on_disk = ArticleIndex.create(tmp_path_factory.mktemp("textbook") / "kb")
    memory = ArticleIndex.from_articles([])
    for index in (on_disk, memory):
        index.add(_articles(texts))
        passages = {passage.key: passage.terms() for passage in index.passages}
        expected = textbook(passages, terms)
        index._backend.refresh()
        retriever_finds_the_best(index._backend.retriever, expected, terms, k)


def retriever_finds_the_best(
    retriever: Retriever, expected: dict[str, float], terms: list[str], k: int
) -> None:
    """Check that all of the best `k` are found, and none else, but for those near the cut.

    Which of those belong to the best is decided above the retriever, by exact scores.
    """
    found = dict(retriever.search(terms, k))
    best = sorted(expected.values(), reverse=True)
    cut = best[:k][-1] if best else 0.0
    above = {key for key, score in expected.items() if score > cut * (1 + LENGTHS_IN_A_BYTE)}
    below = {key for key, score in expected.items() if score < cut * SLACK * (1 - LENGTHS_IN_A_BYTE)}
    assert above <= set(found) <= set(expected) - below
    assert len(found) >= min(k, len(expected))
    assert found == pytest.approx({key: expected[key] for key in found}, rel=LENGTHS_IN_A_BYTE)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(PIECES, max_size=12),
    st.lists(PIECES, max_size=5),
    st.sets(st.integers(0, 11)),
    st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=5),
)
def test_memory_and_disk_answer_alike_after_any_changes(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[list[str]],
    second: list[list[str]],
    doomed: set[int],
    questions: list[str],
) -> None:
    on_disk = ArticleIndex.create(tmp_path_factory.mktemp("agreement") / "kb")
    memory = ArticleIndex.from_articles([])
    for index in (on_disk, memory):
        index.add(_articles(first))
        index.remove([str(number) for number in sorted(doomed) if number < len(first)])
        index.update(_articles(second))
    for question in questions:
        given, expected = (index.ask(question, top_k=20, min_confidence=0) for index in (on_disk, memory))
        assert given.model_dump_json() == expected.model_dump_json()


def _articles(texts: list[list[str]]) -> list[Article]:
    return [
        Article(id=str(number), title=f"T{number}", text="\n\n".join(f"{p.capitalize()}." for p in pieces))
        for number, pieces in enumerate(texts)
    ]
