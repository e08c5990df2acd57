"""Glyphs without a known letter: ligatures found by the words they are in, and text that cannot be read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import regex

from articleqa.language import LAYOUT
from articleqa.loaders.pdf.characters import UNKNOWN
from articleqa.loaders.pdf.dictionary import is_word
from articleqa.loaders.pdf.symbol_fonts import is_unknown, with_known_letters
from articleqa.loaders.pdf.words import Word

_MOST_IN_WORD = 2
"""Words with more unknown glyphs than this are not guessed."""

_FEWEST_VOTES = 2
_MOST_VOTES = 0.6
"""A glyph is a ligature everywhere if this many words, and this share of those with one, say so."""

_UNREADABLE = 0.3
"""A font is unreadable if this share of its characters have no known letter."""

_FEWEST = 30
"""Fewer characters than this do not show that a font or a page is unreadable."""

_FEWEST_LETTERS = 200
_VOWELS = 0.24
_WORDS = 0.1
_SIGNS = 0.5
"""A page of words has more vowels among its Latin letters, or more words of English; and fewer signs. In
English 0.37 of the letters are vowels; with each letter moved by 3 or 5 places in the alphabet, as in fonts
with a wrong encoding, 0.14 and 0.18."""

_RECOGNISED_WORDS = 0.5
"""Recognised text replaces known letters only if this share of its words are English. Chosen by judgement: in
English prose it is above 0.8, in random letters below 0.1."""

_SIGN = regex.compile(r"[^\p{L}\p{N}\p{M}\s._\-–—·…*=•]")
"""A sign: neither a letter nor a number, and no leader."""

_NO_VOWELS = str.maketrans("", "", "aeiouyáàâäãåæéèêëíìîïóòôöõøœúùûüý")
"""Leaves out the letters one of which nearly every word in Latin letters has."""
_CORE = regex.compile(r"[\p{L}\p{Co}'’-]*\p{Co}[\p{L}\p{Co}'’-]*")
_LATIN_WORD = regex.compile(r"\p{Latin}{3,}")
_ASCII_WORD = re.compile(r"[A-Za-z]{3,}")
"""The same in a text of ASCII characters, found in half the time."""

_ANY_LIGATURE = chr(UNKNOWN)
"""The glyph of code 0: several ligatures of a font may be mapped to it."""

_Glyph = tuple[str, str]
"""A font, and the private code point of one of its glyphs."""


def with_letters(pages: Sequence[list[Word]]) -> tuple[list[list[Word]], list[bool]]:
    """Return the words of each page with the letters that can be known, and whether each page is garbled.

    A ligature is known by the words that it makes, of the document or of English. The words of a font whose
    letters are unknown are left out: their few digits and signs make no sentence. A page is garbled if
    most of its text cannot be read.
    """
    known = [_with_known_letters(words) for words in pages]
    unreadable = set[str]()
    if any(_has_unknown(words) for words in known):
        known = _with_ligatures(known)
        unreadable = _unreadable_fonts(word for words in known for word in words)
    kept: list[list[Word]] = []
    garbled: list[bool] = []
    for words in known:
        readable = [word for word in words if word.font not in unreadable] if unreadable else words
        lost = _characters(words) - _characters(readable) if unreadable else 0
        if _has_unknown(readable):
            lost += sum(len(word.text) for word in readable if is_unknown(word.text))
        is_garbled = lost >= _FEWEST and lost > _characters(words) / 2
        kept.append(readable)
        garbled.append(is_garbled or has_no_words(readable))
    return kept, garbled


def are_better(recognised: Sequence[Word], garbled: Sequence[Word]) -> bool:
    """Return whether the recognised words of a garbled page are words, and as much text as is drawn on it.

    Part numbers and other codes look garbled too. What is recognised of them is no better, and has mistakes.
    """
    if 2 * _characters(recognised) < _characters(garbled) or has_no_words(recognised):
        return False
    lost = sum(len(word.text) for word in garbled if is_unknown(word.text))
    return lost >= _characters(garbled) / 2 or _share_of_words(recognised) >= _RECOGNISED_WORDS


def _has_unknown(words: Iterable[Word]) -> bool:
    return is_unknown("".join([word.text for word in words]))


def _with_known_letters(words: list[Word]) -> list[Word]:
    """Return the words of a page with the letters that the encodings of their fonts tell."""
    if not _has_unknown(words):
        return words
    return [
        word._replace(text=with_known_letters(word.text, word.font)) if is_unknown(word.text) else word
        for word in words
    ]


def _characters(words: Iterable[Word]) -> int:
    return sum([len(word.text) for word in words])


def _with_ligatures(pages: list[list[Word]]) -> list[list[Word]]:
    cores = {
        (word.font, match[0])
        for words in pages
        for word in words
        if is_unknown(word.text) and (match := _CORE.search(word.text)) and any(map(str.isalpha, match[0]))
    }
    if not cores:
        return pages
    vocabulary = {
        word.text.strip(".,;:!?()[]\"'”’“‘").casefold()
        for words in pages
        for word in words
        if not is_unknown(word.text)
    }
    readings = {core: list(_readings(core[1], vocabulary)) for core in sorted(cores)}
    votes: dict[_Glyph, Counter[str]] = defaultdict(Counter)
    for (font, _), found in readings.items():
        for glyphs in found:
            for glyph, letters in glyphs.items():
                votes[font, glyph][letters] += 1
    chosen = {core: _best(core, found, votes) for core, found in readings.items()}
    return [[_replaced(word, chosen) for word in words] for words in pages]


def _readings(core: str, vocabulary: set[str]) -> Iterator[dict[str, str]]:
    """Yield the ligatures that make `core` a word, as a dictionary of its unknown glyphs."""
    glyphs = sorted({char for char in core if is_unknown(char)})
    if len(glyphs) > _MOST_IN_WORD:
        return
    for letters in product(LAYOUT.ligatures, repeat=len(glyphs)):
        reading = dict(zip(glyphs, letters, strict=True))
        text = "".join(reading.get(char, char) for char in core)
        if text.casefold() in vocabulary or is_word(text):
            yield reading


def _best(
    core: tuple[str, str], readings: Sequence[dict[str, str]], votes: dict[_Glyph, Counter[str]]
) -> dict[str, str]:
    """Return the reading that most other words share; without any, what the glyphs are in other words."""
    font, text = core
    if readings:
        return max(readings, key=lambda reading: sum(votes[font, glyph][reading[glyph]] for glyph in reading))
    sure: dict[str, str] = {}
    for glyph in {char for char in text if is_unknown(char) and char != _ANY_LIGATURE}:
        counted = votes.get((font, glyph), Counter[str]()).most_common(1)
        if counted and counted[0][1] >= max(_FEWEST_VOTES, _MOST_VOTES * votes[font, glyph].total()):
            sure[glyph] = counted[0][0]
    return sure


def _replaced(word: Word, chosen: dict[tuple[str, str], dict[str, str]]) -> Word:
    match = _CORE.search(word.text) if is_unknown(word.text) else None
    letters = chosen.get((word.font, match[0])) if match else None
    if match is None or not letters:
        return word
    core = "".join(letters.get(char, char) for char in match[0])
    return word._replace(text=word.text[: match.start()] + core + word.text[match.end() :])


def _unreadable_fonts(words: Iterable[Word]) -> set[str]:
    totals, unknown = Counter[str](), Counter[str]()
    for word in words:
        totals[word.font] += len(word.text)
        if is_unknown(word.text):
            unknown[word.font] += sum(map(is_unknown, word.text))
    return {font for font, count in unknown.items() if count >= max(_FEWEST, _UNREADABLE * totals[font])}


def has_no_words(words: Sequence[Word]) -> bool:
    """Return whether the letters of a page are no words of any language, as with a wrong encoding."""
    text = " ".join([word.text for word in words])
    found = _latin_words(text)
    letters = "".join(found).casefold()
    shown = len(text) - text.count(" ")
    most_signs = max(_SIGNS * shown, _FEWEST_LETTERS)
    if shown - sum(map(len, found)) > most_signs and len(_SIGN.findall(text)) > most_signs:
        return True
    vowels = len(letters) - len(letters.translate(_NO_VOWELS))
    if len(letters) < _FEWEST_LETTERS or vowels >= _VOWELS * len(letters):
        return False
    return _share_of_words(words) < _WORDS


def _latin_words(text: str) -> list[str]:
    return _ASCII_WORD.findall(text) if text.isascii() else _LATIN_WORD.findall(text)


def _share_of_words(words: Sequence[Word]) -> float:
    """Return the share of words of English among those in Latin letters."""
    found = _latin_words(" ".join([word.text for word in words]))
    return sum(map(is_word, found)) / max(1, len(found))
