"""How the network is fitted: its gradients, its loss, and that it learns."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from articleqa.models import Article
from articleqa.ranking.features import feature_table
from articleqa.ranking.network import SHAPES, Masks, Network, log_sum_exp
from articleqa.ranking.network_inputs import NetworkInputs, network_inputs
from articleqa.training.network import (
    BATCH,
    DROPPED,
    RATE,
    WORD_LOSS,
    Example,
    fit_network,
    initial_arrays,
    joined,
    loss_and_gradients,
)
from articleqa.training.network import _dropout as dropout
from articleqa.training.network import _rates as rates
from samples import QUESTIONS, TEA, UNION, candidates_of


def example(question: str, *right: int) -> Example:
    """Return a question of which the sentences `right` answer, each by its last word."""
    found = candidates_of(question, UNION, TEA)
    given = network_inputs(found, feature_table(found), np.arange(len(found)))
    last = np.append(given.starts[1:], len(given.sentence_of_word)) - 1
    answers = np.zeros(len(given.sentence_of_word), dtype=bool)
    answers[last[list(right)]] = True
    sentences = np.arange(len(found))
    base = np.linspace(0.0, 1.0, len(found)).astype(np.float32)
    return Example(given, base, np.isin(sentences, right), answers)


EXAMPLES = [example(QUESTIONS[0], 1), example(QUESTIONS[1], 2, 3), example(QUESTIONS[2], 4)]


def network_at(seed: int) -> tuple[dict[str, np.ndarray], np.random.Generator]:
    random = np.random.default_rng(seed)
    arrays = initial_arrays(random)
    # Biases begin at 0, where a gradient could be wrong by a factor and still look right.
    moved = {name: array + random.normal(0.0, 0.05, array.shape) for name, array in arrays.items()}
    return {name: array.astype(np.float32) for name, array in moved.items()}, random


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", list(SHAPES))
def test_a_gradient_is_the_difference_that_a_small_step_makes(name: str, masked: bool) -> None:
    arrays, random = network_at(4)
    batch = joined(EXAMPLES)
    masks = dropout(batch.inputs, random) if masked else None
    _, gradients = loss_and_gradients(Network.from_arrays(arrays), batch, masks)
    assert gradients.keys() == SHAPES.keys()
    assert gradients[name].shape == SHAPES[name]

    def loss(step: float, direction: np.ndarray) -> float:
        moved = arrays | {name: (arrays[name] + step * direction).astype(np.float32)}
        return loss_and_gradients(Network.from_arrays(moved), batch, masks)[0]

    for _ in range(3):
        direction = random.normal(size=SHAPES[name])
        if name == "stop_words":
            direction[0] = 0.0  # what is no stop word has no vector of its own
        # Along the gradient too, so that what is compared is not lost in the last bits.
        direction = direction / np.linalg.norm(direction) + gradients[name] / np.linalg.norm(gradients[name])
        step = 1e-3
        difference = (loss(step, direction) - loss(-step, direction)) / (2 * step)
        assert difference == pytest.approx(float((gradients[name] * direction).sum()), rel=0.01, abs=2e-4)


def test_what_is_no_stop_word_has_no_vector_of_its_own() -> None:
    arrays, _ = network_at(1)
    _, gradients = loss_and_gradients(Network.from_arrays(arrays), joined(EXAMPLES))
    assert not gradients["stop_words"][0].any()
    assert gradients["stop_words"][1:].any()


def test_the_loss_is_that_of_sentences_and_of_the_words_of_right_ones() -> None:
    arrays, _ = network_at(2)
    network, one = Network.from_arrays(arrays), EXAMPLES[0]
    found = network.read(one.inputs)
    scores = (one.base + found.words + found.terms + found.features).astype(float)
    by_sentence = -math.log(math.exp(scores[1]) / np.exp(scores).sum())
    words = found.word_scores[one.inputs.sentence_of_word == 1].astype(float)
    by_word = -math.log(math.exp(words[-1]) / np.exp(words).sum())
    loss, _ = loss_and_gradients(network, one)
    assert loss == pytest.approx(by_sentence + WORD_LOSS * by_word, rel=1e-4)


def test_a_batchs_loss_is_the_mean_of_its_questions() -> None:
    arrays, _ = network_at(3)
    network = Network.from_arrays(arrays)
    untaught = [replace(one, answers=np.zeros_like(one.answers)) for one in EXAMPLES]
    losses = [loss_and_gradients(network, one)[0] for one in untaught]
    assert loss_and_gradients(network, joined(untaught))[0] == pytest.approx(np.mean(losses), rel=1e-4)


def mean_loss(network: Network, examples: list[Example]) -> float:
    return float(np.mean([loss_and_gradients(network, one)[0] for one in examples]))


def test_training_brings_the_loss_down() -> None:
    start = Network.from_arrays(initial_arrays(np.random.default_rng(0)))
    losses = [mean_loss(fit_network(EXAMPLES * 8, epochs=epochs), EXAMPLES) for epochs in (1, 4)]
    assert losses[1] < losses[0] < mean_loss(start, EXAMPLES)


def test_the_same_seed_gives_the_same_bytes() -> None:
    def fitted(seed: int) -> bytes:
        network = fit_network(EXAMPLES * 4, seed=seed, epochs=2)
        return b"".join(array.tobytes() for array in network.arrays.values())

    assert fitted(0) == fitted(0)
    assert fitted(0) != fitted(1)


def test_what_is_fitted_fits_sixteen_bits() -> None:
    for array in fit_network(EXAMPLES, epochs=1).arrays.values():
        assert (array == array.astype(np.float16)).all()


def test_a_small_task_is_learned() -> None:
    # The answer is the sentence with a year in it, where the linear score says nothing.
    towns = ["Arden", "Brome", "Corby", "Derby", "Elham", "Fosse", "Garth", "Hythe"]
    learned: list[Example] = []
    for number, town in enumerate(towns * 4):
        texts = [f"The mill of {town} is old.", f"It was built in {1800 + number}.", f"{town} has a mill."]
        order = [number % 3, (number + 1) % 3, (number + 2) % 3]
        article = Article(id=town, text=" ".join(texts[place] for place in order))
        found = candidates_of(f"When was the mill of {town} built?", article)
        assert len(found) == 3
        given = network_inputs(found, feature_table(found), np.arange(3))
        right = np.array([place == 1 for place in order])
        nothing = np.zeros(len(given.sentence_of_word), dtype=bool)
        learned.append(Example(given, np.zeros(3, np.float32), right, nothing))
    network = fit_network(learned[:24], epochs=8)
    assert [best(network, one.inputs) for one in learned[24:]] == [
        int(np.argmax(one.right)) for one in learned[24:]
    ]


def best(network: Network, given: NetworkInputs) -> int:
    found = network.read(given)
    return int(np.argmax(found.words + found.terms + found.features))


def test_the_rate_rises_and_then_falls_to_nothing() -> None:
    found = list(rates(40))
    assert len(found) == 40
    assert found[:4] == pytest.approx([RATE / 4, RATE / 2, RATE * 3 / 4, RATE])
    assert found[4:] == sorted(found[4:], reverse=True)
    assert found[-1] < RATE / 100
    assert list(rates(1)) == [RATE]


def test_dropout_keeps_the_mean_of_what_it_masks() -> None:
    masks = dropout(joined(EXAMPLES).inputs, np.random.default_rng(0))
    assert isinstance(masks, Masks)
    for mask in (masks.words, masks.terms, masks.features):
        assert np.unique(mask).tolist() == pytest.approx([0.0, 1 / (1 - DROPPED)])
        assert mask.mean() == pytest.approx(1.0, abs=0.1)


def test_a_last_batch_may_be_smaller() -> None:
    examples = (EXAMPLES * BATCH)[: BATCH + 1]
    assert fit_network(examples, epochs=1).arrays.keys() == SHAPES.keys()


def test_a_softmax_over_sentences_is_split_by_question() -> None:
    batch = joined(EXAMPLES)
    starts = np.searchsorted(batch.inputs.question_of_sentence, np.arange(3))
    over = log_sum_exp(batch.base, starts, batch.inputs.question_of_sentence)
    assert over.tolist() == pytest.approx([math.log(np.exp(one.base).sum()) for one in EXAMPLES])
