"""Where one line or paragraph may be cut into sentences.

One expression finds every mark that could end a sentence, with the word ahead; a rule for each kind of
mark then decides from the words on both sides. Nothing looks further than a few words, but for the guess at
the paragraph's language, which is made once and only when it is needed: the time grows with the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from articleqa.text.languages import Kind, Language, guess_language, months
from articleqa.text.punkt import abbreviation_kind, is_ordinary, is_starter, punkt_ends_sentence

# Full stops of scripts without capitals (Chinese, Japanese, Arabic, Devanagari, Armenian, Ethiopic): they
# mean nothing else, so they always end a sentence, with or without a space behind them.
_PLAIN = frozenset("。！？｡؟۔।॥։።။។")
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
_ENUMERATOR = re.compile(
    r"\W*(?:(?:Section|Sec|SECTION|SEC|Article|ARTICLE|Art|ART|Artikel|Artículo|Chapter|CHAPTER|§§?)\.?\s?)?"
    r"(?:\d{1,4}(?:\.\d{1,3})*[a-z]?|[A-Za-z](?:\.\d{1,3})*|[ivxlc]{1,5}|[IVXLC]{1,5})"
)
_ROMAN = re.compile(r"[IVXLC]+")
_ORDINAL = re.compile(r"\d{1,3}|[IVX]{2,5}")
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_ENGLISH_MONTHS = frozenset(
    (
        "April",
        "August",
        "September",
        "November",
        "Jan",
        "Feb",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Sept",
        "Nov",
    )
)
_YEAR_BEHIND = re.compile(r"[^\W\d]+,?\s\d{4}\b")
# Behind "No." or "Fig.": a number, a Roman one, a code (FAA-2020, S1, B.2), for figures a letter alone.
_NUMBER = re.compile(r"[#§]?\s?(?:[IVXLC]+\b|[ivxlc]+\b|[A-Z]{0,6}[-–/.]?\d|[A-Z]{1,4}[-–]\d?)")
_LETTER = re.compile(r"[A-Z]\b(?!['’])")
_INCHES = frozenset(("in", "gal"))
"""Units that are words: "17.2 in. and", but "he came in. and"."""
_BEFORE_NAMES = frozenset(("and", "by", "&", "et", "und"))
_SMALL_ROMAN = re.compile(r"[ivxlc]+")
_LETTERED = frozenset(("Fig", "Figs", "Sec", "App", "Tab", "Tbl", "Ex", "Eq", "Abb", "Vol", "Sched", "Exh"))
_CITED = re.compile(r"[A-Z][\w']{0,8}\.\s?(?:[A-Z§]?\d|No\.|[A-Z][\w']{0,12}[.,])")
"""Behind a capital and a full stop in a citation: "L. No. 105", "Stat. 2860", "Res. Lett."."""
_SPACED = re.compile(r"(?:[^\W\d_]{1,4}\.-?[ \u00a0\u202f]?){1,3}[^\W\d_]{1,5}$")
_ELIDED = re.compile(r"(?:l|d|dell|all|nell|sull|dall|qu|s|n)['’]")
_SPACES = re.compile(r"[ \u00a0\u202f]")
_LONGEST_SPACED = 24
_CASELESS_BEFORE = "\u1100"
"""Scripts of letters, not of syllables or words, lie before this character."""
_OPENING_ADVERBIAL = 18
"""A sentence of fewer characters that is "В 1998 г." goes on."""
_CAPITALISED = re.compile(r"[^\W\d_][a-zß-ÿ]*+")

# “Why not?” Mr. Smith asked. Names, then a verb of speech: the quotation goes on as its sentence.
_SPEECH = re.compile(
    r"(?:[A-Z][\w.’'-]{0,30}\s){1,4}"
    r"(?:said|says|asked|asks|added|adds|wrote|writes|told|cried|replied|shouted|answered|demanded)\b"
)


class _Paragraph:
    """One line or paragraph, and what language it seems to be in."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end

    @cached_property
    def language(self) -> Language | None:
        """Guess the language, None for English or one that is not known."""
        return guess_language(self.text, self.start, self.end)


class _Place(NamedTuple):
    """What stands around a mark that may end a sentence."""

    paragraph: _Paragraph
    sentence: int  # start of the sentence
    at: int  # of the mark
    mark: str
    tail: str  # closing quotes, brackets and footnotes behind the mark
    previous: str  # the word before `word`, punctuation included
    word: str  # the word right before the mark, or empty
    next: str  # the word behind, or empty when something else stands there
    next_at: int

    @property
    def is_followed_small(self) -> bool:
        """Say whether a word in small letters follows; iPhone, eBay and `code` do not count."""
        is_small = self.next[:1].islower() and not self.next[1:2].isupper()
        return is_small and self.paragraph.text[self.next_at - 1] != "`"

    @property
    def closes_quote(self) -> bool:
        """Say whether a quotation ends with the mark."""
        return any(character in _QUOTES for character in self.tail)

    @property
    def follows_next(self) -> str:
        """Return the character behind `next`, empty at the end."""
        at = self.next_at + len(self.next)
        return self.paragraph.text[at] if at < self.paragraph.end else ""

    @property
    def language(self) -> Language | None:
        """Return the language of the paragraph, None for English or one that is not known."""
        return self.paragraph.language

    def is_before(self, expression: re.Pattern[str]) -> bool:
        """Say whether `expression` matches from the next word on."""
        return expression.match(self.paragraph.text, self.next_at, self.paragraph.end) is not None

    def is_before_starter(self) -> bool:
        """Say whether the next word, with a capital, is a small word of the paragraph's language."""
        if not self.next[:1].isupper():
            return False
        language = self.language
        return is_starter(self.next) if language is None else self.next.lower() in language.words


def boundaries(text: str, start: int, end: int) -> Iterator[int]:
    """Yield, in order, the offsets at which a sentence of `text[start:end]` ends and another follows.

    `text[start:end]` is one line, or one paragraph of a hard-wrapped text. Raises DataFileError when a
    data file of the package is damaged.
    """
    paragraph = _Paragraph(text, start, end)
    sentence = start
    for match in _CANDIDATE.finditer(text, start, end):
        if _ends_sentence(paragraph, sentence, match):
            sentence = match.end("tail")
            yield sentence


def _ends_sentence(paragraph: _Paragraph, sentence: int, match: re.Match[str]) -> bool:
    text, end = paragraph.text, paragraph.end
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
    place = _Place(paragraph, sentence, at, mark, tail, previous, word, following, next_at)
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
    if place.is_followed_small and "(" not in place.paragraph.text[place.at : place.next_at]:
        # "Yahoo! said" goes on; "what happened? i went home" and "What about me? (not yet known)" do not.
        is_careless = place.paragraph.text[place.sentence : place.at].lstrip()[:1].islower()
        return is_careless and place.word.islower() and is_starter(place.next)
    return not (place.closes_quote and place.is_before(_SPEECH))


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
        # J.R.R. and the like are new to Punkt: it judges them as it judges an acronym that it knows.
        return bool(place.next) and punkt_ends_sentence("U.S.", place.next)
    if len(place.word) == 1 and place.word.isalpha():
        return _initial_ends(place)
    if place.is_followed_small and place.word in _INCHES and place.previous[-1:].isdigit():
        return False
    if place.is_followed_small:
        # Nobody knows every abbreviation: only after a common word does a sentence start small.
        return is_ordinary(place.word)
    return True


def _abbreviation_kind(place: _Place) -> Kind | None:
    """Return the kind of the abbreviation before the mark, "B." in "z. B." being the end of "z.b"."""

    def language() -> Language | None:
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


def _is_number_behind(place: _Place) -> bool:
    if place.next == "I" and place.word.lower() == "no":
        return False
    if place.next[:1].isdigit() or place.is_before(_NUMBER):
        return True
    return place.word in _LETTERED and place.is_before(_LETTER)


def _is_cited(place: _Place) -> bool:
    """Say whether the next word is an abbreviation too, or has a number, as in references."""
    return place.is_before(_CITED) and not is_ordinary(place.next)


def _is_ordinal(place: _Place) -> bool:
    """Say whether the full stop makes a number an ordinal: "3. Mai", "im 19. Jahrhundert"."""
    if not place.next[:1].isupper() or not _ORDINAL.fullmatch(place.word):
        return False
    if place.next in months() and _DAY.fullmatch(place.word):
        is_month_of_language = place.language is not None and place.next in place.language.months
        if is_month_of_language or place.next not in _ENGLISH_MONTHS or place.is_before(_YEAR_BEHIND):
            return True
    language = place.language
    if language is None or not language.has_ordinals or place.is_before_starter():
        return False
    return not place.word.isdigit() or language.may_precede_ordinal(place.previous)


def _initial_ends(place: _Place) -> bool:
    """Decide after a single letter: an initial (George W. Bush), or a name's end (vitamin C. Doctors)."""
    if not place.next or (place.follows_next == "." and len(place.next) == 1):
        return not place.next
    if not (place.word.isupper() or place.word.islower()) and place.word < _CASELESS_BEFORE:
        return False  # a title in Arabic, Hebrew or Hindi
    is_name = place.previous[:1].isupper() or place.previous in _BEFORE_NAMES
    if is_name and place.word.isupper() and place.word not in "IVX":
        return not place.is_followed_small and is_starter(place.next) and not place.is_before(_CITED)
    return punkt_ends_sentence(place.word + ".", place.next)
