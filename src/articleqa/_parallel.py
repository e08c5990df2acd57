"""Parallel map over worker processes, which any thread may call at any time.

A worker is a fresh interpreter, or a fork of one, with two pipes of its own to one thread of this process.
The pools of multiprocessing, and those built on it, do not work here: they run the caller's main script again
in each worker (a script without `if __name__ == "__main__"` never ends); they look for the standard library
in the current folder first (a file `socket.py` among the articles is run); and their workers share pipes and
locks, so that a worker killed while it sends its result leaves the others waiting forever.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from functools import partial
from itertools import islice
from time import perf_counter
from typing import Generic, TypeVar

from articleqa._worker_pool import WorkerPool

Given = TypeVar("Given")
Made = TypeVar("Made")

WORTH_STARTING_S = 1.0
"""Seconds of work after which workers are started: importing what it needs takes a worker about as long."""

MOST_WAITING_S = 0.5
"""Seconds for which this process may wait for items beyond the time for which it works on them.

If it waits longer, whatever gives the items is the slower part and has processes of its own: workers for the
rest would only take the processors from these.
"""


def parallel_map(
    work: Callable[[Given], Made],
    given: Iterable[Given],
    *,
    at_once: int,
    workers: int | None = None,
    modules: Sequence[str] = (),
) -> Iterator[tuple[Given, Made]]:
    """Yield each item of `given` with the result of `work` on it, in order.

    Work begins in this process. Once it has taken as long as workers take to start (`WORTH_STARTING_S`),
    `workers` processes take over, by default one per processor. They do not if `given` has a length that
    shows that the rest takes less, nor as long as `given` takes longer than the work (`MOST_WAITING_S`).

    Each gets `at_once` items at a time, and no more items are taken from `given` than are being worked on.
    This process handles the items that cannot be sent to a worker and those that a worker fails at. If
    `given` raises, the items taken before are yielded first. `modules` are as in `WorkerPool`.

    Raises:
        ValueError: `workers` is below 1.
    """
    workers = processors() if workers is None else workers
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    rest = iter(given)
    spent = waited = 0.0
    asked = perf_counter()
    for number, each in enumerate(rest):
        start = perf_counter()
        made = work(each)
        if number:  # the first also loads what both need
            waited += start - asked
            spent += perf_counter() - start
        yield each, made
        if workers > 1 and number and spent >= WORTH_STARTING_S and waited <= spent + MOST_WAITING_S:
            left = len(given) - number - 1 if isinstance(given, Sized) else None
            if left is None or left * spent / number >= WORTH_STARTING_S:
                break
        asked = perf_counter()
    else:
        return
    batches = _Batches(rest, at_once)
    pool = WorkerPool(partial(_work_on, work), workers, modules=modules)
    try:
        waiting: deque[tuple[list[Given], Callable[[], list[Made]]]] = deque()
        while batch := batches.next():
            waiting.append((batch, pool.submit(batch)))
            if len(waiting) > 2 * workers:
                done, result = waiting.popleft()
                yield from zip(done, result(), strict=True)
        for done, result in waiting:
            yield from zip(done, result(), strict=True)
    finally:
        pool.stop()
    if batches.broken is not None:
        raise batches.broken


def _work_on(work: Callable[[Given], Made], batch: list[Given]) -> list[Made]:
    return [work(each) for each in batch]


class _Batches(Generic[Given]):
    """Batches of `at_once` items; `broken` is the exception that `given` raised, if any."""

    def __init__(self, given: Iterator[Given], at_once: int) -> None:
        self._given = given
        self._at_once = at_once
        self.broken: Exception | None = None

    def next(self) -> list[Given]:
        """Return the next batch; empty at the end."""
        batch: list[Given] = []
        if self.broken is None:
            try:
                batch.extend(islice(self._given, self._at_once))
            except Exception as error:
                self.broken = error
        return batch


def processors() -> int:
    """Return how many processes may work at once; 1 in a worker of another process pool."""
    # The module may lack the function: another thread may be importing it right now.
    current = getattr(sys.modules.get("multiprocessing.process"), "current_process", None)
    if current is not None and current().daemon:
        return 1
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
