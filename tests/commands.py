"""Run Python programs, mostly `python -m articleqa`, as processes that start quickly.

`python` is like `subprocess.run([sys.executable, ...])`, and starts in some 50 ms where that takes a second:
it asks a server that has imported everything (`command_server.py`) to fork. Tests of the start itself use
`subprocess`: what is imported, hash seeds, encodings, `-W`, Ctrl-C meanwhile. Where there is no fork, so does
`python`.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO

from user_path import USER_PATH

CAN_FORK = sys.platform == "linux"
SERVER = Path(__file__).parent / "command_server.py"


class Process:
    """A program that was started, with the part of `subprocess.Popen` that tests use."""

    def __init__(self, report: int) -> None:
        self._report = open(report, "rb", buffering=0)  # noqa: SIM115 - a descriptor
        self.pid = int(self._line())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit code, negative for a signal; None if it does not end in time."""
        if self.returncode is None and select.select([self._report], [], [], timeout)[0]:
            self.returncode = os.waitstatus_to_exitcode(int(self._line()))
            self._report.close()
        return self.returncode

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _line(self) -> bytes:
        line = self._report.readline()
        assert line, "the server of commands has ended"
        return line


def start(
    arguments: list[str],
    streams: tuple[IO[bytes] | int, IO[bytes] | int, IO[bytes] | int],
    *,
    cwd: Path,
    env: Mapping[str, str],
    terminal: bool = False,
) -> Process:
    """Start `python ARGUMENTS`, with a terminal of its own as standard input if `terminal`."""
    with tempfile.TemporaryFile() as request:
        told = {"arguments": arguments, "cwd": str(cwd), "env": dict(env), "terminal": terminal}
        request.write(json.dumps(told).encode())
        request.seek(0)
        read, write = os.pipe()
        numbers = [each if isinstance(each, int) else each.fileno() for each in (*streams, request, write)]
        socket.send_fds(_server(), [b"."], numbers)
        os.close(write)
    return Process(read)


def python(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    stdout: IO[bytes] | int | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """Run `python ARGUMENTS` and return its exit code and what it wrote.

    `env` is by default this process's, with the path of a user (`user_path.py`).
    """
    environment = {**os.environ, "PYTHONPATH": USER_PATH} if env is None else env
    words = [str(argument) for argument in arguments]
    if not CAN_FORK:
        return subprocess.run(
            [sys.executable, *words],
            input=stdin,
            stdout=subprocess.PIPE if stdout is None else stdout,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=environment,
            timeout=timeout,
        )
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as errors,
    ):
        given.write(stdin)
        given.seek(0)
        streams = (given, out if stdout is None else stdout, errors)
        process = start(words, streams, cwd=cwd or Path.cwd(), env=environment)
        if process.wait(timeout) is None:
            process.kill()
            raise subprocess.TimeoutExpired(words, timeout)
        out.seek(0)
        errors.seek(0)
        assert process.returncode is not None
        return subprocess.CompletedProcess(words, process.returncode, out.read(), errors.read())


@cache
def _server() -> socket.socket:
    """Start the server; it ends with this process."""
    ours, its = socket.socketpair()
    # Numpy's threads are not there in a fork, and would only wait for each other in small sums.
    environment = {**os.environ, "PYTHONPATH": USER_PATH, "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, str(SERVER), str(its.fileno())],
        pass_fds=[its.fileno()],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    its.close()
    atexit.register(_end, ours, process)
    return ours


def _end(channel: socket.socket, server: subprocess.Popen[bytes]) -> None:
    channel.close()
    server.wait(timeout=60)
