"""Nodes of a cluster are killed and come back: answers stay right, or there is a clear error."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from articleqa import Article, ArticleIndex, ArticleQAError, IndexUnavailableError
from clusters import Nodes

pytestmark = pytest.mark.slow

FROZE = "The harbour of Zorp{} froze in {}. Nobody skated there."
ARTICLES = 60


def question(number: int) -> str:
    return f"When did the harbour of Zorp{number} freeze?"


def answer(number: int) -> str:
    return f"The harbour of Zorp{number} froze in {1700 + number}."


def healthy(index: ArticleIndex, *statuses: str) -> None:
    """Wait for one of these statuses: "green" if all copies of all shards are there, "yellow" if one is."""
    cluster = index._backend._cluster  # type: ignore[attr-defined]
    for _ in range(300):
        with suppress(ArticleQAError):
            if cluster.read("GET", "/_cluster/health")["status"] in statuses:
                return
        time.sleep(1.0)
    raise AssertionError("the cluster does not become whole")


def test_killed_nodes_give_no_wrong_answers_and_lose_nothing(
    nodes: Callable[..., Nodes], capsys: pytest.CaptureFixture[str]
) -> None:
    running = nodes(3)
    url = running.url("news")
    index = ArticleIndex.create(url, shards=3, replicas=1, question_s=60.0, wait_s=120.0)
    index.add(Article(id=f"n{n}", text=FROZE.format(n, 1700 + n)) for n in range(ARTICLES))
    healthy(index, "green")

    # One node of three is killed while questions are asked.
    killer = threading.Timer(2.0, running.kill, (2,))
    killer.start()
    slowest = 0.0
    for number in range(200):
        start = time.monotonic()
        assert index.ask(question(number % ARTICLES)).text == answer(number % ARTICLES)
        slowest = max(slowest, time.monotonic() - start)
    killer.join()
    running.revive(2)
    healthy(index, "green")

    # One is killed while articles are added: what was committed is there, and the rest can be repeated.
    killer = threading.Timer(1.0, running.kill, (3,))
    killer.start()
    more = [Article(id=f"m{n}", text=FROZE.format(1000 + n, 1800)) for n in range(40)]
    for start_ in range(0, 40, 4):
        with suppress(ArticleQAError):
            index.add(more[start_ : start_ + 4])
    killer.join()
    committed = dict(index.articles)
    index.add(more)  # what is to be repeated
    now = dict(index.articles)
    assert {id_: now[id_] for id_ in committed} == committed
    assert len(index) == ARTICLES + 40
    assert index.check() == []
    running.revive(3)
    healthy(index, "green")

    # Two of three: a clear error in time, never an abstention; and answers again afterwards.
    impatient = ArticleIndex.connect(url, question_s=15.0)
    running.kill(1)
    running.kill(2)
    start = time.monotonic()
    with pytest.raises(IndexUnavailableError) as told:
        impatient.ask(question(0))
    waited = time.monotonic() - start
    assert waited < 25
    running.revive(1, 2)
    healthy(index, "green", "yellow")  # a copy may hang for minutes on a connection to a killed node
    assert all(index.ask(question(n)).text == answer(n) for n in range(0, ARTICLES, 10))
    assert index.check() == []
    with capsys.disabled():
        print(f"\na node killed: the slowest of 200 answers took {slowest:.1f} s")
        print(f"two of three killed: an error after {waited:.1f} s: {told.value}")
