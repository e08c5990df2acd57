"""A pool of worker processes for one function, each with two pipes of its own.

Each is a fresh interpreter, or a fork of one that has imported nothing but what the workers need.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from io import RawIOBase
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, TypeVar, cast

from articleqa._fork_server import ForkedProcess, ForkServer
from articleqa._worker import DONE, OVER_CLOCK, OVER_TIME, READY, Limits, receive, send

Given = TypeVar("Given")
Made = TypeVar("Made")


_RUN = "import sys; sys.path[:] = sys.argv[1:]; from articleqa.{module} import main; main()"
"""The code that a worker runs; until it has its parent's path, it imports only the standard library."""


_KEPT_FLAGS = (("isolated", "-I"), ("ignore_environment", "-E"), ("no_user_site", "-s"))

_Process = subprocess.Popen[bytes] | ForkedProcess


class WorkerEndedError(Exception):
    """A worker process ended during a request; the message is a clause: "it takes more than 60 seconds"."""


class WorkerCrashedError(WorkerEndedError):
    """A worker process ended for another reason than its limits, such as a signal from outside."""


class _NotDoneError(Exception):
    """No worker process could handle an item, so this process has to."""


class WorkerPool(Generic[Given, Made]):
    """Processes that run one function, each started when there is an item for it.

    With `limits`, a process that exceeds them is ended. `modules` are names of modules that several workers
    would import; where it is possible, one process imports them and forks the workers.
    """

    def __init__(
        self,
        work: Callable[[Given], Made],
        workers: int,
        limits: Limits | None = None,
        modules: Sequence[str] = (),
    ) -> None:
        """Store the settings; processes start later."""
        self._work = work
        self._workers = workers
        self._limits = limits
        self._modules = modules if workers > 1 and sys.platform == "linux" else ()
        self._server: ForkServer | None = None
        self._setup: bytes | None = None
        self._tasks: SimpleQueue[tuple[Given, Future[Made]] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._processes: list[_Worker] = []
        self._lock = Lock()
        self._stopped = self._has_started = False

    def submit(self, item: Given) -> Callable[[], Made]:
        """Give `item` to the next free worker; return a function that waits for the result.

        If no process can handle it (none starts, or something cannot be sent), the function does the work in
        this process, without limits.

        Raises:
            WorkerEndedError: (the returned function) the process ended, if there are limits.
        """
        if self._setup is None:
            self._setup = self._pickled()
        if not self._setup:
            return partial(self._work, item)
        if len(self._threads) < self._workers:
            self._add_thread()
        if not self._threads:
            return partial(self._work, item)
        future: Future[Made] = Future()
        self._tasks.put((item, future))

        def result() -> Made:
            try:
                return future.result()
            except _NotDoneError:
                return self._work(item)

        return result

    def stop(self) -> None:
        """End all processes, even busy ones; nothing can be submitted afterwards."""
        with self._lock:
            self._stopped = True
            processes = list(self._processes)
            server = self._server
        for _ in self._threads:
            self._tasks.put(None)
        if server is not None:
            server.stop()
        for worker in processes:
            worker.kill()

    def _add_thread(self) -> None:
        thread = Thread(target=self._serve, name="articleqa worker", daemon=True)
        with suppress(RuntimeError):  # there are too many threads, or the interpreter is shutting down
            thread.start()
            self._threads.append(thread)

    def _pickled(self) -> bytes:
        """Return the setup that each process receives; empty if no process can start or it cannot be sent."""
        is_packed = getattr(sys, "frozen", False)  # `sys.executable` is then the program itself
        if is_packed or not sys.executable:
            return b""
        try:
            return pickle.dumps((self._limits, pickle.dumps(self._work)))
        except Exception:  # such as a lambda or an open file
            return b""

    def _serve(self) -> None:
        """Pass tasks to a process and results back, in a thread of its own."""
        if hasattr(signal, "pthread_sigmask"):
            # Workers inherit this, so that Ctrl-C never reaches them, even while they start.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        worker: _Worker | None = None
        while (task := self._tasks.get()) is not None:
            item, future = task
            try:
                data = pickle.dumps(item)
                if worker is None or worker.has_ended:
                    worker = self._started()
                future.set_result(worker.result_of(data))
            except WorkerEndedError as error:
                future.set_exception(error if self._limits else _NotDoneError())
            except BaseException:  # the item cannot be sent, or no process starts
                future.set_exception(_NotDoneError())
            del task, item, future
        if worker is not None:
            worker.end()

    def _started(self) -> _Worker:
        with suppress(OSError):
            if self._modules:
                return self._begun(self._forked)
        try:
            worker = self._begun(_fresh_interpreter)
        except OSError:
            if self._has_started:
                raise WorkerEndedError("no worker process can be started after one crashed") from None
            self._setup = b""  # the next one would not start either
            raise
        return worker

    def _begun(self, start: Callable[[], _Process]) -> _Worker:
        """Return a worker in the process that `start` starts, ready for work.

        Raises:
            OSError: the process does not start.
        """
        with self._lock:
            if self._stopped or not self._setup:
                raise _NotDoneError
            worker = _Worker(start(), self._limits)
            self._processes.append(worker)
        worker.begin(self._setup)
        self._has_started = True
        return worker

    def _forked(self) -> _Process:
        if self._server is None:
            self._server = ForkServer(_command("_fork_server"), self._workers, self._modules)
        return self._server.start()


def _fresh_interpreter() -> _Process:
    windows: dict[str, Any] = {}
    if sys.platform == "win32":
        windows["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(
        _command("_worker"),
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **windows,
    )


def _command(module: str) -> list[str]:
    """Return the command that calls `main` of a module of this package."""
    flags = [flag for name, flag in _KEPT_FLAGS if getattr(sys.flags, name)]
    path = [str(Path(each).absolute()) for each in sys.path if isinstance(each, str)]
    return [sys.executable, "-P", *flags, "-W", "ignore", "-c", _RUN.format(module=module), *path]


class _Worker:
    """One worker process, as seen from the thread that talks to it."""

    def __init__(self, process: _Process, limits: Limits | None) -> None:
        self._process = process
        self._requests = cast(RawIOBase, process.stdin)
        self._answers = cast(RawIOBase, process.stdout)
        self._limits = limits or Limits()
        self.has_ended = False

    def begin(self, setup: bytes) -> None:
        """Send the setup to the process and wait until it is ready.

        Raises:
            OSError: the process does not start.
        """
        try:
            send(self._requests, setup)
            answer = receive(self._answers)
            if answer is None or bytes(answer) != READY:
                raise ChildProcessError("a worker process did not start")
        except OSError:
            self.end()
            raise

    def result_of(self, data: bytes) -> Any:
        """Return the result for a pickled item.

        Raises:
            WorkerEndedError: the process ended, or failed at the item.
        """
        answer = None
        with suppress(OSError):
            send(self._requests, data)
            answer = receive(self._answers)
        if answer is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)  # it exits on its own, with a status that says why
            self.end()
            raise self._why_ended()
        kind, content = answer[:1], memoryview(answer)[1:]
        if kind != DONE:
            raise WorkerEndedError(f"its worker process failed ({str(content, 'ascii', 'replace')})")
        return pickle.loads(content)

    def end(self) -> None:
        """Kill the process and close its pipes."""
        self.kill()
        for stream in (self._requests, self._answers):
            with suppress(OSError):
                stream.close()

    def kill(self) -> None:
        """Kill the process, even while another thread waits for its answer."""
        self.has_ended = True
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            # Not forever: at interpreter shutdown that thread is stopped and may hold a lock this needs.
            self._process.wait(timeout=10)

    def _why_ended(self) -> WorkerEndedError:
        status, limits = self._process.returncode, self._limits
        if status == OVER_TIME or (sys.platform != "win32" and status == -signal.SIGPROF):
            return WorkerEndedError(f"it takes more than {limits.seconds:g} seconds of processor time")
        if status == OVER_CLOCK or (sys.platform != "win32" and status == -signal.SIGALRM):
            return WorkerEndedError(f"it takes more than {limits.clock_seconds:g} seconds")
        how = f"signal {-status}" if status is not None and status < 0 else f"exit status {status}"
        return WorkerCrashedError(f"its worker process crashed ({how})")
