"""What a retriever promises. It only chooses candidates; every feature is computed above it."""

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

    `average_length` is in terms (0.0 without passages); `document_frequencies` says, for each term
    asked about, in how many passages it stands (0 where in none).
    """

    passages: int
    average_length: float
    document_frequencies: Mapping[str, int]


class Retriever(Protocol):
    """Passages by key, ranked by BM25 (k1 = 1.2, b = 0.75, idf = ln(1 + (N - df + 0.5) / (df + 0.5))).

    How passages come into it is its own affair: `MemoryRetriever.add`, `retrieval.tantivy.SearchWriter`.
    """

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        """Return the best `k` passages with their scores, the best first.

        Each holds at least one of `terms`; a term given twice counts once. Where a filter is given, each
        is of an article that it allows, while scores stay those among all passages. All that tie with
        the last are returned too, so that the caller can order ties as it likes, and where scores are not
        exact, all that could be among the best by exact ones.
        """

    def has_any(self, wanted: Filter) -> bool:
        """Say whether there is a passage of an article that a filter allows."""

    def keys(self, wanted: Filter) -> set[str]:
        """Return the keys of all passages of the articles that a filter allows."""

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """Return the counts that BM25 needs for `terms`."""

    def similar_terms(self, term: str) -> list[str]:
        """Return terms of the passages that are spelt much like `term`, the nearest first."""


class Searchable(Protocol):
    """What a search needs of an index: a store, the retriever of its passages, and their vectors."""

    @property
    def store(self) -> Store:
        """The articles and passages."""

    @property
    def retriever(self) -> Retriever:
        """What finds the passages of `store`, by their keys."""

    def vectors(self) -> VectorIndex | None:
        """Return the vectors of all passages, in the order of the store; None where a passage has none.

        None too where onnxruntime is not installed: no question could be compared with them.
        """
