"""Which sentences an answer takes: the best one, and others where one alone plainly is half an answer.

Another is taken where the question asks for two things and the best sentence offers but one ("when and
where"), or where it asks for a list that the best sentence only begins. A sentence that does not answer
costs more than one that is missing: in doubt, one is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import regex

from articleqa.answering.asks import Ask, asks_for_a_list, asks_of
from articleqa.answering.candidates import Candidates, Floats
from articleqa.answering.offers import TYPED, offered
from articleqa.answering.question import AnswerType, Question

MOST = 3
"""Sentences that an answer has at most."""

LOOKED_AT = 10
"""Best sentences among which a second one is looked for."""

FAINT, PLAIN = 0.5, 0.9
"""Below `FAINT` a sentence does not offer a kind of answer; from `PLAIN` on it surely does."""

AS_WELL = 0.6
"""What a sentence must say of what is asked, as a share of what the best one says, to be about the same."""

EQUALLY = 0.95
"""The same for one that adds to a list from elsewhere: it must say the same of something else."""

_POINTS_BACK = regex.compile(
    r"(?i)^\W*(?:as a (?:result|consequence)|(?:because|as a result) of (?:this|that|these)"
    r"|for (?:this|that|these) reasons?|therefore|thus|hence|consequently|accordingly|so,|(?:that|this) is why)"
)
_GOES_ON = regex.compile(
    r"(?i)^\W*(?:additionally|in addition|also|moreover|furthermore|besides|likewise|similarly|finally|lastly"
    r"|another|others?|(?:the|a) (?:second|third|fourth|last|final|others?)|second(?:ly)?|third(?:ly)?|next"
    r"|so (?:too )?(?:did|do|does|was|were|is|are|has|have)|(?:\w+ ){1,4}also)\b"
)
_UNNAMED = (AnswerType.DEFINITION, AnswerType.EXPANSION, AnswerType.MANNER)
"""Kinds that too many sentences seem to offer."""


def answering_rows(candidates: Candidates, ranked: Sequence[int]) -> list[int]:
    """Return those rows of `ranked`, best first, that together answer; the best of them always.

    `ranked` are rows of `candidates`. What is returned depends on no score, only on their order.
    """
    chosen = list(ranked[:1])
    if not chosen:
        return chosen
    asks = asks_of(candidates.question)
    if len(asks) > 1:
        for ask in asks:
            chosen += _answers_to(ask, candidates, ranked, chosen)
    elif asks_for_a_list(candidates.question):
        chosen += _more_of_a_list(candidates, ranked)
    return list(dict.fromkeys(chosen))[:MOST]


def _answers_to(ask: Ask, candidates: Candidates, ranked: Sequence[int], chosen: Sequence[int]) -> list[int]:
    """Return the sentence that gives what `ask` asks for and none of `chosen` gives; none in doubt."""
    kind = ask.question.expected
    if kind not in TYPED or kind in _UNNAMED:
        return []
    if any(_offers(ask.question, candidates[row].text) >= FAINT for row in chosen):
        return []
    best = chosen[0]
    if kind is AnswerType.CAUSE and _POINTS_BACK.match(candidates[best].text) and candidates[best].number:
        return [best - 1]
    said, whole = _said(candidates, ask.about), candidates.share(candidates.meant)
    return [
        row
        for row in ranked[1:LOOKED_AT]
        if row not in chosen
        and _offers(ask.question, candidates[row].text) >= PLAIN
        and said[row] >= AS_WELL * max(said[best], AS_WELL)
        and (_are_neighbours(candidates, row, best) or whole[row] >= AS_WELL * whole[best])
    ][:1]


def _offers(question: Question, sentence: str) -> float:
    """Return how surely `sentence` offers what is asked for; "as a result" tells no cause by itself."""
    pointing = _POINTS_BACK.match(sentence) if question.expected is AnswerType.CAUSE else None
    behind = pointing.end() if pointing else 0
    return max((m.strength for m in offered(question, sentence) if m.start >= behind), default=0.0)


def _said(candidates: Candidates, about: frozenset[str]) -> Floats:
    """Return how much of the terms `about` each sentence says, or borrows by a pronoun: 0 to 1."""
    wanted = np.array([term in about for term in candidates.question.terms], dtype=bool)
    weights = candidates.weights * wanted
    total = float(weights.sum())
    return (candidates.meant * weights).sum(axis=1) / total if total else np.zeros(len(candidates))


def _are_neighbours(candidates: Candidates, row: int, other: int) -> bool:
    return abs(row - other) == 1 and candidates.passage_of[row] == candidates.passage_of[other]


def _more_of_a_list(candidates: Candidates, ranked: Sequence[int]) -> list[int]:
    """Return the sentences with which the list of the best one goes on, here or elsewhere."""
    best = ranked[0]
    return list(_items_under(candidates, best)) or [
        *_list_around(candidates, best),
        *_same_elsewhere(candidates, ranked),
    ]


def _items_under(candidates: Candidates, best: int) -> Iterator[int]:
    """Yield what stands under a sentence that ends in a colon."""
    if candidates[best].text.rstrip().endswith(":"):
        for row in range(best + 1, min(best + MOST, len(candidates))):
            if candidates.passage_of[row] == candidates.passage_of[best]:
                yield row


def _list_around(candidates: Candidates, best: int) -> list[int]:
    """Return the neighbours that the text itself joins to the best sentence ("They also ...")."""
    said = candidates.share(candidates.meant)

    def belongs(row: int) -> bool:
        return (
            0 <= row < len(candidates)
            and candidates.passage_of[row] == candidates.passage_of[best]
            and bool(said[row] >= AS_WELL * said[best])
        )

    found: list[int] = []
    row = best
    while _GOES_ON.match(candidates[row].text) and belongs(row - 1):
        row -= 1
        found.append(row)
    row = best + 1
    while belongs(row) and _GOES_ON.match(candidates[row].text):
        found.append(row)
        row += 1
    return found


def _same_elsewhere(candidates: Candidates, ranked: Sequence[int]) -> Iterator[int]:
    """Yield the next best sentences as long as they say as much of the question, of others."""
    question = candidates.question
    said = candidates.share(candidates.meant)
    known = set(candidates[ranked[0]].terms)
    for row in ranked[1:MOST]:
        new = [
            mention
            for mention in offered(question, candidates[row].text)
            if mention.strength >= PLAIN and mention.terms and mention.terms.isdisjoint(known)
        ]
        if not new or said[row] < EQUALLY * said[ranked[0]]:
            return
        known.update(candidates[row].terms)
        yield row
