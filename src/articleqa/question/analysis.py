"""Analysis of a question: its terms, and the type of answer that it asks for."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import regex

from articleqa.language import LANGUAGE
from articleqa.language.answer_types import AnswerType
from articleqa.text.terms import Token, tokens


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question.

    - `terms`: its distinct content terms in order (its stop words if it has no others); `words`: the word
      that each of them comes from
    - `expected`: the answer type
    - `frame`: the terms that only say what type of answer is wanted ("year" in "in which year"), so an answer
      need not repeat them
    - `focus`: the terms of the noun asked for ("committee" in "which committee")
    - `names`: the terms of names and numbers
    - `asks_for_many`: whether it asks for several things ("which countries", "name the groups")
    - `asks_for_one_name`: whether only a name will do ("what is the name of", "who is the president")
    """

    text: str
    terms: tuple[str, ...]
    words: tuple[str, ...]
    expected: AnswerType
    frame: frozenset[str]
    focus: frozenset[str]
    names: frozenset[str]
    asks_for_many: bool
    asks_for_one_name: bool


_FRAMED = (
    AnswerType.DURATION,
    AnswerType.MONEY,
    AnswerType.NUMBER,
    AnswerType.TIME,
    AnswerType.PLACE,
)
"""Answer types whose question words ("what year", "how many") an answer seldom repeats."""

_PATTERNS = tuple((kind, regex.compile(pattern)) for kind, pattern in LANGUAGE.questions.answer_types)
_FOCUS = regex.compile(LANGUAGE.questions.focus)
_POLITE = regex.compile(LANGUAGE.questions.politeness)
_ORDER = regex.compile(LANGUAGE.questions.order)
_WHO_IS_NAME = regex.compile(LANGUAGE.questions.who_is_name)
_ONE_NAME = regex.compile(LANGUAGE.questions.one_name)
_MANY = regex.compile(LANGUAGE.questions.many)
_QUANTITY = regex.compile(LANGUAGE.questions.quantity)
_LONGEST = 1_000
"""How many characters of a question are searched for its answer type."""


def analyse_question(text: str) -> Question:
    """Return the analysis of a question; any text is accepted."""
    head = text[:_LONGEST].strip()
    kind, match = _kind_of(head)
    order = _ORDER.match(text)
    found = [token for token in tokens(text) if order is None or token.start >= order.end()] or list(
        tokens(text)
    )
    asking = LANGUAGE.questions.spelling_out if kind is AnswerType.EXPANSION else frozenset[str]()
    content = [token for token in found if not token.is_stop and asking.isdisjoint(token.terms)] or found
    words: dict[str, str] = {}
    for token in content:
        for term in token.terms:
            words.setdefault(term, text[token.start : token.end])
    frame = _terms_of(match).intersection(words) if kind in _FRAMED else frozenset[str]()
    if len(frame) == len(words):
        # A question with only frame terms ("what time?") must still search for them.
        frame = frozenset()
    return Question(
        text=text,
        terms=tuple(words),
        words=tuple(words.values()),
        expected=kind,
        frame=frame,
        focus=_focus_of(head.casefold(), words.keys() - frame),
        names=_names_in(text, found, words.keys() - frame),
        asks_for_many=_MANY.search(head.casefold()) is not None,
        asks_for_one_name=_ONE_NAME.search(head.casefold()) is not None,
    )


def quantity_terms(question: Question) -> frozenset[str]:
    """Return the terms that only ask for a quantity ("much" in "how much"), in any part of the question."""
    asking = _QUANTITY.findall(question.text[:_LONGEST].casefold())
    return frozenset(term for word in asking for term in _terms_of(word))


def _names_in(text: str, found: list[Token], terms: Set[str]) -> frozenset[str]:
    """Return the terms of words that begin with a digit or, except for the first word, with a capital."""
    named = {
        term
        for number, token in enumerate(found)
        for term in token.terms
        if text[token.start].isdigit() or (number and text[token.start].isupper())
    }
    # In a title-cased question a capital says nothing.
    return frozenset(named & terms) if len(named) < len(terms) or not text.istitle() else frozenset()


def _terms_of(text: str) -> frozenset[str]:
    return frozenset(term for token in tokens(text) for term in token.terms)


def _kind_of(question: str) -> tuple[AnswerType, str]:
    """Return the answer type, and the words of the question that show it."""
    if _WHO_IS_NAME.match(question):
        return AnswerType.DEFINITION, ""
    question = _POLITE.sub("", question.casefold())
    if match := _PATTERNS[-1][1].search(question):
        return AnswerType.YES_NO, match[0]
    # The first question word decides ("how did it react when ..." asks how). If several patterns
    # match there, the first one in the table wins.
    matches = [
        (match.start(), number, kind, match[0])
        for number, (kind, match) in enumerate(_readings(question))
        if match
    ]
    if matches:
        _, _, kind, words = min(matches)
        return kind, words
    return AnswerType.THING, ""


def _readings(question: str) -> list[tuple[AnswerType, regex.Match[str] | None]]:
    return [(kind, pattern.search(question)) for kind, pattern in _PATTERNS]


def _focus_of(question: str, terms: Set[str]) -> frozenset[str]:
    """Return the terms of the noun right after "what", "which" or "how many", up to the first stop word."""
    match = _FOCUS.search(question)
    if match is None:
        return frozenset()
    focus: list[str] = []
    for token in tokens(match[1]):
        if token.is_stop:
            break
        focus.extend(token.terms)
    return frozenset(focus[-2:]) & terms
