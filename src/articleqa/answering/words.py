"""A sentence's words as the network reads them, whatever is asked: terms, places and marks of form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from articleqa.text.terms import tokens

LONGEST = 80
"""Words of a sentence that are read."""

MARKS = 10
"""Marks of form that a word has; see `SentenceWords`."""


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The first `LONGEST` words of a sentence; one at least, an empty one where it has none.

    `terms` holds the first term of each, `starts` and `ends` their places in the sentence. `marks`,
    (words, `MARKS`), are 1 where a word begins with a capital; begins with a digit; is all capitals; is
    a stop word; is a figure of four digits; stands before a comma; before another mark that ends a
    clause; after a bracket, a quotation mark or a currency; before a quotation mark or a per cent sign;
    or begins the sentence, with nothing before it.
    """

    terms: tuple[str, ...]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    marks: NDArray[np.float32]


@lru_cache(maxsize=20_000)
def words_of(sentence: str) -> SentenceWords:
    """Return the words of `sentence`."""
    terms: list[str] = []
    places: list[tuple[int, int]] = []
    marks: list[tuple[bool, ...]] = []
    for token in tokens(sentence):
        if len(terms) == LONGEST:
            break
        word = sentence[token.start : token.end]
        before, after = sentence[token.start - 1 : token.start], sentence[token.end : token.end + 1]
        terms.append(token.terms[0])
        places.append((token.start, token.end))
        marks.append(
            (
                word[0].isupper(),
                word[0].isdigit(),
                len(word) > 1 and word.isupper(),
                token.is_stop,
                len(word) == 4 and word.isdigit(),
                after == ",",
                after != "" and after in ".;:!?)",
                before != "" and before in "(\"“'$£€",
                after != "" and after in '"”%',
                token.start == 0,
            )
        )
    if not terms:
        return SentenceWords(
            ("",), np.zeros(1, np.int32), np.zeros(1, np.int32), np.zeros((1, MARKS), np.float32)
        )
    spans = np.array(places, dtype=np.int32)
    return SentenceWords(tuple(terms), spans[:, 0], spans[:, 1], np.array(marks, dtype=np.float32))
