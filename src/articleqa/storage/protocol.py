"""The protocol of a store, which holds articles and their passages in memory, on disk or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar, runtime_checkable

from articleqa.models import Article
from articleqa.passage_text import PassageText
from articleqa.passages import AnalysedPassage

T = TypeVar("T")


VECTORS_UP_TO = 10_000
"""The most passages for which vectors are made by default.

The encoder takes about 60 ms of processor time for each (measured on those of `seeds/`, on a busy machine).
"""


@dataclass(slots=True)
class Document:
    """A passage as a store holds it: its key, its terms (context first), and what breaks ties.

    `order` is greater for an article that was added later; `start` is where the passage starts in it. `read`
    returns the passage itself: the scores of many documents are computed, and few of them are read.
    """

    key: str
    order: int
    start: int
    terms: Sequence[str]
    read: Callable[[], AnalysedPassage]
    _passage: AnalysedPassage | None = field(default=None, init=False)

    @property
    def passage(self) -> AnalysedPassage:
        """The passage, which is read only once.

        Raises:
            IndexDamagedError: it does not match its checksum.
        """
        if self._passage is None:
            self._passage = self.read()
        return self._passage


class KnownArticle(NamedTuple):
    """What decides whether an article with the same id is unchanged or may replace this one.

    `source` is the article's, `file` the real path of the file that it came from (`storage.files.file_of`),
    and `checksum` that of all its fields (`storage.checksums`).
    """

    source: str
    file: str
    checksum: bytes


class Store(Protocol):
    """Read access to articles and their passages; each passage has a key, by which retrievers name it.

    A question calls `documents_at`, `copies_of` and `texts_at`, each with many keys at once. A store that is
    far away may keep what it has read until `consistently` returns.
    """

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles by id, in the order in which they were added."""

    def titles(self) -> dict[str, str]:
        """Return the title of each article by id, in the order in which they were added."""

    def documents_at(self, keys: Sequence[str]) -> list[Document]:
        """Return the passages with these keys, in any order; unknown keys are skipped."""

    def copies_of(self, passages: Sequence[AnalysedPassage]) -> list[Sequence[Document]]:
        """Return for each passage the passages equal to it, itself included, in the order of their articles.

        Two passages are equal if each sentence of one equals the corresponding sentence of the other after
        folding case, space and punctuation (`storage.digests`). A passage with another number, name or byline
        is not a copy. Titles and headings are not compared.
        """

    def texts_at(self, keys: Sequence[str]) -> Mapping[str, PassageText]:
        """Return by key the texts of passages whose documents were read before.

        Raises:
            IndexDamagedError: a text has changed since it was added, or is missing.
        """

    def consistently(self, read: Callable[[], T]) -> T:
        """Return what `read` returns; everything that it reads in this thread comes from one state.

        `read` is called again if the index changed too much meanwhile.

        Raises:
            IndexBusyError: the index keeps changing.
        """


@runtime_checkable
class KnowsPassages(Protocol):
    """A store that can read the passages of one article."""

    def passages_of(self, article_id: str) -> list[AnalysedPassage]:
        """Return an article's passages in reading order."""
