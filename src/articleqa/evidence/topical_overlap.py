"""Whether two sentences are about the same thing."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from articleqa.evidence.candidates import Candidates
from articleqa.evidence.sentence_form import sentence_form
from articleqa.evidence.term_matching import BORROWED

AS_WELL = 0.6
"""The share of the best sentence's match with the question that a sentence needs to be about the same."""


def is_about(about: Set[str], candidates: Candidates, row: int, best: int) -> bool:
    """Return whether the sentence in `row` is about the terms `about` and the topic of the best sentence.

    It must have every name in `about` that the best sentence has, if only through a pronoun.
    """
    terms = candidates.question.terms
    names = candidates.names & np.array([term in about for term in terms], dtype=bool)
    has = candidates.matches.matched >= min(BORROWED.values())
    if (names & has[best] & ~has[row]).any():
        return False
    soft_overlap = candidates.matches.soft_overlap  # includes names borrowed through a pronoun
    said, whole = candidates.share(soft_overlap, about), candidates.share(soft_overlap)
    near = candidates.are_neighbours(row, best)
    wanted = enough(candidates, row) if near else AS_WELL
    return bool(
        said[row] >= wanted * max(said[best], AS_WELL) and (near or whole[row] >= AS_WELL * whole[best])
    )


def enough(candidates: Candidates, row: int) -> float:
    """Return `AS_WELL`, or half of it if the sentence depends on the one before it ("They also")."""
    return AS_WELL / 2 if sentence_form(candidates[row].plain).leans else AS_WELL
