"""A sentence's words as network input, independent of the question: terms, offsets and form marks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.text.terms import tokens

LONGEST = 80
"""How many words of a sentence are read."""


class Marks(NamedTuple):
    """A word's marks of form, in this order.

    It begins with a capital; begins with a digit; is all capitals; is a stop word; is a figure of four
    digits; stands before a comma; stands before another mark that ends a clause; stands after an opening
    bracket, a quotation mark or a currency sign; stands before a closing quotation mark or a per cent sign;
    or begins the sentence, with nothing before it.
    """

    capital: bool
    digit: bool
    all_capitals: bool
    stop_word: bool
    four_digits: bool
    before_comma: bool
    before_clause_end: bool
    after_opening: bool
    before_closing: bool
    first: bool


MARKS = Marks._fields
"""The names of the marks, in column order."""


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The first `LONGEST` words of a sentence, or one empty word if it has none.

    `terms` has the first term of each word, `starts` and `ends` their offsets in the sentence. `marks`,
    (words, `MARKS`), is 1 where a word has the mark.
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
    marks: list[Marks] = []
    for token in tokens(sentence):
        if len(terms) == LONGEST:
            break
        word = sentence[token.start : token.end]
        before, after = sentence[token.start - 1 : token.start], sentence[token.end : token.end + 1]
        terms.append(token.terms[0])
        places.append((token.start, token.end))
        marks.append(
            Marks(
                capital=word[0].isupper(),
                digit=word[0].isdigit(),
                all_capitals=len(word) > 1 and word.isupper(),
                stop_word=token.is_stop,
                four_digits=len(word) == 4 and word.isdigit(),
                before_comma=after == ",",
                before_clause_end=after != "" and after in ".;:!?)",
                after_opening=before != "" and before in "(\"“'$£€",
                before_closing=after != "" and after in '"”%',
                first=token.start == 0,
            )
        )
    if not terms:
        return SentenceWords(
            ("",), np.zeros(1, np.int32), np.zeros(1, np.int32), np.zeros((1, len(MARKS)), np.float32)
        )
    spans = np.array(places, dtype=np.int32)
    return SentenceWords(tuple(terms), spans[:, 0], spans[:, 1], np.array(marks, dtype=np.float32))
