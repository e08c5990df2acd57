"""Train a ranker on question sets: the weighted sum first, then the network that reads its best sentences.

The same questions, seed and library versions give the same bytes if numpy runs on one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array
from articleqa.evidence.candidates import Candidates
from articleqa.exceptions import QuestionSetError
from articleqa.ranking.features import FEATURES, feature_table
from articleqa.ranking.network_file import StoredNetwork
from articleqa.ranking.network_inputs import NetworkInputs, network_inputs
from articleqa.ranking.ranker import RERANK_DEPTH, Ranker
from articleqa.ranking.word_features import words_of
from articleqa.training.examples import Asked
from articleqa.training.folds import folds_of
from articleqa.training.network import Example, fit_network
from articleqa.training.weights import fit_weights

SAMPLED = 5
"""The weighted sum is fitted to one question in this many, with all of its candidates."""

FEW = 1_000
"""With at most this many questions, the weighted sum is fitted to all of them."""

NOTHING_RIGHT = "no question has a right sentence among its candidates"


@dataclass(frozen=True, slots=True)
class Sample:
    """A question with the features of all its candidates, for fitting the weighted sum."""

    group: str
    table: Float64Array
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Read:
    """A question with the network's inputs; `inputs` is None if the question has no candidates."""

    group: str
    inputs: NetworkInputs | None
    table: Float64Array
    right: NDArray[np.bool_]
    answers: NDArray[np.bool_]


def learn_ranker(
    asked: Iterable[Asked], *, about: str, folds: int = 0, on_question: Callable[[], None] = lambda: None
) -> tuple[Ranker, float | None]:
    """Return a ranker fitted to questions, and its P@1 over `folds` held-out parts (None without folds).

    Folds are split by article and have at least one each, so no question is ranked by a model fitted to
    questions of its article. There is one exception: the sentences that the network reads are chosen by
    weights fitted to all questions. P@1 is also None if only one article has answers. `about` goes into the
    ranker's file; `on_question` is called after each question.

    Raises:
        QuestionSetError: no question has a right sentence among its candidates.
    """
    questions = list(asked)
    samples = [_sample(question) for question in questions[:: SAMPLED if len(questions) > FEW else 1]]
    if not _teach(samples):
        raise QuestionSetError(NOTHING_RIGHT)
    weights = _weights(samples)
    read: list[Read] = []
    for question in questions:
        read.append(_read(question, weights))
        on_question()
    folds = min(folds, len({question.group for question in questions}))
    held_out = _held_out(samples, read, folds) if folds > 1 else None
    return _fitted(read, weights, about), held_out


def _sample(asked: Asked) -> Sample:
    candidates = asked.candidates()
    return Sample(asked.group, feature_table(candidates).astype(np.float32), asked.right(candidates))


def _teach(questions: Sequence[Sample | Read]) -> bool:
    """Return whether any of the questions has a right sentence."""
    return any(question.right.any() for question in questions)


def _weights(samples: Sequence[Sample]) -> Float64Array:
    return fit_weights([(sample.table, sample.right) for sample in samples])


def _read(asked: Asked, weights: Float64Array) -> Read:
    """Return the question with the sentences that the weighted sum ranks first."""
    candidates = asked.candidates()
    table = feature_table(candidates)
    if not len(table):
        nothing = np.zeros(0, dtype=bool)
        return Read(asked.group, None, table, nothing, nothing)
    rows = np.argsort(-(table * weights).sum(axis=1), kind="stable")[:RERANK_DEPTH]
    return Read(
        asked.group,
        network_inputs(candidates, table, rows),
        table[rows].astype(np.float32),
        asked.right(candidates)[rows],
        _answers(asked, candidates, rows),
    )


def _answers(asked: Asked, candidates: Candidates, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return, for each word of the candidates in `rows`, whether it is part of an answer."""
    found: list[NDArray[np.bool_]] = []
    for row in rows:
        candidate = candidates[int(row)]
        words = words_of(candidate.plain)
        inside = np.zeros(len(words.terms), dtype=bool)
        for gold in asked.question.golds:
            if gold.article_id == candidate.article_id:
                start = candidate.span.start
                inside |= (start + words.starts < gold.end) & (gold.start < start + words.ends)
        found.append(inside)
    return np.concatenate(found)


def _fitted(read: Sequence[Read], weights: Float64Array, about: str) -> Ranker:
    """Return a ranker with these weights and a network fitted to add to their sum."""
    named = {name: round(float(weight), 4) + 0.0 for name, weight in zip(FEATURES, weights, strict=True)}
    kept = np.array(list(named.values()))
    examples = [
        Example(r.inputs, (r.table * kept).sum(axis=1).astype(np.float32), r.right, r.answers)
        for r in read
        if r.inputs is not None and r.right.any()
    ]
    if not examples:
        raise QuestionSetError(NOTHING_RIGHT)
    return Ranker(about=about, weights=named, network=StoredNetwork.of(fit_network(examples)))


def _held_out(samples: Sequence[Sample], read: Sequence[Read], folds: int) -> float | None:
    """Return P@1 with models fitted to the other folds; None if any fold's others have no right sentence."""
    fold_of = folds_of((r.group for r in read), folds)
    right = 0
    for fold in range(folds):
        kept = [sample for sample in samples if fold_of[sample.group] != fold]
        kept_read = [r for r in read if fold_of[r.group] != fold]
        if not (_teach(kept) and _teach(kept_read)):
            return None
        ranker = _fitted(kept_read, _weights(kept), "")
        right += sum(_is_first(ranker, r) for r in read if fold_of[r.group] == fold)
    return right / len(read)


def _is_first(ranker: Ranker, read: Read) -> bool:
    """Return whether a right sentence comes first."""
    if read.inputs is None or not read.right.any():
        return False
    assert ranker.network is not None
    found = ranker.network.network.read(read.inputs)
    scores = ranker.weighted_sums(read.table) + found.words + found.terms + found.features
    return bool(read.right[int(np.argmax(scores))])
