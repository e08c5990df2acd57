"""Subquestions: whether a question asks for one thing, several at once ("when and where"), or a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import compress, islice, pairwise

import regex

from articleqa.language import LANGUAGE
from articleqa.question.analysis import Question, analyse_question

_FURTHER = regex.compile(LANGUAGE.questions.further)
_BARE = regex.compile(LANGUAGE.questions.bare)
_LOOSE_END = regex.compile(LANGUAGE.questions.loose_end)
_STARTS = regex.compile(LANGUAGE.questions.starts)
_LIST = regex.compile(LANGUAGE.questions.listing)

MAX_SUBQUESTIONS = 3
"""How many subquestions are distinguished at most."""

_LONGEST = 1_000
"""How many characters of a question are examined."""


@dataclass(frozen=True, slots=True)
class Subquestion:
    """One of the things that a question asks for.

    `question` is the whole question with the answer type of this part. `about` holds the terms that this part
    is about: its own, or all of the question's if it has none of its own ("and why?").
    """

    question: Question
    about: frozenset[str]


@lru_cache(maxsize=100)
def subquestions_of(question: Question) -> tuple[Subquestion, ...]:
    """Return the subquestions of `question` in order; a question that is not compound has one."""
    parts = _parts_of(question.text[:_LONGEST])
    if len(parts) == 1:
        return (Subquestion(question, frozenset(question.terms)),)
    bare = [_BARE.fullmatch(part.lower()) is not None for part in parts]
    alone = [
        analyse_question(LANGUAGE.questions.completed.format(part) if is_bare else part)
        for part, is_bare in zip(parts, bare, strict=True)
    ]
    framing = question.frame.union(
        *(ask.frame for ask in alone), *(ask.terms for ask in compress(alone, bare))
    )
    named = frozenset(question.terms) - framing
    return tuple(_ask(question, ask, named) for ask in alone)


def asks_for_a_list(question: Question) -> bool:
    """Return whether the question asks for several things of one kind ("which countries")."""
    return _LIST.search(question.text[:_LONGEST].lower()) is not None


def _parts_of(text: str) -> list[str]:
    """Split the text of a question where it begins to ask for something else."""
    lowered = text.lower()
    # A letter that becomes longer in lower case would shift all offsets after it.
    if len(lowered) != len(text) or not _STARTS.search(lowered):
        return [text]
    starts = [match.start("ask") for match in islice(_FURTHER.finditer(lowered), MAX_SUBQUESTIONS - 1)]
    return [_LOOSE_END.sub("", text[start:end]) for start, end in pairwise([0, *starts, len(text)])]


def _ask(question: Question, alone: Question, named: frozenset[str]) -> Subquestion:
    """Return `question` narrowed to what one of its parts, `alone`, asks for."""
    return Subquestion(
        replace(
            question,
            expected=alone.expected,
            frame=alone.frame,
            focus=alone.focus,
            asks_for_one_name=alone.asks_for_one_name,
        ),
        named.intersection(alone.terms) or named,
    )
