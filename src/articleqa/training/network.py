"""Train the network: the hand-derived gradient of a listwise loss, and Adam.

The loss of a question is -log of the share that the softmax over its sentences gives to the right ones
(the top-one loss of Cao et al. 2007, "Learning to Rank: From Pairwise Approach to Listwise Approach"), plus
`WORD_LOSS` times -log of the share that the softmax over a right sentence's words gives to the words of
the answer. Dropout is applied to hidden units (Srivastava et al. 2014).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float32Array
from articleqa.ranking.network import (
    SHAPES,
    TERM_SIZE,
    WINDOW,
    WORD_SIZE,
    Activations,
    Masks,
    Network,
    log_sum_exp,
    pair_factors,
    summed,
)
from articleqa.ranking.network_inputs import (
    PAIR_FEATURES,
    QUESTION_FEATURES,
    TERM_FEATURES,
    NetworkInputs,
    batch_of,
)

EPOCHS = 3
BATCH = 8
"""Questions per step."""

RATE = 2e-3
"""Adam's peak learning rate: it rises over the first tenth of the steps, then falls to 0."""

DECAY = 1e-4
"""Weight decay, decoupled from Adam's moments (Loshchilov & Hutter 2019, "Decoupled Weight Decay")."""

DROPPED = 0.2
WORD_LOSS = 0.5
LONGEST_STEP = 5.0
"""The greatest norm of a gradient; a longer one is scaled down to it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its best sentences.

    `base` (S,) holds the linear ranker's scores, `right` (S,) says which sentences hold the answer (at least
    one), and `answers` (W,) says which words belong to the answer.
    """

    inputs: NetworkInputs
    base: Float32Array
    right: NDArray[np.bool_]
    answers: NDArray[np.bool_]


def fit_network(examples: Sequence[Example], *, seed: int = 0, epochs: int = EPOCHS) -> Network:
    """Return the network fitted to `examples`; the same examples, seed and libraries give the same result."""
    random = np.random.default_rng(seed)
    arrays = initial_arrays(random)
    adam = _Adam(arrays, steps=epochs * math.ceil(len(examples) / BATCH))
    for _ in range(epochs):
        order = random.permutation(len(examples))
        for start in range(0, len(order), BATCH):
            batch = joined([examples[number] for number in order[start : start + BATCH]])
            masks = _dropout(batch.inputs, random)
            _, gradients = loss_and_gradients(Network.from_arrays(arrays), batch, masks)
            adam.step(arrays, gradients)
    # The shipped file keeps 16 bits, so return the network rounded to them.
    return Network.from_arrays({name: array.astype(np.float16) for name, array in arrays.items()})


def initial_arrays(random: np.random.Generator) -> dict[str, Float32Array]:
    """Return the initial arrays: biases 0, others uniform, scaled by their inputs (LeCun et al. 1998)."""
    return {
        name: np.zeros(shape, dtype=np.float32)
        if name.endswith("_bias")
        else random.uniform(-1.0, 1.0, shape).astype(np.float32) / math.sqrt(shape[0])
        for name, shape in SHAPES.items()
    }


def joined(examples: Sequence[Example]) -> Example:
    """Return several examples as one batch."""
    return Example(
        inputs=batch_of([example.inputs for example in examples]),
        base=np.concatenate([example.base for example in examples]),
        right=np.concatenate([example.right for example in examples]),
        answers=np.concatenate([example.answers for example in examples]),
    )


def loss_and_gradients(
    network: Network, batch: Example, masks: Masks | None = None
) -> tuple[float, dict[str, Float32Array]]:
    """Return the mean loss of a batch's questions and its gradient with respect to each array."""
    found = network.read(batch.inputs, masks)
    loss, by_sentence, by_word = _loss(batch, found)
    return loss, {
        **_through_words(network, batch.inputs, found, masks, by_sentence, by_word),
        **_through_terms(network, batch.inputs, found, masks, by_sentence),
        **_through_features(network, batch.inputs, found, masks, by_sentence),
    }


def _loss(batch: Example, found: Activations) -> tuple[float, Float32Array, Float32Array]:
    """Return the loss, its derivative by sentence score, and the word loss's derivative by word score."""
    inputs = batch.inputs
    questions = len(inputs.question_features)
    asked = inputs.question_of_sentence
    starts = np.searchsorted(asked, np.arange(questions))
    scores = batch.base + found.words + found.terms + found.features
    over_all = log_sum_exp(scores, starts, asked)
    over_right = log_sum_exp(np.where(batch.right, scores, -1e9).astype(np.float32), starts, asked)
    share = np.exp(scores - over_all[asked])
    share_right = np.where(batch.right, np.exp(scores - over_right[asked]), 0.0)

    taught = batch.right & (
        summed(batch.answers[:, None].astype(np.float32), inputs.sentence_of_word, len(asked))[:, 0] > 0
    )
    hidden = np.where(batch.answers, found.word_scores, -1e9).astype(np.float32)
    over_answer = log_sum_exp(hidden, inputs.starts, inputs.sentence_of_word)
    word_loss = float((found.words - over_answer)[taught].sum()) / max(1, int(taught.sum()))
    word_share = np.exp(found.word_scores - found.words[inputs.sentence_of_word])
    answer_share = np.where(batch.answers, np.exp(hidden - over_answer[inputs.sentence_of_word]), 0.0)
    by_word = (word_share - answer_share) * taught[inputs.sentence_of_word]
    return (
        float((over_all - over_right).mean()) + WORD_LOSS * word_loss,
        ((share - share_right) / questions).astype(np.float32),
        (WORD_LOSS * by_word / max(1, int(taught.sum()))).astype(np.float32),
    )


def _through_words(
    network: Network,
    inputs: NetworkInputs,
    found: Activations,
    masks: Masks | None,
    by_sentence: Float32Array,
    by_word: Float32Array,
) -> dict[str, Float32Array]:
    p = network.parameters
    questions = len(inputs.question_features)
    question_of_word = inputs.question_of_sentence[inputs.sentence_of_word]
    share = np.exp(found.word_scores - found.words[inputs.sentence_of_word])
    by_score = by_word + by_sentence[inputs.sentence_of_word] * share
    by_readout = summed(by_score[:, None] * found.word_hidden, question_of_word, questions)
    by_gate = by_readout @ p.gate_output * (1.0 - found.gate**2)
    by_hidden: Float32Array = (
        by_score[:, None] * found.word_readout[question_of_word] * (found.word_hidden > 0)
    )
    if masks is not None:
        by_hidden = by_hidden * masks.words
    by_told = summed(by_hidden, question_of_word, questions)
    by_asked = by_told @ p.word_asked.T + by_gate @ p.gate_weights.T
    by_embedded = _by_rows(by_hidden @ p.word_weights.T, inputs.sentence_of_word)[:, :WORD_SIZE]
    by_stop_word = summed(by_embedded, inputs.stop_words, len(p.stop_words))
    by_stop_word[0] = 0.0  # row 0: words that are not stop words have no vector of their own
    meant = by_asked[:, QUESTION_FEATURES:][inputs.question_of_term]
    by_meant = (
        meant[:, :WORD_SIZE] * inputs.term_weights[:, None]
        + meant[:, WORD_SIZE:] * inputs.focus_weights[:, None]
    )
    return {
        "word_projection": found.word_vectors.T @ by_embedded + found.term_vectors.T @ by_meant,
        "stop_words": by_stop_word,
        "word_weights": found.windows.T @ by_hidden,
        "word_bias": by_told.sum(axis=0),
        "word_asked": found.asked.T @ by_told,
        "word_output": by_readout.sum(axis=0),
        "gate_weights": found.asked.T @ by_gate,
        "gate_bias": by_gate.sum(axis=0),
        "gate_output": by_readout.T @ found.gate,
    }


def _through_terms(
    network: Network,
    inputs: NetworkInputs,
    found: Activations,
    masks: Masks | None,
    by_sentence: Float32Array,
) -> dict[str, Float32Array]:
    p = network.parameters
    by_output = by_sentence[inputs.sentence_of_pair][:, None] * pair_factors(inputs)
    by_hidden: Float32Array = np.asarray(
        by_output @ p.term_output.T * (found.term_hidden > 0), dtype=np.float32
    )
    if masks is not None:
        by_hidden = by_hidden * masks.terms
    by_inputs = by_hidden @ p.term_weights.T
    place = PAIR_FEATURES + TERM_FEATURES
    by_embedded = summed(
        by_inputs[:, place : place + TERM_SIZE], inputs.term_of_pair, len(inputs.question_of_term)
    )
    return {
        "term_projection": found.term_vectors.T @ by_embedded,
        "term_weights": found.term_inputs.T @ by_hidden,
        "term_bias": by_hidden.sum(axis=0),
        "term_output": found.term_hidden.T @ by_output,
    }


def _through_features(
    network: Network,
    inputs: NetworkInputs,
    found: Activations,
    masks: Masks | None,
    by_sentence: Float32Array,
) -> dict[str, Float32Array]:
    by_hidden = np.outer(by_sentence, network.parameters.feature_output) * (found.feature_hidden > 0)
    if masks is not None:
        by_hidden = by_hidden * masks.features
    return {
        "feature_weights": inputs.sentence_features.T @ by_hidden,
        "feature_bias": by_hidden.sum(axis=0),
        "feature_output": found.feature_hidden.T @ by_sentence,
    }


def _by_rows(by_windows: Float32Array, sentence_of_row: NDArray[np.intp]) -> Float32Array:
    """Return the derivative by row, given that by window: the backward pass of `windows_of`."""
    count = len(by_windows)
    parts = by_windows.reshape(count, 2 * WINDOW + 1, -1)
    by_row = np.zeros((count, parts.shape[2]), dtype=np.float32)
    for place, step in enumerate(range(-WINDOW, WINDOW + 1)):
        here, there = (
            slice(max(0, -step), min(count, count - step)),
            slice(max(0, step), min(count, count + step)),
        )
        same = sentence_of_row[here] == sentence_of_row[there]
        by_row[there] += parts[here, place] * same[:, None]
    return by_row


def _dropout(inputs: NetworkInputs, random: np.random.Generator) -> Masks:
    sizes = {
        "words": (len(inputs.sentence_of_word), SHAPES["word_bias"][0]),
        "terms": (len(inputs.sentence_of_pair), SHAPES["term_bias"][0]),
        "features": (len(inputs.question_of_sentence), SHAPES["feature_bias"][0]),
    }
    return Masks(
        **{
            part: (random.random(size, dtype=np.float32) >= DROPPED).astype(np.float32) / (1.0 - DROPPED)
            for part, size in sizes.items()
        }
    )


class _Adam:
    """Adam with decoupled weight decay (Kingma & Ba 2015, "Adam: A Method for Stochastic Optimization")."""

    def __init__(self, arrays: Mapping[str, Float32Array], steps: int) -> None:
        self._first = {name: np.zeros_like(array) for name, array in arrays.items()}
        self._second = {name: np.zeros_like(array) for name, array in arrays.items()}
        self._rates = _rates(steps)
        self._taken = 0

    def step(self, arrays: dict[str, Float32Array], gradients: Mapping[str, Float32Array]) -> None:
        rate = next(self._rates)
        self._taken += 1
        length = math.sqrt(sum(float((gradient**2).sum()) for gradient in gradients.values()))
        shorter = min(1.0, LONGEST_STEP / length) if length else 1.0
        for name, gradient in gradients.items():
            cut = gradient * np.float32(shorter)
            self._first[name] += 0.1 * (cut - self._first[name])
            self._second[name] += 0.001 * (cut**2 - self._second[name])
            mean = self._first[name] / (1.0 - 0.9**self._taken)
            spread = np.sqrt(self._second[name] / (1.0 - 0.999**self._taken))
            arrays[name] = ((1.0 - rate * DECAY) * arrays[name] - rate * mean / (spread + 1e-8)).astype(
                np.float32
            )


def _rates(steps: int) -> Iterator[float]:
    """Yield the learning rate of each step: a linear rise, then a cosine decay."""
    rising = max(1, steps // 10)
    for step in range(steps):
        if step < rising:
            yield RATE * (step + 1) / rising
        else:
            yield RATE * 0.5 * (1.0 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))
