"""Measurements of a benchmark run, kept until its end, and the lines that summarise them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from benchmarks.sides import ARTICLEQA, PLAIN


class Benchmark(Protocol):
    """The part of pytest-benchmark's fixture that we use; the fixture's own methods have no type hints.

    `stats` is None under `--benchmark-disable`.
    """

    group: str
    stats: Any

    def __call__(self, target: Callable[[], object]) -> object:
        """Time `target`, for as many rounds as pytest-benchmark chooses."""

    def pedantic(
        self,
        target: Callable[..., object],
        *,
        setup: Callable[[], object] | None = None,
        rounds: int,
        warmup_rounds: int = 0,
    ) -> object:
        """Time `target` for `rounds` rounds, called with the (args, kwargs) that `setup` returns."""


class Ledger:
    """Seconds and bytes by corpus (or "start of a process"), verb and side."""

    def __init__(self) -> None:
        self._figures: dict[str, dict[str, dict[str, float]]] = {}

    def note(self, corpus: str, verb: str, side: str, figure: float) -> None:
        """Keep one figure."""
        self._figures.setdefault(corpus, {}).setdefault(verb, {})[side] = figure

    def note_fastest(self, corpus: str, verb: str, side: str, benchmark: Benchmark, parts: int = 1) -> None:
        """Keep the seconds of the fastest round, divided by its number of equal `parts`.

        Other work on the machine can only add time, so the fastest round is the most accurate.
        """
        if benchmark.stats is not None:
            self.note(corpus, verb, side, benchmark.stats.stats.min / parts)

    def lines(self) -> Iterator[str]:
        """Yield a line of ratios for each corpus, then the figures they come from."""
        for corpus, verbs in self._figures.items():
            ratios = [
                f"{verb} {_rounded(figures[ARTICLEQA] / figures[PLAIN])}"
                for verb, figures in verbs.items()
                if ARTICLEQA in figures and PLAIN in figures
            ]
            if ratios:
                yield f"{ARTICLEQA} / {PLAIN}, {corpus}: {', '.join(ratios)}"
        for corpus, verbs in self._figures.items():
            for verb, figures in verbs.items():
                amount = _megabytes if verb == "memory" else _milliseconds
                told = ", ".join(f"{side} {amount(figure)}" for side, figure in figures.items())
                yield f"  {corpus}, {verb}: {told}"


def _rounded(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.{0 if seconds >= 0.1 else 1 if seconds >= 0.001 else 3}f} ms"


def _megabytes(count: float) -> str:
    return f"{count / 1e6:.0f} MB"
