"""Parameters for Punkt: abbreviations, words that start sentences, words that are names.

The parameters come from `punkt.json`, trained by `articleqa.training.data_files.punkt`, and from the
hand-kept `abbreviations.txt` of the language in use; other languages add theirs
(`articleqa.text.sentences.languages`). nltk's Punkt (Kiss & Strunk 2006, "Unsupervised Multilingual Sentence
Boundary Detection", Computational Linguistics 32) uses them to judge pairs of words. It gets two words at a
time, never a text: its regular expressions have time limits, and an answer must not depend on how busy the
machine is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from articleqa.data import read_data
from articleqa.exceptions import DataFileError
from articleqa.language import LANGUAGE
from articleqa.nltk_parts import nltk_module
from articleqa.text.sentences.languages import Kind, OtherLanguage, languages

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

VERSION = 1

# The bits with which Punkt records that a word was seen inside a sentence with a capital, or in lower case.
CAPITAL_INSIDE = 1 << 2
SMALL_INSIDE = 1 << 5

_CACHED_PAIRS = 1 << 16
"""Pairs of words whose judgement is cached; about 15 MB when full."""


def abbreviation_kind(
    word: str, language: Callable[[], OtherLanguage | None], *, in_capitals: bool = False
) -> Kind | None:
    """Return how `word`, without its final full stop, behaves as an abbreviation; None if it is not one.

    `language` is called only for abbreviations of other languages. Those of the paragraph's own language come
    before those of the language in use; those of the remaining ones come last, and only if they cannot be
    words.

    A word in capitals (MS, EST) is an abbreviation only in a text `in_capitals`, or with inner full stops
    (P.M); elsewhere it is an acronym. Raises DataFileError if a data file of the package is damaged.
    """
    if not is_abbreviation(word):
        return None
    foreign = _kind_in(_foreign_kinds(), word, in_capitals=in_capitals)
    spoken = language() if foreign else None
    own = _kind_in(spoken.abbreviations, word, in_capitals=in_capitals) if spoken else None
    if kind := own or _kind_in(_abbreviation_kinds(), word, in_capitals=in_capitals):
        return kind
    is_word = not _is_never_a_word(word) or (spoken is not None and word.lower() in spoken.words)
    return None if is_word else foreign


def is_abbreviation(word: str) -> bool:
    """Return whether `word`, without its final full stop, is an abbreviation in any language.

    Raises DataFileError if a data file of the package is damaged.
    """
    return word.lower() in _known()


def _kind_in(kinds: Mapping[str, Kind], word: str, *, in_capitals: bool) -> Kind | None:
    if word in kinds or len(word) < 2 or not word[0].isupper():
        return kinds.get(word)
    if word.isupper() and "." not in word and not in_capitals:
        return None
    return kinds.get(word.lower()) or kinds.get(word.capitalize())


def _is_never_a_word(word: str) -> bool:
    """Return whether an abbreviation of another language cannot be a word of the one in use."""
    if len(word) < 2 or (word.isupper() and word not in _foreign_kinds()):
        return False
    return not (is_ordinary(word) or is_starter(word) or word.lower() in _vocabulary())


def is_ordinary(word: str) -> bool:
    """Return whether `word` is commonly written in lower case, and so is hardly a name.

    Raises DataFileError if a data file of the package is damaged.
    """
    return word.lower() in _parameters()["orthography"]


def is_starter(word: str) -> bool:
    """Return whether `word` often starts sentences, or is one of the small words that are never names.

    Raises DataFileError if a data file of the package is damaged.
    """
    return word.lower() in _starters()


@lru_cache(_CACHED_PAIRS)
def punkt_ends_sentence(token: str, following: str) -> bool:
    """Return whether Punkt ends a sentence after `token` (with its full stop) if `following` comes next.

    Raises DataFileError if a data file of the package is damaged.
    """
    first = next(iter(_tokenizer().sentences_from_tokens((token, following))))
    return len(first) == 1


@cache
def _parameters() -> dict[str, Any]:
    parameters: dict[str, Any] = json.loads(LANGUAGE.punkt())
    if parameters.get("version") != VERSION:
        raise DataFileError(
            f"punkt.json has version {parameters.get('version')!r}, not {VERSION}: reinstall articleqa, "
            "or retrain with python -m articleqa.training.data_files.punkt"
        )
    return parameters


@cache
def _abbreviation_kinds() -> dict[str, Kind]:
    kinds = dict.fromkeys(_parameters()["abbreviations"], Kind.ANYWHERE)
    kinds.update({word: Kind(section) for word, section in LANGUAGE.abbreviations.items()})
    return kinds


@cache
def _known() -> frozenset[str]:
    """Return all abbreviations of all languages in lower case; most words are not among them."""
    return frozenset(word.lower() for word in (*_abbreviation_kinds(), *_foreign_kinds()))


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(read_data("word_vectors.txt").split())


@cache
def _foreign_kinds() -> dict[str, Kind]:
    return {word: kind for language in languages().values() for word, kind in language.abbreviations.items()}


@cache
def _starters() -> frozenset[str]:
    return LANGUAGE.stop_words.union(_parameters()["sentence_starters"])


@cache
def _tokenizer() -> PunktSentenceTokenizer:
    # Importing nltk takes from 0.3 to 2 seconds: do it only at the first doubtful full stop.
    punkt = nltk_module("nltk.tokenize.punkt")
    parameters = punkt.PunktParameters()
    # Single letters are left out: Punkt judges initials by separate rules.
    parameters.abbrev_types = {word for word in _known() if len(word) > 1}
    parameters.collocations = {tuple(pair.split(" ")) for pair in _parameters()["collocations"]}
    parameters.sent_starters = set(_parameters()["sentence_starters"])
    # Punkt looks up every word that it meets; a Counter, unlike Punkt's own defaultdict, does not store them.
    parameters.ortho_context = Counter(_parameters()["orthography"])
    tokenizer: PunktSentenceTokenizer = punkt.PunktSentenceTokenizer(parameters)
    return tokenizer
