"""A row of features for each candidate sentence.

Each feature is a number of about 0 to 1 that does not depend on the size of the corpus: overlaps are
shares of the question's weight, BM25 scores are taken relative to the best candidate's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import regex

from articleqa.answering.candidates import Candidate, Vector
from articleqa.answering.mentions import Mention, mentions_of
from articleqa.answering.question import AnswerType, Question
from articleqa.text.terms import tokens
from articleqa.text.word_vectors import synonyms

_LEANING = regex.compile(
    r"(?i)^\W*(?:he|she|it|they|this|these|those|that|such|his|her|its|their|both|the (?:former|latter|same)|here|there)\b"
)
_PRONOUN = regex.compile(r"\b(?:he|she|him|her|his|hers|they|them|their)\b")
_LIST = regex.compile(r"[^,;]+, [^,;]+,? (?:and|or) \w|\w+ and \w+")
_ENDS_LIKE_A_SENTENCE = regex.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_QUESTION_MARK = regex.compile(r"[?？][\"'”’»)\]]*$")


def overlap(candidate: Candidate) -> float:
    """The weight of the question's terms in the sentence, as a share of what the articles mention."""
    return candidate.match.weights.share(candidate.matched)


def overlap_before(candidate: Candidate) -> float:
    """What the sentence before adds to `overlap`."""
    return candidate.match.weights.share(candidate.neighbour(-1) - candidate.matched)


def overlap_after(candidate: Candidate) -> float:
    """What the sentence after adds to `overlap`."""
    return candidate.match.weights.share(candidate.neighbour(1) - candidate.matched)


def overlap_passage(candidate: Candidate) -> float:
    """What the rest of the passage adds to `overlap`."""
    return candidate.match.weights.share(candidate.match.matched - candidate.matched)


def overlap_context(candidate: Candidate) -> float:
    """What the article's title and the headings add to `overlap`."""
    return candidate.match.weights.share(candidate.match.context - candidate.matched)


def meant(candidate: Candidate) -> float:
    """The weight of the question's terms that the sentence says in its own words, or in words like them."""
    return candidate.match.weights.share_meant(candidate.meant)


def meant_before(candidate: Candidate) -> float:
    """What the sentence before adds to `meant`."""
    return _added(candidate, candidate.neighbour_meant(-1))


def meant_after(candidate: Candidate) -> float:
    """What the sentence after adds to `meant`."""
    return _added(candidate, candidate.neighbour_meant(1))


def meant_passage(candidate: Candidate) -> float:
    """What the rest of the passage adds to `meant`."""
    return _added(candidate, np.max(candidate.match.meant, axis=0))


def meant_context(candidate: Candidate) -> float:
    """What the article's title and the headings add to `meant`."""
    return _added(candidate, candidate.match.context_meant)


def _added(candidate: Candidate, other: Vector) -> float:
    return candidate.match.weights.share_meant(np.maximum(other - candidate.meant, 0.0))


def least_meant(candidate: Candidate) -> float:
    """How nearly the sentence says the heaviest of the question's terms that it says worst."""
    vector = candidate.match.weights.vector
    return float(np.max(vector * (1.0 - candidate.meant), initial=0.0) / max(np.max(vector, initial=0.0), 1e-9))


def rarest_missing(candidate: Candidate) -> float:
    """The weight of the heaviest mentioned term that the sentence lacks, relative to the heaviest of all."""
    weights = candidate.match.weights
    heaviest = max((weights.of[term] for term in weights.mentioned), default=0.0)
    missing = max((weights.of[term] for term in weights.mentioned - candidate.matched), default=0.0)
    return missing / heaviest if heaviest else 0.0


def phrase(candidate: Candidate) -> float:
    """The share of the question's neighbouring terms that stand close together, in order, in the sentence."""
    terms = candidate.match.question.terms
    pairs = [
        (a, b) for a, b in zip(terms, terms[1:], strict=False) if {a, b} <= candidate.match.weights.mentioned
    ]
    if not pairs:
        return 0.0
    places = _places(candidate.content, candidate.matched)
    close = sum(any(0 < j - i <= 2 for i in places.get(a, ()) for j in places.get(b, ())) for a, b in pairs)
    return close / len(pairs)


def proximity(candidate: Candidate) -> float:
    """How densely the matched terms stand: matched terms over the words from the first to the last."""
    found = [place for places in _places(candidate.content, candidate.matched).values() for place in places]
    if len(candidate.matched) < 2:
        return 0.0
    return len(candidate.matched) / (max(found) - min(found) + 1)


def order(candidate: Candidate) -> float:
    """The longest run of matched terms that keeps the question's order, as a share of its terms."""
    wanted = [term for term in candidate.match.question.terms if term in candidate.matched]
    if len(wanted) < 2:
        return 0.0
    rank = {term: number for number, term in enumerate(wanted)}
    sequence = [rank[term] for term in dict.fromkeys(candidate.content) if term in rank]
    longest: list[int] = []
    for at, number in enumerate(sequence):
        longest.append(1 + max((longest[i] for i in range(at) if sequence[i] < number), default=0))
    return max(longest) / len(candidate.match.question.terms)


def focus(candidate: Candidate) -> float:
    """The share of the noun asked for ("committee" in "which committee") that the sentence has."""
    wanted = candidate.match.question.focus
    return len(wanted.intersection(candidate.terms)) / len(wanted) if wanted else 0.0


def named_focus(candidate: Candidate) -> float:
    """1 where the sentence has a name with the noun asked for in it ("the Labor Conference")."""
    question = candidate.match.question
    if not question.focus:
        return 0.0
    known = frozenset(question.terms)
    names = mentions_of(candidate.text, AnswerType.NAME)
    return 1.0 if any(name.terms & question.focus and name.terms - known for name in names) else 0.0


def enumerates(candidate: Candidate) -> float:
    """1 where the question asks for several things and the sentence lists some ("a, b and c")."""
    return 1.0 if candidate.match.question.asks_for_many and _LIST.search(candidate.text) else 0.0


def novelty(candidate: Candidate) -> float:
    """How many content words the sentence has that the question does not: 1 from about 20 on."""
    new = sum(term not in candidate.matched for term in candidate.content)
    return min(1.0, math.log1p(new) / 3)


def length(candidate: Candidate) -> float:
    """The sentence's length: 1 from about 60 words on."""
    return min(1.0, math.log1p(len(candidate.terms)) / 4)


def fragment(candidate: Candidate) -> float:
    """1 where the sentence is short or lacks a sentence's end: a label, a caption, an item of a list."""
    if not _ENDS_LIKE_A_SENTENCE.search(candidate.text):
        return 1.0
    return 1.0 if len(candidate.terms) < 4 else 0.0


def asks(candidate: Candidate) -> float:
    """1 where the sentence is itself a question."""
    return 1.0 if _QUESTION_MARK.search(candidate.text) else 0.0


def first(candidate: Candidate) -> float:
    """1 for the first sentence of its passage."""
    return 1.0 if candidate.number == 0 else 0.0


def opening(candidate: Candidate) -> float:
    """1 for the sentences of the article's first passage."""
    return 1.0 if candidate.match.passage.key.endswith("#0") else 0.0


def leaning(candidate: Candidate) -> float:
    """What the sentence before adds to `meant`, where the sentence leans on it ("It also ...")."""
    return meant_before(candidate) if _LEANING.match(candidate.text) else 0.0


def pronoun(candidate: Candidate) -> float:
    """What the sentence before adds to `meant`, where the sentence speaks of "her" or "them" further on."""
    return meant_before(candidate) if _PRONOUN.search(candidate.text) else 0.0


FEATURES: Mapping[str, Callable[[Candidate], float]] = {
    function.__name__: function
    for function in (
        overlap,
        overlap_before,
        overlap_after,
        overlap_passage,
        overlap_context,
        meant,
        meant_before,
        meant_after,
        meant_passage,
        meant_context,
        least_meant,
        rarest_missing,
        phrase,
        proximity,
        order,
        focus,
        named_focus,
        enumerates,
        novelty,
        length,
        fragment,
        asks,
        first,
        opening,
        leaning,
        pronoun,
    )
}
"""The features of a sentence by itself, by name."""

RELATIVE_FEATURES = ("bm25_sentence", "bm25_passage","bm25_sentence_mentioned","bm25_passage_mentioned","overlap_mentioned","overlap_before_mentioned")
"""BM25 scores relative to the best candidate's."""

_TYPED = (
    AnswerType.PERSON,
    AnswerType.TIME,
    AnswerType.PLACE,
    AnswerType.NUMBER,
    AnswerType.MONEY,
    AnswerType.DURATION,
    AnswerType.CAUSE,
    AnswerType.MANNER,
    AnswerType.NAME,
    AnswerType.DEFINITION,
)
TYPE_FEATURES = {kind: f"offers_{kind.value}" for kind in _TYPED}
"""For each kind of answer: how surely the sentence offers one that the question did not name."""


def offered(question: Question, sentence: str) -> tuple[Mention, ...]:
    """Return the sentence's mentions of the kind that `question` asks for and does not itself contain.

    A number that does not count the noun asked for ("how many workers") is half as strong.
    """
    if question.expected not in TYPE_FEATURES:
        return ()
    # What defines a thing names it too.
    known = frozenset(question.terms) if question.expected is not AnswerType.DEFINITION else frozenset()
    new = (
        mention
        for mention in mentions_of(sentence, question.expected)
        if not mention.terms or not mention.terms <= known
    )
    if question.expected is AnswerType.NUMBER and question.focus:
        counted = question.focus.union(*(synonyms(term) for term in question.focus))
        return tuple(
            mention if _counts(mention, sentence, counted) else replace(mention, strength=mention.strength / 2)
            for mention in new
        )
    return tuple(new)


def _counts(mention: Mention, sentence: str, counted: frozenset[str]) -> bool:
    """Say whether one of `counted` stands in the mention or among the three words after it."""
    following = islice(tokens(sentence[mention.end : mention.end + 60]), 3)
    return not counted.isdisjoint(mention.terms) or any(not counted.isdisjoint(t.terms) for t in following)


def feature_rows(question: Question, candidates: Sequence[Candidate]) -> list[dict[str, float]]:
    """Return the features of each candidate, by name."""
    best_sentence = max((candidate.bm25 for candidate in candidates), default=0.0)
    best_passage = max((candidate.match.bm25 for candidate in candidates), default=0.0)
    kind = TYPE_FEATURES.get(question.expected)
    rows: list[dict[str, float]] = []
    for candidate in candidates:
        row = {name: feature(candidate) for name, feature in FEATURES.items()}
        row["bm25_sentence"] = candidate.bm25 / best_sentence if best_sentence else 0.0
        row["bm25_passage"] = candidate.match.bm25 / best_passage if best_passage else 0.0
        mentioned = candidate.match.weights.total_mentioned / (candidate.match.weights.total or 1.0)
        row["bm25_sentence_mentioned"] = row["bm25_sentence"] * mentioned
        row["bm25_passage_mentioned"] = row["bm25_passage"] * mentioned
        row["overlap_mentioned"] = row["overlap"] * mentioned
        row["overlap_before_mentioned"] = row["overlap_before"] * mentioned
        if kind:
            mentions = offered(question, candidate.text)
            row[kind] = max((mention.strength for mention in mentions), default=0.0)
        rows.append(row)
    return rows


def _places(content: Sequence[str], wanted: frozenset[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, term in enumerate(content):
        if term in wanted:
            places.setdefault(term, []).append(place)
    return places
