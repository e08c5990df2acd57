"""The same work on many things, by several processes at once where it pays."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Given = TypeVar("Given")
Made = TypeVar("Made")

WATCH_S = 0.5
"""How often a process looks whether its parent is still there."""

_work: Callable[[Any], Any] | None = None
"""What a forked process does: it has all that its parent had."""


def worked(
    work: Callable[[Given], Made],
    given: Iterable[Given],
    *,
    at_once: int,
    pays_from: int,
    workers: int | None = None,
) -> Iterator[tuple[Given, Made]]:
    """Yield each of `given` with what `work` makes of it, in their order.

    `workers` processes work, by default one for each processor, where processes can be forked; else this
    one alone. Each is given `at_once` at a time; the first `pays_from` are worked on here, since starting
    processes takes time too. No more are taken than are being worked on. Where `given` raises, what was
    taken before is yielded first.

    Raises:
        ValueError: `workers` is below 1.
    """
    workers = processors() if workers is None else workers
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    rest = iter(given)
    for each in rest if workers == 1 else islice(rest, pays_from):
        yield each, work(each)
    batches = _Batches(rest, at_once)
    first = batches.next()
    if first:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(workers, get_context("fork"), initializer=_begin, initargs=(work,)) as pool:
            try:
                yield from _in_pool(pool, first, batches, most=2 * workers)
            finally:
                pool.shutdown(cancel_futures=True)
    if batches.broken is not None:
        raise batches.broken


def _in_pool(
    pool: ProcessPoolExecutor, first: list[Given], batches: _Batches[Given], most: int
) -> Iterator[tuple[Given, Any]]:
    """Yield from as many batches at a time as `most`."""
    waiting: deque[tuple[list[Given], Future[list[Any]]]] = deque()
    batch = first
    while batch:
        waiting.append((batch, pool.submit(_work_on, batch)))
        if len(waiting) > most:
            done, found = waiting.popleft()
            yield from zip(done, found.result(), strict=True)
        batch = batches.next()
    for done, found in waiting:
        yield from zip(done, found.result(), strict=True)


class _Batches(Generic[Given]):
    """Things in lists of `at_once`; `broken` is what was raised before their end."""

    def __init__(self, given: Iterator[Given], at_once: int) -> None:
        self._given = given
        self._at_once = at_once
        self.broken: Exception | None = None

    def next(self) -> list[Given]:
        """Return the next ones; none at the end."""
        batch: list[Given] = []
        if self.broken is None:
            try:
                batch.extend(islice(self._given, self._at_once))
            except Exception as error:
                self.broken = error
        return batch


def _begin(work: Callable[[Any], Any]) -> None:
    global _work  # a process's own, set once when it starts
    _work = work
    begin_worker()


def begin_worker() -> None:
    """Prepare a process of a pool: Ctrl-C is its parent's alone to answer, and it ends with its parent.

    It has what its parent had open, the lock of an index among it, and would keep that from all others.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        sleep(WATCH_S)
    os._exit(1)


def _work_on(batch: list[Any]) -> list[Any]:
    assert _work is not None
    return [_work(each) for each in batch]


def processors() -> int:
    """Return how many processes work at once; 1 where they cannot be forked."""
    return len(os.sched_getaffinity(0)) if can_fork() else 1


def can_fork() -> bool:
    """Say whether processes can be forked: started anew, they would run the caller's own script again.

    A process of `multiprocessing.Pool` may have none of its own.
    """
    loaded = sys.modules.get("multiprocessing")
    return sys.platform == "linux" and not (loaded and loaded.current_process().daemon)
