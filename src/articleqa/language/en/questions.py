"""What an English question asks for."""

from __future__ import annotations

from articleqa.language.answer_types import AnswerType
from articleqa.language.en.words import (
    ASKING,
    AUXILIARIES,
    BE,
    DO,
    HAVE,
    MANY_ARE,
    OF_MANY,
    ONE_IS,
    POSSESSIVE_OF_IT,
    SHORTENED_NOT,
)
from articleqa.language.protocol import Questions
from articleqa.language.word_lists import any_of

_BE = any_of(*BE)
_ONE_IS, _MANY_ARE = any_of(*ONE_IS), any_of(*MANY_ARE)
_HELPING = rf"{any_of(*AUXILIARIES)}(?:{SHORTENED_NOT})?"
_THE = any_of("the", *POSSESSIVE_OF_IT)
_ASKING = any_of(*ASKING)
_PREPOSITION = r"(?:(?:by|for|in|at|on|to|from|with|since|until|after) )?"

_PERSONS = (
    "person|president|actor|actress|author|writer|king|queen|leaders?|scientist|man|woman|player|singer|politician|minister"
    "|director|emperor|philosopher|artist|composer|general|officials?|judge|expert|spokesman|spokeswoman|journalist"
    "|photographer|activists?|lawyer|ambassador|candidate"
)
_NO_PERSON = "|".join((*BE, *DO, *HAVE, "the", "can", "could", "will"))
"""Beginnings of words that do not stand between "which" and a person."""

_ANSWER_TYPES: tuple[tuple[AnswerType, str], ...] = (
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
        rf"|\b(?:what|which)(?: {_BE})?(?: the)?(?: \w+)?"
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
        rf"|\bwhat {_BE} the names? of (?:the )?(?:\w+ )?(?:{_PERSONS})\b"
        rf"|\b(?:what|which)(?: (?!{_NO_PERSON})\w+){{0,2}} (?:{_PERSONS})\b",
    ),
    (AnswerType.MANNER, r"\bhow\b|\bin (?:what|which) (?:way|ways|manner)\b"),
    (
        AnswerType.NAME,
        r"\b(?:what|which)(?: \w+)? (?:name|names|organi[sz]ation|company|committee|group|team|party|university"
        r"|school|agency|union|band|book|film|movie|song|album|newspaper|magazine|law|treaty|religion|language)\b"
        rf"|\bwhat {_BE} {_THE} names?\b"
        rf"|\bwhat {_BE}\b.{{1,60}}\b(?:called|named|known as)\b",
    ),
    (
        AnswerType.DEFINITION,
        rf"^(?:what|who) {_BE} (?:an? |the )?[\w’'-]+(?: [\w’'-]+)?\W*$"
        r"|\bdefin(?:e|ition)\b|\bmeaning of\b|\bwhat does .* mean\b",
    ),
    (AnswerType.THING, r"\b(?:what|which)\b|^(?:name|list|tell|describe|give|explain)\b"),
    (
        AnswerType.YES_NO,
        rf"^(?:and |but |so )?{any_of('am', *AUXILIARIES)}(?:{SHORTENED_NOT})?\b",
    ),
)

_FEW_WORDS = r"(?:what|which|how)(?: \w+)"
_FURTHER = (
    # "when and where", "who, when and why", "who was it, when and where"
    rf"(?<=\b{_ASKING}(?:,? and|,) )(?P<ask>{_PREPOSITION}{_ASKING})\b"
    rf"|,? (?P<ask>{_PREPOSITION}{_ASKING})(?=,? and {_PREPOSITION}{_ASKING}\W*$)"
    # "... and why?", "... and in which year?"
    rf"|,? and (?P<ask>{_PREPOSITION}(?:{_ASKING}|{_FEW_WORDS}{{1,2}}))(?=\W*$)"
    # "... and why did it?", "... and how many workers were there?", "... and who led it?"
    rf"|,? and (?P<ask>{_PREPOSITION}(?:{_ASKING}|{_FEW_WORDS}{{1,3}}) {_HELPING}|who \w+)\b"
)
"""Where a question begins to ask for something else. A clause ("and how it treats them") does not count."""

_NO_PLURAL = r"(?:is|was|does|has|this|its|his|hers|us|as|causes|makes|happens|means|\w+(?:ss|us|is|['’]s))"
_PLURAL = rf"(?!{_NO_PLURAL}\b)(?:\p{{L}}{{2,}}s|people|men|women|children)"
_LISTING = (
    # "which countries ratified it", "which trade unions protested", "what demands did they make"; but
    # "which law provides" asks for one
    rf"\bwhich(?: of {_THE})? {_PLURAL}\b"
    rf"|\bwhich(?: (?!{_HELPING}\b)\w+){{1,2}} {_PLURAL} (?:{_HELPING}|\w+ed)\b"
    rf"|\bwhat(?: (?!{_HELPING}\b)\w+){{0,2}} {_PLURAL} {_HELPING}\b"
    # "what are the demands of the workers", but not "what are the workers afraid of"
    rf"|\b(?:what|who) {_MANY_ARE} {_THE}(?: [\w'’]+){{0,2}} {_PLURAL}"
    r"(?=\W*$| (?:of|that|who|which|in|on|for|to|from|against|behind)\b)"
    rf"|^\W*(?:please )?(?:name|list)(?: \w+){{0,4}} {_PLURAL}\b"
)

QUESTIONS = Questions(
    answer_types=_ANSWER_TYPES,
    spelling_out=frozenset(
        {"abbrevi", "acronym", "for", "form", "full", "name", "out", "short", "spelt", "stand"}
    ),
    focus=r"\b(?:what|which|how (?:many|much)|whose)((?: [\p{L}\p{N}’'-]+){1,4})",
    politeness=(
        r"^(?:(?:please|(?:can|could|would) you(?: please)?|do you know|(?:tell|show) (?:me|us)|i (?:want|would like) to know"
        r"|does (?:the|this|either) article (?:say|mention)|according to [^,]{1,60},)[\s,:]+)+"
    ),
    order=r"(?i)\W*(?:please )?(?:name|list|describe|explain|summari[sz]e|tell me about|give(?: me)?)\b(?= \w)",
    who_is_name=rf"^\W*[Ww]h(?:o|at) {_BE}(?: the)?(?: \p{{Lu}}[\w’'.-]*)+\W*$",
    one_name=(
        rf"\b(?:what|who) {_ONE_IS} {_THE} (?:\w+ )?(?:name|{_PERSONS})\b|^who {_ONE_IS} \w+['’]s\b"
        rf"|\bwhich(?: \w+){{0,3}} (?:{_PERSONS})\b"
    ),
    many=(
        rf"^(?:please )?(?:name|list)\b|\b(?:who|what) {_MANY_ARE} the\b"
        rf"|\b(?:what|which|whose)(?: \w+){{0,2}} \w+(?<!s)s {any_of(*OF_MANY)}\b"
    ),
    quantity=(
        r"\b(?:many|much)\b"
        r"|(?<=\bhow )(?:old|tall|high|far|fast|big|large|deep|heavy|wide|often|long|soon|recently)\b"
    ),
    asking_words=(
        *("who", "what", "when", "where", "why", "how", "which", "whose", "whom", "many", "much", "long"),
        *("name", "is", "does", "did", "was", "are", "year", "in", "old", "often"),
    ),
    starts=rf"^\W*{_PREPOSITION}{_ASKING}\b",
    further=_FURTHER,
    bare=rf"{_PREPOSITION}(?:{_ASKING}|{_FEW_WORDS}{{1,2}})",
    loose_end=r"(?i)(?:[\s,?!.]|\band\b)++$",
    # "When" alone cannot be told apart from "when it rains", so it gets a verb.
    completed="{} was it?",
    listing=_LISTING,
)
