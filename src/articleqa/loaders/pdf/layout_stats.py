"""Layout statistics of a PDF: the usual font size, weight and line spacing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from articleqa.loaders.pdf.lines import Line

LARGE = 1.12
SMALL = 0.93
"""Text at least `LARGE` times the body's font size is a heading, and below `SMALL` times it a note."""

_SHARE = 0.15
"""The spacing within paragraphs is the smallest one that this share of the line pairs of a size have."""

_FEWEST_TO_TELL = 6
"""Minimum number of line pairs of a size needed to measure its spacing."""

_USUAL_LEADING = 1.25
"""Line spacing, in font sizes, where there are too few line pairs to measure it."""


@dataclass(frozen=True, slots=True)
class LayoutStats:
    """The font size and weight of a document's body, and the line spacing for each font size.

    `leading` maps font sizes, rounded to whole points, to the distance between lines in points.
    """

    size: float
    bold: bool
    leading: dict[float, float]

    def leading_of(self, line: Line) -> float:
        """Return the expected distance from `line` to the next line of its paragraph, in points."""
        return self.leading.get(round(line.size), _USUAL_LEADING * line.size)


def layout_stats_of(pages: Sequence[Sequence[Sequence[Line]]]) -> LayoutStats:
    """Return the measures of a document; each of its `pages` is a sequence of columns of lines."""
    sizes, leadings = Counter[float](), dict[float, Counter[float]]()
    bold = 0
    for columns in pages:
        for lines in columns:
            for line in lines:
                sizes[line.size] += len(line.text)
                bold += len(line.text) * line.bold
            for line, below in pairwise(lines):
                if abs(line.size - below.size) < 0.05 * line.size and 0 < below.y - line.y < 3 * line.size:
                    distances = leadings.setdefault(round(line.size), Counter())
                    distances[round(2 * (below.y - line.y)) / 2] += 1
    size = max(sizes, key=lambda size: (sizes[size], size), default=10.0)
    leading = {
        size: _least_usual(distances)
        for size, distances in leadings.items()
        if distances.total() >= _FEWEST_TO_TELL
    }
    return LayoutStats(size, bold > sizes.total() / 2, leading)


def _least_usual(distances: Counter[float]) -> float:
    fewest = min(_SHARE * distances.total(), max(distances.values()))
    return min(distance for distance, count in distances.items() if count >= fewest)
