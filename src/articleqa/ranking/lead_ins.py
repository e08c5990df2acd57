"""Lines that introduce an answer but do not answer: a list's opening line, a question in the text.

Such a line repeats the question's words and so ranks high, but the answer is an item of the list, or the
sentence after the question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from articleqa.arrays import Float64Array
from articleqa.evidence.candidates import Candidates


def led_in(candidates: Candidates) -> Mapping[int, list[int]]:
    """Return the rows that each lead-in line introduces, in reading order.

    The opening line of a list introduces the items of the list, unless it is a whole sentence. A sentence
    that is a question introduces the next one, unless that is a question too.
    """
    rows = {(sentence.article_id, sentence.span): row for row, sentence in enumerate(candidates)}
    found: dict[int, list[int]] = defaultdict(list)
    for row, sentence in enumerate(candidates):
        above = rows.get((sentence.article_id, sentence.lead_ins[-1])) if sentence.lead_ins else None
        if above is not None and candidates.sentence_forms[above].open_ended:
            found[above].append(row)
    for row, surface in enumerate(candidates.sentence_forms):
        behind = row + 1
        goes_on = candidates.are_neighbours(row, behind) and not candidates.sentence_forms[behind].asks
        if surface.asks and goes_on and row not in found:
            found[row] = [behind]
    return found


def with_led_in_first(candidates: Candidates, scores: Float64Array) -> tuple[Float64Array, Mapping[int, int]]:
    """Return `scores` (n,) with the best introduced row ahead of its lead-in line, and the rows swapped."""
    found = scores.copy()
    stands_for: dict[int, int] = {}
    for line, rows in sorted(led_in(candidates).items()):
        best = rows[int(np.argmax(found[rows]))]
        if found[line] > found[best]:
            found[line], found[best] = found[best], found[line]
            stands_for[line], stands_for[best] = stands_for.get(best, best), stands_for.get(line, line)
    return found, stands_for
