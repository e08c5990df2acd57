"""`IndexPool`: worker processes that answer, one that hangs or crashes, and too many calls."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from articleqa import Article, ArticleIndex, IndexPool, IndexPoolError, UnknownArticleError

TEA = Article(id="tea", text="Green tea was first drunk in China.\n\nIt is steeped for three minutes.")
QUESTION = "Where was green tea first drunk?"

T = TypeVar("T")


def hang(_: ArticleIndex) -> None:
    time.sleep(60)


def process_of(_: ArticleIndex) -> int:
    return os.getpid()


def crash_once(_: ArticleIndex, flag: Path) -> str:
    if not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "answered by the next process"


def crash(_: ArticleIndex) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def index() -> Iterator[ArticleIndex]:
    with ArticleIndex.from_articles([TEA]) as made:
        yield made


def run(index: ArticleIndex, use: Callable[[IndexPool], Awaitable[T]], **options: float) -> T:
    """Return what `use` returns of a pool of two workers."""

    async def main() -> T:
        with IndexPool(index, timeout_s=options.get("timeout_s", 60), most_waiting=3) as pool:
            return await use(pool)

    return asyncio.run(main())


def test_call_returns_what_the_method_returns_and_raises_what_it_raises(index: ArticleIndex) -> None:
    async def use(pool: IndexPool) -> None:
        answer = await pool.call(ArticleIndex.ask, QUESTION, top_k=1)
        assert answer == index.ask(QUESTION, top_k=1)
        with pytest.raises(UnknownArticleError, match="no article with the id 'coffee'"):
            await pool.call(ArticleIndex.read, "coffee")
        with pytest.raises(ValueError, match="since must be a date"):
            await pool.call(ArticleIndex.ask, QUESTION, since="soon")

    run(index, use)


@pytest.mark.workers
def test_worker_that_crashes_or_hangs_is_replaced(index: ArticleIndex, tmp_path: Path) -> None:
    async def use(pool: IndexPool) -> None:
        assert await pool.call(crash_once, tmp_path / "flag") == "answered by the next process"
        with pytest.raises(IndexPoolError, match="crashed"):
            await pool.call(crash)
        await asyncio.gather(pool.call(process_of), pool.call(process_of))  # both run
        hanging = asyncio.create_task(pool.call(hang))
        assert await pool.call(process_of) != os.getpid()
        assert not hanging.done()
        with pytest.raises(IndexPoolError, match="more than 9 seconds"):
            await hanging
        assert await pool.call(process_of) != os.getpid()

    run(index, use, timeout_s=3)


@pytest.mark.workers
def test_question_asked_of_a_pool_sees_what_another_process_added(tmp_path: Path) -> None:
    async def use(pool: IndexPool) -> None:
        assert not (await pool.call(ArticleIndex.ask, QUESTION)).answered
        ArticleIndex.open(tmp_path / "kb").add([TEA])
        assert (await pool.call(ArticleIndex.ask, QUESTION)).answered

    run(ArticleIndex.create(tmp_path / "kb", vectors=False), use)


def test_too_many_calls_at_once_are_refused(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(pool: IndexPool) -> list[BaseException | int]:
        calls = (pool.call(process_of) for _ in range(8))
        return await asyncio.gather(*calls, return_exceptions=True)

    results = run(index, use)
    refused = [each for each in results if isinstance(each, IndexPoolError)]
    assert len(refused) == 3
    assert str(refused[0]) == "too many questions at once; try again in a moment"
