"""The terms of some passages, and how nearly each says each of a question's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from articleqa.text.terms import stop_terms
from articleqa.text.word_vectors import Matrix, cosines_of, numbers_of, vectors, vectors_at

Floats = NDArray[np.float64]

UNLIKE, LIKE = 0.25, 0.75
MOST_ALIKE = 0.9
"""How cosines of word vectors become likenesses; see `Vocabulary.likeness`."""


class Vocabulary:
    """The content terms of texts, each with a place from 1 on; place 0 is nobody's.

    V terms and q terms of the question give arrays of (1 + V) and (q, 1 + V).
    """

    def __init__(self, terms: Iterable[str], asked: Sequence[str]) -> None:
        """Take the distinct ones of `terms`; stop words only where they are `asked`."""
        left_out = stop_terms().difference(asked)
        content = (term for term in dict.fromkeys(terms) if term not in left_out)
        self._asked = asked
        self._place = {term: place for place, term in enumerate(content, start=1)}

    def places_of(self, terms: Sequence[str]) -> NDArray[np.intp]:
        """Return the place of each term; 0 for one that is not in the vocabulary."""
        return np.array([self._place.get(term, 0) for term in terms], dtype=np.intp)

    def places_in(self, texts: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
        """Return the places of the texts' terms, one text after the other, and where each text starts.

        Each starts with place 0, so that none is empty; terms without a place are left out.
        """
        places: list[int] = []
        starts: list[int] = []
        for terms in texts:
            starts.append(len(places))
            places.append(0)
            places.extend(filter(None, map(self._place.get, terms)))
        return places, starts

    def meant_by(self, texts: Sequence[Sequence[str]]) -> Floats:
        """Return how nearly each text says each of the question's terms: (texts, q)."""
        places, starts = self.places_in(texts)
        return np.asarray(np.maximum.reduceat(self.likeness[:, places], starts, axis=1).T)

    @cached_property
    def numbers(self) -> NDArray[np.int32]:
        """The numbers of the word vectors of the terms at each place, -1 without one: (1 + V,)."""
        return np.concatenate([[-1], numbers_of(tuple(self._place))]).astype(np.int32)

    @cached_property
    def vectors(self) -> Matrix:
        """The word vectors of the terms at each place: (1 + V, 128)."""
        return vectors_at(self.numbers)

    @cached_property
    def likeness(self) -> Floats:
        """How alike each of the question's terms is to the term at each place: (q, 1 + V).

        1 for the same term, else from 0 at a cosine of `UNLIKE` in a straight line to `MOST_ALIKE` at
        one of `LIKE`: below lie words that have little to do with each other, above words that mean
        nearly the same.
        """
        cosines = cosines_of(vectors(self._asked), self.vectors)
        for row, term in enumerate(self._asked):
            if term in self._place:
                cosines[row, self._place[term]] = 1.0
        partly = MOST_ALIKE * np.clip((cosines - UNLIKE) / (LIKE - UNLIKE), 0.0, 1.0)
        return np.where(cosines >= 1.0, 1.0, partly)
