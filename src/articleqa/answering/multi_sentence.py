"""Which sentences make up an answer: the best one, and others if it is plainly only half an answer.

Another sentence is added if the question asks for two things and the best sentence offers only one ("when and
where"), or if it asks for a list that the best sentence only begins. A sentence that does not answer costs
more than a missing one, so in doubt the answer has one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from articleqa.answering.lists import more_of_a_list
from articleqa.evidence.answer_type_matching import TYPED, offered
from articleqa.evidence.candidates import Candidates
from articleqa.evidence.topical_overlap import is_about
from articleqa.language import LANGUAGE
from articleqa.language.answer_types import AnswerType
from articleqa.question.analysis import Question
from articleqa.question.subquestions import Subquestion, asks_for_a_list, subquestions_of

MOST = 3
"""How many sentences an answer has at most, not counting a line that announces a list."""

LOOKED_AT = 10
"""How many of the best sentences are searched for a second one."""

FAINT, PLAIN = 0.5, 0.9
"""Below `FAINT` a sentence does not offer an answer type; from `PLAIN` on it surely does."""

FAINT_NUMBER = 0.7
"""`FAINT` for a number, which has half its strength if it counts something else, as a year does."""

_POINTS_BACK = regex.compile(LANGUAGE.evidence.pointing_back)
_BLANK_LINE = regex.compile(r"\n\s*\n|\r\s*\r")
_TOO_COMMON = (AnswerType.DEFINITION, AnswerType.EXPANSION, AnswerType.MANNER)
"""Answer types that too many sentences seem to offer."""


def answering_rows(candidates: Candidates, ranked: Sequence[int]) -> list[int]:
    """Return the rows that answer together, the best one always among them.

    `ranked` are rows of `candidates`, best first. The result depends on this order alone, not on any score.
    """
    chosen = list(ranked[:1])
    if not chosen:
        return chosen
    asks = subquestions_of(candidates.question)
    if len(asks) > 1:
        for ask in asks:
            chosen += _answers_to(ask, candidates, ranked, chosen)
    elif asks_for_a_list(candidates.question):
        # A line that only announces the list does not count as one of the answer's sentences.
        announced = candidates[chosen[0]].plain.rstrip().endswith(":") or candidates[chosen[0]].lead_ins
        most = MOST if announced else MOST - 1
        return chosen + more_of_a_list(candidates, ranked, most)
    return chosen[:MOST]


def _answers_to(
    ask: Subquestion, candidates: Candidates, ranked: Sequence[int], chosen: Sequence[int]
) -> list[int]:
    """Return the sentence that gives what `ask` asks for if none of `chosen` does; empty if in doubt."""
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
    """Return whether two rows are neighbours with no blank line between them."""
    if not candidates.are_neighbours(row, following):
        return False
    first, second = candidates[row], candidates[following]
    return _BLANK_LINE.search(first.passage_text.between(first.end, second.start)) is None


def _offers(question: Question, sentence: str) -> float:
    """Return how strongly `sentence` offers what is asked for; "as a result" alone does not state a cause."""
    pointing = _POINTS_BACK.match(sentence) if question.expected is AnswerType.CAUSE else None
    behind = pointing.end() if pointing else 0
    return max((m.strength for m in offered(question, sentence) if m.start >= behind), default=0.0)
