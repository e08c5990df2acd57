"""Questions and answers in transcripts: a question becomes the heading of its answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from articleqa.language import LAYOUT
from articleqa.language.word_lists import any_of
from articleqa.models import BlockKind
from articleqa.text.endings import ends_question
from articleqa.text.plain.units import Unit

QUESTION_LEVEL = 9
"""The level of a question as a heading: deeper than any section."""

_NUMBER = r"[ ]?\d{0,3}[ ]?[:.)]\s+"
_QUESTIONER = regex.compile(any_of(*LAYOUT.questioners) + _NUMBER, regex.IGNORECASE)
_ANSWERER = regex.compile(any_of(*LAYOUT.answerers) + _NUMBER, regex.IGNORECASE)
_SPEAKER = regex.compile(r"(\p{Lu}[\p{L}.'’ -]{0,39}?)[ ]?:\s+\S")
_LONGEST_QUESTION = 600


def with_questions_as_headings(text: str, units: Sequence[Unit]) -> list[Unit]:
    """Return `units` with each question of a transcript as the heading of its answer.

    "Q: ... ?" above "A: ..." is such a question, and so is what one speaker asks above another speaker's
    words. The marker "A:" is not part of the answer; a speaker's name is.
    """
    made = [*units]
    content = [number for number, unit in enumerate(units) if unit.kind is not BlockKind.BOILERPLATE]
    for asked, answered in pairwise(content):
        question, answer = units[asked], units[answered]
        if answer.kind is not BlockKind.PROSE or question.kind not in (BlockKind.PROSE, BlockKind.HEADING):
            continue
        if question.end - question.start > _LONGEST_QUESTION:
            continue
        said = text[question.start : question.end]
        if not ends_question(said):
            continue
        mark = _ANSWERER.match(text, answer.start, answer.end)
        if _QUESTIONER.match(said) and mark:
            made[asked] = question._replace(kind=BlockKind.HEADING, level=QUESTION_LEVEL)
            made[answered] = answer._replace(start=mark.end())
            continue
        speaker, other = _SPEAKER.match(said), _SPEAKER.match(text, answer.start, answer.end)
        if speaker and other and speaker[1] != other[1]:
            made[asked] = question._replace(kind=BlockKind.HEADING, level=QUESTION_LEVEL)
    return made
