"""Print by how many bytes building one side raised the peak memory of this process.

`python -m benchmarks.peak_memory SIDE PASSAGES`, on Linux.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.corpus import make_articles
from benchmarks.sides import BUILDERS

STATUS = Path("/proc/self/status")
"""Read instead of `ru_maxrss`: on Linux, a child starts with the peak of the process that started it."""


def kibibytes(field: str) -> int:
    """Return a field of `STATUS` in KiB: VmRSS is the memory in use now, VmHWM its peak."""
    lines = (line.partition(":") for line in STATUS.read_text().splitlines())
    return next(int(value.split()[0]) for name, _, value in lines if name == field)


if __name__ == "__main__":
    side, passages = sys.argv[1:]
    articles = make_articles(int(passages), seed=0)
    before = kibibytes("VmRSS")
    ask = BUILDERS[side](articles)
    print((kibibytes("VmHWM") - before) * 1024)
