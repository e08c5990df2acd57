"""What a sentence offers as the answer: mentions of the kind asked for that the question did not bring."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from articleqa.answering.mentions import Mention, mentions_of
from articleqa.answering.question import AnswerType, Question
from articleqa.text.terms import tokens
from articleqa.text.word_vectors import synonyms

TYPED = tuple(kind for kind in AnswerType if kind not in (AnswerType.YES_NO, AnswerType.THING))
"""The kinds of answer that a sentence can be seen to hold; anything may answer the others."""


def offered(question: Question, sentence: str) -> tuple[Mention, ...]:
    """Return the sentence's mentions of the kind that `question` asks for and does not itself contain.

    A number that does not count the noun asked for ("how many workers") is half as strong; a name that
    follows the office asked for ("who is the president") half as strong again.
    """
    if question.expected not in TYPED:
        return ()
    known = frozenset(question.terms)
    if question.expected in (AnswerType.DEFINITION, AnswerType.EXPANSION):
        # What defines a thing names it; an acronym is spelt out where it stands in brackets.
        return tuple(
            mention
            for mention in mentions_of(sentence, question.expected)
            if question.expected is AnswerType.DEFINITION or mention.terms <= known
        )
    new = tuple(
        mention
        for mention in mentions_of(sentence, question.expected)
        if not mention.terms or not mention.terms <= known
    )
    if question.expected is AnswerType.PERSON:
        # "President Smith" names the president that was asked for.
        return tuple(
            replace(mention, strength=1.5) if mention.strength == 1.0 and mention.terms & known else mention
            for mention in new
        )
    if question.expected is not AnswerType.NUMBER or not question.focus:
        return new
    counted = question.focus.union(*(synonyms(term) for term in question.focus))
    return tuple(
        mention if _counts(mention, sentence, counted) else replace(mention, strength=mention.strength / 2)
        for mention in new
    )


def _counts(mention: Mention, sentence: str, counted: frozenset[str]) -> bool:
    """Say whether one of `counted` stands in the mention or among the three words after it."""
    following = islice(tokens(sentence[mention.end : mention.end + 60]), 3)
    return not counted.isdisjoint(mention.terms) or any(not counted.isdisjoint(t.terms) for t in following)
