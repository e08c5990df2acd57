"""Where one line or paragraph may be cut into sentences.

One expression finds every mark that could end a sentence, with the word ahead; a rule for each kind of
mark then decides from the words on both sides. Nothing looks further than a few words, so the time grows
with the length of the text and a decision does not depend on what stands far away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from articleqa.text.punkt import Kind, abbreviation_kind, is_ordinary, is_starter, punkt_ends_sentence

# Full stops of scripts without capitals (Chinese, Japanese, Arabic, Devanagari, Armenian, Ethiopic): they
# mean nothing else, so they always end a sentence, with or without a space behind them.
_PLAIN = frozenset("。！？｡؟۔।॥։።")
_MARKS = _PLAIN.union(".?!…‥")
_INVISIBLE = "\u200b-\u200f\u2060\ufeff"
_EMOJI = "\u2600-\u27bf\ufe0f\u200d\u2b50\u2b55\U0001f000-\U0001faff"

_CANDIDATE = re.compile(
    rf"""
    (?P<mark> \.(?:[\ \u00a0\u202f]\.){{2,}}+ | [{"".join(sorted(_MARKS))}]++ )
    (?P<tail>                                       # what still belongs to the sentence that ends
      (?: ["'”’»›)\]}}*_」』）】》〉{_INVISIBLE}]         #   closing quotes and brackets
        | [“«](?=[\s.,;:)]|$)                       #   German closes with what others open with
        | [\u00a0\u202f\ ][»›](?![^\s.,;:)])        #   French puts a space before its closing quote
        | \[[\w\ ]{{1,24}}\] (?: :\d+(?:[–-]\d+)? )?  #   footnotes: [3], [note 1], [5]:12–14
        | [¹²³⁴-⁹⁰]                                 #   footnotes: ²
      )*+
      (?: \ ?[{_EMOJI}]++ )*+                       #   an emoji comments on what went before
    )
    (?P<gap> \s*+ )
    (?P<opening> (?: (?: ["'“‘«‹„‚(\[{{*_¿¡#~`{_INVISIBLE}] | [–—-]\s | »(?=\w) ) \s? )*+ )
    (?P<next> \w{{0,40}}+ )
    """,
    re.VERBOSE,
)

_LOOK_BACK = 64
"""How far back the word before a mark is looked for; what is longer is no abbreviation."""

# Read backwards from the mark: the word before it, then the one before that.
_WORDS_BACKWARDS = re.compile(r"""\s*+([^\s{0}]*+)[\s{0}]*+([^\s{0}]*+)""".format(r'"“”„«»()\[\]{}*_/–—-'))
_CONTINUING = frozenset(",;:)]}&%/+=”»、，：；")
"""What no sentence starts with."""

_INSIDE_NAMES = frozenset("./@(=_")
_OPENING_BRACKETS = frozenset("([{")
_CLOSING_BRACKETS = frozenset(")]}")
_LONGEST_ENUMERATOR = 16
_QUOTES = "\"'“”‘’„«»‹›"
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ENUMERATOR = re.compile(r"\W*(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxlc]{1,5}|[IVXLC]{1,5})")
_ROMAN = re.compile(r"[IVXLC]+")
_CAPITALISED = re.compile(r"[^\W\d_][a-zß-ÿ]*+")

# “Why not?” Mr. Smith asked. Names, then a verb of speech: the quotation goes on as its sentence.
_SPEECH = re.compile(
    r"(?:[A-Z][\w.’'-]{0,30}\s){1,4}"
    r"(?:said|says|asked|asks|added|adds|wrote|writes|told|cried|replied|shouted|answered|demanded)\b"
)


class _Place(NamedTuple):
    """What stands around a mark that may end a sentence."""

    text: str
    end: int  # of the line or paragraph
    mark: str
    tail: str  # closing quotes, brackets and footnotes behind the mark
    previous: str  # the word before `word`, punctuation included
    word: str  # the word right before the mark, or empty
    next: str  # the word behind, or empty when something else stands there
    next_at: int

    @property
    def is_followed_small(self) -> bool:
        """Say whether a word in small letters follows; iPhone and eBay are names and do not count."""
        return self.next[:1].islower() and not self.next[1:2].isupper()

    @property
    def closes_quote(self) -> bool:
        """Say whether a quotation ends with the mark."""
        return any(character in _QUOTES for character in self.tail)

    @property
    def follows_next(self) -> str:
        """Return the character behind `next`, empty at the end."""
        at = self.next_at + len(self.next)
        return self.text[at] if at < self.end else ""


def boundaries(text: str, start: int, end: int) -> Iterator[int]:
    """Yield, in order, the offsets at which a sentence of `text[start:end]` ends and another follows.

    `text[start:end]` is one line, or one paragraph of a hard-wrapped text. Raises DataFileError when a
    data file of the package is damaged.
    """
    sentence = start
    for match in _CANDIDATE.finditer(text, start, end):
        if _ends_sentence(text, sentence, end, match):
            sentence = match.end("tail")
            yield sentence


def _ends_sentence(text: str, sentence: int, end: int, match: re.Match[str]) -> bool:
    mark, tail, gap, opening, following = match.groups()
    next_at = match.start("next")
    if not following and (next_at == end or text[next_at] in _CONTINUING):
        return False
    if not (following or opening) and text[next_at] in _MARKS:
        return False  # "left. ... Then", "Really ?!": the next mark decides
    if not _PLAIN.isdisjoint(mark):
        # Japanese goes on after a quotation: 「行く。」と言った。
        return not (tail and following.startswith(("と", "って")))
    at = match.start()
    if not gap and not (following[:1].isupper() and (tail or text[at - 1 : at].islower())):
        return False  # 3.5, example.com, 10.30am, U.S.A.
    if tail[:1] in _CLOSING_BRACKETS and text[at - 1 : at] in _OPENING_BRACKETS:
        return False  # a comment in itself: (?), [...]
    word, previous = _words_before(text, max(sentence, at - _LOOK_BACK), at)
    place = _Place(text, end, mark, tail, previous, word, following, next_at)
    if not gap:
        return _ends_without_space(place)
    if place.is_followed_small and (tail or opening.startswith(("–", "—", "-"))):
        return False  # “What now?” she asked. Forced [by whom?] to go. He left – why? – and came.
    if "?" in mark or "!" in mark:
        return _question_ends(place)
    if mark != ".":
        return _ellipsis_ends(place)
    # "1. First item", "IV. Results": a number is no sentence.
    if at - sentence < _LONGEST_ENUMERATOR and _ENUMERATOR.fullmatch(text, sentence, at):
        return False
    return _full_stop_ends(place)


def _words_before(text: str, start: int, at: int) -> tuple[str, str]:
    """Return the last word of `text[start:at]`, quotes stripped, and the word before it."""
    match = _WORDS_BACKWARDS.match(text[start:at][::-1])
    word, previous = match.groups() if match else ("", "")
    return word[::-1].lstrip(_QUOTES), previous[::-1].lstrip(_QUOTES)


def _ends_without_space(place: _Place) -> bool:
    """Find a forgotten space ("prices rose.But then") between two words of the language.

    Names of files, sites and programs (Node.js, System.Out, v2.Next) are not made of such.
    """
    if not _CAPITALISED.fullmatch(place.next) or place.follows_next in _INSIDE_NAMES:
        return False
    if is_starter(place.next):
        return bool(place.tail) or _CAPITALISED.fullmatch(place.word) is not None
    is_after_word = bool(place.tail) or (place.word.islower() and is_ordinary(place.word))
    return is_after_word and is_ordinary(place.next)


def _question_ends(place: _Place) -> bool:
    if place.is_followed_small:
        # "Yahoo! said" goes on; "what happened? i went home" does not.
        return place.word.islower() and is_starter(place.next)
    return not (place.closes_quote and _SPEECH.match(place.text, place.next_at, place.end))


def _ellipsis_ends(place: _Place) -> bool:
    if place.is_followed_small or not place.next:
        return False
    # Four dots are a full stop and an ellipsis. Dots that hang on a word trail off ("We waited… Prices
    # rose"); dots between spaces leave words out ("the … House"), so that there Punkt must be sure.
    if len(place.mark) == 4 and place.next[0].isupper():
        return True
    if place.word and place.next[0].isupper() and is_ordinary(place.next):
        return True
    return punkt_ends_sentence("...", place.next)


def _full_stop_ends(place: _Place) -> bool:
    kind = abbreviation_kind(place.word, in_capitals=place.next == place.next.upper())
    if kind is Kind.INSIDE:
        return False
    if kind is Kind.BEFORE_NUMBER and (place.next[:1].isdigit() or _ROMAN.fullmatch(place.next)):
        return False
    if kind is Kind.TRAILING:
        return place.next[:1].isupper()
    if kind is Kind.ANYWHERE:
        return bool(place.next) and punkt_ends_sentence(place.word + ".", place.next)
    if _ACRONYM.fullmatch(place.word):
        # J.R.R. and the like are new to Punkt: it judges them as it judges an acronym that it knows.
        return bool(place.next) and punkt_ends_sentence("U.S.", place.next)
    if len(place.word) == 1 and place.word.isalpha():
        return _initial_ends(place)
    if place.is_followed_small:
        # Nobody knows every abbreviation: only after a common word does a sentence start small.
        return is_ordinary(place.word)
    return True


def _initial_ends(place: _Place) -> bool:
    """Decide after a single letter: an initial (George W. Bush), or a name's end (vitamin C. Doctors)."""
    if not place.next or (place.follows_next == "." and len(place.next) == 1):
        return not place.next
    is_name = place.previous[:1].isupper() and place.word.isupper() and place.word not in "IVX"
    if is_name:
        return is_starter(place.next)
    return punkt_ends_sentence(place.word + ".", place.next)
