"""Types of numpy arrays that many modules use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
Float64Array = NDArray[np.float64]
Places = NDArray[np.intp]
"""Positions in another array: rows, columns, or numbers of its elements."""
