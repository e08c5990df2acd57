"""The protocol of a retriever. It only chooses candidate passages; features are computed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from articleqa.filters import Filter, Traits
from articleqa.storage.protocol import Store

if TYPE_CHECKING:
    from articleqa.encoder.vectors import VectorIndex

NO_TRAITS = Traits()


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts over the live passages.

    `average_length` is in terms (0.0 without passages); `document_frequencies` maps each term asked for
    to the number of passages that contain it (0 if none does).
    """

    passages: int
    average_length: float
    document_frequencies: Mapping[str, int]


class Retriever(Protocol):
    """Ranks passages, named by keys, by BM25 (k1 = 1.2, b = 0.75, idf = ln(1 + (N - df + 0.5) / (df + 0.5))).

    The protocol does not say how passages are added; see `MemoryRetriever.add` and
    `retrieval.tantivy_writer.SearchWriter`.
    """

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        """Return the keys of the best `k` passages with their scores, best first.

        Each passage contains at least one of `terms`; a repeated term counts once. With the filter `wanted`,
        only passages of articles that it allows are returned; their scores stay the same as without it.
        All passages that tie with the last are returned too, so that the caller can order ties as it likes. A
        retriever with inexact scores also returns all passages that could be among the best by exact scores.
        """

    def has_any(self, wanted: Filter) -> bool:
        """Return whether there is a passage of an article that the filter allows."""

    def keys(self, wanted: Filter) -> set[str]:
        """Return the keys of all passages of the articles that the filter allows."""

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """Return the counts that BM25 needs for `terms`."""

    def similar_terms(self, term: str) -> list[str]:
        """Return terms of the passages that are spelled similarly to `term`, nearest first."""


class Searchable(Protocol):
    """What a search needs from an index: a store, the retriever of its passages, and their vectors."""

    @property
    def store(self) -> Store:
        """The articles and passages."""

    @property
    def retriever(self) -> Retriever:
        """The retriever of the passages in `store`."""

    def vectors(self) -> VectorIndex | None:
        """Return the vectors of all passages, in the order of the store; None if any passage has none.

        Also None if onnxruntime is not installed, because no question could be compared with them.
        """
