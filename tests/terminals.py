"""A process on a pseudo-terminal of a chosen width, with keys to send and what it shows."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

import fcntl
import pty
import struct
import termios

from commands import Process, start
from user_path import SOURCES, USER_PATH

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A process on a pseudo-terminal; what it says on standard error stands in `errors` in the end."""

    def __init__(self, process: subprocess.Popen[bytes] | Process, master: int, errors: IO[bytes]) -> None:
        self.process = process
        self.master = master
        self._errors = errors
        self.seen = self.errors = b""

    def send(self, keys: str | bytes) -> None:
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def interrupt(self) -> None:
        """Press Ctrl-C once the process waits for keys: Python's readline misses one just before it does."""
        time.sleep(0.5)
        self.send("\x03")

    def wait_for(self, text: str, times: int = 1) -> None:
        """Read on until `text` has been seen so many times."""
        deadline = time.monotonic() + PATIENCE
        while self.seen.count(text.encode()) < times:
            came = self._read() and time.monotonic() < deadline
            assert came, f"{text!r} never came: {self.seen.decode(errors='replace')}"

    def finish(self) -> int:
        """Read to the end and return the exit code."""
        deadline = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < deadline, f"it never ends: {self.seen.decode(errors='replace')}"
        status = self.process.wait(timeout=PATIENCE)
        assert status is not None, "its terminal is closed, and it never ends"
        self._errors.seek(0)
        self.errors = self._errors.read()
        return status

    def lines(self) -> list[str]:
        """Return the lines as they were sent, control sequences included."""
        return self.seen.decode(errors="replace").replace("\r\n", "\n").split("\n")

    def rows(self) -> list[str]:
        """Return all that ever stood in a row of the screen, bars that were drawn over too."""
        return re.split("[\r\n]+", _CONTROL.sub("", self.seen.decode(errors="replace")))

    def _read(self) -> bool:
        ready, _, _ = select.select([self.master], [], [], PATIENCE)
        assert ready, f"nothing more after {self.seen.decode(errors='replace')}"
        try:
            data = os.read(self.master, 65536)
        except OSError:  # how Linux says that the other side has closed
            return False
        self.seen += data
        return bool(data)


@contextmanager
def terminal(
    *args: str,
    columns: int = 300,
    term: str = "xterm",
    no_color: str = "",
    errors_too: bool = False,
    program: tuple[str, ...] = ("-m", "articleqa"),
    fresh: bool = False,
) -> Iterator[Terminal]:
    """Run `program`, by default articleqa, with `args` on a terminal, its standard error too if asked for.

    `fresh`: in a fresh interpreter, which takes a second to start, not as a fork (`commands.py`).
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    trains = any(verb in word for word in args for verb in ("train", "calibrate"))
    path = str(SOURCES) if trains else USER_PATH
    chosen = {"PYTHONPATH": path, "LC_ALL": "C.UTF-8", "TERM": term, "NO_COLOR": no_color}
    with tempfile.TemporaryFile() as errors:
        streams = (slave, slave, slave if errors_too else errors)  # a slow load would show its spinner there
        process: subprocess.Popen[bytes] | Process
        if fresh:
            process = subprocess.Popen(
                [sys.executable, *program, *args],
                stdin=streams[0],
                stdout=streams[1],
                stderr=streams[2],
                cwd=ROOT,
                env=inherited | chosen,
                start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C is a signal
            )
        else:
            process = start([*program, *args], streams, cwd=ROOT, env=inherited | chosen, terminal=True)
        os.close(slave)
        try:
            yield Terminal(process, master, errors)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            os.close(master)
