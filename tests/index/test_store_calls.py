"""How often a question asks a store and a retriever: a few times, however much there is to read.

Each call is a round trip if the index is on another machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from articleqa import Article, ArticleIndex

COUNTED = {
    "store": ("documents_at", "copies_of", "texts_at"),
    "retriever": ("statistics", "search", "keys", "has_any", "similar_terms"),
}
PLACES = ("harbour", "pier", "lake", "canal", "mill")


def articles(copies: int) -> list[Article]:
    """Return 60 articles that say when something froze, each in so many copies."""
    told = [
        f"The {place} of Zorp{n} froze in {1700 + n} for {n + 2} weeks, and {place} wardens left Quax{n}."
        for n in range(12)
        for place in PLACES
    ]
    return [Article(id=f"{n}-{copy}", text=text) for n, text in enumerate(told) for copy in range(copies)]


@pytest.fixture(params=["memory", "disk"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[int], ArticleIndex]:
    """Return a function that makes an index of so many copies of each article."""

    def made(copies: int) -> ArticleIndex:
        if request.param == "memory":
            return ArticleIndex.from_articles(articles(copies))
        index = ArticleIndex.create(tmp_path / f"kb{copies}")
        index.add(articles(copies))
        return index

    return made


def calls_of(index: ArticleIndex, question: str) -> Counter[str]:
    """Return how often each method of the backend's store and retriever is called for a question."""
    calls: Counter[str] = Counter()

    def counted(name: str, method: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object) -> object:
            calls[name] += 1
            return method(*given)

        return call

    with pytest.MonkeyPatch.context() as patched:
        for part, names in COUNTED.items():
            holder = getattr(index._backend, part)
            for name in names:
                patched.setattr(holder, name, counted(name, getattr(holder, name)))
        assert index.ask(question, top_k=5).sentences
    return calls


def test_a_question_of_known_words_takes_few_calls(make: Callable[[int], ArticleIndex]) -> None:
    calls = calls_of(make(1), "When did the harbour of Zorp7 freeze for weeks?")
    assert (calls["statistics"], calls["search"], calls["documents_at"]) == (1, 1, 1)
    # Most passages tie here: copies and texts are read in batches of 20, 20 and 40.
    assert max(calls["copies_of"], calls["texts_at"]) <= 3
    assert calls.total() <= 9


def test_many_copies_cost_a_few_rounds_and_not_one_each(make: Callable[[int], ArticleIndex]) -> None:
    calls = calls_of(make(40), "When did the harbour of Zorp7 freeze for weeks?")
    # Each round asks for four times as many passages, until 20 different ones are found among 2,400.
    assert max(calls["search"], calls["documents_at"]) <= 4
    assert calls.total() <= 24


def test_words_that_no_article_uses_cost_a_search_each(make: Callable[[int], ArticleIndex]) -> None:
    calls = calls_of(make(1), "When did the harbor wardenz of Zorp7 or the cannal freeze?")
    assert (calls["similar_terms"], calls["statistics"], calls["documents_at"]) == (1, 2, 1)
    assert calls.total() <= 13
