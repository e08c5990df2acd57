"""Fit the weights that join the reader's score and the vectors' cosine to the words ranker's score.

The loss is that of `articleqa.training.weights`. Use questions that the reader was not trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array
from articleqa.ranking.ranker import Joining, Ranker, shipped_ranker
from articleqa.training.examples import Asked
from articleqa.training.weights import fit_weights

START = Joining(reader=2.0, cosine=3.0, cosine_first=10.0)
"""Weights that choose the sentences to read before anything is fitted."""

FIRST = 12
"""A right sentence should be among the first this many before reading: about as many as in three windows."""

COSINES_FIRST = (5.0, 10.0, 20.0, 40.0)
"""Weights to try for the cosine in choosing the sentences to read."""


class Joined(NamedTuple):
    """A question's candidates: a (rows, 3) table of the words ranker's score, the reader's and the cosine.

    `right` says which candidates answer. A candidate that the reader did not read gets its lowest score.
    """

    table: Float64Array
    right: NDArray[np.bool_]


def joined_scores(
    ranker: Ranker, asked: Iterable[Asked], *, on_question: Callable[[], None] = lambda: None
) -> Iterator[Joined]:
    """Yield the scores of each question that has candidates; `ranker` must have a reader."""
    reading = ranker.model_copy(update={"joining": START})
    for question in asked:
        candidates = question.candidates()
        if len(candidates):
            ranking = reading.rank(candidates)
            words = reading.weighted_sums(ranking.table)
            if ranking.network is not None:
                words = words + ranking.network.added(len(words))
            read = np.zeros(len(words))
            if ranking.reader is not None and ranking.reader.reader_scores is not None:
                read = ranking.reader.spread(ranking.reader.reader_scores, len(words))
            table = np.column_stack([words, read, candidates.cosines])
            yield Joined(table, question.right(candidates))
        on_question()


def with_joining(
    ranker: Ranker, asked: Sequence[Asked], *, on_question: Callable[[], None] = lambda: None
) -> Ranker:
    """Return `ranker` with joining weights fitted to `asked`, or the shipped weights if the fit fails."""
    lists = list(joined_scores(ranker, asked, on_question=on_question))
    try:
        joining = fit_joining(lists)
    except ValueError:
        joining = shipped_ranker().joining or START
    return ranker.model_copy(update={"joining": joining})


def fit_joining(lists: Sequence[Joined]) -> Joining:
    """Return the weights that put the right sentences first; the words ranker's score has weight 1.

    Raises:
        ValueError: no list has a right sentence, or the words ranker's scores do not help to find it.
    """
    told = [joined for joined in lists if joined.right.any()]
    weights = fit_weights(told)
    if weights[0] <= 0:
        raise ValueError("the words ranker's scores do not help to find the right sentences")
    reader, cosine = (round(float(weight), 3) for weight in np.maximum(weights[1:] / weights[0], 0.0))
    return Joining(
        reader=reader, cosine=cosine, cosine_first=max(COSINES_FIRST, key=lambda c: _found_first(told, c))
    )


def _found_first(lists: Sequence[Joined], cosine: float) -> int:
    """Return how many lists have a right sentence among the `FIRST` when the cosine has this weight."""
    likely = ((right, table[:, 0] + cosine * table[:, 2]) for table, right in lists)
    return sum(bool(right[np.argsort(-scores, kind="stable")[:FIRST]].any()) for right, scores in likely)


def p_at_1(lists: Sequence[Joined], weights: Sequence[float]) -> float:
    """Return the share of lists in which a right sentence has the greatest weighted sum."""
    return float(np.mean([right[int(np.argmax(table @ np.array(weights)))] for table, right in lists]))
