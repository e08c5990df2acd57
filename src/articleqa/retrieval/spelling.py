"""The nearest spellings of a term among those that the articles use."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 4
"""Shorter terms have too many neighbours to guess at."""

LONGEST = 40
"""Longer ones are no words, and comparing them takes their length squared."""


def nearest(term: str, vocabulary: Iterable[str]) -> list[str]:
    """Return the terms of `vocabulary` within an edit or two of `term`, the nearest first.

    Edits are those of Damerau (1964): insert, delete, replace, swap neighbours; one for terms of up to
    five letters, two for longer ones. The first letter must agree, which spelling mistakes rarely
    touch, and terms with digits are left alone: another year is no misspelling.
    """
    if not SHORTEST <= len(term) <= LONGEST or not term.isalpha():
        return []
    allowed = 1 if len(term) <= 5 else 2
    near = [
        word
        for word in vocabulary
        if word[0] == term[0]
        and abs(len(word) - len(term)) <= allowed
        and word.isalpha()
        and word != term
        # Each edit changes at most one letter of either set.
        and len(set(word) ^ set(term)) <= 2 * allowed
    ]
    from nltk.metrics.distance import edit_distance

    ranked = sorted((edit_distance(term, word, transpositions=True), word) for word in near)
    return [word for distance, word in ranked if distance <= allowed]
