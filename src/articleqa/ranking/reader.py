"""The reader: scores sentences by reading the likeliest passages together with the question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array
from articleqa.encoder.model import EncoderModel
from articleqa.encoder.vectors import passage_windows
from articleqa.encoder.windows import Window, window_input
from articleqa.text.markup import without_markup

if TYPE_CHECKING:
    from articleqa.evidence.candidates import Candidate, Candidates


MAX_WINDOWS = 6
"""How many windows are read: those with the sentences that rank first by words and cosines."""

SCORE_DIGITS = 3
"""Digits to which scores are rounded, because their last bits differ between processors."""


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence that was read: its score, relative to 0 for "none of these", and marks for its pieces.

    `starts` and `ends` have the offsets of each piece within the sentence. `marks` (pieces, 2) says how
    likely an answer starts and ends with the piece.
    """

    score: float
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    marks: Float64Array


@dataclass(frozen=True, slots=True)
class _Place:
    """A window, with the candidate row of each of its sentences; -1 for one that is not to be scored."""

    window: Window
    context: tuple[int, ...]
    rows: list[int]


def read(model: EncoderModel, candidates: Candidates, sums: Float64Array) -> dict[int, ReadSentence]:
    """Read the best windows by `sums` (n,), a score for each candidate; return the result for each row.

    A sentence that is in two windows keeps the better score.
    """
    places = _best_windows(model, candidates, sums)
    question = model.pieces.numbers_of(candidates.question.text)
    readings = [window_input(model.pieces, question, place.context, place.window) for place in places]
    found: dict[int, ReadSentence] = {}
    for place, reading, scores in zip(places, readings, model.read(readings), strict=True):
        for row, span, score in zip(place.rows, reading.spans, scores.sentences.tolist(), strict=True):
            if row >= 0 and (row not in found or found[row].score < score):
                found[row] = _read_sentence(model, candidates[row], span, score, scores.marks)
    return found


def _read_sentence(
    model: EncoderModel, candidate: Candidate, span: tuple[int, int], score: float, marks: NDArray[np.float32]
) -> ReadSentence:
    start, end = span
    pieces = model.pieces.cut(without_markup(candidate.text))[: end - start]
    return ReadSentence(
        score=round(score, SCORE_DIGITS),
        starts=tuple(piece.start for piece in pieces),
        ends=tuple(piece.end for piece in pieces),
        marks=np.asarray(np.round(marks[start:end], SCORE_DIGITS), dtype=np.float64),
    )


def _best_windows(model: EncoderModel, candidates: Candidates, sums: Float64Array) -> list[_Place]:
    """Return the windows of those passages that have the best sentences.

    Of near copies, the best passage comes first. The others are read in order if there is room, so that more
    copies do not push out windows that were read without them.
    """
    rows_of: dict[str, dict[int, int]] = {}
    for row in np.argsort(-sums, kind="stable").tolist():
        candidate = candidates[row]
        rows_of.setdefault(candidate.passage.key, {})[candidate.number] = row
    by_first: dict[str, list[str]] = {}
    for key, rows in rows_of.items():
        by_first.setdefault(candidates.first_passage_of(next(iter(rows.values()))), []).append(key)
    again = candidates.sorted_by_article(key for _, *others in by_first.values() for key in others)
    scored: list[tuple[float, _Place]] = []
    for best, *_ in list(by_first.values())[: 2 * MAX_WINDOWS]:
        for place in _windows(model, candidates, rows_of[best]):
            scored.append((max(sums[row] for row in place.rows if row >= 0), place))
    scored.sort(key=lambda pair: -pair[0])
    copies = (place for key in again[:MAX_WINDOWS] for place in _windows(model, candidates, rows_of[key]))
    return list(islice(chain((place for _, place in scored), copies), MAX_WINDOWS))


def _windows(model: EncoderModel, candidates: Candidates, rows: dict[int, int]) -> Iterator[_Place]:
    """Yield the windows of a passage that hold candidates; `rows` maps sentence numbers to candidate rows."""
    first = candidates[next(iter(rows.values()))]
    text = first.passage_text
    for context, window in passage_windows(model, text.title, text.of_span, first.passage.passage):
        # A sentence that is only markup has no pieces, so it cannot be scored.
        held = [
            rows.get(number, -1) if pieces else -1
            for number, pieces in zip(window.sentences, window.pieces, strict=True)
        ]
        if max(held) >= 0:
            yield _Place(window, context, held)
