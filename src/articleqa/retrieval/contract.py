"""What a retriever promises. It only chooses candidates; every feature is computed above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


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
    """Passages by key, ranked by BM25 (k1 = 1.2, b = 0.75, idf = ln(1 + (N - df + 0.5) / (df + 0.5)))."""

    def add(self, passages: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Add passages as (key, terms).

        Raises:
            ValueError: a key is already there; nothing is added then.
        """

    def remove(self, keys: Iterable[str]) -> None:
        """Remove passages.

        Raises:
            KeyError: a key is not there; nothing is removed then.
        """

    def search(self, terms: Iterable[str], k: int) -> list[tuple[str, float]]:
        """Return the best `k` passages with their scores, the best first.

        Each holds at least one of `terms`; a term given twice counts once. All passages that tie with
        the last are returned too, so that the caller can order ties as it likes.
        """

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """Return the counts that BM25 needs for `terms`."""

    def similar_terms(self, term: str) -> list[str]:
        """Return terms of the passages that are spelt much like `term`, the nearest first."""
