"""Similarity in meaning between terms, by the word vectors that the package ships.

The vectors are all-MiniLM-L6-v2's (Apache-2.0) for single words, reduced by PCA and stored in 8 bits;
`python -m articleqa.training.data_files.word_vectors` makes them. They are only looked up; no model runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from articleqa.data import data_path, read_data
from articleqa.lexicon.matmul import matmul

Matrix = NDArray[np.float32]

DIMENSIONS = 128
"""The number of dimensions of a word vector."""

NEIGHBOURS = 10
SYNONYM_COSINE = 0.45
"""How many nearest terms are stored for each term, and the lowest cosine at which they count as synonyms."""

NO_NEIGHBOUR = 65_535
"""Fills the unused places of `_neighbours`."""


@cache
def _rows() -> dict[str, int]:
    """The row of each term that has a vector."""
    return {term: row for row, term in enumerate(read_data("word_vectors.txt").split())}


@cache
def _table() -> NDArray[np.int8]:
    """The vectors for `_rows`, memory-mapped, each of a length of about 127 (only its direction counts)."""
    table: NDArray[np.int8] = np.load(data_path("word_vectors.npy"), mmap_mode="r", allow_pickle=False)
    return table.view(np.ndarray)  # indexing a `memmap` itself takes twice as long


def vectors(terms: Sequence[str]) -> Matrix:
    """Return a unit vector for each of `terms`, one per row; zeros for a term without a vector."""
    return vectors_at(numbers_of(terms))


def numbers_of(terms: Iterable[str]) -> NDArray[np.int32]:
    """Return for each term its row in the table of vectors; -1 for a term without a vector."""
    return np.fromiter(map(_rows().get, terms, repeat(-1)), dtype=np.int32)


def vectors_at(rows: NDArray[np.int32]) -> Matrix:
    """Return the unit vector for each number from `numbers_of`; zeros for -1."""
    found = _table()[np.maximum(rows, 0)].astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", found, found))
    return np.asarray(found * ((rows >= 0) / lengths)[:, None], dtype=np.float32)


def cosines_of(rows: Matrix, columns: Matrix) -> Matrix:
    """Return the cosine of each unit vector in `rows` with each in `columns`; negative ones become 0."""
    # Rounded, because the last bits differ between processors and must not decide anything.
    return np.asarray(np.round(np.maximum(matmul(columns, rows.T).T, 0.0), 4), dtype=np.float32)


def similarities(terms: Sequence[str], others: Sequence[str]) -> Matrix:
    """Return the cosine of each of `terms` (rows) with each of `others` (columns); 1 for equal terms.

    A term without a vector has the cosine 0 with every other term; negative cosines become 0.
    """
    cosines = cosines_of(vectors(terms), vectors(others))
    places = {term: column for column, term in enumerate(others)}
    for row, term in enumerate(terms):
        if term in places:
            cosines[row, places[term]] = 1.0
    return cosines


@cache
def _neighbours() -> NDArray[np.uint16]:
    """The rows of each term's nearest terms, nearest first; `NO_NEIGHBOUR` where there is no other."""
    table: NDArray[np.uint16] = np.load(data_path("word_neighbours.npy"), mmap_mode="r", allow_pickle=False)
    return table.view(np.ndarray)


def synonyms(term: str) -> tuple[str, ...]:
    """Return up to `NEIGHBOURS` synonyms of a term, nearest first."""
    row = _rows().get(term)
    if row is None:
        return ()
    return tuple(_names()[near] for near in _neighbours()[row].tolist() if near != NO_NEIGHBOUR)


@cache
def _names() -> tuple[str, ...]:
    return tuple(_rows())
