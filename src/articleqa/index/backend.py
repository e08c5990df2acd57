"""The protocol of an index's backend: a store of articles and passages, and the retriever over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from articleqa.index.upserts import Changes
from articleqa.models import Article
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.protocol import Searchable


class Backend(Searchable, Protocol):
    """A store of articles and its retriever; every change is made to both."""

    @property
    def folder(self) -> Path | None:
        """The folder of an index on disk; None for one in memory."""

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles."""

    def add(self, articles: Iterable[Article], *, replacing: bool) -> Changes:
        """Add articles; see `ArticleIndex.add` and, for `replacing`, `ArticleIndex.update`."""

    def remove(self, ids: Sequence[str]) -> None:
        """Remove the articles with these ids."""

    def ids_from_file(self, file: Path) -> list[str]:
        """Return the ids of the articles that came from a file."""

    def ids_of_missing_files(self, folder: Path) -> list[str]:
        """Return the ids of the articles whose files below `folder` no longer exist."""

    def refresh(self) -> None:
        """Make changes visible that other processes have committed since the last call."""

    def close(self) -> None:
        """Close all open files of the index, including those that other threads opened."""
