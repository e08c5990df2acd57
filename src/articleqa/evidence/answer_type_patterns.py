"""Mentions in a sentence that could answer a question: dates, numbers, names, causes and the like.

Mentions are found by text patterns alone, without a model or a list of names. The `strength` of a mention (0
to 1) says how certain it is that the mention has its answer type.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from articleqa.question.analysis import AnswerType
from articleqa.text.terms import tokens

MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
_DAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_UNITS = r"(?:second|minute|hour|day|week|month|year|decade|century|centurie|season|generation)s?"
_SMALL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
)
_LARGE = r"(?:hundred|thousand|million|billion|trillion|dozen)s?"
_FIGURE = r"\d+(?:[.,]\d+)*"
_COUNT = rf"(?:{_FIGURE}|{_SMALL}(?:-{_SMALL})?)(?:[ -]{_LARGE})*"
_CAPITAL = r"\p{Lu}[\p{L}\p{M}\p{N}’'.&-]*(?<![.'’])"
_NAME = rf"{_CAPITAL}(?:(?: (?:of|for|and|the|de|del|van|von|al|bin|to|on|in)){{0,2}} {_CAPITAL})*"
_TITLE = (
    r"(?:[Pp]resident|[Pp]rime [Mm]inister|[Mm]inister|[Dd]irector|[Ll]eader|[Cc]hair(?:man|woman|person)?|[Kk]ing|[Qq]ueen"
    r"|[Pp]rince(?:ss)?|[Gg]eneral|[Ss]ecretary|[Ss]enator|[Gg]overnor|[Mm]ayor|[Pp]rofessor|[Aa]uthor|[Aa]ctor"
    r"|[Aa]ctress|[Ww]riter|[Ss]cientist|[Pp]oet|[Ss]inger|[Cc]oach|Mrs?\.?|Ms\.?|Dr\.?|Sir|Lord|Lady|Pope|Saint|St\.)"
)
_GROUPS = (
    r"(?:authorit(?:y|ies)|officials?|government|police|court|ministry|committee|council|parliament|company|companies"
    r"|workers?|leaders?|members?|experts?|investors?|representatives?|activists?|scientists?|researchers?|soldiers?"
    r"|students?|citizens?|people|men|women|unions?|army|forces|services|organi[sz]ations?|confederation|association)"
)
_ORGANISATION = (
    rf"(?:{_CAPITAL} ){{0,3}}(?:Organi[sz]ation|Committee|Ministry|Department|Agency|Council|Court|Union|Party|Bank|Group"
    r"|University|College|School|Company|Corporation|Association|Conference|Convention|Commission|Parliament|Watch"
    r"|Institute|Foundation|Inc|Ltd|Corp|JSC|Nations|States|Kingdom|Republic)\b"
)
_OPENING = (
    r"(?:The|An?|In|At|On|For|But|And|Or|So|As|If|When|While|After|Before|Since|Under|From|With|By|This|These|Those|That"
    r"|His|Her|Its|Their|Our|Many|Some|Most|All|No|Yet|Now|Then|Also|However|Although|Because|Both|Other|Such)\b"
)
_NOT_IN_PLACE = r"(?<!\b[Ii]n (?:\p{Ll}+ )?)(?<!\b(?:at|near|from) (?:the )?)"

_PATTERNS: tuple[tuple[AnswerType, float, str], ...] = (
    (
        AnswerType.TIME,
        1.0,
        rf"(?:\d{{1,2}}(?:st|nd|rd|th)? )?\b{MONTHS}(?: \d{{1,2}}(?:st|nd|rd|th)?)?(?:,? \d{{4}})?(?!\w)",
    ),
    (AnswerType.TIME, 1.0, r"\b(?:c\. ?)?(?:1\d{3}|20\d{2})(?:s|[-–/]\d{2,4})?\b(?!,\d)"),
    (
        AnswerType.TIME,
        0.9,
        r"\b\d{1,4} (?:BCE?|AD|CE)\b|\b\d{1,2}(?:st|nd|rd|th)[- ](?:century|centuries)\b|\b(?:18|19|20)?\d0s\b",
    ),
    (AnswerType.TIME, 0.8, rf"\b{_DAYS}\b|\b\d{{1,2}}(?::\d{{2}})? ?(?:[ap]\.?m\b|o['’]clock)"),
    (
        AnswerType.TIME,
        0.7,
        rf"\b(?:last|this|next|that|every|each|earlier this|the (?:same|following|previous)) (?:{_UNITS}|{_DAYS}|{MONTHS}|spring|summer"
        r"|autumn|fall|winter|night|morning|time)\b",
    ),
    (
        AnswerType.TIME,
        0.7,
        rf"\b(?:(?:{_COUNT}|a few|several|many|just|only) )?{_UNITS} (?:ago|later|earlier|after|before)\b|\b[Ww]ithin (?:{_COUNT} )?{_UNITS}\b",
    ),
    (
        AnswerType.TIME,
        0.4,
        r"\b(?:today|yesterday|tomorrow|tonight|midnight|noon|[Dd]uring|[Aa]fter|[Bb]efore|[Uu]ntil)\b",
    ),
    (AnswerType.TIME, 0.8, r"\b(?:mid-?)?(?:spring|summer|autumn|winter|century)\b"),
    (
        AnswerType.MONEY,
        1.0,
        rf"[$€£¥₹] ?{_FIGURE}(?: (?:hundred|thousand|million|billion|trillion))?|\b{_COUNT} (?:dollars|euros|pounds|yen|rubles|tenge|cents|francs|USD|EUR)\b",
    ),
    (AnswerType.DURATION, 1.0, rf"\b(?:{_COUNT}|a|several|many|a few)[ -]{_UNITS}\b"),
    (
        AnswerType.DURATION,
        0.5,
        rf"\b(?:for|over) (?:the (?:last|past) )?{_UNITS}\b|\b[Ss]ince \d{{4}}\b|\bfrom \d{{4}} to \d{{4}}\b",
    ),
    (AnswerType.NUMBER, 1.0, rf"\b{_COUNT}(?: ?%| percent\b| per cent\b)?"),
    (
        AnswerType.NUMBER,
        0.7,
        rf"\b(?:{_LARGE}|half|a third|a quarter|two-thirds|a couple|a pair|both|single|only one|no)\b",
    ),
    (AnswerType.NUMBER, 0.4, r"\b(?:several|many|few|most|numerous|multiple|once|twice|another)\b"),
    (AnswerType.PERSON, 1.0, rf"\b{_TITLE} (?:of )?{_CAPITAL}(?: {_CAPITAL})*"),
    (
        AnswerType.PERSON,
        0.9,
        rf"(?<![\p{{L}}]){_NOT_IN_PLACE}(?!{_ORGANISATION}|{MONTHS}|{_OPENING}){_CAPITAL}(?: {_CAPITAL}){{1,2}}(?! \p{{Lu}})",
    ),
    (AnswerType.PERSON, 0.8, rf"(?<![\p{{L}}]){_NOT_IN_PLACE}(?!{MONTHS}){_ORGANISATION}"),
    (
        AnswerType.PERSON,
        0.5,
        rf"(?<!^)(?<![\p{{L}}’'-]){_NOT_IN_PLACE}(?!{_ORGANISATION}|{MONTHS}){_CAPITAL}",
    ),
    (AnswerType.PERSON, 0.5, rf"\b(?i:{_GROUPS})\b"),
    (
        AnswerType.PLACE,
        1.0,
        rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Tt]o|[Oo]utside|[Aa]cross|[Aa]round|[Tt]hroughout|[Nn]orth of|[Ss]outh of|[Ee]ast of|[Ww]est of) (?:the )?(?:(?:southern|northern|eastern|western|central) )?(?!{MONTHS}){_NAME}",
    ),
    (AnswerType.PLACE, 0.7, rf"(?<!^)(?<![\p{{L}}’'-])(?!{MONTHS}|{_DAYS}){_CAPITAL}"),
    (
        AnswerType.PLACE,
        0.4,
        r"\b(?:in|at|on|near|inside|under|above|behind) (?:the|an?|his|her|their|its) \p{Ll}+",
    ),
    (AnswerType.NAME, 1.0, rf"(?<!^)(?<![\p{{L}}’'-])(?!{MONTHS}|{_DAYS}){_NAME}"),
    (AnswerType.NAME, 0.9, r"[“\"][^”\"]{2,60}[”\"]"),
    (AnswerType.NAME, 0.6, rf"^{_NAME}"),
    (
        AnswerType.CAUSE,
        1.0,
        r"\b(?:[Bb]ecause|[Dd]ue to|[Cc]aused? (?:by|of)|[Aa]s a (?:result|consequence)|[Oo]wing to|[Tt]hanks to|[Ii]n order to"
        r"|[Ss]o that|[Rr]easons?|[Ii]n (?:response|reaction|retaliation) to|[Oo]n (?:the )?(?:grounds|charges)|[Tt]o avoid|[Tt]o prevent"
        r"|[Gg]iven that|[Ll]ed to|[Tt]herefore|[Tt]hus|[Ff]or fear|[Mm]otivated|[Tt]riggered|[Pp]rompted|[Aa]ngry|[Aa]imed at)\b",
    ),
    (
        AnswerType.CAUSE,
        0.6,
        r"\b(?:for (?:not )?\p{L}+ing|after \p{L}+ing|as (?:it|they|he|she|the)|since (?:it|they|he|she|the)|so \p{L}+ (?:that|it)"
        r"|over (?:the|its|their)|result(?:ed|ing|s)?|consequences?|if (?:it|they|he|she)|according to|accused of|hence|allow(?:s|ed|ing)?)\b",
    ),
    (AnswerType.CAUSE, 0.3, r"\bto \p{Ll}{3,}\b"),
    (
        AnswerType.MANNER,
        1.0,
        r"\b[Bb]y (?:\p{L}+ly )?\p{L}{2,}ing\b|\b(?:[Tt]hrough|via|[Uu]sing|by means of|with the help of)\b",
    ),
    (AnswerType.MANNER, 0.4, r"\b(?:by|with|as) (?:an? |the )?\p{Ll}+|\b\p{L}{3,}ly\b|\b\p{Ll}{3,}ing\b"),
    (
        AnswerType.DEFINITION,
        1.0,
        r"\b(?:is|are|was|were) (?:an?|the|one of|both)\b|\b(?:known as|refers? to|defined as|means|called|is \p{Ll}+,)\b",
    ),
    (
        AnswerType.DEFINITION,
        0.7,
        r",? [–—-] ?(?:an?|the) \p{Ll}+|, (?:an?|the) \p{L}+|\b(?:president|director|leader|minister) \p{Lu}",
    ),
    (AnswerType.EXPANSION, 1.0, r"(?<=\p{L} )\(\p{Lu}[\p{Lu}\d&. -]+\)"),
)
_COMPILED = tuple((kind, strength, regex.compile(pattern)) for kind, strength, pattern in _PATTERNS)
_LONGEST = 2_000
"""How many characters of a sentence are searched."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a sentence, `sentence[start:end]`, that could answer questions of one answer type."""

    kind: AnswerType
    strength: float
    start: int
    end: int
    text: str
    terms: frozenset[str]


@lru_cache(maxsize=20_000)
def mentions_of(sentence: str, kind: AnswerType) -> tuple[Mention, ...]:
    """Return the mentions of one answer type in a sentence, in the order of the patterns in the table."""
    looked_at = sentence[:_LONGEST]
    return tuple(
        Mention(
            kind,
            strength,
            match.start(),
            match.end(),
            match[0],
            frozenset(term for token in tokens(match[0]) if not token.is_stop for term in token.terms),
        )
        for pattern_kind, strength, pattern in _COMPILED
        if pattern_kind is kind
        for match in pattern.finditer(looked_at)
    )
