"""The cost of a fresh process: Python alone, the import, and a question on the command line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.corpus import SEED_QUESTIONS, SEEDS
from benchmarks.ledger import Benchmark, Ledger

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import articleqa": ["-c", "import articleqa"],
    'articleqa "..." seeds/': ["-m", "articleqa", SEED_QUESTIONS[0], str(SEEDS)],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_start(benchmark: Benchmark, ledger: Ledger, command: str) -> None:
    """The first run does not count: it writes bytecode and warms the disk cache."""
    arguments = [sys.executable, *COMMANDS[command]]
    benchmark.group = "start of a process"
    benchmark.pedantic(
        lambda: subprocess.run(arguments, check=True, capture_output=True), rounds=8, warmup_rounds=1
    )
    ledger.note_fastest("start of a process", "whole run", command, benchmark)
