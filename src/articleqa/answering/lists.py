"""Search for sentences that continue a list which the best sentence only begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import islice

import regex

from articleqa.evidence.answer_type_matching import A_NAME, offered
from articleqa.evidence.answer_type_patterns import mentions_of
from articleqa.evidence.candidates import Candidates
from articleqa.evidence.sentence_form import sentence_form
from articleqa.evidence.topical_overlap import AS_WELL, enough
from articleqa.language import LANGUAGE
from articleqa.language.answer_types import AnswerType
from articleqa.question.analysis import Question
from articleqa.text.terms import tokens

EQUALLY = 0.95
"""The share of the best sentence's match with the question that a sentence from elsewhere needs."""

FULLY = 0.9
"""The share of the whole question that such a sentence must cover if it is phrased differently."""

_GOES_ON = regex.compile(LANGUAGE.evidence.continuing)


def more_of_a_list(candidates: Candidates, ranked: Sequence[int], most: int) -> list[int]:
    """Return up to `most` sentences that continue the list of the best one, next to it or elsewhere.

    `ranked` are rows of `candidates`, best first. The result is empty if the best sentence lists three things
    itself.
    """
    best = ranked[0]
    if sentence_form(candidates[best].plain).lists:
        return []
    joined = list(_items_under(candidates, best)) or _list_around(candidates, best)
    return (joined or list(_same_elsewhere(candidates, ranked[: most + 1])))[:most]


def _items_under(candidates: Candidates, best: int) -> Iterator[int]:
    """Yield the items of the list that the best sentence introduces or, if it is an item, the other items.

    In the second case the line above the items comes first.
    """
    standing = candidates[best]
    above = standing.lead_ins
    for row, sentence in enumerate(candidates):
        if row == best or sentence.article_id != standing.article_id:
            continue
        stands_beside = bool(above) and (sentence.span == above[-1] or sentence.lead_ins == above)
        if stands_beside or (not above and standing.span in sentence.lead_ins):
            yield row


def _list_around(candidates: Candidates, best: int) -> list[int]:
    """Return the neighbours that the text itself links to the best sentence ("They also ...")."""
    said = candidates.share(candidates.matches.soft_overlap)
    before, after = best - 1, best + 1
    found: list[int] = []
    if (
        _GOES_ON.match(candidates[best].plain)
        and candidates.are_neighbours(before, best)
        and said[before] >= AS_WELL * said[best]
    ):
        found.append(before)
    while (
        candidates.are_neighbours(after - 1, after)
        and _GOES_ON.match(candidates[after].plain)
        and said[after] >= enough(candidates, after) * said[best]
    ):
        found.append(after)
        after += 1
    return found


def _same_elsewhere(candidates: Candidates, ranked: Sequence[int]) -> Iterator[int]:
    """Yield the next best sentences as long as they say the same about something else."""
    question, best = candidates.question, ranked[0]
    about = set(question.terms) - question.frame - question.focus
    said = candidates.share(candidates.matches.soft_overlap, about)
    known = set(candidates[best].terms)
    for row in ranked[1:]:
        if said[row] < EQUALLY * said[best]:
            return
        has_others = said[row] >= FULLY and _offers_new(question, candidates[row].plain, known)
        if not has_others and not _say_alike(question, candidates[best].plain, candidates[row].plain):
            return
        known.update(candidates[row].terms)
        yield row


def _offers_new(question: Question, sentence: str, known: Set[str]) -> bool:
    """Return whether a sentence has a mention of the expected type that has no term in `known`."""
    return any(
        mention.strength >= A_NAME and mention.terms and mention.terms.isdisjoint(known)
        for mention in offered(question, sentence)
    )


def _say_alike(question: Question, one: str, other: str) -> bool:
    """Return whether two sentences say the same of two names: "Norway ratified ...", "Chad ratified ..."."""
    subject, deed = _subject_and_predicate(question, one)
    other_subject, other_deed = _subject_and_predicate(question, other)
    return bool(deed) and deed == other_deed and subject.isdisjoint(other_subject)


def _subject_and_predicate(question: Question, sentence: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the terms of the name that opens a sentence, and the terms after it up to one of the question's.

    Both are empty if no name opens the sentence, if that name shares a term with the question, or if none of
    the question's terms follows soon.
    """
    asked = frozenset(question.terms)
    name = next((m for m in mentions_of(sentence, AnswerType.NAME) if m.start == 0), None)
    if name is None or not name.terms.isdisjoint(asked):
        return frozenset(), ()
    deed: list[str] = []
    for token in islice(tokens(sentence[name.end :]), 4):
        deed += token.terms
        if not token.is_stop and not asked.isdisjoint(token.terms):
            return name.terms, tuple(deed)
    return frozenset(), ()
