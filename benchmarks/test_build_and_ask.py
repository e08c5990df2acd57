"""Building and asking an index, compared with plain rank-bm25: two articles, and 10,000 passages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from articleqa import Article, ArticleIndex, load_articles
from benchmarks.corpus import SEED_QUESTIONS, SEEDS, make_articles, make_questions
from benchmarks.ledger import Benchmark, Ledger
from benchmarks.peak_memory import STATUS
from benchmarks.sides import BUILDERS, Subquestion

TWO, MANY = "two articles", "10,000 passages"
PASSAGES = 10_000
QUESTIONS = 20

both_sides = pytest.mark.parametrize("side", BUILDERS)


@cache
def many_articles() -> list[Article]:
    return make_articles(PASSAGES, seed=0)


def ask_all(ask: Subquestion, questions: Sequence[str]) -> None:
    for question in questions:
        ask(question)


@both_sides
def test_build_from_two_articles(benchmark: Benchmark, ledger: Ledger, side: str) -> None:
    articles = load_articles(SEEDS)
    BUILDERS[side](articles)  # not timed: the first build imports what it needs
    benchmark.group = f"build, {TWO}"
    benchmark(lambda: BUILDERS[side](articles))
    ledger.note_fastest(TWO, "build", side, benchmark)


@both_sides
def test_ask_two_articles(benchmark: Benchmark, ledger: Ledger, side: str) -> None:
    ask = BUILDERS[side](load_articles(SEEDS))
    ask_all(ask, SEED_QUESTIONS)  # not timed: the first question loads the models
    benchmark.group = f"ask {len(SEED_QUESTIONS)} questions, {TWO}"
    benchmark(lambda: ask_all(ask, SEED_QUESTIONS))
    ledger.note_fastest(TWO, "ask", side, benchmark, parts=len(SEED_QUESTIONS))


@both_sides
def test_build_from_10_000_passages(benchmark: Benchmark, ledger: Ledger, side: str) -> None:
    # New words for every round: articleqa caches the terms of words that it has seen.
    seeds = count(1)
    benchmark.group = f"build, {MANY}"
    benchmark.pedantic(
        BUILDERS[side],
        setup=lambda: ((make_articles(PASSAGES, next(seeds)),), {}),
        rounds=8,
    )
    ledger.note_fastest(MANY, "build", side, benchmark)


@both_sides
def test_ask_10_000_passages(benchmark: Benchmark, ledger: Ledger, side: str) -> None:
    articles = many_articles()
    ask = BUILDERS[side](articles)
    # New questions for every round: articleqa caches what it found in a sentence.
    seeds = count(1)
    benchmark.group = f"ask {QUESTIONS} questions, {MANY}"
    benchmark.pedantic(
        ask_all,
        setup=lambda: ((ask, make_questions(articles, QUESTIONS, next(seeds))), {}),
        rounds=10,
        warmup_rounds=1,
    )
    ledger.note_fastest(MANY, "ask", side, benchmark, parts=QUESTIONS)


@pytest.mark.skipif(not STATUS.exists(), reason="peak memory is read from /proc")
@both_sides
def test_peak_memory_of_building_from_10_000_passages(ledger: Ledger, side: str) -> None:
    """Runs once and is not timed: memory hardly varies."""
    printed = subprocess.run(
        [sys.executable, "-m", "benchmarks.peak_memory", side, str(PASSAGES)],
        cwd=Path(__file__).parent.parent,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    ledger.note(MANY, "memory", side, int(printed))


def test_both_sides_have_as_many_passages() -> None:
    """Ratios would mislead if articleqa joined or dropped some of the 10,000."""
    assert len(ArticleIndex.from_articles(many_articles()).passages) == PASSAGES
