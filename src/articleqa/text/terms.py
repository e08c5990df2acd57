"""The analyser: text into terms, in the same way for articles and questions.

A term is a word folded in case, accents and spelling variants, then stemmed by the language's stemmer.
Hyphenated words are split ("long-standing" gives two terms), except after bound prefixes ("e-mail" gives
"email"). Digit groups are joined ("1,200" gives "1200"). Scripts written without spaces give overlapping
pairs of characters, as in Lucene's CJKAnalyzer. An acronym spelt like a stop word (US, WHO, IT) keeps its
capitals, so that it is not taken for one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import regex

from articleqa.language import LANGUAGE

_WORDS = LANGUAGE.words
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_INVISIBLE = "\u00ad\u200c\u200d"
"""Soft hyphen and joiners: they affect how a word is set in type, not which word it is."""

_PLAIN_WORD = rf"[a-zA-Z]++(?![\p{{L}}\p{{M}}\p{{N}}\-.'’ʼ＇{_INVISIBLE}])"
"""What most words are. They are found in half the time if this is tried first."""

_WORD = rf"""
      (?: (?:\p{{L}}\.){{2,9}}\p{{L}}? | \p{{Lu}}\.\p{{Lu}} )(?![\p{{L}}\p{{N}}])      # U.S., J.R.R., U.S
    | \p{{Nd}}{{1,3}}(?:[,'’\u00a0\u2009\u202f]\p{{Nd}}{{3}})+(?![\p{{Nd}}])
      (?:\.\p{{Nd}}+)?[\p{{L}}--[{_UNSPACED}]]*                                 # 1,200,000.5
    | \p{{Nd}}+(?:[.,]\p{{Nd}}+)*[[\p{{L}}\p{{M}}]--[{_UNSPACED}]]*              # 3.5, 2016, 19th
    | [{_UNSPACED}][{_UNSPACED}\p{{M}}]*                                       # no spaces between words
    | {_WORDS.bound_prefixes}-\p{{L}}[\p{{L}}\p{{M}}]+                     # e-mail, not UN-backed
    | \p{{Emoji_Presentation}}                                                  # a ship, a flag's letters
    | [[\p{{L}}\p{{M}}\p{{N}}]--[{_UNSPACED}ʼ]]+
      (?:['’ʼ＇{_INVISIBLE}][[\p{{L}}\p{{M}}]--[{_UNSPACED}ʼ]]+)*                # words, don’t, C87
"""
_TOKEN = regex.compile(f"{_PLAIN_WORD} | {_WORD}", regex.VERBOSE | regex.VERSION1)
_MANY_MARKS = regex.compile(r"(\p{M}{30})\p{M}+")
"""More marks on a letter than the Stream-Safe Text Format (UAX #15) allows: sorting them is quadratic."""

_NOT_FOLDED = regex.compile(rf"[\s{_INVISIBLE}]+")
_IS_UNSPACED = regex.compile(rf"[{_UNSPACED}]")
_VARIANTS = tuple((regex.compile(variant), usual) for variant, usual in _WORDS.spelling_variants)
_LETTERS_WITH_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe"}
)
_ELISION = regex.compile(rf"^{_WORDS.elisions}'(?=\p{{L}})")
_POSSESSIVE = regex.compile(rf"['’ʼ＇]{_WORDS.possessive}$")

_CACHED_WORDS = 1 << 18
"""Distinct words whose analysis is kept; about 60 MB when full. A corpus has few words and repeats them."""

_LONGEST_WORD = 64
"""Longer words (base64, a row of digits) are neither stemmed nor cached: each is large and occurs once."""

_LONGEST_PIECE = 24
"""Longer pieces between spaces (a URL, a sentence without spaces) are not cached: few occur twice."""

_FEWEST_SHOUTED = 3
"""Capitals mean nothing in an all-capitals text of at least this many words; in "US" and "US GDP" they do."""


class Token(NamedTuple):
    """One word of a text, at `text[start:end]`: the terms it gives, and whether it is a stop word."""

    start: int
    end: int
    terms: tuple[str, ...]
    is_stop: bool


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of `text` in order, including stop words."""
    analysed = _SHOUTED if _is_shouting(text) else _SAID
    for match in _TOKEN.finditer(text):
        terms, is_stop = analysed[match[0]]
        yield Token(match.start(), match.end(), terms, is_stop)


def terms(text: str) -> list[str]:
    """Return the terms of `text` in order, including those of stop words."""
    of_pieces = _SHOUTED_PIECES if _is_shouting(text) else _SAID_PIECES
    # No word has a space or a line end in it. Narrow spaces and others may be in a number: 1 200.
    pieces = text.split() if text.isascii() else text.replace("\n", " ").split(" ")
    return list(chain.from_iterable(map(of_pieces.__getitem__, pieces)))


def content_terms(text: str) -> list[str]:
    """Return the terms of `text` without stop words, or all of its terms if it has only stop words."""
    content = [term for token in tokens(text) if not token.is_stop for term in token.terms]
    return content or terms(text)


def stop_terms() -> frozenset[str]:
    """Return the terms that stop words give."""
    return LANGUAGE.stop_words


def _is_shouting(text: str) -> bool:
    return text.isupper() and len(text.split(maxsplit=_FEWEST_SHOUTED)) >= _FEWEST_SHOUTED


class _AnalysedWords(dict[str, tuple[tuple[str, ...], bool]]):
    """The terms of each word that was met, and whether it is a stop word.

    With `shouting`, all letters around the words are capitals too, so that their own capitals mean nothing.
    """

    def __init__(self, *, shouting: bool) -> None:
        """Begin without words."""
        super().__init__()
        self._shouting = shouting

    def __missing__(self, word: str) -> tuple[tuple[str, ...], bool]:
        """Analyse a word that is met for the first time; forget all others if there are too many."""
        analysed = _analyse(word, shouting=self._shouting)
        if len(word) > _LONGEST_WORD:
            return analysed
        if len(self) >= _CACHED_WORDS:
            self.clear()
        self[word] = analysed
        return analysed


class _AnalysedPieces(dict[str, tuple[str, ...]]):
    """The terms of each piece of text between spaces that was met: of a word and what stands around it.

    `shouting` is as for `_AnalysedWords`.
    """

    def __init__(self, *, shouting: bool) -> None:
        """Begin without pieces."""
        super().__init__()
        self._shouting = shouting

    def __missing__(self, piece: str) -> tuple[str, ...]:
        """Analyse a piece that is met for the first time; forget all others if there are too many."""
        words = (_analyse(word, shouting=self._shouting) for word in _TOKEN.findall(piece))
        terms = tuple(chain.from_iterable(of_word for of_word, _ in words))
        if terms == (piece,):
            terms = (piece,)  # one string instead of two equal ones
        if len(piece) > _LONGEST_PIECE:
            return terms
        if len(self) >= _CACHED_WORDS:
            self.clear()
        self[piece] = terms
        return terms


_SAID, _SHOUTED = _AnalysedWords(shouting=False), _AnalysedWords(shouting=True)
_SAID_PIECES, _SHOUTED_PIECES = _AnalysedPieces(shouting=False), _AnalysedPieces(shouting=True)


def _analyse(word: str, *, shouting: bool) -> tuple[tuple[str, ...], bool]:
    """Return the terms of a word, and whether it is a stop word."""
    folded = _fold(word)
    if len(word) > _LONGEST_WORD:
        return (_pairs(folded) if _IS_UNSPACED.match(folded) else (folded,)), False
    if _IS_UNSPACED.match(folded):
        return _pairs(folded), False
    plain = folded if folded[0].isdigit() else folded.replace(".", "")
    if plain in stop_terms():
        # "WHO’s" in capitals means the organisation's, not "who is".
        name = _POSSESSIVE.sub("", word).replace(".", "")
        if len(name) > 1 and name.isupper() and name.isalpha() and not shouting:
            return (name,), False
        return (plain,), True
    return (_stem(plain),), False


def _fold(word: str) -> str:
    """Fold case, compatibility forms, accents, vowel points, apostrophes, hyphens, digit groups.

    The result has at least one character and no white space.
    """
    folded = word.casefold()
    if not folded.isascii():
        folded = _MANY_MARKS.sub(r"\1", folded)
        folded = _strip_accents(unicodedata.normalize("NFKC", folded).casefold())
        # Some compatibility forms expand to whole phrases (ﷺ), or to accents on a space.
        folded = _NOT_FOLDED.sub("", folded).replace("’", "'").replace("ʼ", "'") or word
    if folded[0].isdigit():
        return _fold_number(folded)
    folded = folded.replace("-", "")
    if "'" in folded and folded not in stop_terms():
        folded = folded.removesuffix(f"'{_WORDS.possessive}")
        folded = _ELISION.sub("", folded).replace("'", "")
    return folded


def _strip_accents(word: str) -> str:
    """Remove the marks on Latin and Greek letters and the vowel points of Hebrew and Arabic.

    In other scripts (й, ё, Indic vowels) marks are letters.
    """
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        if unicodedata.combining(char) and kept and _has_removable_marks(kept[-1]):
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_LETTERS_WITH_STROKES)


def _has_removable_marks(char: str) -> bool:
    """Return whether `char` is Latin, Greek, Hebrew or Arabic, so that its marks can be removed."""
    return char < "\u0400" or "\u0590" <= char <= "\u06ff" or "\u1e00" <= char <= "\u1fff"


def _fold_number(number: str) -> str:
    """Join groups of thousands and turn a decimal comma into a point: 1,200 and 1 200 give 1200.

    Digits of other scripts become ASCII digits.
    """
    if not number.isascii():
        number = "".join(str(unicodedata.decimal(char, char)) for char in number)
    joined = regex.sub(r"(?<=\d)[,'\s](?=\d{3}(?!\d))", "", number)
    return joined.replace(",", ".")


def _pairs(run: str) -> tuple[str, ...]:
    if len(run) == 1:
        return (run,)
    return tuple(run[i : i + 2] for i in range(len(run) - 1))


@lru_cache(_CACHED_WORDS)
def _stem(word: str) -> str:
    base = LANGUAGE.word_forms.get(word)
    if base is None:
        base = word
        for variant, usual in _VARIANTS:
            base = variant.sub(usual, base)
    return _stemmer()(base) if base.isalpha() else base


@cache
def _stemmer() -> Callable[[str], str]:
    return _WORDS.load_stemmer()
