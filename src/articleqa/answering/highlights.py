"""The words of a sentence that answer by themselves, where the network's reading tells them.

The network gives each word of a sentence a score, whose softmax is the probability that the answer is
about that word. What is marked is the run of words that gathers most of it, made whole: no name, figure
or compound is cut, and a date or a number that is asked for is marked as it stands. Nothing is marked
where the run gathers too little, since a wrong mark misleads more than none; nor where no network read
the sentence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import regex

from articleqa.answering.asks import asks_for_a_list, asks_of
from articleqa.answering.candidates import Candidate, Floats
from articleqa.answering.offers import offered
from articleqa.answering.phrases import Phrasing, phrasing_of
from articleqa.answering.question import AnswerType, Question
from articleqa.answering.ranker import Reading
from articleqa.answering.words import words_of
from articleqa.models import Highlight, Span

LIKELY = 0.35
"""The probability that what is marked must have together."""

LIKELY_ITEM = 0.12
"""The probability that each of several marks must have."""

COST, COMMA_COST = 0.015, 0.03
"""The probability that one more word must bring to a run, and what a comma within it costs."""

LONGEST = 12
"""Words that are marked in one run at most."""

MOST = 5
"""Runs in a sentence that lists what is asked for."""

_WHOLE = (
    AnswerType.TIME,
    AnswerType.NUMBER,
    AnswerType.MONEY,
    AnswerType.DURATION,
    AnswerType.PERSON,
    AnswerType.NAME,
)
"""Kinds whose mentions are answers as they stand; a cause's say only where it begins."""

SURE = 0.7
"""The strength from which on a mention is taken as it stands."""

_UNIT = regex.compile(
    r" ?(?:%|°[CF]?|percent\b|per cent\b)|[ -](?:(?:square|cubic) )?(?:"
    r"k?m|cm|mm|km2|mi|ft|kg|g|lbs?|miles?|(?:kilo|centi)?met(?:er|re)s?|feet|foot|inch(?:es)?|acres|hectares"
    r"|tons?|tonnes|pounds|kilograms|litres|liters|gallons|degrees(?: (?:Celsius|Fahrenheit))?"
    r"|dollars|euros)\b"
)
"""What a number brings with it."""

Run = tuple[int, int]
"""Words from the first number up to, not including, the second."""


def highlights_of(
    question: Question, sentence: Candidate, row: int, reading: Reading | None
) -> tuple[Highlight, ...]:
    """Return the short answers to `question` in `sentence`, in reading order; none in doubt.

    `row` is the sentence's among the candidates, of which `reading` holds some.
    """
    at = np.flatnonzero(reading.rows == row) if reading is not None else ()
    if reading is None or not len(at):
        return ()
    text, start = sentence.text, sentence.start
    return tuple(
        Highlight(start=start + span.start, end=start + span.end, text=span.of(text))
        for span in short_answers(question, text, reading.word_scores[at[0]])
    )


def short_answers(question: Question, sentence: str, word_scores: Floats) -> tuple[Span, ...]:
    """Return the places in `sentence` of what answers `question`, in reading order; none in doubt.

    `word_scores` has the network's score for each of the words that `words_of(sentence)` has.
    """
    if question.expected is AnswerType.YES_NO:
        return ()
    words = _weighed(question, sentence, word_scores)
    several = question.asks_for_many or asks_for_a_list(question) or len(asks_of(question)) > 1
    runs = _items(words) if several else _first(words)
    if sum(end - first for first, end in runs) == len(words.shares):
        return ()  # all of the sentence, which is quoted anyway
    return tuple(_place(sentence, words.phrasing, run) for run in sorted(runs))


@dataclass(frozen=True, slots=True)
class _Words:
    """A sentence's words against a question.

    `shares` are the probabilities that the answer is about a word, 0 where it cannot be: where the
    question has the word already, or it is a stop word. `mentions` are the runs of the kind asked for.
    """

    phrasing: Phrasing
    shares: list[float]
    mentions: list[Run]


def _weighed(question: Question, sentence: str, word_scores: Floats) -> _Words:
    words, phrasing = words_of(sentence), phrasing_of(sentence)
    mentions = [
        (bisect_right(phrasing.ends, mention.start), bisect_left(phrasing.starts, mention.end))
        for mention in offered(question, sentence)
        if mention.kind in _WHOLE and mention.strength >= SURE
    ]
    known = frozenset(question.terms)
    odds = np.exp(word_scores - word_scores.max())
    shares = (odds / odds.sum() * (words.marks[:, 3] == 0)).tolist()
    shares = [0.0 if term in known else share for share, term in zip(shares, words.terms, strict=True)]
    return _Words(phrasing, shares, mentions)


def _first(words: _Words) -> list[Run]:
    """Return the likeliest run, if it is likely enough."""
    run = _whole(words, _best_run(words))
    return [run] if _share(words, run) >= LIKELY else []


def _items(words: _Words) -> list[Run]:
    """Return the likeliest runs, each likely enough by itself, if together they are."""
    return _first(words)


def _best_run(words: _Words) -> Run:
    """Return the run around the likeliest word that gathers most, less what its words cost."""
    shares, phrasing = words.shares, words.phrasing
    peak = max(range(len(shares)), key=shares.__getitem__)
    first, end = peak, peak + 1
    gain, best = 0.0, 0.0
    for word in range(peak - 1, max(-1, peak - LONGEST), -1):
        if phrasing.breaks[word + 1]:
            break
        gain += shares[word] - COST - COMMA_COST * phrasing.commas[word + 1]
        if gain > best and shares[word]:
            first, best = word, gain
    gain, best = 0.0, 0.0
    for word in range(peak + 1, min(len(shares), first + LONGEST)):
        if phrasing.breaks[word]:
            break
        gain += shares[word] - COST - COMMA_COST * phrasing.commas[word]
        if gain > best and shares[word]:
            end, best = word + 1, gain
    return first, end


def _whole(words: _Words, run: Run) -> Run:
    """Return the run widened so that it cuts nothing."""
    first, end = run
    for mention_first, mention_end in words.mentions:
        if mention_first < end and first < mention_end:
            inside = (max(first, mention_first), min(end, mention_end))
            if _share(words, inside) >= 0.6 * _share(words, run):
                first, end = mention_first, mention_end
                break
    holds = words.phrasing.holds
    while first > 0 and holds[first]:
        first -= 1
    while end < len(holds) and holds[end]:
        end += 1
    return first, end


def _share(words: _Words, run: Run) -> float:
    return sum(words.shares[slice(*run)])


def _place(sentence: str, phrasing: Phrasing, run: Run) -> Span:
    """Return where a run stands; a number takes its currency and its unit along."""
    start, end = phrasing.starts[run[0]], phrasing.ends[run[1] - 1]
    if sentence[start - 1 : start] in ("$", "£", "€", "¥"):
        start -= 1
    if sentence[phrasing.starts[run[1] - 1]].isdigit() and (unit := _UNIT.match(sentence, end)):
        end = unit.end()
    return Span(start, end)
