"""The words of English, by which broken words are put together again."""

from __future__ import annotations

from articleqa.lexicon.word_frequencies import everyday_share
from articleqa.lexicon.word_vectors import numbers_of
from articleqa.text.terms import stop_terms, terms

_LIKELY = 0.3
""""Away" begins more sentences than "A way" does, though "way" is three times as frequent as "away"."""


def is_word(text: str) -> bool:
    """Return whether `text` is a word of English, whatever its case and inflection."""
    found = terms(text)
    return len(found) == 1 and (found[0] in stop_terms() or int(numbers_of(found)[0]) >= 0)


def is_likelier(text: str, rest: str) -> bool:
    """Return whether a word that begins with "A", "I" or "O" is likelier than this letter and `rest`."""
    if not rest[:1].islower():
        return False
    whole, parts = terms(text.casefold()), terms(rest)
    if len(whole) != 1 or len(parts) != 1:
        return False
    return whole[0] in stop_terms() or everyday_share(whole[0]) >= _LIKELY * everyday_share(parts[0])
