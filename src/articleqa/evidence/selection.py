"""Selection of candidates: the sentences of the retrieved passages that match the question best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import chain

import numpy as np

from articleqa.arrays import Float64Array, Places
from articleqa.evidence.candidates import Candidate, Candidates
from articleqa.evidence.term_matching import TermMatches, match_terms
from articleqa.evidence.vocabulary import Vocabulary
from articleqa.lexicon.word_frequencies import everyday_share
from articleqa.passage_text import PassageText
from articleqa.passages import AnalysedPassage
from articleqa.question.analysis import Question
from articleqa.retrieval.bm25 import blended_idf
from articleqa.retrieval.protocol import Statistics
from articleqa.text.folding import fold

MAX_CANDIDATES = 60
"""How many sentences become candidates: those that, with their passage, match the question best."""

FRAME_WEIGHT = 0.3
"""The weight factor of a term such as "year" in "in which year": an answer rarely repeats it."""


def select_candidates(
    question: Question,
    statistics: Statistics,
    passages: Sequence[AnalysedPassage],
    texts: Sequence[PassageText],
    *,
    whole: int = 0,
    cosines: Mapping[str, Float64Array] | None = None,
    first_of: Mapping[str, str] | None = None,
) -> Candidates:
    """Choose the candidates among the sentences of `passages`, which are ordered best first.

    `texts` has the text of each passage. All sentences of the `whole` best passages become
    candidates. `cosines` maps the key of a passage to the cosines of its sentences' encoder vectors with the
    question's, if it has vectors. `first_of` maps the key of a passage to the key of the passage that it is a
    near copy of, or to its own key. A sentence that near copies have in common becomes a candidate only once,
    in the first of them in `first_of`.
    """
    frequencies = statistics.document_frequencies
    idf: Float64Array = np.array(
        [blended_idf(frequencies[term], statistics.passages, everyday_share(term)) for term in question.terms]
    )
    framing = np.array([term in question.frame for term in question.terms], dtype=bool)
    weights: Float64Array = idf * np.where(framing, FRAME_WEIGHT, 1.0)
    terms = chain.from_iterable((passage.context, *passage.sentence_terms) for passage in passages)
    vocabulary = Vocabulary(question.terms, terms)
    matches = match_terms(question, passages, vocabulary, weights, statistics.average_length)
    near = _cosines_of(passages, cosines or {})
    repeats = _repeats(passages, texts, first_of or {})
    again = {place for places in repeats.values() for place in places[1:]}
    rows = _likeliest(matches, near, whole, again)
    chosen = matches.at(rows)
    return Candidates(
        question=question,
        statistics=statistics,
        passages=passages,
        sentences=_sentences_at(chosen, passages, texts),
        vocabulary=vocabulary,
        idf=idf,
        weights=weights,
        mentioned=np.array([frequencies[term] > 0 for term in question.terms], dtype=bool),
        matches=chosen,
        cosines=near[rows],
        first_of=first_of or {},
        repeats=repeats,
    )


def _sentences_at(
    matches: TermMatches, passages: Sequence[AnalysedPassage], texts: Sequence[PassageText]
) -> list[Candidate]:
    places = zip(matches.passage_of.tolist(), matches.number.tolist(), strict=True)
    return [Candidate.of(texts[passage], passages[passage], number) for passage, number in places]


def _cosines_of(passages: Sequence[AnalysedPassage], cosines: Mapping[str, Float64Array]) -> Float64Array:
    """Return the cosine of each sentence of `passages`, 0 if it has no vector."""
    parts = [cosines.get(p.key, np.zeros(len(p.sentence_terms))) for p in passages]
    return np.concatenate(parts) if parts else np.zeros(0)


def _repeats(
    passages: Sequence[AnalysedPassage], texts: Sequence[PassageText], first_of: Mapping[str, str]
) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Return the sentences of near copies, by the key of the passage that they copy and their folded text.

    Each is a pair: the index of its passage in `passages`, and the index of the sentence in the passage.
    """
    copied = {first for key, first in first_of.items() if key != first}
    at = {passage.key: place for place, passage in enumerate(passages)}
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for key, first in first_of.items():
        if first in copied:
            text = texts[at[key]]
            for number, span in enumerate(passages[at[key]].passage.sentence_spans):
                found.setdefault((first, fold(text.of_span(span))), []).append((at[key], number))
    return found


def _likeliest(found: TermMatches, cosines: Float64Array, whole: int, again: Set[tuple[int, int]]) -> Places:
    """Return, in order, the rows of the `MAX_CANDIDATES` best sentences and of the `whole` best passages.

    A passage ranks by its best sentence: by words and, if there are cosines, also by cosines. The sentences
    in `again`, as (passage, number), are left out.
    """
    said = found.bm25_sentence_soft + found.bm25_passage_soft
    places = zip(found.passage_of.tolist(), found.number.tolist(), strict=True)
    own = (
        np.array([place not in again for place in places], dtype=bool)
        if again
        else np.ones(len(said), dtype=bool)
    )
    chosen = np.zeros(len(said), dtype=bool)
    by_words = np.argsort(-said, kind="stable")
    by_words = by_words[own[by_words]]
    chosen[by_words[:MAX_CANDIDATES]] = True
    if whole:
        by_cosines = np.argsort(-cosines, kind="stable") if cosines.any() else by_words[:0]
        for order in (by_words, by_cosines[own[by_cosines]]):
            best = list(dict.fromkeys(found.passage_of[order].tolist()))[:whole]
            chosen |= np.isin(found.passage_of, best)
    return np.flatnonzero(chosen & own)
