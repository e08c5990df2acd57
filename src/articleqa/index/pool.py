"""Worker processes that each open an index, for programs that answer many people at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, Self, TypeVar

from articleqa._worker import Limits
from articleqa._worker_pool import WorkerCrashedError, WorkerEndedError, WorkerPool
from articleqa.exceptions import IndexPoolError

if TYPE_CHECKING:
    from articleqa.index.article_index import ArticleIndex

P = ParamSpec("P")
T = TypeVar("T")

UNLIMITED_MEMORY = 1 << 46
"""Bytes. The files of an index are mapped into memory, which counts as memory whatever their size."""


CLOCK_TIMES = 3.0
"""By how much longer a call may take by the clock than in processor time, for the sake of a busy machine."""


class _Call(NamedTuple):
    function: Callable[..., Any]
    arguments: Sequence[Any]
    options: Mapping[str, Any]


class _Outcome(NamedTuple):
    result: Any = None
    error: Exception | None = None


class IndexPool:
    """Worker processes that each open an index: a slow question stops no other, and one that hangs is ended.

    Threads would not help: Python runs one of them at a time. A worker is started when it is first needed; if
    one crashes, another takes its place. Used as a context manager, a pool is closed at the end.
    """

    def __init__(
        self,
        index: ArticleIndex,
        *,
        workers: int = 2,
        timeout_s: float = 30.0,
        most_waiting: int = 100,
    ) -> None:
        """Serve `index`; each process opens one on disk again, and gets a copy of one in memory.

        A call may take `timeout_s` seconds of processor time, and three times as long by the clock. If
        `most_waiting` calls wait for a worker, others are refused.
        """
        limits = Limits(seconds=timeout_s, memory=UNLIMITED_MEMORY, clock_seconds=CLOCK_TIMES * timeout_s)
        self.workers = workers
        self._most = workers + most_waiting
        self._pool = WorkerPool(_Served(index).call, workers, limits)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="articleqa pool")
        self._lock = Lock()
        self._calls = 0
        self._is_closed = False

    async def call(
        self, function: Callable[Concatenate[ArticleIndex, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `function(index, *args, **kwargs)`, computed by the next free worker.

        `function` is a function of a module, or a method such as `ArticleIndex.ask`; it and what it returns
        must be possible to pickle.

        Raises:
            IndexPoolError: it took too long, its process crashed twice, or too many calls are waiting.
            Exception: whatever the function raises.
        """
        if self._calls >= self._most:
            raise IndexPoolError("too many questions at once; try again in a moment")
        self._calls += 1
        try:
            running = asyncio.get_running_loop().run_in_executor(
                self._threads, self._done_by_worker, _Call(function, args, kwargs)
            )
            outcome = await running
        finally:
            self._calls -= 1
        if outcome.error is not None:
            raise outcome.error
        result: T = outcome.result
        return result

    def close(self) -> None:
        """End all workers, even busy ones; nothing can be called afterwards."""
        with self._lock:
            self._is_closed = True
        self._pool.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def __enter__(self) -> Self:
        """Return the pool itself; see `close`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pool."""
        self.close()

    def _done_by_worker(self, call: _Call) -> _Outcome:
        """Return what a worker makes of `call`; one that crashes gets a second try, in a new process."""
        try:
            try:
                return self._submitted(call)()
            except WorkerCrashedError:  # it may have been killed before it got the call
                return self._submitted(call)()
        except WorkerEndedError as error:
            return _Outcome(error=IndexPoolError(f"given up: {error}; try again, or ask something shorter"))

    def _submitted(self, call: _Call) -> Callable[[], _Outcome]:
        with self._lock:
            if self._is_closed:  # a closed pool would never answer
                raise WorkerEndedError("the pool was closed")
            return self._pool.submit(call)


class _Served:
    """The index of a worker process, and the calls made of it."""

    def __init__(self, index: ArticleIndex) -> None:
        self._index = index

    def call(self, call: _Call) -> _Outcome:
        """Return the result of a call, or what it raised: a worker passes on only results."""
        try:
            return _Outcome(call.function(self._index, *call.arguments, **call.options))
        except Exception as error:
            return _Outcome(error=error)
