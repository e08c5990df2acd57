"""How an English sentence answers: dates, numbers, names and causes in it, and what it leans on."""

from __future__ import annotations

from articleqa.language.answer_types import AnswerType
from articleqa.language.en.calendar import DAY_OF_WEEK, MONTH, ORDINAL, SEASONS, UNIT_OF_TIME
from articleqa.language.en.numbers import (
    COUNT,
    CURRENCY,
    FIGURE,
    LARGE_NUMBER,
    LARGE_OR_DOZEN,
    MEASURES,
    SMALL_OR_ROUND,
    UNIT,
)
from articleqa.language.en.words import BE, DEMONSTRATIVE, DO, HAVE, PERSONAL, POSSESSIVE_OF_IT
from articleqa.language.protocol import Evidence
from articleqa.language.word_lists import any_of

_SEASON = "|".join(SEASONS)
_IT = "|".join(PERSONAL)
_ITS = "|".join(POSSESSIVE_OF_IT)
_ERA = r"(?:BCE?|AD|CE)"
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

_MENTIONS: tuple[tuple[AnswerType, float, str], ...] = (
    (
        AnswerType.TIME,
        1.0,
        rf"(?:\d{{1,2}}{ORDINAL}? )?\b{MONTH}(?: \d{{1,2}}{ORDINAL}?)?(?:,? \d{{4}})?(?!\w)",
    ),
    (AnswerType.TIME, 1.0, r"\b(?:c\. ?)?(?:1\d{3}|20\d{2})(?:s|[-–/]\d{2,4})?\b(?!,\d)"),
    (
        AnswerType.TIME,
        0.9,
        rf"\b\d{{1,4}} {_ERA}\b|\b\d{{1,2}}{ORDINAL}[- ](?:century|centuries)\b|\b(?:18|19|20)?\d0s\b",
    ),
    (AnswerType.TIME, 0.8, rf"\b{DAY_OF_WEEK}\b|\b\d{{1,2}}(?::\d{{2}})? ?(?:[ap]\.?m\b|o['’]clock)"),
    (
        AnswerType.TIME,
        0.7,
        rf"\b(?:last|this|next|that|every|each|earlier this|the (?:same|following|previous)) (?:{UNIT_OF_TIME}|{DAY_OF_WEEK}|{MONTH}|{_SEASON}|fall|night|morning|time)\b",
    ),
    (
        AnswerType.TIME,
        0.7,
        rf"\b(?:(?:{COUNT}|a few|several|many|just|only) )?{UNIT_OF_TIME} (?:ago|later|earlier|after|before)\b|\b[Ww]ithin (?:{COUNT} )?{UNIT_OF_TIME}\b",
    ),
    (
        AnswerType.TIME,
        0.4,
        r"\b(?:today|yesterday|tomorrow|tonight|midnight|noon|[Dd]uring|[Aa]fter|[Bb]efore|[Uu]ntil)\b",
    ),
    (AnswerType.TIME, 0.8, rf"\b(?:mid-?)?(?:{_SEASON}|century)\b"),
    (
        AnswerType.MONEY,
        1.0,
        rf"[$€£¥₹] ?{FIGURE}(?: {LARGE_NUMBER})?|\b{COUNT} {CURRENCY}\b",
    ),
    (AnswerType.DURATION, 1.0, rf"\b(?:{COUNT}|a|several|many|a few)[ -]{UNIT_OF_TIME}\b"),
    (
        AnswerType.DURATION,
        0.5,
        rf"\b(?:for|over) (?:the (?:last|past) )?{UNIT_OF_TIME}\b|\b[Ss]ince \d{{4}}\b|\bfrom \d{{4}} to \d{{4}}\b",
    ),
    (AnswerType.NUMBER, 1.0, rf"\b{COUNT}(?: ?%| percent\b| per cent\b)?"),
    (
        AnswerType.NUMBER,
        0.7,
        rf"\b(?:{LARGE_OR_DOZEN}|half|a third|a quarter|two-thirds|a couple|a pair|both|single|only one|no)\b",
    ),
    (AnswerType.NUMBER, 0.4, r"\b(?:several|many|few|most|numerous|multiple|once|twice|another)\b"),
    (AnswerType.PERSON, 1.0, rf"\b{_TITLE} (?:of )?{_CAPITAL}(?: {_CAPITAL})*"),
    (
        AnswerType.PERSON,
        0.9,
        rf"(?<![\p{{L}}]){_NOT_IN_PLACE}(?!{_ORGANISATION}|{MONTH}|{_OPENING}){_CAPITAL}(?: {_CAPITAL}){{1,2}}(?! \p{{Lu}})",
    ),
    (AnswerType.PERSON, 0.8, rf"(?<![\p{{L}}]){_NOT_IN_PLACE}(?!{MONTH}){_ORGANISATION}"),
    (
        AnswerType.PERSON,
        0.5,
        rf"(?<!^)(?<![\p{{L}}’'-]){_NOT_IN_PLACE}(?!{_ORGANISATION}|{MONTH}){_CAPITAL}",
    ),
    (AnswerType.PERSON, 0.5, rf"\b(?i:{_GROUPS})\b"),
    (
        AnswerType.PLACE,
        1.0,
        rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Tt]o|[Oo]utside|[Aa]cross|[Aa]round|[Tt]hroughout|[Nn]orth of|[Ss]outh of|[Ee]ast of|[Ww]est of) (?:the )?(?:(?:southern|northern|eastern|western|central) )?(?!{MONTH}){_NAME}",
    ),
    (AnswerType.PLACE, 0.7, rf"(?<!^)(?<![\p{{L}}’'-])(?!{MONTH}|{DAY_OF_WEEK}){_CAPITAL}"),
    (
        AnswerType.PLACE,
        0.4,
        rf"\b(?:in|at|on|near|inside|under|above|behind) (?:the|an?|{_ITS}) \p{{Ll}}+",
    ),
    (AnswerType.NAME, 1.0, rf"(?<!^)(?<![\p{{L}}’'-])(?!{MONTH}|{DAY_OF_WEEK}){_NAME}"),
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
        rf"\b(?:for (?:not )?\p{{L}}+ing|after \p{{L}}+ing|as (?:{_IT}|the)|since (?:{_IT}|the)|so \p{{L}}+ (?:that|it)"
        rf"|over (?:the|its|their)|result(?:ed|ing|s)?|consequences?|if (?:{_IT})|according to|accused of|hence|allow(?:s|ed|ing)?)\b",
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
        rf"\b{any_of(*BE)} (?:an?|the|one of|both)\b|\b(?:known as|refers? to|defined as|means|called|is \p{{Ll}}+,)\b",
    ),
    (
        AnswerType.DEFINITION,
        0.7,
        r",? [–—-] ?(?:an?|the) \p{Ll}+|, (?:an?|the) \p{L}+|\b(?:president|director|leader|minister) \p{Lu}",
    ),
    (AnswerType.EXPANSION, 1.0, r"(?<=\p{L} )\(\p{Lu}[\p{Lu}\d&. -]+\)"),
)

EVIDENCE = Evidence(
    mentions=_MENTIONS,
    time_units={
        "year": r"\d{3,4}",
        "month": MONTH,
        "season": rf"(?i){_SEASON}|fall",
        "centuri": r"(?i)centur|\d{3,4}",
        "decad": r"\d0s|\d{4}",
    },
    measures=MEASURES,
    measured=rf"(?i)\bhow ({'|'.join(MEASURES)})\b",
    aged=r"(?i)\b(?:age(?:d| of)?|is|was|turn(?:s|ed)) $",
    date_word=rf"\d.*|{MONTH}",
    figure=(
        rf"(?i:[\d.,]+|{SMALL_OR_ROUND}|{LARGE_OR_DOZEN}) (?:{LARGE_OR_DOZEN}|{UNIT})"
        r"|\d+ ?°[CF]|degrees (?:Celsius|Fahrenheit)"
        rf"|\d+{ORDINAL}? {MONTH}|{MONTH} \d+{ORDINAL}?|\d+{ORDINAL}?, \d{{4}}"
        rf"|\d+ {_ERA}|AD \d+|\d+{ORDINAL} (?:century|centuries)"
    ),
    leaning=(
        rf"(?i)^\W*(?:{_IT}|{'|'.join(DEMONSTRATIVE)}|that|such|{_ITS}|both|here|there"
        r"|the (?:former|latter|same))\b"
    ),
    enumeration=r"\w,(?: [\w’'-]+){1,8},? (?:and|or) \w",
    continuing=(
        r"(?i)^\W*(?:additionally|in addition|also|moreover|furthermore|besides|finally|lastly"
        r"|another|others?|(?:the|a) (?:second|third|fourth|last|final)|second(?:ly)?|third(?:ly)?"
        rf"|so (?:too )?{any_of(*DO, *BE, *HAVE)}|(?:\w+ ){{1,4}}also)\b"
    ),
    pointing_back=(
        r"(?i)^\W*(?:as a (?:result|consequence)|(?:because|as a result) of (?:this|that|these)"
        r"|for (?:this|that|these) reasons?|therefore|thus|hence|consequently|accordingly|so,"
        r"|(?:that|this) is why)"
    ),
)
