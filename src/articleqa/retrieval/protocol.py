"""The protocol of a retriever. It only chooses candidate passages; features are computed elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from articleqa.filters import Filter, Traits
from articleqa.storage.protocol import Store

if TYPE_CHECKING:
    from articleqa.arrays import Float64Array
    from articleqa.encoder.vectors import Vectors

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
    """Finds passages, named by keys, by BM25 (k1 = 1.2, b = 0.75, idf = ln(1 + (N - df + 0.5) / (df + 0.5))).

    A method that cannot be carried out raises one of this package's exceptions, never one of a library's:
    `IndexUnavailableError` if the retriever cannot be reached or does not answer in time, so that an answer
    never abstains because of it; `IndexDamagedError`, `IndexBusyError` or `IndexWriteError` for the rest.
    """

    @property
    def has_own_order(self) -> bool:
        """Whether `search` orders passages by more than BM25, for example by a model of its own.

        If not, the search computes exact BM25 scores of what was found, and orders it by these.
        """

    def add(
        self, article: str, passages: Iterable[tuple[str, Sequence[str]]], traits: Traits = NO_TRAITS
    ) -> None:
        """Add the passages of an article, given as (key, terms), context first; `traits` are the article's.

        `article` is the article's name in the store: its id or a number. The passages can be found once the
        change of the backend is complete.
        """

    def remove(self, articles: Iterable[str]) -> None:
        """Remove the passages of the articles with these names."""

    def search(self, terms: Iterable[str], k: int, wanted: Filter | None = None) -> list[tuple[str, float]]:
        """Return the keys of the best `k` passages with their scores, best first.

        Each passage contains at least one of `terms`; a repeated term counts once. With the filter `wanted`,
        only passages of articles that it allows are returned; their scores stay the same as without it.
        All passages that tie with the last are returned too, so that the caller can order ties as it likes. A
        retriever with inexact scores also returns all passages that could be among the best by exact scores.
        With an order of its own, exactly the first `k` are returned.
        """

    def has_any(self, wanted: Filter) -> bool:
        """Return whether there is a passage of an article that the filter allows."""

    def keys(self, wanted: Filter) -> set[str]:
        """Return the keys of all passages of the articles that the filter allows; for small indexes."""

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """Return the counts that BM25 needs for `terms`."""

    def similar_terms(self, terms: Sequence[str]) -> Mapping[str, list[str]]:
        """Return for each of `terms` the terms of the passages that are spelled similarly, nearest first."""


class MeaningSearch(Protocol):
    """Finds passages by the vectors of their sentences, for one question; see `encoder.vectors`."""

    def prepare(self, k: int, wanted: Filter | None = None) -> None:
        """Get ready for `nearest` with the same arguments; a remote index asks with its next request."""

    def nearest(self, k: int, wanted: Filter | None = None) -> list[str]:
        """Return the keys of the `k` passages with the sentences nearest to the question, nearest first."""

    def cosines_of(self, keys: Sequence[str]) -> Mapping[str, Float64Array]:
        """Return by key the cosines of the sentences of these passages with the question: (sentences,)."""


class Searchable(Protocol):
    """What a search needs from an index: a store, the retriever of its passages, and their vectors."""

    @property
    def store(self) -> Store:
        """The articles and passages."""

    @property
    def retriever(self) -> Retriever:
        """The retriever of the passages in `store`."""

    def by_meaning(self, question: Callable[[], Vectors], *, above: int = 0) -> MeaningSearch | None:
        """Return a search for the passages nearest to a question; None if any passage has no vectors.

        Also None if there are at most `above` passages, or if onnxruntime is not installed. `question`
        computes the question's vector, which takes a while, and is called only once the vector is needed.
        """
