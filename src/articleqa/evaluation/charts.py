"""Charts for the HTML report; each function returns an inline SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from articleqa.evaluation.formatting import difference, signed
from articleqa.evaluation.results import CoveragePoint, ReliabilityBin
from articleqa.evaluation.svg import Plot

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Ticks of an axis that shows shares."""

NAME_ROOM, NAME_LENGTH = 98.0, 16
"""Width of the row names on the left, in SVG units, and the number of characters that fit."""

BAR, ROW = 11.0, 31.0
"""Height of a bar, and distance between rows, in SVG units."""

SMALLEST_DOT, LARGEST_DOT = 3.0, 8.0


class Pair(NamedTuple):
    """A row of `paired_bars`: a name, the share of articleqa and that of plain BM25."""

    name: str
    ours: float | None
    plain: float | None


def paired_bars(rows: Sequence[Pair], *, description: str) -> str:
    """Draw two bars per row, from 0 to each share; a share that is None has no bar."""
    plot = Plot(
        description=description, left=NAME_ROOM, top=4, right=34, height=ROW * len(rows), across=(0, 1)
    )
    plot.across_axis(SHARES, "P@1: share of the answerable questions")
    for number, row in enumerate(rows):
        top = plot.top + ROW * number + (ROW - 2 * BAR) / 2
        _name(plot, row.name, top + BAR + 4)
        for share, style, y in ((row.ours, "ours", top), (row.plain, "plain", top + BAR)):
            if share is not None:
                hint = f"{row.name}, {'articleqa' if style == 'ours' else 'plain BM25'}: {share:.3f}"
                width = plot.x(share) - plot.left
                plot.add("rect", f"bar {style}", hint, x=plot.left, y=y, width=width, height=BAR)
                plot.text("value", plot.x(share) + 3, y + BAR - 1, f"{share:.3f}")
    return plot.markup()


def change_bars(changes: Sequence[tuple[str, float]], *, description: str) -> str:
    """Draw one bar per row, from 0 to a change of P@1; losses extend to the left."""
    step = _step(max((abs(change) for _, change in changes), default=0.0))
    lowest = step * math.floor(min([0.0, *(change for _, change in changes)]) / step)
    highest = step * math.ceil(max([step, *(change for _, change in changes)]) / step)
    ticks = [step * number for number in range(round(lowest / step), round(highest / step) + 1)]
    plot = Plot(
        description=description,
        left=NAME_ROOM + 40,
        top=4,
        right=40,
        height=ROW * len(changes),
        across=(lowest, highest),
    )
    plot.across_axis(ticks, "change of P@1 without it", lambda tick: signed(tick, 2))
    plot.line("axis", plot.x(0), plot.top, plot.x(0), plot.bottom)
    for number, (name, change) in enumerate(changes):
        middle = plot.top + ROW * (number + 0.5)
        _name(plot, name, middle + 4)
        at = plot.x(change)
        plot.add(
            "rect",
            "bar loss" if change < 0 else "bar gain",
            f"without {name}: {difference(change)}",
            x=min(at, plot.x(0)),
            y=middle - BAR / 2,
            width=abs(at - plot.x(0)),
            height=BAR,
        )
        beside, anchor = (at - 3, "end") if change < 0 else (at + 3, "start")
        plot.text("value", beside, middle + 4, difference(change), anchor=anchor)
    return plot.markup()


def reliability_diagram(bins: Sequence[ReliabilityBin], *, description: str) -> str:
    """Draw a dot for each bin at its mean confidence and share right, with a stem to the diagonal.

    On the diagonal, the two are equal. The area of a dot grows with the number of questions in the bin,
    which is printed above the diagram.
    """
    plot = Plot(description=description, left=32, top=38, right=12, height=260, across=(0, 1))
    plot.across_axis(SHARES, "confidence")
    plot.up_axis(SHARES, "share right (above: questions in each bin)")
    plot.curve("ideal", [(0, 0), (1, 1)])
    largest = max((found.questions for found in bins), default=1)
    for found in bins:
        x, y = plot.x(found.mean_confidence), plot.y(found.right)
        plot.line("stem", x, y, x, plot.y(found.mean_confidence))
        hint = (
            f"confidence {found.lower:.1f} to {found.upper:.1f}: {found.questions} questions,"
            f" mean confidence {found.mean_confidence:.3f}, right {found.right:.3f}"
        )
        radius = max(SMALLEST_DOT, LARGEST_DOT * math.sqrt(found.questions / largest))
        plot.add("circle", "point", hint, cx=x, cy=y, r=radius)
        plot.text("count", plot.x((found.lower + found.upper) / 2), 28, str(found.questions), anchor="middle")
    return plot.markup()


def risk_coverage_chart(
    curve: Sequence[CoveragePoint], threshold: CoveragePoint | None, *, description: str
) -> str:
    """Draw the curve, and mark the default threshold on it (None: it answers nothing)."""
    plot = Plot(description=description, left=32, top=38, right=12, height=260, across=(0, 1))
    plot.across_axis(SHARES, "coverage: share of the questions answered")
    plot.up_axis(SHARES, "risk: share wrong among those answered")
    plot.curve("curve", [(point.coverage, point.risk) for point in curve])
    if threshold is not None:
        x, y = plot.x(threshold.coverage), plot.y(threshold.risk)
        plot.line("threshold", x, plot.top, x, plot.bottom)
        hint = f"default threshold: coverage {threshold.coverage:.3f}, risk {threshold.risk:.3f}"
        plot.add("circle", "point", hint, cx=x, cy=y, r=5)
        plot.text(
            "value", min(max(x, plot.left + 45), plot.right - 45), 30, "default threshold", anchor="middle"
        )
    return plot.markup()


def _name(plot: Plot, name: str, y: float) -> None:
    """Write the name of a row, shortened if it does not fit."""
    short = name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"
    plot.text("name", NAME_ROOM - 6, y, short, anchor="end")


def _step(largest: float) -> float:
    """Return the smallest of 0.01, 0.02, 0.05, 0.1 and 0.2 that reaches `largest` in five steps, else 0.2."""
    return next((step for step in (0.01, 0.02, 0.05, 0.1, 0.2) if 5 * step >= largest), 0.2)
