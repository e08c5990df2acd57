"""The main loop of a worker process of `articleqa._parallel`: one request after another, within limits.

Requests arrive on what was standard input, and answers leave on what was standard output. Each is a length,
then bytes.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO, RawIOBase
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic, process_time
from typing import NamedTuple

from articleqa.nltk_parts import import_parts_alone

READY, DONE, FAILED = b"r", b"d", b"f"
"""First byte of an answer: ready for work; a result follows; the name of an exception follows."""

OVER_TIME, OVER_CLOCK = 124, 125
"""Exit statuses for exceeding `Limits.seconds` and `Limits.clock_seconds` if there are no timer signals."""

WATCH_S = 0.5
"""Seconds between two checks of the time limits in a process without interval timers."""

IN_WORKER = "ARTICLEQA_IN_WORKER"
"""Environment variable set in workers: there is one worker per processor, so each keeps to one thread."""

NEW_OBJECTS = 10_000
"""New objects after which Python looks for unreachable cycles. At its default, 700, that took a tenth of the
processor time in which a worker imports what it needs for PDFs, web pages and Word documents."""

_LENGTH_BYTES = 8


class Limits(NamedTuple):
    """The limits of one request.

    `seconds` is processor time, so that a busy machine does not cause failures; `clock_seconds` ends a
    process that only waits. `memory` is the number of bytes in addition to those that the process starts
    with.
    """

    seconds: float = 60.0
    memory: int = 2_000_000_000
    clock_seconds: float = 600.0


def main() -> None:
    """Answer requests until they end, which they do when the parent process ends for whatever reason."""
    requests, answers = take_pipes()
    prepare()
    inbox: SimpleQueue[bytearray] = SimpleQueue()
    limits, pickled_work = pickle.loads(receive(requests) or b"")
    Thread(target=_receive_all, args=(requests, inbox), daemon=True).start()
    if limits is not None:
        _limit_memory(limits.memory)
    try:
        work = pickle.loads(pickled_work)
    except Exception:  # such as a class of the caller's main script, which is not imported here
        work = None
    send(answers, READY)
    while True:
        item = inbox.get()
        try:
            with _time_limited(limits):
                result = work(pickle.loads(item))
            answer = DONE + pickle.dumps(result)
        except BaseException as error:  # the parent redoes the item, or reports that the worker failed
            answer = FAILED + type(error).__name__.encode()
        send(answers, answer)


def take_pipes() -> tuple[FileIO, FileIO]:
    """Return standard input and output; a library that reads or prints gets empty ones in their place."""
    pipes = FileIO(os.dup(0), "r"), FileIO(os.dup(1), "w")
    for standard in (0, 1):
        os.dup2(os.open(os.devnull, os.O_RDWR), standard)
    return pipes


def prepare() -> None:
    """Set up this process for work, before anything large is imported."""
    os.environ[IN_WORKER] = "1"
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported
    gc.set_threshold(NEW_OBJECTS)
    _reset_signals()
    import_parts_alone()


def send(stream: RawIOBase, data: bytes) -> None:
    """Write the length of `data`, then `data`."""
    for part in (len(data).to_bytes(_LENGTH_BYTES, "little"), data):
        left = memoryview(part)
        while left:
            left = left[stream.write(left) :]


def receive(stream: RawIOBase) -> bytearray | None:
    """Return the next data that `send` wrote; None if the stream ends before it is complete."""
    length = _read(stream, _LENGTH_BYTES)
    return None if length is None else _read(stream, int.from_bytes(length, "little"))


def _read(stream: RawIOBase, size: int) -> bytearray | None:
    data = bytearray(size)
    left = memoryview(data)
    while left:
        count = stream.readinto(left)
        if not count:
            return None
        left = left[count:]
    return data


def _receive_all(requests: RawIOBase, inbox: SimpleQueue[bytearray]) -> None:
    """Pass requests on; exit the process when they end, even in the middle of its work."""
    while (item := receive(requests)) is not None:
        inbox.put(item)
    os._exit(0)


def _reset_signals() -> None:
    """Leave Ctrl-C to the parent, and let timers end this process, whatever the parent does with signals."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        for timer in (signal.SIGPROF, signal.SIGALRM):
            signal.signal(timer, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _limit_memory(size: int) -> None:
    """Limit this process to `size` more bytes of address space, if the system can.

    Windows has no such limit, and macOS accepts one and ignores it.
    """
    if sys.platform in ("win32", "darwin"):
        return
    import resource

    taken = 0
    with suppress(OSError):  # only Linux reports the current size
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = taken + size if most == resource.RLIM_INFINITY else min(taken + size, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


@contextmanager
def _time_limited(limits: Limits | None) -> Iterator[None]:
    """End this process if the code in the context takes longer than `limits` allow.

    The kernel's timers end it even inside a library's C code, which a thread cannot do.
    """
    if limits is None:
        yield
    elif hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, limits.seconds)
        signal.setitimer(signal.ITIMER_REAL, limits.clock_seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
    else:
        done = Event()
        Thread(target=_end_over_time, args=(limits, done), daemon=True).start()
        try:
            yield
        finally:
            done.set()


def _end_over_time(limits: Limits, done: Event) -> None:
    busy, start = process_time(), monotonic()
    while not done.wait(WATCH_S):
        if process_time() - busy > limits.seconds:
            os._exit(OVER_TIME)
        if monotonic() - start > limits.clock_seconds:
            os._exit(OVER_CLOCK)
