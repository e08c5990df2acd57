"""Headings that are set with space between their letters: "A N N E X" is one word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from articleqa.loaders.pdf.lines import Row
from articleqa.loaders.pdf.words import Word

_FEWEST = 5
"""Minimum letters of a heading; fewer may be initials, or the heads of columns."""

_WIDEST = 1.0
"""Maximum gap between two letters of a word, in font sizes."""

_BETWEEN_WORDS = 1.8
"""A gap this many times as wide as the narrowest one is between two words."""


def with_whole_words(row: Row) -> Row:
    """Return `row` with the capitals that are set apart from each other as words."""
    if sum(map(_is_capital, row)) < _FEWEST:
        return row
    joined: Row = []
    for run in _runs(row):
        letters = [word.text for word in run]
        is_heading = len(run) >= _FEWEST and len(set(letters)) > 1 and not _is_alphabet(letters)
        joined += _words_of(run) if is_heading else run
    return joined


def _is_capital(word: Word) -> bool:
    return len(word.text) == 1 and word.text.isupper()


def _runs(row: Row) -> Iterator[Row]:
    """Yield the capitals that stand close to each other together, and the other words one by one."""
    run: Row = []
    for word in row:
        is_next = run and word.size == run[-1].size and 0 <= word.left - run[-1].right <= _WIDEST * word.size
        if run and not (is_next and _is_capital(word) and _is_capital(run[-1])):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_alphabet(letters: list[str]) -> bool:
    """Return whether letters follow each other as the choices of a question or the columns of a table do."""
    return all(ord(after) - ord(letter) == 1 for letter, after in pairwise(letters))


def _words_of(run: Row) -> Iterator[Word]:
    gaps = [after.left - letter.right for letter, after in pairwise(run)]
    widest = _BETWEEN_WORDS * min(gaps)
    word = [run[0]]
    for letter, gap in zip(run[1:], gaps, strict=True):
        if gap > widest:
            yield _joined(word)
            word = []
        word.append(letter)
    yield _joined(word)


def _joined(letters: Row) -> Word:
    text = "".join(letter.text for letter in letters)
    orders = tuple(letter.order for letter in letters)
    return letters[0]._replace(text=text, right=letters[-1].right, drawn=orders)
