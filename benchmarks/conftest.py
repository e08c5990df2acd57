"""The ledger of a benchmark run, and its summary after pytest-benchmark's own tables."""

from __future__ import annotations

import pytest

from benchmarks.ledger import Ledger

_LEDGER = pytest.StashKey[Ledger]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_LEDGER] = Ledger()


@pytest.fixture
def ledger(pytestconfig: pytest.Config) -> Ledger:
    return pytestconfig.stash[_LEDGER]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = list(config.stash[_LEDGER].lines())
    if lines:
        terminalreporter.section("articleqa in ratios, by the fastest rounds")
        for line in lines:
            terminalreporter.write_line(line)
