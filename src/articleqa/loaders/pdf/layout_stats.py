"""What is usual in a PDF: how large its text is, and how far apart its lines are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from articleqa.loaders.pdf.lines import Line

LARGE = 1.12
SMALL = 0.93
"""Text of at least, or less than, so many times the body's size is a heading or a note."""

_SHARE = 0.15
"""The least distance that so many neighbouring lines of a size have is that within paragraphs."""

_FEWEST_TO_TELL = 6
"""Such distances."""

_USUAL_LEADING = 1.25
"""Of font sizes, where no two lines tell."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a document: its body's size and weight, and how far apart lines of a size are."""

    size: float
    bold: bool
    leading: dict[float, float]

    def leading_of(self, line: Line) -> float:
        """Return how far below `line` the next of its paragraph is to be expected."""
        return self.leading.get(round(line.size), _USUAL_LEADING * line.size)


def measures_of(pages: Sequence[Sequence[Sequence[Line]]]) -> Measures:
    """Return the measures of a document of these pages, each as columns of lines."""
    sizes, leadings = Counter[float](), dict[float, Counter[float]]()
    bold = 0
    for columns in pages:
        for lines in columns:
            for line in lines:
                sizes[round(line.size, 1)] += len(line.text)
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
    return Measures(size, bold > sizes.total() / 2, leading)


def _least_usual(distances: Counter[float]) -> float:
    fewest = min(_SHARE * distances.total(), max(distances.values()))
    return min(distance for distance, count in distances.items() if count >= fewest)
