"""The network's inputs for each word: how it and its neighbours match the question, and its form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float32Array, Places
from articleqa.evidence.candidates import Candidates
from articleqa.ranking.word_features import MARKS, SentenceWords
from articleqa.text.terms import stop_terms, terms

Column = NDArray[np.floating | np.bool_]


class _WordMatch(NamedTuple):
    """How words match the question: arrays of (words,)."""

    same: Column
    weight: Column
    likeness: Column
    weighed_likeness: Column
    is_name: Column
    is_focus: Column
    asked_stop_word: Column
    offered: Column


class _WordPlace(NamedTuple):
    """Whether words look like names that are not in the question, and where they are: arrays of (words,)."""

    other_capital: Column
    place: Column
    words: Column


_WEIGHED, _FIRST, _LAST, _SAME = _SUMMED = ("weighed_likeness", "first_likeness", "last_likeness", "same")
_AROUND = (
    *((_WEIGHED, -2, 2), (_WEIGHED, -5, -1), (_WEIGHED, 1, 5), (_WEIGHED, -10, 10)),
    *((_FIRST, -4, -1), (_FIRST, 1, 4), (_LAST, -4, -1), (_LAST, 1, 4), (_SAME, -1, 1)),
)
"""What is summed around each word, from the first offset to the last (negative offsets are before it).

These are how similar the words are to the question's terms, times the terms' weights; how similar they are to
its first term, and to its last; and whether they are among its terms.
"""


WORD_INPUTS = (
    *_WordMatch._fields,
    *MARKS,
    *_WordPlace._fields,
    *(f"{name} {low:+}..{high:+}" for name, low, high in _AROUND),
)
"""The names of the inputs for a word, in column order."""


def word_features(
    candidates: Candidates,
    rows: Places,
    words: Sequence[SentenceWords],
    places: Places,
    sentence_of_word: Places,
) -> Float32Array:
    """Return one row per word: how it and the words around it match the question, and its form."""
    vocabulary, asked = candidates.vocabulary, len(candidates.question.terms)
    same = ((places > 0) & (places <= asked)).astype(np.float32)
    weights = candidates.weights / (float(candidates.weights.sum()) or 1.0)
    alike = vocabulary.likeness[:, places]
    weighed = (alike * weights[:, None]).max(axis=0)
    asked_stop_words = stop_terms().intersection(terms(candidates.question.text))
    marks = np.concatenate([sentence.marks for sentence in words])
    lengths = np.array([len(sentence.terms) for sentence in words])
    first = (np.cumsum(lengths) - lengths)[sentence_of_word]
    of_sentence = lengths[sentence_of_word]
    summed = {_WEIGHED: weighed, _FIRST: alike[0], _LAST: alike[-1], _SAME: same}
    near = _sums_around(np.stack([summed[name] for name in _SUMMED]), first, first + of_sentence)
    match = _WordMatch(
        same=same,
        weight=3 * np.concatenate([[0.0], weights])[places * (places <= asked)],
        likeness=alike.max(axis=0),
        weighed_likeness=3 * weighed,
        is_name=vocabulary.which(candidates.question.names)[places],
        is_focus=vocabulary.which(candidates.question.focus)[places],
        asked_stop_word=vocabulary.which(asked_stop_words)[places],
        offered=_offers(candidates, rows, words),
    )
    place = _WordPlace(
        other_capital=marks[:, MARKS.index("capital")] * (1 - marks[:, MARKS.index("first")]) * (1 - same),
        place=(np.arange(len(places)) - first) / of_sentence,
        words=np.minimum(of_sentence, 40) / 40,
    )
    return np.column_stack([*match, marks, *place, near]).astype(np.float32)


def _offers(candidates: Candidates, rows: Places, words: Sequence[SentenceWords]) -> Float32Array:
    """Return for each word the greatest strength of the answer mentions that it is part of, 0 if none."""
    found = [np.zeros(len(sentence.terms), dtype=np.float32) for sentence in words]
    for row, sentence, strengths in zip(rows.tolist(), words, found, strict=True):
        for mention in candidates.offered(row):
            inside = (sentence.starts < mention.end) & (mention.start < sentence.ends)
            strengths[inside] = np.maximum(strengths[inside], mention.strength)
    return np.concatenate(found)


def _sums_around(values: NDArray[np.floating], first: Places, end: Places) -> NDArray[np.floating]:
    """Return the sums of `values`, (`_SUMMED`, W), over the ranges of words in `_AROUND`: (W, `_AROUND`).

    `first` and `end` are where each word's sentence begins and ends; no sum goes beyond them.
    """
    running = np.hstack([np.zeros((len(values), 1)), np.cumsum(values, axis=1, dtype=np.float64)])
    around = [(_SUMMED.index(name), low, high) for name, low, high in _AROUND]
    which, low, high = np.array(around).T[:, :, None]
    here = np.arange(values.shape[1])
    upper = np.clip(here + high + 1, first, end)
    lower = np.clip(here + low, first, end)
    return np.asarray((running[which, upper] - running[which, lower]).T)
