"""Which sentences an answer takes: the best one, and others where one alone plainly is half an answer.

Another is taken where the question asks for two things and the best sentence offers but one ("when and
where"), or where it asks for a list that the best sentence only begins. A sentence that does not answer
costs more than one that is missing: in doubt, one is enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from articleqa.answering.lists import more_of_a_list
from articleqa.evidence.answer_type_matching import TYPED, offered
from articleqa.evidence.candidates import Candidates
from articleqa.evidence.topical_overlap import is_about
from articleqa.question.analysis import AnswerType, Question
from articleqa.question.subquestions import Subquestion, asks_for_a_list, subquestions_of

MOST = 3
"""Sentences that an answer has at most, beside a line that announces a list."""

LOOKED_AT = 10
"""Best sentences among which a second one is looked for."""

FAINT, PLAIN = 0.5, 0.9
"""Below `FAINT` a sentence does not offer a kind of answer; from `PLAIN` on it surely does."""

FAINT_NUMBER = 0.7
"""The same for a number, of which half is left where it counts something else, as a year does."""

_POINTS_BACK = regex.compile(
    r"(?i)^\W*(?:as a (?:result|consequence)|(?:because|as a result) of (?:this|that|these)"
    r"|for (?:this|that|these) reasons?|therefore|thus|hence|consequently|accordingly|so,"
    r"|(?:that|this) is why)"
)
_BLANK_LINE = regex.compile(r"\n\s*\n|\r\s*\r")
_TOO_COMMON = (AnswerType.DEFINITION, AnswerType.EXPANSION, AnswerType.MANNER)
"""Kinds that too many sentences seem to offer."""


def answering_rows(candidates: Candidates, ranked: Sequence[int]) -> list[int]:
    """Return those rows of `ranked`, best first, that together answer; the best of them always.

    `ranked` are rows of `candidates`. What is returned depends on no score, only on their order.
    """
    chosen = list(ranked[:1])
    if not chosen:
        return chosen
    asks = subquestions_of(candidates.question)
    if len(asks) > 1:
        for ask in asks:
            chosen += _answers_to(ask, candidates, ranked, chosen)
    elif asks_for_a_list(candidates.question):
        # A line that only announces the list is not one of its sentences.
        announced = candidates[chosen[0]].plain.rstrip().endswith(":") or candidates[chosen[0]].lead_ins
        most = MOST if announced else MOST - 1
        return chosen + more_of_a_list(candidates, ranked, most)
    return chosen[:MOST]


def _answers_to(
    ask: Subquestion, candidates: Candidates, ranked: Sequence[int], chosen: Sequence[int]
) -> list[int]:
    """Return the sentence that gives what `ask` asks for and none of `chosen` gives; none in doubt."""
    kind = ask.question.expected
    if kind not in TYPED or kind in _TOO_COMMON:
        return []
    faint = FAINT_NUMBER if kind is AnswerType.NUMBER else FAINT
    if any(_offers(ask.question, candidates[row].plain) >= faint for row in chosen):
        return []
    best = chosen[0]
    if kind is AnswerType.CAUSE and _POINTS_BACK.match(candidates[best].plain):
        before = best - 1
        return [before] if before not in chosen and _in_one_paragraph(candidates, before, best) else []
    return [
        row
        for row in ranked[1:LOOKED_AT]
        if row not in chosen
        and _offers(ask.question, candidates[row].plain) >= PLAIN
        and is_about(ask.about, candidates, row, best)
    ][:1]


def _in_one_paragraph(candidates: Candidates, row: int, following: int) -> bool:
    """Say whether two rows are neighbours with no blank line between them."""
    if not candidates.are_neighbours(row, following):
        return False
    first, second = candidates[row], candidates[following]
    return _BLANK_LINE.search(first.article.text, first.end, second.start) is None


def _offers(question: Question, sentence: str) -> float:
    """Return how surely `sentence` offers what is asked for; "as a result" tells no cause by itself."""
    pointing = _POINTS_BACK.match(sentence) if question.expected is AnswerType.CAUSE else None
    behind = pointing.end() if pointing else 0
    return max((m.strength for m in offered(question, sentence) if m.start >= behind), default=0.0)
