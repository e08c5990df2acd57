"""Removal of the numbers that count the lines of a page in its margin: transcripts, bills, manuscripts."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from articleqa.loaders.pdf.words import Word

_LONGEST = 5
"""Maximum number of digits of a line number."""

_STEPS = (1, 2, 4, 5, 10)
"""Every line has a number, or every second, fourth, fifth or tenth."""

_SAME_EDGE = 3.0
"""Numbers of one column begin or end at most this many points apart."""

_FEWEST = 8
_FEWEST_STEPS = 4
"""Minimum number of numbers on a page that shows that lines are counted: of every line, of each few lines."""

_EVEN = 0.08
"""Numbers are evenly spaced if most distances differ by less than this share from the median."""

_MOST = 0.9
_SAME_LINE = 0.4
_LEAST_GAP = 0.3
_WIDE = 1.5
"""A gap of this many font sizes parts the columns of a page, or the cells of a table."""

_LEAST_LOWER = 0.15
_LEAST_FULL = 0.4
"""Running text goes on over its lines: this share of them begins in lower case, and fills the width."""

_FEWEST_WORDS = 3.0


@dataclass(frozen=True, slots=True)
class _Column:
    """Numbers below each other on a page that grow by `step`; the edges are those of the widest."""

    words: tuple[Word, ...]
    step: int
    left: float
    right: float

    def is_like(self, other: _Column) -> bool:
        """Return whether both count in the same way at the same place."""
        return self.step == other.step and (
            abs(self.left - other.left) <= 2 * _SAME_EDGE or abs(self.right - other.right) <= 2 * _SAME_EDGE
        )


def without_line_numbers(pages: Sequence[list[Word]]) -> list[list[Word]]:
    """Return the words of each page without line numbers.

    The numbers of a page are removed if its text is running text, or if the numbers of another page stand at
    the same place in such a text. The first column of a table and numbered items are kept.
    """
    sure = [
        column for words in pages for column in _columns(words, _FEWEST_STEPS) if _counts_lines(column, words)
    ]
    if not sure:
        return list(pages)
    return [
        _without(words, [c for c in _columns(words, 2) if any(c.is_like(other) for other in sure)])
        for words in pages
    ]


def _without(words: list[Word], columns: Sequence[_Column]) -> list[Word]:
    removed = {word.order for column in columns for word in column.words}
    return [word for word in words if word.order not in removed] if removed else words


def _columns(words: Sequence[Word], fewest: int) -> Iterator[_Column]:
    """Yield the columns of at least this many growing numbers on a page that nothing else stands in."""
    numbers = [word for word in words if len(word.text) <= _LONGEST and word.text.isdecimal()]
    if len(numbers) < fewest:
        return
    found: set[tuple[int, ...]] = set()
    for edge in ("right", "left"):
        groups: dict[int, list[Word]] = defaultdict(list)
        for word in numbers:
            place = round(getattr(word, edge) / _SAME_EDGE)
            for near in (place - 1, place):
                groups[near].append(word)
        for group in groups.values():
            values = {int(word.text) for word in group}
            for step in _STEPS:
                if sum(value + step in values for value in values) < fewest - 1:
                    continue
                run = _longest_run(group, step)
                key = tuple(word.order for word in run)
                if len(run) < fewest or key in found:
                    continue
                found.add(key)
                column = _Column(run, step, min(w.left for w in run), max(w.right for w in run))
                if _is_clear(column, words):
                    yield column


def _longest_run(group: Sequence[Word], step: int) -> tuple[Word, ...]:
    """Return the longest run of numbers that grow by `step` from line to line, from top to bottom."""
    runs: dict[int, tuple[int, Word, int | None]] = {}
    before: list[tuple[Word, int | None]] = []
    best = 0, -1
    for word in sorted(group, key=lambda word: word.y):
        value = int(word.text)
        length, _, last = runs.get(value - step, (0, word, None))
        before.append((word, last))
        runs[value] = length + 1, word, len(before) - 1
        best = max(best, (length + 1, len(before) - 1), key=lambda each: each[0])
    run: list[Word] = []
    place: int | None = best[1] if before else None
    while place is not None:
        word, place = before[place]
        run.append(word)
    return tuple(reversed(run))


def _is_clear(column: _Column, words: Sequence[Word]) -> bool:
    """Return whether no other word stands in the column, nor close beside it."""
    orders = {word.order for word in column.words}
    top, bottom = column.words[0].y, column.words[-1].y
    gap = _LEAST_GAP * column.words[0].size
    inside = sum(
        top <= word.y <= bottom
        and word.left < column.right + gap
        and word.right > column.left - gap
        and word.order not in orders
        for word in words
    )
    return inside <= len(column.words) // 20


def _counts_lines(column: _Column, words: Sequence[Word]) -> bool:
    """Return whether the numbers of a column count the lines of the running text beside it."""
    if len(column.words) < (_FEWEST if column.step == 1 else _FEWEST_STEPS):
        return False
    orders = {word.order for word in column.words}
    top, bottom = column.words[0].y, column.words[-1].y
    size = column.words[0].size
    beside = [w for w in words if top - size <= w.y <= bottom + size and w.order not in orders]
    lines = _lines(beside)
    ys = [word.y for word in column.words]
    gaps = [below - above for above, below in pairwise(ys)]
    usual = median(gaps)
    is_even = sum(abs(gap - usual) <= _EVEN * usual for gap in gaps) >= _MOST * len(gaps)
    heights = [line[0].y for line in lines]
    if column.step > 1:
        places = [bisect_left(heights, y - size / 2) for y in ys]
        return is_even and median(after - place for place, after in pairwise(places)) == column.step
    covered = sum(any(abs(y - number) <= _SAME_LINE * size for number in ys) for y in heights)
    return (is_even or covered >= _MOST * len(lines)) and _is_running_text(lines)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.y, word.left)):
        if lines and word.y - lines[-1][0].y <= _SAME_LINE * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def _is_running_text(lines: Sequence[Sequence[Word]]) -> bool:
    """Return whether sentences go on over the ends of the lines, which are no rows of a table."""
    if len(lines) < _FEWEST_STEPS:
        return False
    parts = sum(
        1 + sum(right.left - left.right >= _WIDE * left.size for left, right in pairwise(line))
        for line in lines
    )
    lower = sum(line[0].text[0].islower() for line in lines)
    edge = max(line[-1].right for line in lines)
    start = min(line[0].left for line in lines)
    full = sum(line[-1].right - start >= 0.75 * (edge - start) for line in lines)
    return (
        fmean(map(len, lines)) * len(lines) / parts >= _FEWEST_WORDS
        and lower >= _LEAST_LOWER * len(lines)
        and full >= _LEAST_FULL * len(lines)
    )
