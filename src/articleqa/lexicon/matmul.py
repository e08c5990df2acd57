"""Matrix products in pieces small enough that BLAS computes each on one thread.

OpenBLAS, numpy's default, splits a product of more than 2^18 multiplications among all processors. At the
sizes used here that gains nothing, and if the processors are busy, each product waits for them: ten times as
long, measured. The pieces also make the result independent of the number of processors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST = 1 << 18
"""The most multiplications in one piece."""


def matmul(rows: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `rows @ weights`, of shapes (n, k) and (k, m); n should be the greater of n and m."""
    if rows.shape[0] * weights.size <= MOST:
        return np.asarray(rows @ weights)
    step = max(1, MOST // weights.size)
    found = np.empty((rows.shape[0], weights.shape[1]), dtype=np.float32)
    for start in range(0, rows.shape[0], step):
        np.matmul(rows[start : start + step], weights, out=found[start : start + step])
    return found
