"""Articles into the rows of an index on disk, by several processes at once where it pays."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from threading import Thread
from time import sleep
from typing import NamedTuple

from articleqa.models import Article
from articleqa.passages import analyse
from articleqa.storage.copies import digest_of
from articleqa.storage.records import Record, record_of

AT_ONCE = 16
"""Articles that a process is given at a time."""

PAYS_FROM = 64
"""Articles after which it pays to start processes."""


WATCH_S = 0.5
"""How often a process looks whether its parent is still there."""


class Analysed(NamedTuple):
    """An article with the rows of its passages, in reading order."""

    article: Article
    records: list[Record]


def analysed(articles: Iterable[Article], workers: int | None = None) -> Iterator[Analysed]:
    """Yield the articles with their rows, in their order, analysed by `workers` processes.

    By default as many as there are processors, where processes can be forked; else this one alone. No
    more articles are taken than are being worked on.
    """
    given = iter(articles)
    workers = processors() if workers is None else workers
    for article in given if workers < 2 else islice(given, PAYS_FROM):
        yield Analysed(article, records_of(article))
    waiting: deque[tuple[list[Article], Future[list[list[Record]]]]] = deque()
    first = list(islice(given, AT_ONCE))
    if not first:
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), begin_worker) as pool:
        try:
            batch = first
            while batch:
                waiting.append((batch, pool.submit(_records_of_all, batch)))
                if len(waiting) > 2 * workers:
                    yield from _with_records(*waiting.popleft())
                batch = list(islice(given, AT_ONCE))
            while waiting:
                yield from _with_records(*waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)


def records_of(article: Article) -> list[Record]:
    """Return the rows of an article's passages, in reading order."""
    return [record_of(passage, digest_of(passage, article.text)) for passage in analyse(article)]


def _records_of_all(articles: list[Article]) -> list[list[Record]]:
    return [records_of(article) for article in articles]


def _with_records(batch: list[Article], found: Future[list[list[Record]]]) -> Iterator[Analysed]:
    return map(Analysed, batch, found.result())


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


def processors() -> int:
    """Return how many processes work at once; 1 where they cannot be forked."""
    # Processes that are started anew, as elsewhere, would run the caller's own script again.
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
