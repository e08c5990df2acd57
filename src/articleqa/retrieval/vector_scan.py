"""Search by meaning that compares a question with the vectors of all sentences, as one machine does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from articleqa.arrays import Float64Array
from articleqa.encoder.vectors import VectorIndex, Vectors
from articleqa.filters import Filter
from articleqa.retrieval.protocol import Retriever


class VectorScan:
    """A `MeaningSearch` over the vectors of all passages of `retriever`."""

    def __init__(self, index: VectorIndex, retriever: Retriever, question: Callable[[], Vectors]) -> None:
        """Compare with the vector of a question, which `question` returns once it is needed."""
        self._index = index
        self._retriever = retriever
        self._question = question

    def prepare(self, k: int, wanted: Filter | None = None) -> None:
        """See `MeaningSearch.prepare`; all vectors are here."""

    def nearest(self, k: int, wanted: Filter | None = None) -> list[str]:
        """See `MeaningSearch.nearest`."""
        among = None if wanted is None else self._retriever.keys(wanted)
        return self._index.nearest(self._cosines, k, among)

    def cosines_of(self, keys: Sequence[str]) -> Mapping[str, Float64Array]:
        """See `MeaningSearch.cosines_of`; passages without vectors are left out."""
        by_key = self._index.by_key(self._cosines)
        return {key: by_key[key] for key in keys if key in by_key}

    @cached_property
    def _cosines(self) -> Float64Array:
        return self._index.cosines(self._question())
