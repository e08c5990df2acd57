"""The terms of some texts, each with a place, and how nearly each says each of a question's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float64Array, Places
from articleqa.lexicon.word_vectors import Matrix, cosines_of, numbers_of, vectors_at
from articleqa.text.terms import stop_terms

UNLIKE, LIKE = 0.25, 0.75
MOST_ALIKE = 0.9
"""How cosines of word vectors become likenesses; see `Vocabulary.likeness`."""


class Vocabulary:
    """The distinct terms of a question and of texts, each with a place.

    Place 0 is nobody's; the question's q terms have the places 1 to q, in their order, and the others
    those behind them. With V terms in all, arrays are (1 + V) and (q, 1 + V).
    """

    def __init__(self, asked: Sequence[str], texts: Iterable[Sequence[str]]) -> None:
        """Take the distinct terms `asked`, and those of `texts`."""
        self.asked = len(asked)
        distinct = dict.fromkeys(chain(("",), asked, chain.from_iterable(texts)))
        self._place = dict(zip(distinct, count(), strict=False))

    def places_of(self, terms: Iterable[str]) -> Places:
        """Return the place of each of `terms`, which must be known.

        Raises:
            KeyError: a term is none of the question's, nor of the texts'.
        """
        return np.fromiter(map(self._place.__getitem__, terms), dtype=np.intp)

    def laid_out(self, texts: Sequence[Sequence[str]]) -> tuple[Places, Places]:
        """Return the places of the texts' terms, one text after the other, and where each text starts.

        Each starts with place 0, so that none is empty: numpy cannot reduce what is.
        """
        ends = np.cumsum([1 + len(text) for text in texts], dtype=np.intp)
        places = self.places_of(chain.from_iterable(chain(("",), text) for text in texts))
        return places, np.concatenate([[0], ends[:-1]]) if texts else ends

    def which(self, terms: Iterable[str]) -> NDArray[np.bool_]:
        """Say of each place whether its term is one of `terms`: (1 + V,)."""
        found = np.zeros(len(self._place), dtype=bool)
        found[[self._place[term] for term in terms if term in self._place]] = True
        return found

    @cached_property
    def content(self) -> NDArray[np.bool_]:
        """Which places have content terms, or stop words that are asked: (1 + V,)."""
        content = ~self.which(stop_terms())
        content[: 1 + self.asked] = True
        content[0] = False
        return content

    @cached_property
    def numbers(self) -> NDArray[np.int32]:
        """The number of each content term's word vector, -1 without one: (1 + V,)."""
        return np.where(self.content, numbers_of(self._place), np.int32(-1))

    @cached_property
    def vectors(self) -> Matrix:
        """The word vectors of the content terms: (1 + V, 128)."""
        return vectors_at(self.numbers)

    @cached_property
    def likeness(self) -> Float64Array:
        """How alike each of the question's terms is to the term at each place: (q, 1 + V).

        1 for the same term, else from 0 at a cosine of `UNLIKE` in a straight line to `MOST_ALIKE` at
        one of `LIKE`: below lie words that have little to do with each other, above words that mean
        nearly the same.
        """
        cosines = cosines_of(self.vectors[1 : 1 + self.asked], self.vectors)
        partly: Float64Array = MOST_ALIKE * np.clip((cosines - UNLIKE) / (LIKE - UNLIKE), 0.0, 1.0).astype(
            float
        )
        same = np.arange(self.asked)
        partly[same, 1 + same] = 1.0
        return partly
