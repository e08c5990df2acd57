"""Subquestions: whether a question asks for one thing, several at once ("when and where"), or a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import compress, islice, pairwise

import regex

from articleqa.question.analysis import Question, analyse_question

_ASKING = r"(?:who|whom|whose|when|where|why|how|what|which)"
_PREPOSITION = r"(?:(?:by|for|in|at|on|to|from|with|since|until|after) )?"
_HELPING = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|must|should|may|might)(?:n['’]t)?"
)
_FURTHER = regex.compile(
    # "when and where", "who, when and why", "who was it, when and where"
    rf"(?<=\b{_ASKING}(?:,? and|,) )(?P<ask>{_PREPOSITION}{_ASKING})\b"
    rf"|,? (?P<ask>{_PREPOSITION}{_ASKING})(?=,? and {_PREPOSITION}{_ASKING}\W*$)"
    # "... and why?", "... and in which year?"
    rf"|,? and (?P<ask>{_PREPOSITION}(?:{_ASKING}|(?:what|which|how)(?: \w+){{1,2}}))(?=\W*$)"
    # "... and why did it?", "... and how many workers were there?", "... and who led it?"
    rf"|,? and (?P<ask>{_PREPOSITION}(?:{_ASKING}|(?:what|which|how)(?: \w+){{1,3}}) {_HELPING}|who \w+)\b"
)
"""Where a question begins to ask for something else. A clause ("and how it treats them") does not count."""

_BARE = regex.compile(rf"{_PREPOSITION}(?:{_ASKING}|(?:what|which|how)(?: \w+){{1,2}})")
"""A part that has no content of its own ("and why"), and so asks about what the other parts name."""

_LOOSE_END = regex.compile(r"(?i)(?:[\s,?!.]|\band\b)++$")
_STARTS = regex.compile(rf"^\W*{_PREPOSITION}{_ASKING}\b")

_NO_PLURAL = r"(?:is|was|does|has|this|its|his|hers|us|as|causes|makes|happens|means|\w+(?:ss|us|is|['’]s))"
_PLURAL = rf"(?!{_NO_PLURAL}\b)(?:\p{{L}}{{2,}}s|people|men|women|children)"
_LIST = regex.compile(
    # "which countries ratified it", "which trade unions protested", "what demands did they make"; but
    # "which law provides" asks for one
    rf"\bwhich(?: of (?:the|its|their|his|her))? {_PLURAL}\b"
    rf"|\bwhich(?: (?!{_HELPING}\b)\w+){{1,2}} {_PLURAL} (?:{_HELPING}|\w+ed)\b"
    rf"|\bwhat(?: (?!{_HELPING}\b)\w+){{0,2}} {_PLURAL} {_HELPING}\b"
    # "what are the demands of the workers", but not "what are the workers afraid of"
    rf"|\b(?:what|who) (?:are|were) (?:the|its|their|his|her)(?: [\w'’]+){{0,2}} {_PLURAL}"
    r"(?=\W*$| (?:of|that|who|which|in|on|for|to|from|against|behind)\b)"
    rf"|^\W*(?:please )?(?:name|list)(?: \w+){{0,4}} {_PLURAL}\b"
)
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
    # "When" alone cannot be told apart from "when it rains", so it gets a verb.
    alone = [
        analyse_question(f"{part} was it?" if is_bare else part)
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
