"""A process that imports once what several workers need, and forks them; on Linux only.

It runs no work itself and no thread, so that nothing is missing in a fork. Workers get their pipes from the
parent process, which made them before it started this process. What passes between these two are commands:
`+3` starts the worker with pipes number 3, `-3` ends it and is answered with its exit status.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from io import FileIO, RawIOBase
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import cast

from articleqa import _worker
from articleqa._worker import receive, send

_LONGEST_WAIT_S = 10
"""How long the parent waits for this process to end, and for a lock: at the shutdown of the interpreter, the
thread that holds it may have been stopped."""

_Pipes = dict[int, tuple[int, int]]
"""The file descriptors from which each worker reads requests, and to which it writes answers."""


def main() -> None:
    """Import the modules that the parent process names, then follow its commands until they end."""
    commands, replies = _worker.take_pipes()
    pipes, modules = pickle.loads(receive(commands) or b"")
    _worker.prepare()
    for module in modules:
        with suppress(Exception):  # a library that is not installed is reported by its loader
            import_module(module)
    running: dict[int, int] = {}
    # A module of another package may have started a thread; workers are then started in another way.
    while _has_one_thread() and (command := receive(commands)) is not None:
        number = int(command[1:])
        if command.startswith(b"+"):
            running[number] = _forked(number, pipes, (commands, replies))
        else:
            send(replies, b"%d" % _ended(running.pop(number)))
    for process in running.values():
        _ended(process)


def _has_one_thread() -> bool:
    return len(list(Path("/proc/self/task").iterdir())) == 1


def _forked(number: int, pipes: _Pipes, own: Iterable[FileIO]) -> int:
    """Fork a worker; return its process id here, and never in the worker.

    The worker closes the pipes of others, and those that are this process's `own`: as long as they are open
    anywhere, their other side does not notice that somebody has ended.
    """
    gc.freeze()  # else each collection in a worker would write to all objects, and so copy their memory
    process = os.fork()
    if process:
        for each in pipes.pop(number):
            os.close(each)
        return process
    try:
        for standard, held in enumerate(pipes[number]):
            os.dup2(held, standard)
        for each in chain.from_iterable(pipes.values()):
            os.close(each)
        for stream in own:
            stream.close()
        _worker.main()
    finally:
        os._exit(1)


def _ended(process: int) -> int:
    """Kill a worker, and return its exit status: that with which it had ended before, if it had."""
    os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


class ForkServer:
    """The parent's side: starts that process and its workers. Any thread may call it."""

    def __init__(self, command: Sequence[str], workers: int, modules: Sequence[str]) -> None:
        """Start `command`, which must call `main`, for at most `workers` workers.

        Raises:
            OSError: it does not start.
        """
        self._unused: list[tuple[int, FileIO, FileIO]] = []
        theirs: list[int] = []
        try:
            for number in range(workers):
                requests, sending = os.pipe()
                theirs.append(requests)
                receiving, answers = os.pipe()
                theirs.append(answers)
                self._unused.append((number, FileIO(sending, "w"), FileIO(receiving, "r")))
            self._process = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=theirs,
            )
        except OSError:
            self._close_unused()
            raise
        finally:
            for each in theirs:
                os.close(each)
        self._commands = cast(RawIOBase, self._process.stdin)
        self._replies = cast(RawIOBase, self._process.stdout)
        self._lock = Lock()
        pipes = dict(enumerate(zip(theirs[::2], theirs[1::2], strict=True)))
        with suppress(OSError):  # it has ended already: then no worker starts
            send(self._commands, pickle.dumps((pipes, tuple(modules))))

    def start(self) -> ForkedProcess:
        """Start a worker.

        Raises:
            OSError: as many have been started as this was made for, or this process has ended.
        """
        with self._lock:
            if not self._unused:
                raise OSError("all workers have been started")
            number, requests, answers = self._unused.pop()
            try:
                send(self._commands, b"+%d" % number)
            except (OSError, ValueError) as error:
                requests.close()
                answers.close()
                raise OSError("the process that starts workers has ended") from error
        return ForkedProcess(self, number, requests, answers)

    def end(self, number: int) -> int | None:
        """End a worker; return its exit status, None if it cannot be known."""
        if not self._lock.acquire(timeout=_LONGEST_WAIT_S):
            return None
        try:
            send(self._commands, b"-%d" % number)
            return int(receive(self._replies) or b"")
        except (OSError, ValueError):  # the process has ended, and its workers with it
            return None
        finally:
            self._lock.release()

    def stop(self) -> None:
        """End the process and all workers."""
        if self._lock.acquire(timeout=_LONGEST_WAIT_S):
            self._commands.close()
            self._lock.release()
        else:
            self._process.kill()
        try:
            self._process.wait(_LONGEST_WAIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._replies.close()
        self._close_unused()

    def _close_unused(self) -> None:
        for _, requests, answers in self._unused:
            requests.close()
            answers.close()


class ForkedProcess:
    """A worker that a `ForkServer` started, with the part of the interface of `Popen` that is used of it."""

    def __init__(self, server: ForkServer, number: int, stdin: FileIO, stdout: FileIO) -> None:
        """Take the worker's number, and the parent's ends of its pipes."""
        self._server = server
        self._number = number
        self.stdin = stdin
        self.stdout = stdout
        self.returncode: int | None = None
        self._has_ended = False

    def kill(self) -> None:
        """Kill the process and wait for it; if its server is gone, it ends with its requests."""
        if not self._has_ended:
            self._has_ended = True
            self.returncode = self._server.end(self._number)
            if self.returncode is None:
                self.stdin.close()

    def wait(self, timeout: float) -> int | None:
        """Return the exit status of the process; it has been waited for when it was killed."""
        del timeout
        return self.returncode
