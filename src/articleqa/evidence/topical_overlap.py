"""Whether one sentence is about what another is about."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from articleqa.evidence.candidates import Candidates
from articleqa.evidence.sentence_form import sentence_form
from articleqa.evidence.term_matching import BORROWED

AS_WELL = 0.6
"""What a sentence must say of what is asked, as a share of what the best one says, to be about the same."""


def is_about(about: Set[str], candidates: Candidates, row: int, best: int) -> bool:
    """Say whether the sentence in `row` speaks of `about`, and of what the best one speaks of.

    A name that the best sentence has must be there, be it by a pronoun.
    """
    terms = candidates.question.terms
    names = candidates.names & np.array([term in about for term in terms], dtype=bool)
    has = candidates.matches.matched >= min(BORROWED.values())
    if (names & has[best] & ~has[row]).any():
        return False
    soft_overlap = candidates.matches.soft_overlap  # what it borrows by a pronoun counts
    said, whole = candidates.share(soft_overlap, about), candidates.share(soft_overlap)
    near = candidates.are_neighbours(row, best)
    wanted = enough(candidates, row) if near else AS_WELL
    return bool(
        said[row] >= wanted * max(said[best], AS_WELL) and (near or whole[row] >= AS_WELL * whole[best])
    )


def enough(candidates: Candidates, row: int) -> float:
    """Return `AS_WELL`, or half of it for a sentence that leaves half to the one before ("They also")."""
    return AS_WELL / 2 if sentence_form(candidates[row].plain).leans else AS_WELL
