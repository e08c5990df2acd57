"""The protocol of an index's backend: a store of articles and passages, and the retriever over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, runtime_checkable

from articleqa.index.upserts import BackendWriter
from articleqa.models import Model
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.protocol import Searchable


class Backend(Searchable, Protocol):
    """A store of articles and its retriever; every change is made to both.

    It must be possible to pickle a backend: `ArticleIndex.ask_many` sends it to other processes.
    """

    @property
    def folder(self) -> Path | None:
        """The folder of an index on disk; None for any other."""

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """All passages, in the order of their articles."""

    def writing(self) -> AbstractContextManager[BackendWriter]:
        """Return a context manager that makes this the only writer, and yields what changes the index.

        Which articles are added, replaced or refused is decided above it, in `index.upserts`.

        Raises:
            IndexWriteError: the index cannot be written to.
            IndexBusyError: another writer is at work.
        """

    def ids_from_file(self, file: Path) -> list[str]:
        """Return the ids of the articles that came from a file."""

    def ids_of_missing_files(self, folder: Path) -> list[str]:
        """Return the ids of the articles whose files below `folder` no longer exist."""

    def refresh(self) -> None:
        """Make changes visible that other processes have committed since the last call."""

    def close(self) -> None:
        """Close all open files and connections of the index, including those that other threads opened."""


class IndexWarning(UserWarning):
    """An index was made, but lacks something that it has elsewhere."""


class Repair(Model):
    """The result of a repair: how many articles it saved, and the ids of those that were lost."""

    articles: int
    lost: tuple[str, ...]


@runtime_checkable
class Checkable(Protocol):
    """A backend that checks and repairs itself; an index on disk is checked by `index.check`."""

    def problems(self) -> list[str]:
        """Return what is wrong with the index, one line each; nothing if it is undamaged."""

    def repair(self) -> Repair:
        """Rebuild the index from its undamaged articles."""


@runtime_checkable
class FillsVectors(Protocol):
    """A backend that makes vectors of passages that were added without."""

    def lacking_vectors(self) -> int:
        """Return how many passages have no vectors."""

    def fill_vectors(self, step: Callable[[], None]) -> None:
        """Make the vectors of all passages that have none; call `step` after each passage."""


@runtime_checkable
class Limited(Protocol):
    """A backend that may lack something that others have, and so find less."""

    @property
    def limitation(self) -> str | None:
        """What it cannot do, and why, for people; None if nothing."""


@runtime_checkable
class Describable(Protocol):
    """A backend that says more of itself than its size."""

    def about(self) -> Mapping[str, str]:
        """Return names and values for people: the size, the format and the like."""
