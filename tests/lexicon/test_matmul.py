"""Matrix products in pieces: the product, whatever its shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from articleqa.lexicon.matmul import MOST, matmul


def normal(seed: int, *shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def close(rows: NDArray[np.float32], weights: NDArray[np.float32]) -> bool:
    found = matmul(rows, weights)
    assert found.shape == (len(rows), weights.shape[1])
    assert found.dtype == np.float32
    whole = rows.astype(np.float64) @ weights.astype(np.float64)
    # The bound is relative to what is summed, whose signs may cancel out.
    size = np.abs(rows).astype(np.float64) @ np.abs(weights).astype(np.float64)
    return bool((np.abs(found - whole) <= 1e-5 * size).all())


@given(st.integers(0, 300), st.integers(1, 64), st.integers(1, 64), st.integers(0, 2**32 - 1))
def test_a_product_is_the_product_for_any_shapes(n: int, k: int, m: int, seed: int) -> None:
    assert close(normal(seed, n, k), normal(seed + 1, k, m))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(-2, 2), st.integers(0, 3))
def test_a_product_is_the_product_around_the_limit_of_a_piece(k: int, m: int, off: int, more: int) -> None:
    step = max(1, MOST // (k * m))
    # Kept small: narrow weights make pieces of very many rows.
    n = max(0, (1 + more) * step + off) if step < 20_000 else step + off
    assert close(normal(k, n, k), normal(m, k, m))


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_weights_larger_than_a_piece_take_a_row_at_a_time(off: int) -> None:
    rows, weights = normal(0, 3, MOST // 64 + off), normal(1, MOST // 64 + off, 64)
    assert close(rows, weights)


@pytest.mark.parametrize(("k", "m"), [(1, 1), (128, 300), (MOST, 2), (3, 0)])
def test_no_rows_give_no_rows(k: int, m: int) -> None:
    assert matmul(normal(0, 0, k), normal(1, k, m)).shape == (0, m)


def test_rows_of_no_columns_give_zeros() -> None:
    assert matmul(normal(0, 4, 0), normal(0, 0, 3)).tolist() == [[0.0] * 3] * 4


def test_no_piece_takes_more_multiplications_than_stay_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    real = np.matmul

    def noting(rows, weights, out):  # type: ignore[no-untyped-def]
        taken.append(len(rows))
        return real(rows, weights, out=out)

    monkeypatch.setattr(np, "matmul", noting)
    rows, weights = normal(0, 1000, 32), normal(1, 32, 64)
    assert close(rows, weights)
    assert sum(taken) == len(rows)
    assert max(taken) * weights.size <= MOST
    assert len(taken) == -(-len(rows) * weights.size // MOST)
