"""Many questions at once, by as many processes as there are processors, where processes can be forked."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from articleqa.collection.analysing import begin_worker, processors
from articleqa.models import Answer

Asking = Callable[[str], Answer]

AT_ONCE = 8
"""Questions that a process is given at a time."""

PAYS_FROM = 32
"""Questions after which it pays to start processes."""

_asking: Asking | None = None
"""How a forked process asks: it has all that its parent had."""


def answers(questions: Iterable[str], ask: Asking, workers: int | None = None) -> Iterator[Answer]:
    """Yield the answer that `ask` gives to each of `questions`, in their order."""
    given = iter(questions)
    workers = processors() if workers is None else workers
    for question in given if workers < 2 else islice(given, PAYS_FROM):
        yield ask(question)
    first = list(islice(given, AT_ONCE))
    if not first:
        return
    waiting: deque[Future[list[Answer]]] = deque()
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, context, initializer=_ask_by, initargs=(ask,)) as pool:
        try:
            batch = first
            while batch:
                waiting.append(pool.submit(_ask_all, batch))
                if len(waiting) > 2 * workers:
                    yield from waiting.popleft().result()
                batch = list(islice(given, AT_ONCE))
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _ask_by(ask: Asking) -> None:
    begin_worker()
    global _asking  # a process's own, set once when it starts
    _asking = ask


def _ask_all(questions: list[str]) -> list[Answer]:
    assert _asking is not None
    return [_asking(question) for question in questions]
