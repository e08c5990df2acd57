"""What holds articles and their passages, in memory or on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from articleqa.models import Article
from articleqa.passages import AnalysedPassage

T = TypeVar("T")


VECTORS_UP_TO = 10_000
"""Passages up to which vectors are made unasked.

The encoder takes about 60 ms of processor time for each (those of `seeds/`, on a busy machine).
"""


class PassageTerms(NamedTuple):
    """What ranks a passage: its terms, and the order of its article and its place in it, for ties."""

    key: str
    order: int
    start: int
    terms: Sequence[str]


class Store(Protocol):
    """Articles and their passages, for reading; each passage has a key, which retrievers find it by."""

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles by id, in the order in which they were added."""

    def order_of(self, article_id: str) -> int:
        """Return a number that is greater for articles that were added later."""

    def passages_at(self, keys: Sequence[str]) -> list[AnalysedPassage]:
        """Return the passages with these keys; keys that have none are left out."""

    def terms_at(self, keys: Sequence[str]) -> list[PassageTerms]:
        """Return the terms of the passages with these keys, context first; keys that have none are left out.

        It costs less than the passages themselves.
        """

    def copies_of(self, passage: AnalysedPassage) -> Sequence[AnalysedPassage]:
        """Return the passages equal to `passage`, itself among them, in the order they were added.

        Two are equal where each sentence of one equals the same sentence of the other after folding case,
        space and punctuation; one that has another number, name or byline is no copy. Titles and headings
        do not count.
        """

    def consistently(self, read: Callable[[], T]) -> T:
        """Return what `read` returns; all that it reads in this thread is of one moment.

        It is called again where the index changed too much meanwhile.

        Raises:
            IndexBusyError: it changes all the time.
        """
