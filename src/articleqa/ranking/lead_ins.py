"""Lines that lead in an answer and are none: a list's opening line, a question that the text asks itself.

Such a line has the question's words, and so ranks high; what answers is an item of the list, or the
sentence behind the question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from articleqa.arrays import Float64Array
from articleqa.evidence.candidates import Candidates


def led_in(candidates: Candidates) -> Mapping[int, list[int]]:
    """Return for each row that leads in others which these are, in reading order.

    These are the items of a list for the line above it, unless that is a whole sentence; and for a sentence
    that asks, the next one, unless it asks too.
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
    """Return `scores` (n,) in which the best of what a line leads in stands before it, and what was traded.

    Where the line has the greater score, the two trade scores. The mapping names for each row that got
    another's score by this the row whose score it is.
    """
    found = scores.copy()
    stands_for: dict[int, int] = {}
    for line, rows in sorted(led_in(candidates).items()):
        best = rows[int(np.argmax(found[rows]))]
        if found[line] > found[best]:
            found[line], found[best] = found[best], found[line]
            stands_for[line], stands_for[best] = stands_for.get(best, best), stands_for.get(line, line)
    return found, stands_for
