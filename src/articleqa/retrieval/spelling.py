"""Spelling suggestions: the terms of the articles that are nearest to a given term."""

from __future__ import annotations

from collections.abc import Iterable

from articleqa.nltk_parts import nltk_module

SHORTEST = 4
"""Shorter terms have too many neighbours for a good guess."""

LONGEST = 40
"""Longer terms are not words, and comparing them takes time quadratic in their length."""


def nearest(term: str, vocabulary: Iterable[str]) -> list[str]:
    """Return the terms of `vocabulary` within one or two edits of `term`, nearest first.

    Edits are those of Damerau (1964): insert, delete, replace, swap neighbours. Terms of up to five letters
    may differ by one edit, longer ones by two. The first letter must agree, because spelling mistakes rarely
    touch it. Terms with digits get no suggestions and are never suggested: another year is not a misspelling.
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
        # Each edit changes at most one letter in each set.
        and len(set(word) ^ set(term)) <= 2 * allowed
    ]
    edit_distance = nltk_module("nltk.metrics.distance").edit_distance
    ranked = sorted((edit_distance(term, word, transpositions=True), word) for word in near)
    return [word for distance, word in ranked if distance <= allowed]
