"""The features of candidate sentences: a column for each feature, a row for each sentence.

Each feature is a number of about 0 to 1 that does not depend on the size of the corpus: overlaps are
shares of the question's weight, BM25 scores are taken relative to the best candidate's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from articleqa.evidence.candidates import Candidates
from articleqa.evidence.sentence_form import Surface
from articleqa.evidence.vocabulary import Floats

Feature = Callable[[Candidates], Floats]


def overlap(candidates: Candidates) -> Floats:
    """The weight of the question's terms in the sentence, as a share of the whole question's."""
    return candidates.share(candidates.matches.matched)


def overlap_before(candidates: Candidates) -> Floats:
    """What the sentence before adds to `overlap`."""
    return _added_overlap(candidates, candidates.matches.matched_before)


def overlap_after(candidates: Candidates) -> Floats:
    """What the sentence after adds to `overlap`."""
    return _added_overlap(candidates, candidates.matches.matched_after)


def overlap_passage(candidates: Candidates) -> Floats:
    """What the rest of the passage adds to `overlap`."""
    return _added_overlap(candidates, candidates.matches.matched_around)


def overlap_context(candidates: Candidates) -> Floats:
    """What the article's title and the headings add to `overlap`."""
    return _added_overlap(candidates, candidates.matches.context)


def _added_overlap(candidates: Candidates, other: Floats) -> Floats:
    return candidates.share(np.maximum(other - candidates.matches.matched, 0.0))


def meant(candidates: Candidates) -> Floats:
    """The share of the question that the sentence says in its own words, or in words like them."""
    return candidates.share(candidates.matches.meant)


def meant_before(candidates: Candidates) -> Floats:
    """What the sentence before adds to `meant`."""
    return _added_meaning(candidates, candidates.matches.meant_before)


def meant_after(candidates: Candidates) -> Floats:
    """What the sentence after adds to `meant`."""
    return _added_meaning(candidates, candidates.matches.meant_after)


def meant_passage(candidates: Candidates) -> Floats:
    """What the rest of the passage adds to `meant`."""
    return _added_meaning(candidates, candidates.matches.meant_around)


def meant_context(candidates: Candidates) -> Floats:
    """What the article's title and the headings add to `meant`."""
    return _added_meaning(candidates, candidates.matches.context_meant)


def _added_meaning(candidates: Candidates, other: Floats) -> Floats:
    return candidates.share(np.maximum(other - candidates.matches.meant, 0.0))


def meaning(candidates: Candidates) -> Floats:
    """How near the sentence's mean word vector is to the question's."""
    return np.maximum(candidates.matches.meaning, 0.0)


def missing(candidates: Candidates) -> Floats:
    """The weight of the heaviest term that the sentence says least, relative to the heaviest of all."""
    heaviest = candidates.weights.max(initial=0.0) or 1.0
    unsaid = candidates.weights * (1.0 - candidates.matches.meant)
    return np.asarray(np.max(unsaid, axis=1, initial=0.0) / heaviest)


def bm25_sentence(candidates: Candidates) -> Floats:
    """The sentence's BM25 score, relative to the best that counts likenesses (`bm25_sentence_meant`)."""
    return _relative(candidates.matches.bm25_sentence, candidates.matches.bm25_sentence_meant)


def bm25_passage(candidates: Candidates) -> Floats:
    """The passage's BM25 score, relative to the best that counts likenesses (`bm25_passage_meant`)."""
    return _relative(candidates.matches.bm25_passage, candidates.matches.bm25_passage_meant)


def bm25_sentence_meant(candidates: Candidates) -> Floats:
    """The sentence's BM25 score where a word like a term counts as a part of it, relative to the best."""
    return _relative(candidates.matches.bm25_sentence_meant, candidates.matches.bm25_sentence_meant)


def bm25_passage_meant(candidates: Candidates) -> Floats:
    """The passage's BM25 score where a word like a term counts as a part of it, relative to the best."""
    return _relative(candidates.matches.bm25_passage_meant, candidates.matches.bm25_passage_meant)


def _relative(scores: Floats, reference: Floats) -> Floats:
    best = reference.max(initial=0.0)
    return scores / best if best else np.zeros_like(scores)


def phrase(candidates: Candidates) -> Floats:
    """The share of the question's neighbouring terms that stand close together, in order, in the sentence."""
    terms, known = candidates.question.terms, candidates.mentioned
    pairs = [(terms[i], terms[i + 1]) for i in range(len(terms) - 1) if known[i] and known[i + 1]]
    found = np.zeros(len(candidates))
    for row, places in candidates.places:
        close = sum(
            any(0 < j - i <= 2 for i in places.get(a, ()) for j in places.get(b, ())) for a, b in pairs
        )
        found[row] = close / len(pairs) if pairs else 0.0
    return found


def proximity(candidates: Candidates) -> Floats:
    """How densely the matched terms stand: their number over the words from the first to the last."""
    found = np.zeros(len(candidates))
    for row, places in candidates.places:
        everywhere = [place for at in places.values() for place in at]
        found[row] = len(places) / (max(everywhere) - min(everywhere) + 1)
    return found


def order(candidates: Candidates) -> Floats:
    """The longest run of matched terms that keeps the question's order, as a share of its terms."""
    found = np.zeros(len(candidates))
    for row, places in candidates.places:
        firsts = [places[term][0] for term in candidates.question.terms if term in places]
        longest: list[int] = []
        for at, place in enumerate(firsts):
            longest.append(1 + max((longest[i] for i in range(at) if firsts[i] < place), default=0))
        found[row] = max(longest) / len(candidates.question.terms)
    return found


def focus(candidates: Candidates) -> Floats:
    """The share of the noun asked for ("committee" in "which committee") that the sentence has."""
    wanted = candidates.focus
    return candidates.matches.matched[:, wanted].mean(axis=1) if wanted.any() else np.zeros(len(candidates))


def enumerates(candidates: Candidates) -> Floats:
    """1 where the question asks for several things and the sentence lists some ("a, b and c")."""
    if not candidates.question.asks_for_many:
        return np.zeros(len(candidates))
    return _surface(candidates, lambda surface: surface.lists)


def novelty(candidates: Candidates) -> Floats:
    """How many content words the sentence has that the question does not: 1 from about 20 on."""
    return np.asarray(np.minimum(1.0, np.log1p(candidates.matches.new_terms) / 3))


def length(candidates: Candidates) -> Floats:
    """The sentence's length: 1 from about 55 terms on."""
    return np.minimum(1.0, np.log1p(candidates.matches.lengths) / 4)


def fragment(candidates: Candidates) -> Floats:
    """1 where the sentence has under four words or lacks a sentence's end: a label, an item of a list."""
    return np.maximum(
        _surface(candidates, lambda surface: surface.open_ended), candidates.matches.lengths < 4
    )


def asks(candidates: Candidates) -> Floats:
    """1 where the sentence is itself a question."""
    return _surface(candidates, lambda surface: surface.asks)


def first(candidates: Candidates) -> Floats:
    """1 for the first sentence of its passage."""
    return np.asarray(candidates.matches.number == 0, dtype=float)


def leaning(candidates: Candidates) -> Floats:
    """What the sentence before adds to `meant`, where the sentence leans on it ("It also ...")."""
    return meant_before(candidates) * _surface(candidates, lambda surface: surface.leans)


def _surface(candidates: Candidates, trait: Callable[[Surface], bool]) -> Floats:
    return np.array([trait(surface) for surface in candidates.surfaces], dtype=float)


FEATURES: Mapping[str, Feature] = MappingProxyType(
    {
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
            meaning,
            missing,
            bm25_sentence,
            bm25_passage,
            bm25_sentence_meant,
            bm25_passage_meant,
            phrase,
            proximity,
            order,
            focus,
            enumerates,
            novelty,
            length,
            fragment,
            asks,
            first,
            leaning,
        )
    }
)
"""The features by name, in the order of the columns."""

FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "overlap": ("overlap", "overlap_before", "overlap_after", "overlap_passage", "overlap_context"),
        "likeness": (
            "meant",
            "meant_before",
            "meant_after",
            "meant_passage",
            "meant_context",
            "meaning",
            "missing",
            "leaning",
            "bm25_sentence_meant",
            "bm25_passage_meant",
        ),
        "BM25": ("bm25_sentence", "bm25_passage"),
        "word order": ("phrase", "proximity", "order"),
        "what is asked for": ("focus", "enumerates"),
        "form": ("novelty", "length", "fragment", "asks", "first"),
    }
)
"""The features by what they look at; each feature is in one family."""


def feature_table(candidates: Candidates) -> Floats:
    """Return the features of each candidate: a row a candidate, a column for each of `FEATURES`."""
    if not len(candidates):
        return np.zeros((0, len(FEATURES)))
    return np.column_stack([feature(candidates) for feature in FEATURES.values()])
