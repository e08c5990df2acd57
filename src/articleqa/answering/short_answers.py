"""Short answers: the words of a sentence that answer on their own.

The network or the reader gives each word of a sentence a score; the softmax of the scores is the probability
that the answer is about that word. The run of words around the likeliest word that gathers most of this
probability is marked, and completed: it cuts no name, figure or compound, and a date, a number or a name that
is asked for is marked in full. Nothing is marked if the run gathers too little, because a wrong mark misleads
more than none. Nothing is marked either if no network read the sentence, because a date that merely occurs in
it need not be the one asked for.
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
from articleqa.language import LANGUAGE
from articleqa.language.answer_types import AnswerType
from articleqa.models import Span
from articleqa.question.analysis import Question
from articleqa.question.subquestions import asks_for_a_list, subquestions_of
from articleqa.ranking.word_features import words_of

LIKELY = 0.55
"""The probability that the marked words must have together.

At this value, five marks in six matched the gold answer where the sentence was right (newwiki, with a ranker
that was not fitted on it), and two sentences in three had a mark.
"""

APART, LISTED = 0.3, 0.02
"""The probability that a further mark must have: `APART` if it stands apart, `LISTED` if it is listed.

A mark is listed if only a comma or an "and" separates it from another one; what is listed with an answer is
an answer too.
"""

COST, COMMA_COST = 0.015, 0.1
"""The probability that each further word must bring to a run, and the cost of a comma in the run."""

LONGEST = 12
"""How many words a marked run has at most."""

MOST = 5
"""How many runs are marked at most if several things are asked for."""

LOOKED_AT = 15
"""How many of the likeliest words are tried as the centre of such a run."""

MOSTLY = 0.6
"""The share of a run's probability that a mention must have to replace the run."""

SURE = 0.7
"""The strength that a mention must have to replace a run."""

_WHOLE = (
    AnswerType.TIME,
    AnswerType.NUMBER,
    AnswerType.MONEY,
    AnswerType.DURATION,
    AnswerType.PERSON,
    AnswerType.NAME,
)
"""Answer types whose mentions are complete answers; a mention of a cause only shows where it begins."""

_NAMED = (AnswerType.PERSON, AnswerType.NAME, AnswerType.PLACE)
"""Answer types that a date never answers."""

_CURRENCIES = ("$", "£", "€", "¥", "₹")
_POSSESSIVE = tuple(apostrophe + LANGUAGE.words.possessive for apostrophe in "'’")

Run = tuple[int, int]
"""The index of a run's first word, and the index after its last word."""


def highlights_of(
    question: Question, sentence: Candidate, word_scores: Float64Array | None
) -> tuple[Highlight, ...]:
    """Return the short answers to `question` in `sentence`, in reading order; empty if in doubt.

    `word_scores` has the score of each of its words; None if nothing read the sentence.
    """
    if word_scores is None:
        return ()
    text, start = sentence.plain, sentence.start
    return tuple(
        Highlight(start=start + span.start, end=start + span.end, text=span.of(sentence.text))
        for span in short_answers(question, text, word_scores)
    )


def short_answers(question: Question, sentence: str, word_scores: Float64Array) -> tuple[Span, ...]:
    """Return the spans in `sentence` that answer `question`, in reading order; empty if in doubt.

    `word_scores` has the score of each word in `words_of(sentence)`.
    """
    if question.expected is AnswerType.YES_NO:
        return ()
    several = question.asks_for_many or asks_for_a_list(question) or len(subquestions_of(question)) > 1
    words = _weighed(question, sentence, word_scores, several=several)
    runs = _items(words) if several else [_run_around(words, words.order[0])]
    if sum(map(words.share, runs)) < LIKELY:
        return ()
    if sum(end - first for first, end in runs) == len(words.shares):
        return ()  # the whole sentence, which is quoted anyway
    return tuple(_place(sentence, words.phrasing, run) for run in sorted(runs))


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a sentence in relation to a question.

    - `shares`: the probability that the answer is about the word; 0 where it cannot be: for words of the
      question, stop words outside mentions, and dates if a name is asked for
    - `order`: the words, the likeliest first
    - `stops`, `known`: whether the word is a stop word, and whether the question has it
    - `walls`: whether no run may include the word; `joins`: whether it joins the items of a list
    - `commas`: what a comma before the word costs a run
    - `mentions`: the runs that are mentions of the expected answer type
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
    joins = [term in LANGUAGE.words.conjunctions for term in words.terms]
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
    """Return the likeliest runs; each run after the first must be likely enough on its own."""
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
    """Return whether only commas, "and" or "or" are between two runs: "wool, silk and hides"."""
    between = range(one[1], other[0])
    return all(words.joins[word] for word in between) and not any(
        words.phrasing.breaks[word] for word in (*between, other[0])
    )


def _run_around(words: _Words, peak: int) -> Run:
    """Return the run around a word with the most probability after the cost of its words, completed."""
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
    whole = _extended_to_whole_units(words, _as_mentioned(words, _with_its_noun(words, (first, end))))
    return whole if whole[1] - whole[0] <= LONGEST else (first, end)


def _with_its_noun(words: _Words, run: Run) -> Run:
    """Return the run with the last word of its phrase if just that word is missing: "basic human rights"."""
    word, phrasing = run[1], words.phrasing
    if phrasing.names[word - 1] or phrasing.dates[word - 1]:
        return run
    if _ends_phrase(words, word) or words.known[word] or not _ends_phrase(words, word + 1):
        return run
    return run[0], word + 1


def _ends_phrase(words: _Words, word: int) -> bool:
    """Return whether the phrase ends before this word, as far as can be detected."""
    phrasing = words.phrasing
    return word == len(words.shares) or phrasing.breaks[word] or phrasing.commas[word] or words.stops[word]


def _as_mentioned(words: _Words, run: Run) -> Run:
    """Return the mention that has most of the run's probability; the run itself if there is none."""
    for first, end in words.mentions:
        common = (max(run[0], first), min(run[1], end))
        if common[0] < common[1] and words.share(common) >= MOSTLY * words.share(run):
            return first, end
    return run


def _extended_to_whole_units(words: _Words, run: Run) -> Run:
    """Return the run with the whole of each name, figure and compound that it has a part of."""
    first, end = run
    holds = words.phrasing.holds
    while first > 0 and holds[first]:
        first -= 1
    while end < len(holds) and holds[end]:
        end += 1
    return first, end


def _place(sentence: str, phrasing: Chunking, run: Run) -> Span:
    """Return the span of a run in the sentence.

    A number includes its currency sign and its per cent sign; a possessive ending ("Kazakhstan’s") is left
    out.
    """
    start, end = phrasing.starts[run[0]], phrasing.ends[run[1] - 1]
    if end - start > len(_POSSESSIVE[0]) and sentence[start:end].endswith(_POSSESSIVE):
        end -= len(_POSSESSIVE[0])
    return Span(
        start - (sentence[start - 1 : start] in _CURRENCIES),
        end + (sentence[end : end + 1] == "%"),
    )
