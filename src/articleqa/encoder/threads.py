"""Parallel runs of windows, each in a single thread, so that no score depends on the number of threads."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from articleqa._worker import IN_WORKER

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 3
"""Items per thread that are taken before the first result is awaited."""


def thread_count() -> int:
    """Return how many threads run windows: one in a worker process, else one per processor.

    Several worker processes run at the same time.
    """
    return 1 if IN_WORKER in os.environ else _processors()


@cache
def _processors() -> int:
    return os.cpu_count() or 1


def thread_pool() -> ThreadPoolExecutor:
    """Return a pool for `in_threads`; the threads start when they are needed."""
    return ThreadPoolExecutor(thread_count())


def in_threads(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    pool: ThreadPoolExecutor | None = None,
    known: Callable[[Item], Result | None] = lambda _: None,
) -> Iterator[Result]:
    """Yield `function(item)` for each of `items`, in order; only a few items are taken ahead.

    The threads are those of `pool`, which saves starting them for each of many short calls. A result that is
    `known` is not sent to a thread.
    """
    threads = thread_count()
    if threads == 1:
        for item in items:
            found = known(item)
            yield function(item) if found is None else found
        return
    waiting: deque[Result | Future[Result]] = deque()
    used = pool or thread_pool()
    try:
        for item in items:
            found = known(item)
            waiting.append(used.submit(function, item) if found is None else found)
            if len(waiting) > AHEAD * threads:
                yield _result_of(waiting.popleft())
        while waiting:
            yield _result_of(waiting.popleft())
    finally:
        for each in waiting:
            if isinstance(each, Future):
                each.cancel()
        if pool is None:
            used.shutdown()


def _result_of(begun: Result | Future[Result]) -> Result:
    return begun.result() if isinstance(begun, Future) else begun
