"""Facts about further languages for sentence boundaries, from `language/languages.txt`.

The language of a paragraph is guessed by its small words. The guess only decides doubtful cases: an
abbreviation that is a word elsewhere, a number that may be an ordinal, a capital after an abbreviation.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from functools import cache

from articleqa.language import LANGUAGE
from articleqa.language.other_languages import FACTS
from articleqa.language.word_lists import read_lines

SAMPLE = 600
"""Characters of a paragraph from which its language is guessed."""

FEWEST_WORDS = 2
"""Different small words of a language that a guess needs: the "et" of "et al." is not enough for French."""

_WORD = re.compile(r"[^\W\d_]{2,}+")
_FIELD = re.compile(r"(?P<name>[a-z ]+): (?P<words>.+)")
_KNOWLEDGE = ("words", "months", "before ordinals")
_ANY = "*"


class Kind(Enum):
    """How an abbreviation behaves; `abbreviations.txt` and `languages.txt` use the values as names."""

    INSIDE = "inside"
    BEFORE_NUMBER = "before a number"
    AFTER_NUMBER = "after a number"
    TRAILING = "trailing"
    ANYWHERE = "anywhere"


@dataclass(slots=True)
class OtherLanguage:
    """Small words, months, abbreviations by kind, and signs of ordinals in a further language."""

    words: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    before_ordinals: frozenset[str] = frozenset()
    abbreviations: dict[str, Kind] = field(default_factory=dict)

    @property
    def has_ordinals(self) -> bool:
        """Return whether a full stop can make a number an ordinal."""
        return bool(self.months or self.before_ordinals)

    def may_precede_ordinal(self, word: str) -> bool:
        """Return whether a number after `word` may be an ordinal even though a capital follows."""
        return _ANY in self.before_ordinals or word.lower() in self.before_ordinals


@cache
def languages() -> dict[str, OtherLanguage]:
    """Return the languages in `languages.txt` by their codes."""
    known: dict[str, OtherLanguage] = {}
    for line in read_lines(FACTS):
        if line.startswith("["):
            language = known[line.strip("[]")] = OtherLanguage()
        elif entry := _FIELD.fullmatch(line):
            words = entry["words"].split()
            if entry["name"] in _KNOWLEDGE:
                setattr(language, entry["name"].replace(" ", "_"), frozenset(words))
            else:
                language.abbreviations.update(dict.fromkeys(words, Kind(entry["name"])))
    return known


@cache
def months() -> frozenset[str]:
    """Return the capitalised names of months in all languages."""
    return frozenset().union(*(language.months for language in languages().values()))


def guess_language(text: str, start: int, end: int) -> OtherLanguage | None:
    """Return the language with the most small words in `text[start:end]`.

    The result is None for the language in use, and if there is no guess.

    Only the first SAMPLE characters are read.
    """
    by_word = _languages_by_word()
    hits: Counter[str] = Counter()
    for word in set(_WORD.findall(text[start : min(end, start + SAMPLE)].lower())):
        hits.update(by_word.get(word, ()))
    # Of languages with equal hits, the first is taken: the one in use, then the others in the file's order.
    best = max(hits, key=lambda code: (hits[code], -_order()[code]), default=LANGUAGE.code)
    return languages().get(best) if hits[best] >= FEWEST_WORDS else None


@cache
def _order() -> dict[str, int]:
    return {code: number for number, code in enumerate((LANGUAGE.code, *languages()))}


@cache
def _languages_by_word() -> dict[str, tuple[str, ...]]:
    found = {word: [LANGUAGE.code] for word in LANGUAGE.stop_words}
    for code, language in languages().items():
        for word in language.words:
            found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}
