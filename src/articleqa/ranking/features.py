"""Features of candidate sentences: one row per sentence, one column per feature.

Each feature is a number between about 0 and 1 that does not depend on the size of the corpus: overlaps are
shares of the question's weight, and BM25 scores are relative to the best candidate's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from articleqa.arrays import Float64Array
from articleqa.evidence.candidates import Candidates
from articleqa.evidence.sentence_form import SentenceForm

Feature = Callable[[Candidates], Float64Array]


def overlap(candidates: Candidates) -> Float64Array:
    """Return the weight of the question's terms in the sentence, as a share of the whole question's."""
    return candidates.share(candidates.matches.matched)


def overlap_before(candidates: Candidates) -> Float64Array:
    """Return what the sentence before adds to `overlap`."""
    return _added_overlap(candidates, candidates.matches.matched_before)


def overlap_after(candidates: Candidates) -> Float64Array:
    """Return what the sentence after adds to `overlap`."""
    return _added_overlap(candidates, candidates.matches.matched_after)


def overlap_passage(candidates: Candidates) -> Float64Array:
    """Return what the rest of the passage adds to `overlap`."""
    return _added_overlap(candidates, candidates.matches.matched_around)


def overlap_context(candidates: Candidates) -> Float64Array:
    """Return what the article's title and the headings add to `overlap`."""
    return _added_overlap(candidates, candidates.matches.context)


def _added_overlap(candidates: Candidates, other: Float64Array) -> Float64Array:
    return candidates.share(np.maximum(other - candidates.matches.matched, 0.0))


def soft_overlap(candidates: Candidates) -> Float64Array:
    """Return the share of the question that the sentence covers with the same or similar words."""
    return candidates.share(candidates.matches.soft_overlap)


def soft_overlap_before(candidates: Candidates) -> Float64Array:
    """Return what the sentence before adds to `soft_overlap`."""
    return _added_meaning(candidates, candidates.matches.soft_overlap_before)


def soft_overlap_after(candidates: Candidates) -> Float64Array:
    """Return what the sentence after adds to `soft_overlap`."""
    return _added_meaning(candidates, candidates.matches.soft_overlap_after)


def soft_overlap_passage(candidates: Candidates) -> Float64Array:
    """Return what the rest of the passage adds to `soft_overlap`."""
    return _added_meaning(candidates, candidates.matches.soft_overlap_around)


def soft_overlap_context(candidates: Candidates) -> Float64Array:
    """Return what the article's title and the headings add to `soft_overlap`."""
    return _added_meaning(candidates, candidates.matches.context_soft_overlap)


def _added_meaning(candidates: Candidates, other: Float64Array) -> Float64Array:
    return candidates.share(np.maximum(other - candidates.matches.soft_overlap, 0.0))


def meaning(candidates: Candidates) -> Float64Array:
    """Return the cosine of the sentence's mean word vector with the question's, at least 0."""
    return np.maximum(candidates.matches.meaning, 0.0)


def missing(candidates: Candidates) -> Float64Array:
    """Return the largest weight that the sentence leaves uncovered for one term, relative to the heaviest."""
    heaviest = candidates.weights.max(initial=0.0) or 1.0
    unsaid = candidates.weights * (1.0 - candidates.matches.soft_overlap)
    return np.asarray(np.max(unsaid, axis=1, initial=0.0) / heaviest)


def bm25_sentence(candidates: Candidates) -> Float64Array:
    """Return the sentence's BM25 score, relative to the best with similar words (`bm25_sentence_soft`)."""
    return _relative(candidates.matches.bm25_sentence, candidates.matches.bm25_sentence_soft)


def bm25_passage(candidates: Candidates) -> Float64Array:
    """Return the passage's BM25 score, relative to the best with similar words (`bm25_passage_soft`)."""
    return _relative(candidates.matches.bm25_passage, candidates.matches.bm25_passage_soft)


def bm25_sentence_soft(candidates: Candidates) -> Float64Array:
    """Return the sentence's BM25 score with similar words counted as fractions, relative to the best one."""
    return _relative(candidates.matches.bm25_sentence_soft, candidates.matches.bm25_sentence_soft)


def bm25_passage_soft(candidates: Candidates) -> Float64Array:
    """Return the passage's BM25 score with similar words counted as fractions, relative to the best one."""
    return _relative(candidates.matches.bm25_passage_soft, candidates.matches.bm25_passage_soft)


def _relative(scores: Float64Array, reference: Float64Array) -> Float64Array:
    best = reference.max(initial=0.0)
    return scores / best if best else np.zeros_like(scores)


def phrase(candidates: Candidates) -> Float64Array:
    """Return the share of the question's adjacent terms that are close together, in order, in a sentence."""
    terms, known = candidates.question.terms, candidates.mentioned
    pairs = [(terms[i], terms[i + 1]) for i in range(len(terms) - 1) if known[i] and known[i + 1]]
    found = np.zeros(len(candidates))
    for row, places in candidates.places:
        close = sum(
            any(0 < j - i <= 2 for i in places.get(a, ()) for j in places.get(b, ())) for a, b in pairs
        )
        found[row] = close / len(pairs) if pairs else 0.0
    return found


def proximity(candidates: Candidates) -> Float64Array:
    """Return how close together the matched terms are: their number over the words from first to last."""
    found = np.zeros(len(candidates))
    for row, places in candidates.places:
        everywhere = [place for at in places.values() for place in at]
        found[row] = len(places) / (max(everywhere) - min(everywhere) + 1)
    return found


def order(candidates: Candidates) -> Float64Array:
    """Return the longest subsequence of matched terms in the question's order, as a share of its terms."""
    found = np.zeros(len(candidates))
    for row, places in candidates.places:
        firsts = [places[term][0] for term in candidates.question.terms if term in places]
        longest: list[int] = []
        for at, place in enumerate(firsts):
            longest.append(1 + max((longest[i] for i in range(at) if firsts[i] < place), default=0))
        found[row] = max(longest) / len(candidates.question.terms)
    return found


def focus(candidates: Candidates) -> Float64Array:
    """Return the share of the noun asked for ("committee" in "which committee") that is in the sentence."""
    wanted = candidates.focus
    return candidates.matches.matched[:, wanted].mean(axis=1) if wanted.any() else np.zeros(len(candidates))


def enumerates(candidates: Candidates) -> Float64Array:
    """Return 1 where the question asks for several things and the sentence lists some ("a, b and c")."""
    if not candidates.question.asks_for_many:
        return np.zeros(len(candidates))
    return _surface(candidates, lambda surface: surface.lists)


def novelty(candidates: Candidates) -> Float64Array:
    """Return how many content words are not in the question, on a log scale that reaches 1 at about 20."""
    return np.asarray(np.minimum(1.0, np.log1p(candidates.matches.new_terms) / 3))


def length(candidates: Candidates) -> Float64Array:
    """Return the sentence's length on a log scale that reaches 1 at about 55 terms."""
    return np.minimum(1.0, np.log1p(candidates.matches.lengths) / 4)


def fragment(candidates: Candidates) -> Float64Array:
    """Return 1 where the sentence has under four terms or no end mark, as labels and list items do."""
    return np.maximum(
        _surface(candidates, lambda surface: surface.open_ended), candidates.matches.lengths < 4
    )


def asks(candidates: Candidates) -> Float64Array:
    """Return 1 where the sentence is itself a question."""
    return _surface(candidates, lambda surface: surface.asks)


def first(candidates: Candidates) -> Float64Array:
    """Return 1 for the first sentence of its passage."""
    return np.asarray(candidates.matches.number == 0, dtype=float)


def leaning(candidates: Candidates) -> Float64Array:
    """Return what the sentence before adds to `soft_overlap`, if this one depends on it ("It also ...")."""
    return soft_overlap_before(candidates) * _surface(candidates, lambda surface: surface.leans)


def _surface(candidates: Candidates, trait: Callable[[SentenceForm], bool]) -> Float64Array:
    return np.array([trait(surface) for surface in candidates.sentence_forms], dtype=float)


FEATURES: Mapping[str, Feature] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            overlap,
            overlap_before,
            overlap_after,
            overlap_passage,
            overlap_context,
            soft_overlap,
            soft_overlap_before,
            soft_overlap_after,
            soft_overlap_passage,
            soft_overlap_context,
            meaning,
            missing,
            bm25_sentence,
            bm25_passage,
            bm25_sentence_soft,
            bm25_passage_soft,
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
"""The features by name, in column order."""

FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "overlap": ("overlap", "overlap_before", "overlap_after", "overlap_passage", "overlap_context"),
        "likeness": (
            "soft_overlap",
            "soft_overlap_before",
            "soft_overlap_after",
            "soft_overlap_passage",
            "soft_overlap_context",
            "meaning",
            "missing",
            "leaning",
            "bm25_sentence_soft",
            "bm25_passage_soft",
        ),
        "BM25": ("bm25_sentence", "bm25_passage"),
        "word order": ("phrase", "proximity", "order"),
        "what is asked for": ("focus", "enumerates"),
        "form": ("novelty", "length", "fragment", "asks", "first"),
    }
)
"""The features grouped by what they examine; each feature is in one family."""


def feature_table(candidates: Candidates) -> Float64Array:
    """Return the features of each candidate: one row per candidate, one column per entry of `FEATURES`."""
    if not len(candidates):
        return np.zeros((0, len(FEATURES)))
    return np.column_stack([feature(candidates) for feature in FEATURES.values()])
