"""Decide whether a full stop ends a sentence: abbreviations, ordinals, initials and acronyms."""

from __future__ import annotations

import re

from articleqa.language import LANGUAGE, SENTENCES
from articleqa.language.word_lists import any_of
from articleqa.text.sentences.languages import Kind, OtherLanguage, months
from articleqa.text.sentences.place import Place
from articleqa.text.sentences.punkt import (
    abbreviation_kind,
    is_abbreviation,
    is_ordinary,
    is_starter,
    punkt_ends_sentence,
)

_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


_ROMAN = re.compile(r"[IVXLC]+")


_ORDINAL = re.compile(r"\d{1,3}|[IVX]{2,5}")


_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")


_OWN_MONTHS = frozenset((*LANGUAGE.calendar.months, *LANGUAGE.calendar.short_months))


_YEAR_BEHIND = re.compile(r"[^\W\d]+,?\s\d{4}\b")


# After "No." or "Fig.": a number, a Roman numeral, a code (FAA-2020, S1, B.2); for figures, one letter too.
_NUMBER = re.compile(r"[#§]?\s?(?:[IVXLC]+\b|[ivxlc]+\b|[A-Z]{0,6}[-–/.]?\d|[A-Z]{1,4}[-–]\d?)")


_LETTER = re.compile(r"[A-Z]\b(?!['’])")


_UNITS = frozenset(SENTENCES.units)
"""Units that are also words: "17.2 in. and", but "he came in. and"."""


_BEFORE_NAMES = frozenset(SENTENCES.before_names)


_SMALL_ROMAN = re.compile(r"[ivxlc]+")


_LETTERED = frozenset(SENTENCES.before_letters)


_CITED = re.compile(rf"[A-Z][\w']{{0,8}}\.\s?(?:[A-Z§]?\d|{any_of(*SENTENCES.cited)}|[A-Z][\w']{{0,12}}[.,])")
"""What follows an abbreviation in a citation: "L. No. 105", "Stat. 2860", "Res. Lett."."""


_SPACED = re.compile(r"(?:[^\W\d_]{1,4}\.-?[ \u00a0\u202f]?){1,3}[^\W\d_]{1,5}$")


_ELIDED = re.compile(rf"{any_of(*SENTENCES.elided)}['’]")


_SPACES = re.compile(r"[ \u00a0\u202f]")


_LONGEST_SPACED = 24


_CASELESS_BEFORE = "\u1100"
"""Scripts of letters, not of syllables or words, come before this character."""


_OPENING_ADVERBIAL = 18
"""A sentence with at most this many characters before the mark ("В 1998 г.") continues after it."""


_LONG = 6
"""A word of so many letters is no ordinal, and not the last part of an abbreviation (z. B.)."""


def full_stop_ends(place: Place) -> bool:
    """Return whether the full stop at `place` ends a sentence."""
    is_long_word = len(place.word) >= _LONG and place.word.isalpha()
    if is_long_word and place.next[:1].isupper() and not is_abbreviation(place.word):
        return True  # as at most full stops: none of the rules below is for them
    if _is_ordinal(place):
        return False
    if place.next[:1].isdigit() and _SMALL_ROMAN.fullmatch(place.word):
        return False  # "chap. iii. 7"
    kind = _abbreviation_kind(place)
    if kind is Kind.INSIDE:
        return False
    if kind is Kind.BEFORE_NUMBER and _is_number_behind(place):
        return False
    if kind is Kind.TRAILING:
        return place.next[:1].isupper()
    if kind is Kind.AFTER_NUMBER:
        is_after_number = place.previous[-1:].isdigit() or _ROMAN.fullmatch(place.previous) is not None
        is_long = place.at - place.sentence > _OPENING_ADVERBIAL
        return is_after_number and is_long and place.next[:1].isupper()
    if kind is Kind.ANYWHERE:
        if place.language is not None:
            return place.is_before_starter()
        return bool(place.next) and not _is_cited(place) and punkt_ends_sentence(place.word + ".", place.next)
    if _ACRONYM.fullmatch(place.word):
        # Punkt does not know J.R.R. and the like: it is asked about an acronym that it knows.
        return bool(place.next) and punkt_ends_sentence(LANGUAGE.words.known_acronym, place.next)
    if len(place.word) == 1 and place.word.isalpha():
        return _initial_ends(place)
    if place.is_followed_small and place.word in _UNITS and place.previous[-1:].isdigit():
        return False
    if place.is_followed_small:
        # No list has every abbreviation: a sentence can start in lower case only after a common word.
        return is_ordinary(place.word)
    return True


def _abbreviation_kind(place: Place) -> Kind | None:
    """Return the kind of the abbreviation before the mark; "B." in "z. B." is the end of "z.b"."""

    def language() -> OtherLanguage | None:
        return place.language

    in_capitals = place.next == place.next.upper()
    if place.previous.endswith(".") and len(place.word) <= 5:
        start = max(place.sentence, place.at - _LONGEST_SPACED)
        if spaced := _SPACED.search(place.paragraph.text[start : place.at]):
            joined = _SPACES.sub("", spaced[0])
            while "." in joined:
                if kind := abbreviation_kind(joined, language, in_capitals=True):
                    return kind
                joined = joined.partition(".")[2]
    if len(place.word) <= 4 and len(place.next) <= 4 and place.follows_next == ".":
        joined = f"{place.word}.{place.next}"
        if abbreviation_kind(joined, language, in_capitals=True):
            return Kind.INSIDE
    word = place.word
    if "'" in word or "’" in word:
        word = _ELIDED.sub("", word)
    return abbreviation_kind(word, language, in_capitals=in_capitals)


def _is_number_behind(place: Place) -> bool:
    if place.next == "I" and place.word.lower() in SENTENCES.numbers:
        return False
    if place.next[:1].isdigit() or place.is_before(_NUMBER):
        return True
    return place.word in _LETTERED and place.is_before(_LETTER)


def _is_cited(place: Place) -> bool:
    """Return whether the next word is an abbreviation too, or has a number, as in references."""
    return place.is_before(_CITED) and not is_ordinary(place.next)


def _is_ordinal(place: Place) -> bool:
    """Return whether the full stop makes a number an ordinal: "3. Mai", "im 19. Jahrhundert"."""
    if not place.next[:1].isupper() or not _ORDINAL.fullmatch(place.word):
        return False
    if place.next in months() and _DAY.fullmatch(place.word):
        is_month_of_language = place.language is not None and place.next in place.language.months
        if is_month_of_language or place.next not in _OWN_MONTHS or place.is_before(_YEAR_BEHIND):
            return True
    language = place.language
    if language is None or not language.has_ordinals or place.is_before_starter():
        return False
    return not place.word.isdigit() or language.may_precede_ordinal(place.previous)


def _initial_ends(place: Place) -> bool:
    """Return whether a sentence ends after a single letter.

    An initial (George W. Bush) does not end it; the end of a name (vitamin C. Doctors) does.
    """
    if not place.next or (place.follows_next == "." and len(place.next) == 1):
        return not place.next
    if not (place.word.isupper() or place.word.islower()) and place.word < _CASELESS_BEFORE:
        return False  # a title in Arabic, Hebrew or Hindi
    is_name = place.previous[:1].isupper() or place.previous in _BEFORE_NAMES
    if is_name and place.word.isupper() and place.word not in "IVX":
        return not place.is_followed_small and is_starter(place.next) and not place.is_before(_CITED)
    return punkt_ends_sentence(place.word + ".", place.next)
