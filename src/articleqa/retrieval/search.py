"""A question into the passages that could answer it, and the words of it that no article has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from articleqa.answers import UnmentionedTerm
from articleqa.filters import Filter
from articleqa.passages import AnalysedPassage
from articleqa.question.analysis import Question
from articleqa.retrieval.bm25 import bm25_score, idf_of
from articleqa.retrieval.deduplication import collapse
from articleqa.retrieval.protocol import Searchable, Statistics
from articleqa.storage.protocol import Store
from articleqa.text.terms import tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from articleqa.encoder.model import EncoderModel

CANDIDATE_PASSAGES = 20
"""Passages whose sentences are ranked, whatever `top_k` is: confidence must not depend on it."""


def candidate_passages(
    backend: Searchable, question: Question, statistics: Statistics, wanted: Filter | None
) -> list[AnalysedPassage]:
    """Return the best passages, ties in the order of their articles and places.

    Words that the articles never use, and all words where few passages match, are looked for by
    words of like meaning too.
    """
    from articleqa.lexicon.word_vectors import synonyms

    found = _best(backend, question.terms, statistics, question, wanted)
    few = len(found) < CANDIDATE_PASSAGES
    looked_for = [t for t in question.terms if few or not statistics.document_frequencies[t]]
    alike = list(dict.fromkeys(near for term in looked_for for near in synonyms(term)))
    if not alike:
        return found
    keys = {passage.key for passage in found}
    near = _best(backend, alike, backend.retriever.statistics(alike), question, wanted)
    return found + [passage for passage in near if passage.key not in keys]


NEAREST_PASSAGES = 15
"""Passages that are ranked for their vectors, beside those found by words."""

FEW_PASSAGES = CANDIDATE_PASSAGES + NEAREST_PASSAGES
"""Passages up to which all are ranked, and no vectors made: P@1 on `eval/questions.jsonl` was the same."""


def nearest_passages(
    backend: Searchable, model: EncoderModel, question: Question, wanted: Filter | None
) -> tuple[list[AnalysedPassage], Mapping[str, NDArray[np.float64]]]:
    """Return the passages nearest to the question by the encoder's vectors, copies counted once.

    Beside them stand the cosines of their sentences, and of all other passages' that have any, by key. Of a
    corpus of at most `FEW_PASSAGES` all passages are returned, without cosines; where a larger one has no
    vectors, nothing.
    """
    from articleqa.encoder.vectors import question_vector

    if backend.retriever.statistics(()).passages <= FEW_PASSAGES:
        held = list(backend.retriever.keys(wanted or Filter()))
        places = sorted((order, start, key) for key, order, start, _ in backend.store.terms_at(held))
        everything = _in_turn(backend.store, [key for *_, key in places])
        return collapse(backend.store, everything, question.terms, FEW_PASSAGES), {}
    vectors = backend.vectors()
    if vectors is None:
        return [], {}
    cosines = vectors.cosines(question_vector(model, question.text))
    among = None if wanted is None else backend.retriever.keys(wanted)
    keys = vectors.nearest(cosines, 2 * NEAREST_PASSAGES, among)
    found = collapse(backend.store, _in_turn(backend.store, keys), question.terms, NEAREST_PASSAGES)
    return found, vectors.by_key(cosines)


def _best(
    backend: Searchable,
    terms: Sequence[str],
    statistics: Statistics,
    question: Question,
    wanted: Filter | None,
) -> list[AnalysedPassage]:
    """Return the best `CANDIDATE_PASSAGES` for `terms`, copies counted once."""
    k = CANDIDATE_PASSAGES
    while True:
        keys = _ranked(backend, terms, statistics, k, wanted)
        found = _in_turn(backend.store, keys)
        distinct = collapse(backend.store, found, question.terms, CANDIDATE_PASSAGES)
        if len(keys) < k or len(distinct) >= CANDIDATE_PASSAGES:
            return distinct
        k *= 4


def _ranked(
    backend: Searchable, terms: Sequence[str], statistics: Statistics, k: int, wanted: Filter | None
) -> list[str]:
    """Return the keys of the best `k` passages by exact scores, and of those that tie with the last.

    Those that tie come in the order of their articles and places.
    """
    weights = idf_of(terms, statistics)
    scored: list[tuple[float, int, int, str]] = []
    found = [key for key, _ in backend.retriever.search(terms, k, wanted)]
    for key, order, start, held in backend.store.terms_at(found):
        counts = Counter(filter(weights.__contains__, held))
        score = bm25_score(weights, counts, len(held), statistics.average_length)
        scored.append((-score, order, start, key))
    scored.sort()
    worst = scored[:k][-1][0] if scored else 0.0
    return [key for score, *_, key in scored if score <= worst]


def _in_turn(store: Store, keys: Sequence[str]) -> Iterator[AnalysedPassage]:
    """Yield the passages with these keys, and read no more than are asked for."""
    for start in range(0, len(keys), CANDIDATE_PASSAGES):
        yield from store.passages_at(keys[start : start + CANDIDATE_PASSAGES])


def never_mentioned(backend: Searchable, question: Question, statistics: Statistics) -> list[UnmentionedTerm]:
    """Return the question's words that no article uses, other than those that only frame it."""
    if not statistics.passages:
        return []
    absent = {
        word: term
        for term, word in zip(question.terms, question.words, strict=True)
        if not statistics.document_frequencies[term] and term not in question.frame
    }
    return [UnmentionedTerm(word=word, suggestion=_spelling(backend, term)) for word, term in absent.items()]


def _spelling(backend: Searchable, term: str) -> str | None:
    """Return the word of the articles that is spelt most like `term`, as it stands in them."""
    for similar in backend.retriever.similar_terms(term)[:1]:
        statistics = backend.retriever.statistics([similar])
        for analysed in backend.store.passages_at(_ranked(backend, [similar], statistics, 1, None)[:1]):
            passage = analysed.passage
            text = backend.store.articles[passage.article_id].text
            for span in (*passage.sentence_spans, *passage.headings):
                for token in tokens(span.of(text)):
                    if similar in token.terms:
                        return text[span.start + token.start : span.start + token.end]
    return None
