"""Near copies of sentences: a word or a dateline differs, but no number, name or negation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import regex

from articleqa.language import LANGUAGE
from articleqa.text.folding import fold
from articleqa.text.terms import terms

MIN_TERM_OVERLAP = 0.85
"""Share of the terms of the longer of two sentences that both must have: one word in seven may differ."""

NEGATION = regex.compile(LANGUAGE.words.negation)
"""Words that negate or deny."""

_KEY_TERMS = 4
_NUMBER = regex.compile(r"[\p{N}][\p{N}.,:/]*+(?<=\p{N})")
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}\p{N}]*+")
_DATELINE = regex.compile(
    r"^\P{L}{0,3}(?=[^–—]{0,60}?(?:\p{Lu}{3}|[(,]))"
    r"(?:[\p{Lu}\p{N}(]\S{0,30}+[ \t]++){1,8}?(?:[–—-]|--)[ \t]++"
)
"""The dateline that opens a report of a news agency: "LONDON, 3 May (Reuters) - "."""


class Sentence:
    """A sentence to compare with others; what is derived from its text is computed on first use."""

    def __init__(self, text: str, sentence_terms: tuple[str, ...]) -> None:
        """Store the text of the sentence and its terms, stop words included."""
        self._text = text
        self._terms = sentence_terms

    def keys(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield two keys, the first and the last four terms; only sentences that share a key are compared."""
        yield "begins", self._terms[:_KEY_TERMS]
        yield "ends", self._terms[-_KEY_TERMS:]

    def is_nearly(self, other: Sentence) -> bool:
        """Return whether both say the same, apart from a dateline or one word in seven that is not a name."""
        return self._folded == other._folded or (
            self._is_like(other) and self._distinguishing_marks == other._distinguishing_marks
        )

    def contradicts(self, other: Sentence) -> bool:
        """Return whether both are alike except for a number, a name or a negation."""
        return self._is_like(other) and self._distinguishing_marks != other._distinguishing_marks

    def _is_like(self, other: Sentence) -> bool:
        longer = max(len(self._set), len(other._set))
        return longer > 0 and len(self._set & other._set) >= MIN_TERM_OVERLAP * longer

    @cached_property
    def _folded(self) -> str:
        return fold(self._text)

    @cached_property
    def _dateline(self) -> str:
        found = _DATELINE.match(self._text)
        return found[0] if found else ""

    @cached_property
    def _set(self) -> frozenset[str]:
        return frozenset(self._terms[len(terms(self._dateline)) if self._dateline else 0 :])

    @cached_property
    def _distinguishing_marks(self) -> tuple[list[str], set[str], int]:
        """Return the numbers, the capitalised words (names, perhaps) and the count of negations."""
        told = self._text[len(self._dateline) :]
        return sorted(_NUMBER.findall(told)), set(_NAME.findall(told)), len(NEGATION.findall(told))


class NearlyEqual:
    """Groups of near copies: each sentence has the number of the first one that says nearly the same."""

    def __init__(self) -> None:
        """Start without sentences."""
        self._firsts: dict[tuple[str, tuple[str, ...]], list[tuple[int, Sentence]]] = {}
        self._count = 0

    def number_of(self, sentence: Sentence) -> int:
        """Return the number of the first near copy of `sentence`, or a new number if there is none."""
        keys = list(sentence.keys())
        for key in keys:
            for number, first in self._firsts.get(key, ()):
                if sentence.is_nearly(first):
                    return number
        number, self._count = self._count, self._count + 1
        for key in keys:
            self._firsts.setdefault(key, []).append((number, sentence))
        return number
