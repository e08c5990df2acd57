"""Matrix products in pieces small enough for BLAS to keep each on one thread.

OpenBLAS, numpy's default, shares out a product of more than 2^18 multiplications among all processors.
At the sizes met here that gains nothing, and where the processors are busy each product waits for them:
ten times as long, measured. The pieces also make the result independent of the number of processors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST = 1 << 18
"""Multiplications of one piece."""


def matmul(rows: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `rows @ weights`, of the shapes (n, k) and (k, m); rows should be the longer side."""
    if rows.shape[0] * weights.size <= MOST:
        return np.asarray(rows @ weights)
    step = max(1, MOST // weights.size)
    found = np.empty((rows.shape[0], weights.shape[1]), dtype=np.float32)
    for start in range(0, rows.shape[0], step):
        np.matmul(rows[start : start + step], weights, out=found[start : start + step])
    return found
