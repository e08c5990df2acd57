"""The words of a sentence that answer by themselves, where the network's reading tells them.

The network gives each word of a sentence a score, whose softmax is the probability that the answer is
about that word. What is marked is the run of words around the likeliest that gathers most of it, made
whole: no name, figure or compound is cut, and a date, a number or a name that is asked for is marked as
it stands. Nothing is marked where the run gathers too little, since a wrong mark misleads more than none;
nor where no network read the sentence, for a date that merely stands in it need not be the one asked for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from articleqa.answering.chunking import STOP_WORD, Chunking, chunking_of
from articleqa.answers import Highlight
from articleqa.arrays import Float64Array
from articleqa.evidence.answer_type_matching import offered
from articleqa.evidence.candidates import Candidate
from articleqa.models import Span
from articleqa.question.analysis import AnswerType, Question
from articleqa.question.subquestions import asks_for_a_list, subquestions_of
from articleqa.ranking.word_features import words_of

LIKELY = 0.55
"""The probability that what is marked must have together.

At it, five marks in six met the gold answer where the sentence was right (newwiki, a ranker that was not
fitted on it), and two sentences in three had a mark.
"""

APART, LISTED = 0.3, 0.02
"""The probability that a further mark must have: where it stands apart, and where it stands beside another
by a comma or an "and", since what is listed with an answer is one too."""

COST, COMMA_COST = 0.015, 0.1
"""The probability that one more word must bring to a run, and what a comma in it costs."""

LONGEST = 12
"""Words that are marked in one run at most."""

MOST = 5
"""Runs that are marked where several things are asked for."""

LOOKED_AT = 15
"""The likeliest words, around which these are looked for."""

MOSTLY = 0.6
"""The part of a run's probability that a mention must have to stand for it."""

SURE = 0.7
"""The strength from which on a mention stands for a run."""

_WHOLE = (
    AnswerType.TIME,
    AnswerType.NUMBER,
    AnswerType.MONEY,
    AnswerType.DURATION,
    AnswerType.PERSON,
    AnswerType.NAME,
)
"""Kinds whose mentions are answers as they stand; a cause's say only where it begins."""

_NAMED = (AnswerType.PERSON, AnswerType.NAME, AnswerType.PLACE)
"""Kinds that no date answers."""

_JOINING = ("and", "or")
_CURRENCIES = ("$", "£", "€", "¥", "₹")
_POSSESSIVE = ("'s", "’s")

Run = tuple[int, int]
"""Words from the first number up to, not including, the second."""


def highlights_of(
    question: Question, sentence: Candidate, word_scores: Float64Array | None
) -> tuple[Highlight, ...]:
    """Return the short answers to `question` in `sentence`, in reading order; none in doubt.

    `word_scores` has the score of each of its words, None where nothing read it.
    """
    if word_scores is None:
        return ()
    text, start = sentence.plain, sentence.start
    return tuple(
        Highlight(start=start + span.start, end=start + span.end, text=span.of(sentence.text))
        for span in short_answers(question, text, word_scores)
    )


def short_answers(question: Question, sentence: str, word_scores: Float64Array) -> tuple[Span, ...]:
    """Return the places in `sentence` of what answers `question`, in reading order; none in doubt.

    `word_scores` has the network's score for each of the words that `words_of(sentence)` has.
    """
    if question.expected is AnswerType.YES_NO:
        return ()
    several = question.asks_for_many or asks_for_a_list(question) or len(subquestions_of(question)) > 1
    words = _weighed(question, sentence, word_scores, several=several)
    runs = _items(words) if several else [_run_around(words, words.order[0])]
    if sum(map(words.share, runs)) < LIKELY:
        return ()
    if sum(end - first for first, end in runs) == len(words.shares):
        return ()  # all of the sentence, which is quoted anyway
    return tuple(_place(sentence, words.phrasing, run) for run in sorted(runs))


@dataclass(frozen=True, slots=True)
class _Words:
    """A sentence's words against a question.

    `shares` are the probabilities that the answer is about a word, 0 where it cannot be: where the
    question has the word already, or it is a stop word, or a date where a name is asked for; `order` has
    the likeliest first. `stops` says which are stop words, `known` which the question has, `walls` which
    no run takes in, and `joins` which join the items of a list; `commas` is what a comma before a word
    costs a run. `mentions` are the runs of the kind asked for.
    """

    phrasing: Chunking
    shares: list[float]
    order: list[int]
    stops: list[bool]
    known: list[bool]
    walls: list[bool]
    joins: list[bool]
    commas: list[float]
    mentions: list[Run]

    def share(self, run: Run) -> float:
        """Return the probability that the answer is about the words of `run`."""
        return sum(self.shares[slice(*run)])


def _weighed(question: Question, sentence: str, word_scores: Float64Array, *, several: bool) -> _Words:
    words, phrasing = words_of(sentence), chunking_of(sentence)
    mentions = [
        (bisect_right(phrasing.ends, mention.start), bisect_left(phrasing.starts, mention.end))
        for mention in offered(question, sentence)
        if mention.kind in _WHOLE and mention.strength >= SURE
    ]
    mentioned = {word for run in mentions for word in range(*run)}
    known = [term in question.terms for term in words.terms]
    joins = [term in _JOINING for term in words.terms]
    dated = [question.expected in _NAMED and date for date in phrasing.dates]
    stops = [stop > 0 for stop in words.marks[:, STOP_WORD].tolist()]
    odds = np.exp(word_scores - word_scores.max())
    shares = [
        0.0 if known[word] or dated[word] or (stops[word] and word not in mentioned) else share
        for word, share in enumerate((odds / odds.sum()).tolist())
    ]
    return _Words(
        phrasing,
        shares,
        order=sorted(range(len(shares)), key=lambda word: -shares[word]),
        stops=stops,
        known=known,
        walls=[
            (known[word] or phrasing.opens[word] or dated[word] or (several and joins[word]))
            and not (word in mentioned or (phrasing.holds[word] and not dated[word]))
            for word in range(len(shares))
        ],
        joins=joins,
        commas=[(1.0 if several else COMMA_COST) * comma for comma in phrasing.commas],
        mentions=mentions,
    )


def _items(words: _Words) -> list[Run]:
    """Return the likeliest runs, those after the first likely enough by themselves."""
    runs: list[Run] = []
    for word in words.order[:LOOKED_AT]:
        if any(first <= word < end for first, end in runs):
            continue
        run = _run_around(words, word)
        if any(run[0] < end and first < run[1] for first, end in runs):
            continue
        listed = any(_are_listed(words, *sorted([run, other])) for other in runs)
        if not runs or words.share(run) >= (LISTED if listed else APART):
            runs.append(run)
    return runs[:MOST]


def _are_listed(words: _Words, one: Run, other: Run) -> bool:
    """Say whether there is nothing but a comma or an "and" between two runs: "wool, silk and hides"."""
    between = range(one[1], other[0])
    return all(words.joins[word] for word in between) and not any(
        words.phrasing.breaks[word] for word in (*between, other[0])
    )


def _run_around(words: _Words, peak: int) -> Run:
    """Return the run around a word that gathers most, less what its words cost; made whole."""
    shares, walls, phrasing = words.shares, words.walls, words.phrasing
    first, end = peak, peak + 1
    gain = most = 0.0
    for word in range(peak - 1, max(-1, peak - LONGEST), -1):
        if phrasing.breaks[word + 1] or (walls[word] and not phrasing.holds[word + 1]):
            break
        gain += shares[word] - COST - words.commas[word + 1]
        if gain > most and shares[word]:
            first, most = word, gain
    gain = most = 0.0
    for word in range(peak + 1, min(len(shares), first + LONGEST)):
        if phrasing.breaks[word] or walls[word]:
            break
        gain += shares[word] - COST - words.commas[word]
        if gain > most and shares[word]:
            end, most = word + 1, gain
    whole = _uncut(words, _as_mentioned(words, _with_its_noun(words, (first, end))))
    return whole if whole[1] - whole[0] <= LONGEST else (first, end)


def _with_its_noun(words: _Words, run: Run) -> Run:
    """Return the run with the last word of its phrase, if it is but one short: "basic human rights"."""
    word, phrasing = run[1], words.phrasing
    if phrasing.names[word - 1] or phrasing.dates[word - 1]:
        return run
    if _ends_phrase(words, word) or words.known[word] or not _ends_phrase(words, word + 1):
        return run
    return run[0], word + 1


def _ends_phrase(words: _Words, word: int) -> bool:
    """Say whether a word is no more of the phrase before it, as far as can be seen."""
    phrasing = words.phrasing
    return word == len(words.shares) or phrasing.breaks[word] or phrasing.commas[word] or words.stops[word]


def _as_mentioned(words: _Words, run: Run) -> Run:
    """Return the mention that most of the run is about; the run itself where there is none."""
    for first, end in words.mentions:
        common = (max(run[0], first), min(run[1], end))
        if common[0] < common[1] and words.share(common) >= MOSTLY * words.share(run):
            return first, end
    return run


def _uncut(words: _Words, run: Run) -> Run:
    """Return the run with all of the names, figures and compounds that it has a part of."""
    first, end = run
    holds = words.phrasing.holds
    while first > 0 and holds[first]:
        first -= 1
    while end < len(holds) and holds[end]:
        end += 1
    return first, end


def _place(sentence: str, phrasing: Chunking, run: Run) -> Span:
    """Return where a run stands.

    A number takes its currency and its per cent sign along; "Kazakhstan’s" leaves its ending behind.
    """
    start, end = phrasing.starts[run[0]], phrasing.ends[run[1] - 1]
    if end - start > len(_POSSESSIVE[0]) and sentence[start:end].endswith(_POSSESSIVE):
        end -= len(_POSSESSIVE[0])
    return Span(
        start - (sentence[start - 1 : start] in _CURRENCIES),
        end + (sentence[end : end + 1] == "%"),
    )
