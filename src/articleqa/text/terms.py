"""The analyser: text into terms, one way for articles and questions alike.

A term is a word folded in case, accents and spelling variants, then stemmed with Snowball (Porter
2001, "Snowball: A language for stemming algorithms"). Hyphenated words fall apart ("long-standing"
gives two terms) but for bound prefixes ("e-mail" gives "email"). Digit groups are joined ("1,200"
gives "1200"). Scripts written without spaces give overlapping pairs of characters, as Lucene's
CJKAnalyzer does. An acronym spelt like a stop word (US, WHO, IT) keeps its capitals, and so is not
taken for one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import regex

from articleqa.data import read_lines

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_TOKEN = regex.compile(
    rf"""
      (?:\p{{L}}\.){{2,9}}\p{{L}}?(?![\p{{L}}\p{{N}}])                            # U.S., J.R.R., U.S
    | \p{{Nd}}{{1,3}}(?:[,'’\u00a0\u2009\u202f]\p{{Nd}}{{3}})+(?![\p{{Nd}}])
      (?:\.\p{{Nd}}+)?\p{{L}}*                                                   # 1,200,000.5
    | \p{{Nd}}+(?:[.,]\p{{Nd}}+)*[[\p{{L}}\p{{M}}]--[{_UNSPACED}]]*              # 3.5, 2016, 19th
    | [{_UNSPACED}][{_UNSPACED}\p{{M}}]*                                       # no spaces between words
    | (?i:e|co|re|non|anti|pre|un)-\p{{L}}[\p{{L}}\p{{M}}]+                       # e-mail, co-operate
    | [[\p{{L}}\p{{M}}\p{{N}}]--[{_UNSPACED}]]+(?:['’ʼ＇][\p{{L}}\p{{M}}]+)*     # words, don’t, C87
    """,
    regex.VERBOSE | regex.VERSION1,
)
_IS_UNSPACED = regex.compile(rf"[{_UNSPACED}]")
_OUR = regex.compile(r"(?<=\p{L}{2})our(?=(?:s|ed|ing|er|ers|able|al|ite|ites|ful|less|hood|ly)?$)")
_ISE = regex.compile(r"(?<=\p{L}{3})(i|y)s(?=(?:e|es|ed|er|ers|ing|ation|ations|ational)$)")
_LETTERS_WITH_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe"}
)
_ELISION = regex.compile(r"^(?:[cdjlmnst]|qu)'(?=\p{L})")

_CACHED_WORDS = 1 << 18
"""Distinct words kept analysed; about 60 MB when full. A corpus has few words and repeats them."""


class Token(NamedTuple):
    """One word of a text at `text[start:end]`, the terms it gives, and whether it is a stop word."""

    start: int
    end: int
    terms: tuple[str, ...]
    is_stop: bool


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of `text` in order, stop words among them."""
    shouting = text.isupper()
    for match in _TOKEN.finditer(text):
        terms, is_stop = _analyse(match[0], shouting)
        yield Token(match.start(), match.end(), terms, is_stop)


def terms(text: str) -> list[str]:
    """Return the terms of `text` in order, those of stop words among them."""
    shouting = text.isupper()
    return [term for word in _TOKEN.findall(text) for term in _analyse(word, shouting)[0]]


def content_terms(text: str) -> list[str]:
    """Return the terms of `text` without stop words, or all of them where there is nothing else."""
    content = [term for token in tokens(text) if not token.is_stop for term in token.terms]
    return content or terms(text)


def is_stop_term(term: str) -> bool:
    """Say whether `term` comes of a stop word."""
    return term in _stop_words()


@lru_cache(maxsize=_CACHED_WORDS)
def _analyse(word: str, shouting: bool) -> tuple[tuple[str, ...], bool]:
    """Return the terms of one word and whether it is a stop word.

    `shouting` says that all letters around it are capitals, so that capitals mean nothing.
    """
    folded = _fold(word)
    if _IS_UNSPACED.match(folded):
        return _pairs(folded), False
    dotted = "." in folded and not folded[0].isdigit()
    plain = folded.replace(".", "") if dotted else folded
    acronym = len(plain) > 1 and not shouting and word.replace(".", "").isupper() and plain.isalpha()
    if plain in _stop_words():
        return ((plain.upper(),), False) if acronym else ((plain,), True)
    return (_stem(plain),), False


def _fold(word: str) -> str:
    """Fold case, compatibility forms, Latin and Greek accents, apostrophes, hyphens, digit groups."""
    folded = word.casefold()
    if not folded.isascii():
        folded = _strip_accents(unicodedata.normalize("NFKC", folded).casefold())
        folded = folded.replace("’", "'").replace("ʼ", "'")
    if folded[0].isdigit():
        return _fold_number(folded)
    folded = folded.replace("-", "")
    if "'" in folded and folded not in _stop_words():
        folded = folded.removesuffix("'s")
        folded = _ELISION.sub("", folded).replace("'", "")
    return folded


def _strip_accents(word: str) -> str:
    """Drop the marks on Latin and Greek letters; elsewhere (й, ё, Indic vowels) they are letters."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        if unicodedata.combining(char) and kept and _is_latin_or_greek(kept[-1]):
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_LETTERS_WITH_STROKES)


def _is_latin_or_greek(char: str) -> bool:
    return char < "\u0400" or "\u1e00" <= char <= "\u1fff"


def _fold_number(number: str) -> str:
    """Join groups of thousands and make a decimal comma a point: 1,200 and 1 200 give 1200."""
    joined = regex.sub(r"(?<=\d)[,'\s](?=\d{3}(?!\d))", "", number)
    return joined.replace(",", ".")


def _pairs(run: str) -> tuple[str, ...]:
    if len(run) == 1:
        return (run,)
    return tuple(run[i : i + 2] for i in range(len(run) - 1))


def _stem(word: str) -> str:
    base = _word_forms().get(word)
    if base is None:
        base = _OUR.sub("or", _ISE.sub(r"\1z", word))
    return _snowball()(base) if base.isalpha() else base


@cache
def _snowball() -> Callable[[str], str]:
    # Imported here: nltk takes longer to import than the rest of the package together.
    from nltk.stem.snowball import EnglishStemmer

    stem: Callable[[str], str] = EnglishStemmer().stem
    return stem


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(word for line in read_lines("stop_words.txt") for word in line.split())


@cache
def _word_forms() -> dict[str, str]:
    """Irregular and variant forms: form -> base, from lines of "base: form form"."""
    forms: dict[str, str] = {}
    for line in read_lines("word_forms.txt"):
        base, _, rest = line.partition(":")
        forms.update(dict.fromkeys(rest.split(), base.strip()))
    return forms
