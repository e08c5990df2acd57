"""What a sentence offers as the answer: mentions of the kind asked for that the question did not bring."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import regex

from articleqa.evidence.answer_type_patterns import MONTHS, Mention, mentions_of
from articleqa.lexicon.word_vectors import synonyms
from articleqa.question.analysis import AnswerType, Question
from articleqa.text.terms import tokens

TYPED = tuple(kind for kind in AnswerType if kind not in (AnswerType.YES_NO, AnswerType.THING))
"""The kinds of answer that a sentence can be seen to hold; anything may answer the others."""


_TIME_UNITS = {
    "year": regex.compile(r"\d{3,4}"),
    "month": regex.compile(MONTHS),
    "season": regex.compile(r"(?i)spring|summer|autumn|fall|winter"),
    "centuri": regex.compile(r"(?i)centur|\d{3,4}"),
    "decad": regex.compile(r"\d0s|\d{4}"),
}
"""What a mention of a time must have where the question asks for a year, a month and so on."""

_LENGTHS = ("metr", "meter", "foot", "ft", "inch", "cm", "kilometr", "km", "mile", "yard")
_MEASURES = {
    "old": frozenset({"year", "month", "week", "day", "old", "age", "born"}),
    "far": frozenset({*_LENGTHS, "hour", "minut", "day"}),
    "heavy": frozenset({"kilogram", "kg", "gram", "ton", "tonn", "pound", "lb"}),
    **dict.fromkeys(("tall", "high", "deep", "wide"), frozenset(_LENGTHS)),
}
"""What a number counts that says how old, how far and so on a thing is."""

_HOW = regex.compile(rf"(?i)\bhow ({'|'.join(_MEASURES)})\b")

_AGED = regex.compile(r"(?i)\b(?:age(?:d| of)?|is|was|turn(?:s|ed)) $")
"""What stands before an age that no "years old" follows."""

A_NAME = 0.9
"""The strength from which on a mention is a name, and not a single capital or a common noun."""


HALF = 0.5
"""What is left of a number's strength where it counts something else."""


def offered(question: Question, sentence: str) -> tuple[Mention, ...]:
    """Return the sentence's mentions of the kind that `question` asks for and does not itself contain.

    A number that does not count the noun asked for ("how many workers"), or what is asked for is measured
    in ("how old"), is half as strong; a name that
    follows the office asked for ("who is the president") half as strong again. Where nothing but a name
    will do, common nouns and names that the question has a part of are left out.
    """
    if question.expected not in TYPED:
        return ()
    known = frozenset(question.terms)
    mentions = mentions_of(sentence, question.expected)
    if question.expected is AnswerType.DEFINITION:
        return mentions  # what defines a thing names it too
    if question.expected is AnswerType.EXPANSION:
        return tuple(mention for mention in mentions if mention.terms <= known)
    new = tuple(mention for mention in mentions if not mention.terms or not mention.terms <= known)
    if question.expected is AnswerType.TIME:
        units = [pattern for unit, pattern in _TIME_UNITS.items() if unit in question.frame]
        return tuple(mention for mention in new if all(pattern.search(mention.text) for pattern in units))
    if question.expected is AnswerType.PERSON:
        # "President Smith" names the president that was asked for.
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
    """Return what a number counts that answers `question`: any one of these terms; none where all do."""
    if question.expected is not AnswerType.NUMBER:
        return frozenset()
    how = _HOW.search(question.text)
    measured = _MEASURES[how[1].lower()] if how else frozenset[str]()
    return question.focus.union(*(synonyms(term) for term in question.focus), measured)


def _counts(mention: Mention, sentence: str, counted: frozenset[str]) -> bool:
    """Say whether one of `counted` stands in the mention or in the three words after it, or "aged" before."""
    following = islice(tokens(sentence[mention.end : mention.end + 60]), 3)
    return (
        not counted.isdisjoint(mention.terms)
        or any(not counted.isdisjoint(token.terms) for token in following)
        or ("age" in counted and _AGED.search(sentence, 0, mention.start) is not None)
    )
