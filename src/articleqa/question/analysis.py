"""Analysis of a question: its terms, and the type of answer that it asks for."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

import regex

from articleqa.text.terms import Token, tokens


class AnswerType(StrEnum):
    """The type of answer that a question asks for."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    DURATION = "duration"
    CAUSE = "cause"
    MANNER = "manner"
    NAME = "name"
    DEFINITION = "definition"
    EXPANSION = "expansion"
    YES_NO = "yes or no"
    THING = "thing"


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


_PERSONS = (
    "person|president|actor|actress|author|writer|king|queen|leaders?|scientist|man|woman|player|singer|politician|minister"
    "|director|emperor|philosopher|artist|composer|general|officials?|judge|expert|spokesman|spokeswoman|journalist"
    "|photographer|activists?|lawyer|ambassador|candidate"
)

_KINDS: tuple[tuple[AnswerType, str], ...] = (
    (
        AnswerType.EXPANSION,
        r"\b(?:what|which)\b.{1,80}\b(?:stands? for|(?:abbreviation|acronym|short) (?:of|for)|spelt out)\b"
        r"|\bfull (?:name|form) of\b|\b\w+ (?:stands for|full name)\b",
    ),
    (
        AnswerType.DURATION,
        r"\bhow long\b|(?<!\bin )\bhow (?:many|much) (?:years|months|weeks|days|hours|minutes|seconds|time)\b"
        r"|\bfor (?:what|which) (?:length of time|period)\b",
    ),
    (
        AnswerType.MONEY,
        r"\bhow much (?:money|did\b.*\b(?:cost|pay|paid|spend|earn|raise)|does\b.*\bcost|was\b.*\bpaid)"
        r"|\b(?:what|which)(?: \w+)? (?:price|cost|salary|fee|budget|revenue)\b",
    ),
    (
        AnswerType.NUMBER,
        r"\bhow (?:many|much|old|tall|high|far|fast|big|large|deep|heavy|wide|often)\b"
        r"|\b(?:what|which)(?: is| was| are| were)?(?: the)?(?: \w+)?"
        r" (?:number|percentage|percent|proportion|share|amount|population|size|rate|age|quantity|temperature)\b",
    ),
    (
        AnswerType.TIME,
        r"\b(?:when|since when|until when)\b(?!.{0,3}$)"
        r"|\b(?:what|which)(?: \w+)? (?:year|years|date|day|month|century|decade|time|era|period|season)\b"
        r"|\bhow (?:soon|recently)\b",
    ),
    (
        AnswerType.PLACE,
        r"\bwhere\b|\b(?:what|which)(?: \w+)? (?:city|cities|country|countries|state|states|place|places|region|regions"
        r"|town|towns|village|county|province|continent|location|locations|area|district|island|river|street)\b",
    ),
    (
        AnswerType.CAUSE,
        r"\bwhy\b|\bhow come\b|\bwhat (?:caused|causes|led|triggered|prompted|provoked|sparked)\b"
        r"|\b(?:what|which)(?: \w+)?(?: \w+)? (?:reason|reasons|cause|causes|motive|purpose)\b|\bfor what reason\b",
    ),
    (
        AnswerType.PERSON,
        r"\b(?:who|whom|whose)\b"
        rf"|\bwhat (?:is|was|are|were) the names? of (?:the )?(?:\w+ )?(?:{_PERSONS})\b"
        rf"|\b(?:what|which)(?: (?!is|was|are|were|do|does|did|has|have|had|the|can|could|will)\w+){{0,2}} (?:{_PERSONS})\b",
    ),
    (AnswerType.MANNER, r"\bhow\b|\bin (?:what|which) (?:way|ways|manner)\b"),
    (
        AnswerType.NAME,
        r"\b(?:what|which)(?: \w+)? (?:name|names|organi[sz]ation|company|committee|group|team|party|university"
        r"|school|agency|union|band|book|film|movie|song|album|newspaper|magazine|law|treaty|religion|language)\b"
        r"|\bwhat (?:is|was|are|were) (?:the|its|their|his|her) names?\b"
        r"|\bwhat (?:is|was|are|were)\b.{1,60}\b(?:called|named|known as)\b",
    ),
    (
        AnswerType.DEFINITION,
        r"^(?:what|who) (?:is|are|was|were) (?:an? |the )?[\w’'-]+(?: [\w’'-]+)?\W*$"
        r"|\bdefin(?:e|ition)\b|\bmeaning of\b|\bwhat does .* mean\b",
    ),
    (AnswerType.THING, r"\b(?:what|which)\b|^(?:name|list|tell|describe|give|explain)\b"),
    (
        AnswerType.YES_NO,
        r"^(?:and |but |so )?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)"
        r"(?:n['’]t)?\b",
    ),
)
_SPELLING_OUT = frozenset(
    {"abbrevi", "acronym", "for", "form", "full", "name", "out", "short", "spelt", "stand"}
)
"""Terms that ask for the long form of an acronym; they are not content terms of such a question."""

_FRAMED = (
    AnswerType.DURATION,
    AnswerType.MONEY,
    AnswerType.NUMBER,
    AnswerType.TIME,
    AnswerType.PLACE,
)
"""Answer types whose question words ("what year", "how many") an answer seldom repeats."""

_PATTERNS = tuple((kind, regex.compile(pattern)) for kind, pattern in _KINDS)
_FOCUS = regex.compile(r"\b(?:what|which|how (?:many|much)|whose)((?: [\p{L}\p{N}’'-]+){1,4})")
_POLITE = regex.compile(
    r"^(?:(?:please|(?:can|could|would) you(?: please)?|do you know|(?:tell|show) (?:me|us)|i (?:want|would like) to know"
    r"|does (?:the|this|either) article (?:say|mention)|according to [^,]{1,60},)[\s,:]+)+"
)
_ORDER = regex.compile(
    r"(?i)\W*(?:please )?(?:name|list|describe|explain|summari[sz]e|tell me about|give(?: me)?)\b(?= \w)"
)
_WHO_IS_NAME = regex.compile(r"^\W*[Ww]h(?:o|at) (?:is|was|are|were)(?: the)?(?: \p{Lu}[\w’'.-]*)+\W*$")
_ONE_NAME = regex.compile(
    rf"\b(?:what|who) (?:is|was) (?:the|its|their|his|her) (?:\w+ )?(?:name|{_PERSONS})\b|^who (?:is|was) \w+['’]s\b"
    rf"|\bwhich(?: \w+){{0,3}} (?:{_PERSONS})\b"
)
_MANY = regex.compile(
    r"^(?:please )?(?:name|list)\b|\b(?:who|what) (?:are|were) the\b"
    r"|\b(?:what|which|whose)(?: \w+){0,2} \w+(?<!s)s (?:are|were|do|did|have|had|can|could|will|would|must|should)\b"
)
_QUANTITY = regex.compile(
    r"\b(?:many|much)\b"
    r"|(?<=\bhow )(?:old|tall|high|far|fast|big|large|deep|heavy|wide|often|long|soon|recently)\b"
)
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
    asking = _SPELLING_OUT if kind is AnswerType.EXPANSION else frozenset[str]()
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
