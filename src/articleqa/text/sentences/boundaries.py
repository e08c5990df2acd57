"""Sentence boundaries in one line or paragraph.

One expression finds every mark that could end a sentence, together with the next word. A rule for each kind
of mark then decides from the words on both sides. No rule looks further than a few words, except the guess of
the paragraph's language, which is made once and only when it is needed; so the time grows linearly with the
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from articleqa.language import SENTENCES
from articleqa.language.word_lists import any_of
from articleqa.text.sentences.full_stops import full_stop_ends
from articleqa.text.sentences.place import QUOTES, Paragraph, Place
from articleqa.text.sentences.punkt import is_ordinary, is_starter, punkt_ends_sentence

# Full stops of scripts without capitals (Chinese, Japanese, Arabic, Devanagari, Armenian, Ethiopic): they
# have no other use, so they always end a sentence, with or without a space after them.
_PLAIN = frozenset("。！？｡؟۔।॥։።။។")
_MARKS = _PLAIN.union(".?!…‥")
_INVISIBLE = "\u200b-\u200f\u2060\ufeff"
_EMOJI = "\u2600-\u27bf\ufe0f\u200d\u2b50\u2b55\U0001f000-\U0001faff"

_CANDIDATE = re.compile(
    rf"""
    (?P<mark> \.(?:[\ \u00a0\u202f]\.){{2,}}+ | [{"".join(sorted(_MARKS))}]++ )
    (?P<tail>                                       # what still belongs to the sentence that ends
      (?: ["'”’»›)\]}}*_」』）】》〉{_INVISIBLE}]         #   closing quotes and brackets
        | [“«](?=[\s.,;:)]|$)                       #   German closes with marks that others open with
        | [\u00a0\u202f\ ][»›](?![^\s.,;:)])        #   French puts a space before its closing quote
        | \[[\w\ ]{{1,24}}\] (?: :\d+(?:[–-]\d+)? )?  #   footnotes: [3], [note 1], [5]:12–14
        | [¹²³⁴-⁹⁰]                                 #   footnotes: ²
      )*+
      (?: \ ?[{_EMOJI}]++ )*+                       #   an emoji belongs to the sentence before it
    )
    (?P<gap> \s*+ )
    (?P<opening> (?: (?: ["'“‘«‹„‚(\[{{*_¿¡#~`{_INVISIBLE}] | [–—-]\s | »(?=\w) ) \s? )*+ )
    (?P<next> \w{{0,40}}+ )
    """,
    re.VERBOSE,
)

_LOOK_BACK = 64
"""Characters before a mark in which its word is looked for; a longer word is not an abbreviation."""

# Read backwards from the mark: the word before it, then the one before that.
_WORDS_BACKWARDS = re.compile(r"""\s*+([^\s{0}]*+)[\s{0}]*+([^\s{0}]*+)""".format(r'"“”„«»()\[\]{}*_/–—-'))
_CONTINUING = frozenset(",;:)]}&%/+=”»、，：；")
"""Characters with which no sentence starts."""

_INSIDE_NAMES = frozenset("./@(=_")
_OPENING_BRACKETS = frozenset("([{")
_CLOSING_BRACKETS = frozenset(")]}")
_LONGEST_ENUMERATOR = 16
_ENUMERATOR = re.compile(
    rf"\W*(?:{any_of(*SENTENCES.numbered, '§§?')}\.?\s?)?"
    r"(?:\d{1,4}(?:\.\d{1,3})*[a-z]?|[A-Za-z](?:\.\d{1,3})*|[ivxlc]{1,5}|[IVXLC]{1,5})"
)
_CAPITALISED = re.compile(r"[^\W\d_][a-zß-ÿ]*+")

# “Why not?” Mr. Smith asked. Names and then a verb of speech continue the sentence of the quotation.
_SPEECH = re.compile(
    r"(?:[A-Z][\w.’'-]{0,30}\s){1,4}"
    rf"{any_of(*SENTENCES.speech)}\b"
)


def boundaries(text: str, start: int, end: int) -> Iterator[int]:
    """Yield, in order, the offsets at which a sentence of `text[start:end]` ends and another follows.

    `text[start:end]` is one line, or one paragraph of a hard-wrapped text. Raises DataFileError if a data
    file of the package is damaged.
    """
    paragraph = Paragraph(text, start, end)
    sentence = start
    for match in _CANDIDATE.finditer(text, start, end):
        if _ends_sentence(paragraph, sentence, match):
            sentence = match.end("tail")
            yield sentence


def _ends_sentence(paragraph: Paragraph, sentence: int, match: re.Match[str]) -> bool:
    text, end = paragraph.text, paragraph.end
    mark, tail, gap, opening, following = match.groups()
    next_at = match.start("next")
    if not following and (next_at == end or text[next_at] in _CONTINUING):
        return False
    if not (following or opening) and text[next_at] in _MARKS:
        return False  # "left. ... Then", "Really ?!": the next mark decides
    if not _PLAIN.isdisjoint(mark):
        # Japanese continues the sentence after a quotation: 「行く。」と言った。
        return not (tail and following.startswith(SENTENCES.quote_particles))
    at = match.start()
    if not gap and not (following[:1].isupper() and (tail or text[at - 1 : at].islower())):
        return False  # 3.5, example.com, 10.30am, U.S.A.
    if tail[:1] in _CLOSING_BRACKETS and text[at - 1 : at] in _OPENING_BRACKETS:
        return False  # a comment on its own: (?), [...]
    word, previous = _words_before(text, max(sentence, at - _LOOK_BACK), at)
    place = Place(paragraph, sentence, at, mark, tail, previous, word, following, next_at)
    if not gap:
        return _ends_without_space(place)
    if place.is_followed_small and (tail or opening.startswith(("–", "—", "-"))):
        return False  # “What now?” she asked. Forced [by whom?] to go. He left – why? – and came.
    if "?" in mark or "!" in mark:
        return _question_ends(place)
    if mark != ".":
        return _ellipsis_ends(place)
    # "1. First item", "IV. Results": a number is not a sentence.
    if at - sentence < _LONGEST_ENUMERATOR and _ENUMERATOR.fullmatch(text, sentence, at):
        return False
    return full_stop_ends(place)


def _words_before(text: str, start: int, at: int) -> tuple[str, str]:
    """Return the last word of `text[start:at]` and the word before it, both without opening quotes."""
    match = _WORDS_BACKWARDS.match(text[start:at][::-1])
    word, previous = match.groups() if match else ("", "")
    return word[::-1].lstrip(QUOTES), previous[::-1].lstrip(QUOTES)


def _ends_without_space(place: Place) -> bool:
    """Return whether a space was forgotten after the mark ("prices rose.But then"), between two known words.

    Names of files, sites and programs (Node.js, System.Out, v2.Next) do not consist of such words.
    """
    if not _CAPITALISED.fullmatch(place.next) or place.follows_next in _INSIDE_NAMES:
        return False
    if is_starter(place.next):
        return bool(place.tail) or _CAPITALISED.fullmatch(place.word) is not None
    is_after_word = bool(place.tail) or (place.word.islower() and is_ordinary(place.word))
    return is_after_word and is_ordinary(place.next)


def _question_ends(place: Place) -> bool:
    if place.is_followed_small and "(" not in place.paragraph.text[place.at : place.next_at]:
        # "Yahoo! said" continues; "what happened? i went home" and "What about me? (not yet known)" do not.
        is_careless = place.paragraph.text[place.sentence : place.at].lstrip()[:1].islower()
        return is_careless and place.word.islower() and is_starter(place.next)
    return not (place.closes_quote and place.is_before(_SPEECH))


def _ellipsis_ends(place: Place) -> bool:
    if place.is_followed_small or not place.next:
        return False
    # Four dots are a full stop and an ellipsis. Dots attached to a word trail off ("We waited… Prices
    # rose"); dots between spaces stand for left-out words ("the … House"), so there Punkt must be sure.
    if len(place.mark) == 4 and place.next[0].isupper():
        return True
    if place.word and place.next[0].isupper() and is_ordinary(place.next):
        return True
    return punkt_ends_sentence("...", place.next)
