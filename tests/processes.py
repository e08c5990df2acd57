"""What runs, and what has ended, as Linux tells it in /proc."""

from __future__ import annotations

import time
from pathlib import Path


def parent_of(pid: int) -> int:
    """Return the process that started `pid`."""
    return int(_status(pid)[1])


def children_of(pid: int) -> list[int]:
    """Return the processes that any thread of `pid` has started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def is_running(pid: int) -> bool:
    """Return whether there is such a process that has not ended: in a container, nobody may wait for one."""
    try:
        return _status(pid)[0] not in "ZX"
    except OSError:
        return False


def assert_all_end(pids: list[int]) -> None:
    """Wait until none of the processes runs."""
    until = time.monotonic() + 20
    while any(map(is_running, pids)):
        assert time.monotonic() < until
        time.sleep(0.05)


def _status(pid: int) -> list[str]:
    """Return the fields behind the name of the process, which may have spaces in it."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
