"""Which process of which machine writes, and whether it is still there."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from functools import cache
from pathlib import Path

_PROCESSES = Path("/proc")


@cache
def this_machine() -> str:
    """Return a name of this machine since its last start, and of the part of it whose processes we see."""
    seen = [socket.gethostname()]
    if sys.platform == "linux":
        try:
            seen.append((_PROCESSES / "sys/kernel/random/boot_id").read_text())
            seen.append(str((_PROCESSES / "self/ns/pid").readlink()))
        except OSError:
            return ""
    return hashlib.blake2b("\0".join(seen).encode(), digest_size=8).hexdigest()


def this_process() -> str:
    """Return the number of this process and when it started; numbers are used again."""
    return f"{os.getpid()}:{_start_of(os.getpid())}"


def is_gone(machine: str, process: str) -> bool:
    """Return whether a process has ended for certain; one of another machine never has."""
    number, _, start = process.partition(":")
    if sys.platform != "linux" or not machine or machine != this_machine() or not number.isdigit():
        return False
    return not start or _start_of(int(number)) != start


def _start_of(number: int) -> str:
    """Return when a process started, in ticks since the machine did; empty if there is none."""
    try:
        fields = (_PROCESSES / str(number) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
