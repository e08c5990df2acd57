"""Mentions in a sentence that match the answer type and are not already in the question."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import regex

from articleqa.evidence.answer_type_patterns import Mention, mentions_of
from articleqa.language import LANGUAGE
from articleqa.language.answer_types import AnswerType
from articleqa.lexicon.word_vectors import synonyms
from articleqa.question.analysis import Question
from articleqa.text.terms import tokens

TYPED = tuple(kind for kind in AnswerType if kind not in (AnswerType.YES_NO, AnswerType.THING))
"""Answer types that patterns can detect in a sentence; any sentence may answer the others."""


_TIME_UNITS = {unit: regex.compile(pattern) for unit, pattern in LANGUAGE.evidence.time_units.items()}
_HOW = regex.compile(LANGUAGE.evidence.measured)
_AGED = regex.compile(LANGUAGE.evidence.aged)

A_NAME = 0.9
"""The strength from which a mention is a name rather than one capitalised word or a common noun."""


HALF = 0.5
"""The factor for the strength of a number that counts something else."""


def offered(question: Question, sentence: str) -> tuple[Mention, ...]:
    """Return the sentence's mentions that have the answer type of `question` and are not in the question.

    A number has half its strength if it counts neither the noun asked for ("how many workers") nor a unit of
    the measure asked for ("how old"). A name that follows the office asked for ("who is the president") has a
    strength of 1.5 instead of 1. If only a name will do, common nouns are left out, and so are names that
    share a term with the question.
    """
    if question.expected not in TYPED:
        return ()
    known = frozenset(question.terms)
    mentions = mentions_of(sentence, question.expected)
    if question.expected is AnswerType.DEFINITION:
        return mentions  # a definition names the thing that it defines
    if question.expected is AnswerType.EXPANSION:
        return tuple(mention for mention in mentions if mention.terms <= known)
    new = tuple(mention for mention in mentions if not mention.terms or not mention.terms <= known)
    if question.expected is AnswerType.TIME:
        units = [pattern for unit, pattern in _TIME_UNITS.items() if unit in question.frame]
        return tuple(mention for mention in new if all(pattern.search(mention.text) for pattern in units))
    if question.expected is AnswerType.PERSON:
        # "President Smith" names the president that the question asks for.
        new = tuple(
            replace(mention, strength=1.5) if mention.strength == 1.0 and mention.terms & known else mention
            for mention in new
        )
    if question.asks_for_one_name and question.expected in (AnswerType.PERSON, AnswerType.NAME):
        return tuple(
            mention
            for mention in new
            if mention.strength > 1.0 or (mention.strength >= A_NAME and mention.terms.isdisjoint(known))
        )
    counted = counted_by(question)
    if counted:
        return tuple(
            mention
            if _counts(mention, sentence, counted)
            else replace(mention, strength=mention.strength * HALF)
            for mention in new
        )
    return new


def counted_by(question: Question) -> frozenset[str]:
    """Return the terms that a number may count to answer `question`; empty if it may count anything."""
    if question.expected is not AnswerType.NUMBER:
        return frozenset()
    how = _HOW.search(question.text)
    measured = LANGUAGE.evidence.measures[how[1].lower()] if how else frozenset[str]()
    return question.focus.union(*(synonyms(term) for term in question.focus), measured)


def _counts(mention: Mention, sentence: str, counted: frozenset[str]) -> bool:
    """Return whether a term in `counted` is in the mention or the next three words, or "aged" before it."""
    following = islice(tokens(sentence[mention.end : mention.end + 60]), 3)
    return (
        not counted.isdisjoint(mention.terms)
        or any(not counted.isdisjoint(token.terms) for token in following)
        or ("age" in counted and _AGED.search(sentence, 0, mention.start) is not None)
    )
