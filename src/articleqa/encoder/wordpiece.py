"""WordPiece tokenizer, as used by BERT's uncased models.

Wu et al. 2016, "Google's Neural Machine Translation System": each word is cut from left to right into the
longest pieces of the vocabulary; pieces inside a word begin with "##". A test compares the pieces with those
of the library `tokenizers`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

UNKNOWN, START, SEPARATOR, PADDING = "[UNK]", "[CLS]", "[SEP]", "[PAD]"

_CONTROL = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ASCII_WORD = re.compile(r"[a-z0-9]+|[^a-z0-9\s]")

LONGEST_WORD = 100
"""A word with more characters becomes one unknown piece."""


class Piece(NamedTuple):
    """A word piece: its number in the vocabulary, and where its word starts and ends, in code points."""

    number: int
    start: int
    end: int


class WordPieces:
    """Cuts text into the pieces of a vocabulary."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Take the pieces; the number of each is its position in `vocabulary`."""
        self.numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self.unknown = self.numbers[UNKNOWN]
        self._pieces_of = lru_cache(maxsize=50_000)(self._cut)
        self._numbers_in = lru_cache(maxsize=50_000)(self._cut_all)

    def cut(self, text: str) -> list[Piece]:
        """Return the pieces of `text`, in order."""
        return [
            Piece(number, start, end) for word, start, end in words(text) for number in self._pieces_of(word)
        ]

    def numbers_of(self, text: str) -> list[int]:
        """Return the numbers of the pieces of `text`."""
        # No word goes on past a space, and most of what is between spaces has been met before.
        parts = text.split(" ")
        if len(text) <= LONGEST_WORD or len(max(parts, key=len)) <= LONGEST_WORD:
            return list(chain.from_iterable(map(self._numbers_in, parts)))
        # Longer parts are not kept: their number is not limited by that of words.
        return [
            number
            for part in parts
            for number in (self._numbers_in if len(part) <= LONGEST_WORD else self._cut_all)(part)
        ]

    def _cut_all(self, text: str) -> tuple[int, ...]:
        return tuple(number for word, _, _ in words(text) for number in self._pieces_of(word))

    def _cut(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self.unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self.numbers.get(prefix + word[start:end])
                if number is not None:
                    break
            else:
                return (self.unknown,)
            found.append(number)
            start = end
        return tuple(found)


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words and punctuation marks of `text`, each with its start and end.

    They are in lower case and without accents.
    """
    if text.isascii() and not _CONTROL.search(text):
        yield from ((found[0], found.start(), found.end()) for found in _ASCII_WORD.finditer(text.lower()))
        return
    word, start, end = "", 0, 0
    for place, character in enumerate(text):
        plain = _plain(character)
        if plain is None:
            if word:
                yield word, start, end
                word = ""
            continue
        for letter in plain:
            if _stands_alone(letter):
                if word:
                    yield word, start, end
                    word = ""
                yield letter, place, place + 1
            else:
                if not word:
                    start = place
                word += letter
                end = place + 1
    if word:
        yield word, start, end


@cache
def _plain(character: str) -> str | None:
    """Return a character in lower case, without accents: "" if nothing is left, None for white space."""
    if character in "\t\n\r":
        return None
    if character in "\0\ufffd" or unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs"):
        return ""
    if character.isspace():
        return None
    plain = (c.lower() for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn")
    return "".join(plain)


@cache
def _stands_alone(letter: str) -> bool:
    """Return whether a character is a word of its own: punctuation, or a Chinese character."""
    code = ord(letter)
    if code < 128:
        return not letter.isalnum()
    return unicodedata.category(letter).startswith("P") or any(
        first <= code <= last for first, last in _CHINESE
    )


_CHINESE = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
"""The Unicode blocks whose characters BERT's tokenizer takes as Chinese, each a word of its own."""
