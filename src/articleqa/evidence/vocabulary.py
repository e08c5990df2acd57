"""The vocabulary of a question and some texts: positions, word vectors and similarities of terms."""

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
"""How cosines of word vectors become similarities; see `Vocabulary.likeness`."""


class Vocabulary:
    """The distinct terms of a question and of some texts, each with a position.

    Position 0 belongs to no term. The question's q terms have the positions 1 to q, in order, and the other
    terms those after them. With V terms in all, arrays have the shapes (1 + V,) and (q, 1 + V).
    """

    def __init__(self, asked: Sequence[str], texts: Iterable[Sequence[str]]) -> None:
        """Collect the distinct terms of `asked`, then those of `texts`."""
        self.asked = len(asked)
        distinct = dict.fromkeys(chain(("",), asked, chain.from_iterable(texts)))
        self._place = dict(zip(distinct, count(), strict=False))

    def places_of(self, terms: Iterable[str]) -> Places:
        """Return the position of each of `terms`, which must all be in the vocabulary.

        Raises:
            KeyError: a term is neither in the question nor in the texts.
        """
        return np.fromiter(map(self._place.__getitem__, terms), dtype=np.intp)

    def laid_out(self, texts: Sequence[Sequence[str]]) -> tuple[Places, Places]:
        """Return the positions of all texts' terms in one array, and where each text starts in it.

        Each text starts with position 0, so that none is empty: numpy cannot reduce an empty range.
        """
        ends = np.cumsum([1 + len(text) for text in texts], dtype=np.intp)
        places = self.places_of(chain.from_iterable(chain(("",), text) for text in texts))
        return places, np.concatenate([[0], ends[:-1]]) if texts else ends

    def which(self, terms: Iterable[str]) -> NDArray[np.bool_]:
        """Return for each position whether its term is one of `terms`: (1 + V,)."""
        found = np.zeros(len(self._place), dtype=bool)
        found[[self._place[term] for term in terms if term in self._place]] = True
        return found

    @cached_property
    def content(self) -> NDArray[np.bool_]:
        """Which positions have content terms or terms of the question: (1 + V,)."""
        content = ~self.which(stop_terms())
        content[: 1 + self.asked] = True
        content[0] = False
        return content

    @cached_property
    def numbers(self) -> NDArray[np.int32]:
        """The number of each content term's word vector, -1 if it has none: (1 + V,)."""
        return np.where(self.content, numbers_of(self._place), np.int32(-1))

    @cached_property
    def vectors(self) -> Matrix:
        """The word vectors of the content terms: (1 + V, 128)."""
        return vectors_at(self.numbers)

    @cached_property
    def likeness(self) -> Float64Array:
        """How similar each of the question's terms is to the term at each position: (q, 1 + V).

        It is 1 for the same term. For other terms it rises in a straight line from 0 at a cosine of `UNLIKE`
        to `MOST_ALIKE` at a cosine of `LIKE`. Words below `UNLIKE` have little to do with each other, and
        words above `LIKE` mean nearly the same.
        """
        cosines = cosines_of(self.vectors[1 : 1 + self.asked], self.vectors)
        partly: Float64Array = MOST_ALIKE * np.clip((cosines - UNLIKE) / (LIKE - UNLIKE), 0.0, 1.0).astype(
            float
        )
        same = np.arange(self.asked)
        partly[same, 1 + same] = 1.0
        return partly
