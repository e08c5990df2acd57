"""What an index keeps: articles and passages in a store, and a retriever that finds the passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from articleqa.index.upserts import Changes
from articleqa.models import Article
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.protocol import Retriever
from articleqa.storage.protocol import Store

if TYPE_CHECKING:
    from articleqa.encoder.vectors import VectorIndex

VECTORS_UP_TO = 10_000
"""Passages up to which vectors are made unasked.

The encoder takes about 60 ms of processor time for each (those of `seeds/`, on a busy machine).
"""


class Backend(Protocol):
    """A store and its retriever, which change together."""

    @property
    def store(self) -> Store:
        """The articles and passages."""

    @property
    def retriever(self) -> Retriever:
        """What finds the passages of `store`, by their keys."""

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles."""

    def vectors(self) -> VectorIndex | None:
        """Return the vectors of all passages, in the order of the store; None where a passage has none.

        None too where onnxruntime is not installed: no question could be compared with them.
        """

    def add(self, articles: Iterable[Article], *, replacing: bool) -> Changes:
        """Add articles; see `ArticleIndex.add` and, for `replacing`, `ArticleIndex.update`."""

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles; all of them, or none where one is unknown."""

    def ids_from_file(self, file: Path) -> list[str]:
        """Return the ids of the articles that came from a file."""

    def ids_of_missing_files(self, folder: Path) -> list[str]:
        """Return the ids of the articles from files below `folder` that are not there any more."""

    def refresh(self) -> None:
        """See what was committed meanwhile."""

    def close(self) -> None:
        """Let go of the files that this thread has open."""
