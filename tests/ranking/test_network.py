"""The network that reads, on numbers that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.ranking.features import feature_table
from articleqa.ranking.network import (
    SHAPES,
    WINDOW,
    Masks,
    Network,
    log_sum_exp,
    pair_factors,
    summed,
    windows_of,
)
from articleqa.ranking.network_inputs import NetworkInputs, network_inputs
from samples import QUESTIONS, TEA, UNION, candidates_of, random_network, zero_network


def inputs(question: str = QUESTIONS[0]) -> NetworkInputs:
    found = candidates_of(question, UNION, TEA)
    return network_inputs(found, feature_table(found), np.arange(len(found)))


def arrays() -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    return {name: np.zeros(shape, np.float32) for name, shape in SHAPES.items()}


def test_arrays_go_in_and_come_out() -> None:
    network = random_network()
    again = Network.from_arrays(network.arrays)
    for name, array in again.arrays.items():
        assert array.shape == SHAPES[name]
        assert array.tobytes() == network.arrays[name].tobytes()


def test_a_missing_and_an_odd_array_are_named() -> None:
    given = arrays()
    del given["word_bias"]
    with pytest.raises(ValueError, match=r"^arrays are missing or not known: word_bias$"):
        Network.from_arrays(given)
    with pytest.raises(ValueError, match=r"^arrays are missing or not known: mine, word_bias$"):
        Network.from_arrays({**given, "mine": np.zeros(1, np.float32)})


@pytest.mark.parametrize("name", list(SHAPES))
def test_an_array_of_another_shape_is_named(name: str) -> None:
    given = arrays()
    given[name] = np.zeros((3, *SHAPES[name]), np.float32)
    with pytest.raises(ValueError, match=rf"^{name} has the shape \(3, .*\), not \({SHAPES[name][0]},"):
        Network.from_arrays(given)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_named(value: float) -> None:
    given = arrays()
    given["gate_output"][3, 5] = value
    with pytest.raises(ValueError, match=r"^gate_output has values that are not finite$"):
        Network.from_arrays(given)


def test_a_network_of_zeros_gives_the_log_of_the_word_count() -> None:
    given = inputs()
    found = zero_network().read(given)
    assert found.word_scores.tolist() == [0.0] * len(given.word_numbers)
    assert found.words.tolist() == pytest.approx(np.log(np.bincount(given.sentence_of_word)).tolist())
    assert not found.terms.any()
    assert not found.features.any()


def test_scores_are_of_the_size_and_type_of_the_inputs() -> None:
    given = inputs()
    found = random_network().read(given)
    sentences = len(given.question_of_sentence)
    assert found.word_scores.shape == given.word_numbers.shape
    for scores in (found.words, found.terms, found.features):
        assert scores.shape == (sentences,)
        assert scores.dtype == np.float32


def test_a_word_is_scored_by_its_hidden_units_and_the_question() -> None:
    given = arrays()
    given["word_bias"][:] = [1.0, -1.0, *[0.0] * (len(given["word_bias"]) - 2)]
    given["word_output"][:2] = [2.0, 5.0]
    alone = Network.from_arrays(given).read(inputs())
    # The second unit is below 0 and so says nothing.
    assert set(alone.word_scores.tolist()) == {2.0}
    given["gate_bias"][0] = 100.0
    given["gate_output"][0, 0] = 3.0
    gated = Network.from_arrays(given).read(inputs())
    assert set(gated.word_scores.tolist()) == {5.0}


def test_terms_count_by_their_weight_and_alike() -> None:
    given = arrays()
    given["term_bias"][0] = 1.0
    given["term_output"][0] = [2.0, 3.0]
    # The weights of a question sum to 1, and so do the equal parts of its terms.
    assert Network.from_arrays(given).read(inputs()).terms.tolist() == pytest.approx([5.0] * 8)
    factors = pair_factors(inputs())
    assert factors.sum(axis=0).tolist() == pytest.approx([8.0, 8.0])
    assert factors[:, 0].tolist() == inputs().term_weights[inputs().term_of_pair].tolist()


def test_features_go_through_hidden_units_of_their_own() -> None:
    given = arrays()
    given["feature_weights"][0, 0] = 1.0
    given["feature_output"][0] = 4.0
    expected = 4 * np.maximum(inputs().sentence_features[:, 0], 0.0)
    assert Network.from_arrays(given).read(inputs()).features.tolist() == pytest.approx(expected.tolist())


def test_masks_are_factors_on_hidden_units() -> None:
    network, given = random_network(), inputs()
    whole = network.read(given)
    sizes = (whole.word_hidden.shape, whole.term_hidden.shape, whole.feature_hidden.shape)
    ones = network.read(given, Masks(*(np.ones(size, np.float32) for size in sizes)))
    assert ones.word_scores.tolist() == whole.word_scores.tolist()
    none = network.read(given, Masks(*(np.zeros(size, np.float32) for size in sizes)))
    assert not none.word_scores.any()
    assert not none.terms.any()
    assert not none.features.any()


def test_a_window_is_a_word_with_two_on_each_side_of_its_sentence() -> None:
    assert WINDOW == 2
    rows = np.array([[1], [2], [3], [4], [5], [6]], dtype=np.float32)
    assert windows_of(rows, np.array([0, 0, 0, 0, 1, 1])).tolist() == [
        [0, 0, 1, 2, 3],
        [0, 1, 2, 3, 4],
        [1, 2, 3, 4, 0],
        [2, 3, 4, 0, 0],
        [0, 0, 5, 6, 0],
        [0, 5, 6, 0, 0],
    ]
    assert windows_of(rows[:1], np.array([0])).tolist() == [[0, 0, 1, 0, 0]]
    two = windows_of(np.array([[1, 2], [3, 4]], dtype=np.float32), np.array([0, 0]))
    assert two.tolist() == [[0, 0, 0, 0, 1, 2, 3, 4, 0, 0], [0, 0, 1, 2, 3, 4, 0, 0, 0, 0]]


def test_rows_are_summed_by_group() -> None:
    rows = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float32)
    assert summed(rows, np.array([2, 0, 2]), 4).tolist() == [[3, 4], [0, 0], [6, 8], [0, 0]]


@given(st.lists(st.lists(st.floats(-80, 80, width=32), min_size=1, max_size=6), min_size=1, max_size=5))
def test_the_log_of_summed_exponentials_is_numpys(groups: list[list[float]]) -> None:
    values = np.array([value for group in groups for value in group], dtype=np.float32)
    sizes = [len(group) for group in groups]
    starts = np.cumsum([0, *sizes[:-1]])
    found = log_sum_exp(values, starts, np.repeat(np.arange(len(groups)), sizes))
    expected = [np.logaddexp.reduce(np.array(group, dtype=np.float64)) for group in groups]
    assert found.tolist() == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_large_scores_do_not_overflow() -> None:
    values = np.array([1e4, 1e4, -1e9], dtype=np.float32)
    assert log_sum_exp(values, np.array([0, 2]), np.array([0, 0, 1])).tolist() == pytest.approx(
        [1e4 + np.log(2), -1e9]
    )
