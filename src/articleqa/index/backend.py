"""The protocol of an index's backend: a store of articles and passages, and the retriever that finds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from articleqa.index.upserts import Changes
from articleqa.models import Article
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.protocol import Searchable


class Backend(Searchable, Protocol):
    """A store and its retriever, which change together."""

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles."""

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
