"""How the weights of the sum are fitted."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import approx_fprime

from articleqa.training import weights as fitting
from articleqa.training.weights import PENALTY, fit_weights

Lists = list[tuple[NDArray[np.float64], NDArray[np.bool_]]]


def planted(weights: list[float], lists: int, rows: int = 8, seed: int = 0) -> Lists:
    """Return tables of which the right row was drawn by the softmax of these weights."""
    random = np.random.default_rng(seed)
    found: Lists = []
    for _ in range(lists):
        table = random.normal(size=(rows, len(weights)))
        share = np.exp(table @ weights)
        right = np.arange(rows) == random.choice(rows, p=share / share.sum())
        found.append((table, right))
    return found


def loss_of(weights: NDArray[np.float64], lists: Lists) -> float:
    """The loss as its docstring says it, list by list."""
    told = [(table, right) for table, right in lists if right.any()]
    shares = [np.exp(table @ weights) / np.exp(table @ weights).sum() for table, _ in told]
    each = [-np.log(share[right].sum()) for share, (_, right) in zip(shares, told, strict=True)]
    return float(np.mean(each) + PENALTY * weights @ weights)


def test_planted_weights_are_found_again() -> None:
    assert fit_weights(planted([2.0, -1.0, 0.0], 3000)) == pytest.approx([2.0, -1.0, 0.0], abs=0.15)


def test_the_right_rows_come_first_where_a_column_tells_them() -> None:
    lists = [
        (np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([False, True])),
        (np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([True, False])),
    ]
    found = fit_weights(lists)
    assert found[0] > 1.0
    for table, right in lists:
        assert right[np.argmax(table @ found)]


def test_the_loss_has_no_slope_where_it_ends() -> None:
    lists = planted([1.0, -2.0], 50)
    found = fit_weights(lists)
    assert approx_fprime(found, lambda weights: loss_of(weights, lists)) == pytest.approx([0, 0], abs=1e-3)


def test_the_gradient_is_the_difference_that_a_small_step_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    lists = [*planted([1.0, -2.0], 5), (np.ones((4, 2)), np.array([True, True, False, False]))]
    seen: list[tuple[NDArray[np.float64], float, NDArray[np.float64]]] = []

    def walking(function, start, **_):  # type: ignore[no-untyped-def]
        for weights in np.random.default_rng(0).normal(size=(4, len(start))):
            seen.append((weights, *function(weights)))
        return type("Result", (), {"x": start})

    monkeypatch.setattr("scipy.optimize.minimize", walking)
    assert fit_weights(lists).tolist() == [0.0, 0.0]
    for weights, loss, gradient in seen:
        assert loss == pytest.approx(loss_of(weights, lists))
        expected = approx_fprime(weights, lambda weights: loss_of(weights, lists))
        assert gradient == pytest.approx(expected, abs=1e-5)


def test_lists_without_a_right_row_are_left_out() -> None:
    lists = planted([1.0, -1.0], 20)
    lost = (np.full((3, 2), 9.0), np.zeros(3, dtype=bool))
    empty = (np.zeros((0, 2)), np.zeros(0, dtype=bool))
    assert fit_weights([lost, *lists, empty]).tolist() == fit_weights(lists).tolist()


@pytest.mark.parametrize(
    "lists", [[], [(np.ones((3, 2)), np.zeros(3, dtype=bool))], [(np.zeros((0, 2)), np.zeros(0, dtype=bool))]]
)
def test_lists_without_any_right_row_are_refused(lists: Lists) -> None:
    with pytest.raises(ValueError, match="no question has a right sentence among its candidates"):
        fit_weights(lists)


def test_large_values_neither_overflow_nor_lose_the_right_row() -> None:
    table = np.array([[1e4, 0.0], [0.0, 1.0]])
    assert np.isfinite(fit_weights([(table, np.array([False, True]))])).all()
    assert fitting.PENALTY > 0
