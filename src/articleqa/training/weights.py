"""Fit the weights of a weighted sum to lists of candidates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array

PENALTY = 1e-3
"""Factor of the squared weights in the loss; without it, weights of rare features grow without bound."""


def fit_weights(lists: Sequence[tuple[Float64Array, NDArray[np.bool_]]]) -> Float64Array:
    """Return a weight for each column that puts the right rows of each list first.

    Each of `lists` is a table (rows, columns) and a mask of its right rows; lists without a right row are
    left out. The loss is -log of the share that the softmax over a list gives to its right rows (the top-one
    listwise loss of Cao et al. 2007), averaged over lists, plus a penalty on the squared weights. L-BFGS
    minimises it, starting from zeros.

    Raises:
        ValueError: no list has a right row.
    """
    from scipy.optimize import minimize

    told = [(table, right) for table, right in lists if right.any()]
    if not told:
        raise ValueError("no question has a right sentence among its candidates")
    rows = np.vstack([table for table, _ in told]).astype(np.float64)
    right = np.concatenate([right for _, right in told])
    sizes = np.array([len(table) for table, _ in told])
    starts = np.cumsum(sizes) - sizes
    list_of = np.repeat(np.arange(len(sizes)), sizes)

    def loss(weights: Float64Array) -> tuple[float, Float64Array]:
        scores = rows @ weights
        shares = np.exp(scores - np.maximum.reduceat(scores, starts)[list_of])
        right_shares = shares * right
        total = np.add.reduceat(shares, starts)
        total_right = np.add.reduceat(right_shares, starts)
        gradient = rows.T @ (shares / total[list_of] - right_shares / total_right[list_of])
        value = -float(np.log(total_right / total).mean()) + PENALTY * float(weights @ weights)
        return value, gradient / len(sizes) + 2 * PENALTY * weights

    return np.asarray(minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x)
