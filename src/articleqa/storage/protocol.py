"""The protocol of a store, which holds articles and their passages in memory or on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from articleqa.models import Article
from articleqa.passages import AnalysedPassage

T = TypeVar("T")


VECTORS_UP_TO = 10_000
"""The most passages for which vectors are made by default.

The encoder takes about 60 ms of processor time for each (measured on those of `seeds/`, on a busy machine).
"""


class PassageTerms(NamedTuple):
    """The terms of a passage, and what breaks ties: the order of its article and its start in the article."""

    key: str
    order: int
    start: int
    terms: Sequence[str]


class Store(Protocol):
    """Read access to articles and their passages; each passage has a key, by which retrievers name it."""

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles by id, in the order in which they were added."""

    def titles(self) -> dict[str, str]:
        """Return the title of each article by id, in the order in which they were added."""

    def order_of(self, article_id: str) -> int:
        """Return a number that is greater for an article that was added later."""

    def passages_at(self, keys: Sequence[str]) -> list[AnalysedPassage]:
        """Return the passages with these keys, in the order of the keys; unknown keys are skipped."""

    def terms_at(self, keys: Sequence[str]) -> list[PassageTerms]:
        """Return the terms of the passages with these keys, context first; unknown keys are skipped.

        This costs less than reading the passages themselves.
        """

    def copies_of(self, passage: AnalysedPassage) -> Sequence[AnalysedPassage]:
        """Return the passages equal to `passage`, including itself, in the order in which they were added.

        Two passages are equal if each sentence of one equals the corresponding sentence of the other after
        folding case, space and punctuation. A passage with another number, name or byline is not a copy.
        Titles and headings are not compared.
        """

    def consistently(self, read: Callable[[], T]) -> T:
        """Return what `read` returns; everything that it reads in this thread comes from one state.

        `read` is called again if the index changed too much meanwhile.

        Raises:
            IndexBusyError: the index keeps changing.
        """
