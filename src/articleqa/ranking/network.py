"""A small network that scores the best sentences, and how likely each of their words is to answer.

It has three parts, whose outputs add up to a sentence's score:

- the *words* part is a convolution over five words, with the question as a further input. The score of a word
  is the product of its hidden units with weights that depend on the question (a low-rank bilinear form). The
  score of a sentence is the log-sum-exp of its words' scores, so that one word that answers is enough;
- the *terms* part scores, for each of the question's terms, how the sentence matches that term, and adds
  these scores up, with the terms' weights and with equal weights (Guo et al. 2016, "A Deep Relevance Matching
  Model", also weight terms, by a gate);
- the *features* part learns how features interact, while the linear ranker only adds them up.

It is plain numpy over float32 arrays; `articleqa.training.network` trains it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float32Array
from articleqa.lexicon.matmul import matmul
from articleqa.lexicon.word_vectors import DIMENSIONS, vectors_at
from articleqa.ranking.network_inputs import (
    PAIR_FEATURES,
    QUESTION_FEATURES,
    SENTENCE_FEATURES,
    TERM_FEATURES,
    WORD_FEATURES,
    NetworkInputs,
)
from articleqa.text.terms import stop_terms

WINDOW = 2
"""Words on each side that the convolution sees."""

WORD_SIZE, TERM_SIZE = 32, 16
"""The size to which word vectors are reduced, for words and for the question's terms."""

HIDDEN = 64
HIDDEN_TERMS = 48
HIDDEN_FEATURES = 32
"""Hidden units of the three parts."""

_ASKED = QUESTION_FEATURES + 2 * WORD_SIZE


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """The network's float32 arrays; `SHAPES` has their shapes."""

    word_projection: Float32Array
    stop_words: Float32Array
    word_weights: Float32Array
    word_bias: Float32Array
    word_asked: Float32Array
    word_output: Float32Array
    gate_weights: Float32Array
    gate_bias: Float32Array
    gate_output: Float32Array
    term_projection: Float32Array
    term_weights: Float32Array
    term_bias: Float32Array
    term_output: Float32Array
    feature_weights: Float32Array
    feature_bias: Float32Array
    feature_output: Float32Array


SHAPES: Mapping[str, tuple[int, ...]] = {
    "word_projection": (DIMENSIONS, WORD_SIZE),
    "stop_words": (1 + len(stop_terms()), WORD_SIZE),
    "word_weights": ((2 * WINDOW + 1) * (WORD_SIZE + WORD_FEATURES), HIDDEN),
    "word_bias": (HIDDEN,),
    "word_asked": (_ASKED, HIDDEN),
    "word_output": (HIDDEN,),
    "gate_weights": (_ASKED, HIDDEN),
    "gate_bias": (HIDDEN,),
    "gate_output": (HIDDEN, HIDDEN),
    "term_projection": (DIMENSIONS, TERM_SIZE),
    "term_weights": (PAIR_FEATURES + TERM_FEATURES + TERM_SIZE + QUESTION_FEATURES, HIDDEN_TERMS),
    "term_bias": (HIDDEN_TERMS,),
    "term_output": (HIDDEN_TERMS, 2),
    "feature_weights": (SENTENCE_FEATURES, HIDDEN_FEATURES),
    "feature_bias": (HIDDEN_FEATURES,),
    "feature_output": (HIDDEN_FEATURES,),
}


@dataclass(frozen=True, slots=True)
class Masks:
    """Factors for hidden units, used as dropout in training: one row per word, per pair and per sentence."""

    words: Float32Array
    terms: Float32Array
    features: Float32Array


@dataclass(frozen=True, slots=True)
class Activations:
    """The network's output for some inputs: the scores, and the intermediate values that training needs.

    `word_scores` (W,) has the score of each word. `words`, `terms` and `features` (S,) have what each part
    adds to the score of each sentence.
    """

    word_scores: Float32Array
    words: Float32Array
    terms: Float32Array
    features: Float32Array
    word_vectors: Float32Array
    term_vectors: Float32Array
    windows: Float32Array
    asked: Float32Array
    word_hidden: Float32Array
    gate: Float32Array
    word_readout: Float32Array
    term_inputs: Float32Array
    term_hidden: Float32Array
    feature_hidden: Float32Array


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The network with its parameters."""

    parameters: Parameters

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.floating]]) -> Self:
        """Return the network with these arrays, given by name.

        Raises:
            ValueError: an array is missing, unknown or of another shape, or has values that are not finite.
        """
        if arrays.keys() != SHAPES.keys():
            odd = ", ".join(sorted(arrays.keys() ^ SHAPES.keys()))
            raise ValueError(f"arrays are missing or not known: {odd}")
        for name, array in arrays.items():
            if array.shape != SHAPES[name]:
                raise ValueError(f"{name} has the shape {array.shape}, not {SHAPES[name]}")
            if not np.isfinite(array).all():
                raise ValueError(f"{name} has values that are not finite")
        return cls(Parameters(**{name: array.astype(np.float32) for name, array in arrays.items()}))

    @property
    def arrays(self) -> dict[str, Float32Array]:
        """The arrays by name."""
        return {field.name: getattr(self.parameters, field.name) for field in fields(Parameters)}

    def read(self, inputs: NetworkInputs, masks: Masks | None = None) -> Activations:
        """Return the scores of the inputs' words and sentences; `masks` are for training."""
        p = self.parameters
        word_vectors, term_vectors = vectors_at(inputs.word_numbers), vectors_at(inputs.term_numbers)
        asked = self._asked(inputs, term_vectors)
        gate = np.tanh(asked @ p.gate_weights + p.gate_bias)
        readout = p.word_output + gate @ p.gate_output.T
        question_of_word = inputs.question_of_sentence[inputs.sentence_of_word]
        embedded = matmul(word_vectors, p.word_projection) + p.stop_words[inputs.stop_words]
        windows = windows_of(np.hstack([embedded, inputs.word_features]), inputs.sentence_of_word)
        told = (asked @ p.word_asked + p.word_bias)[question_of_word]
        word_hidden = _masked(
            np.maximum(matmul(windows, p.word_weights) + told, 0.0), None if masks is None else masks.words
        )
        word_scores = np.einsum("wh,wh->w", word_hidden, readout[question_of_word])

        about_term = np.hstack(
            [
                inputs.term_features,
                term_vectors @ p.term_projection,
                inputs.question_features[inputs.question_of_term],
            ]
        )
        term_inputs = np.hstack([inputs.pair_features, about_term[inputs.term_of_pair]])
        term_hidden = _masked(
            np.maximum(matmul(term_inputs, p.term_weights) + p.term_bias, 0.0),
            None if masks is None else masks.terms,
        )
        pair_scores = np.einsum("po,po->p", term_hidden @ p.term_output, pair_factors(inputs))

        feature_hidden = _masked(
            np.maximum(matmul(inputs.sentence_features, p.feature_weights) + p.feature_bias, 0.0),
            None if masks is None else masks.features,
        )
        sentences = len(inputs.question_of_sentence)
        return Activations(
            word_scores=word_scores,
            words=log_sum_exp(word_scores, inputs.starts, inputs.sentence_of_word),
            terms=np.bincount(inputs.sentence_of_pair, pair_scores, sentences).astype(np.float32),
            features=feature_hidden @ p.feature_output,
            word_vectors=word_vectors,
            term_vectors=term_vectors,
            windows=windows,
            asked=asked,
            word_hidden=word_hidden,
            gate=gate,
            word_readout=readout,
            term_inputs=term_inputs,
            term_hidden=term_hidden,
            feature_hidden=feature_hidden,
        )

    def _asked(self, inputs: NetworkInputs, term_vectors: Float32Array) -> Float32Array:
        """Return each question's encoding: its features, and weighted sums of its term and focus vectors."""
        meant = term_vectors @ self.parameters.word_projection
        questions = len(inputs.question_features)
        return np.hstack(
            [
                inputs.question_features,
                summed(meant * inputs.term_weights[:, None], inputs.question_of_term, questions),
                summed(meant * inputs.focus_weights[:, None], inputs.question_of_term, questions),
            ]
        )


def pair_factors(inputs: NetworkInputs) -> Float32Array:
    """Return the factors for the two outputs of each pair: the term's weight, and an equal weight: (P, 2)."""
    terms = np.bincount(inputs.question_of_term, minlength=len(inputs.question_features))
    alike = (1.0 / terms[inputs.question_of_term]).astype(np.float32)
    return np.column_stack([inputs.term_weights, alike])[inputs.term_of_pair]


def windows_of(rows: Float32Array, sentence_of_row: NDArray[np.intp]) -> Float32Array:
    """Return each row with the `WINDOW` rows on each side, zeros beyond the ends of its sentence."""
    count, width = rows.shape
    windows = np.zeros((count, 2 * WINDOW + 1, width), dtype=np.float32)
    for place, step in enumerate(range(-WINDOW, WINDOW + 1)):
        here, there = (
            slice(max(0, -step), min(count, count - step)),
            slice(max(0, step), min(count, count + step)),
        )
        same = sentence_of_row[here] == sentence_of_row[there]
        windows[here, place] = rows[there] * same[:, None]
    return windows.reshape(count, -1)


def summed(rows: Float32Array, group_of_row: NDArray[np.intp], groups: int) -> Float32Array:
    """Return the sum of the rows of each group: (groups, columns)."""
    sums = np.zeros((groups, rows.shape[1]), dtype=np.float32)
    np.add.at(sums, group_of_row, rows)
    return sums


def log_sum_exp(
    values: Float32Array, starts: NDArray[np.intp], group_of_value: NDArray[np.intp]
) -> Float32Array:
    """Return the log-sum-exp of each group of adjacent values; `starts` has where the groups begin."""
    most = np.maximum.reduceat(values, starts)
    return np.asarray(most + np.log(np.add.reduceat(np.exp(values - most[group_of_value]), starts)))


def _masked(hidden: Float32Array, mask: Float32Array | None) -> Float32Array:
    return hidden if mask is None else hidden * mask
