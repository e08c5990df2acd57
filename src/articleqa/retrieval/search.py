"""Search: the passages that could answer a question, and the question's words that no article uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from articleqa.answers import UnmentionedTerm
from articleqa.filters import Filter
from articleqa.passages import AnalysedPassage
from articleqa.question.analysis import Question, quantity_terms
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
"""The number of passages whose sentences are ranked.

It is the same for every `top_k`, because confidence must not depend on `top_k`.
"""


def candidate_passages(
    backend: Searchable,
    question: Question,
    statistics: Statistics,
    wanted: Filter | None,
    most: int = CANDIDATE_PASSAGES,
) -> list[AnalysedPassage]:
    """Return the best `most` passages by BM25; ties are in the order of their articles and of their places.

    Words that no article uses are also searched for by their synonyms; if few passages match, all words are.
    """
    from articleqa.lexicon.word_vectors import synonyms

    found = _best(backend, question.terms, statistics, question, wanted, most)
    few = len(found) < most
    looked_for = [t for t in question.terms if few or not statistics.document_frequencies[t]]
    alike = list(dict.fromkeys(near for term in looked_for for near in synonyms(term)))
    if not alike:
        return found
    keys = {passage.key for passage in found}
    near = _best(backend, alike, backend.retriever.statistics(alike), question, wanted, most)
    return found + [passage for passage in near if passage.key not in keys]


NEAREST_PASSAGES = 15
"""The number of passages chosen by their vectors, in addition to those found by words."""

FEW_PASSAGES = CANDIDATE_PASSAGES + NEAREST_PASSAGES
"""With at most this many passages, all are ranked and no vectors are used.

P@1 on `eval/questions.jsonl` was the same as with vectors.
"""


def nearest_passages(
    backend: Searchable, model: EncoderModel, question: Question, wanted: Filter | None
) -> tuple[list[AnalysedPassage], Mapping[str, NDArray[np.float64]]]:
    """Return the passages nearest to the question by the encoder's vectors, and the cosines of sentences.

    Copies count once. The cosines are those of the sentences of every passage in the index, by its key. If
    the index has at most `FEW_PASSAGES`, all passages are returned, without cosines. If a larger one lacks
    vectors, both results are empty.
    """
    from articleqa.encoder.vectors import question_vector

    if backend.retriever.statistics(()).passages <= FEW_PASSAGES:
        held = list(backend.retriever.keys(wanted or Filter()))
        places = sorted((order, start, key) for key, order, start, _ in backend.store.terms_at(held))
        everything = _read_in_batches(backend.store, [key for *_, key in places])
        return collapse(backend.store, everything, question.terms, FEW_PASSAGES), {}
    vectors = backend.vectors()
    if vectors is None:
        return [], {}
    cosines = vectors.cosines(question_vector(model, question.text))
    among = None if wanted is None else backend.retriever.keys(wanted)
    keys = vectors.nearest(cosines, 2 * NEAREST_PASSAGES, among)
    found = collapse(backend.store, _read_in_batches(backend.store, keys), question.terms, NEAREST_PASSAGES)
    return found, vectors.by_key(cosines)


def _best(
    backend: Searchable,
    terms: Sequence[str],
    statistics: Statistics,
    question: Question,
    wanted: Filter | None,
    most: int,
) -> list[AnalysedPassage]:
    """Return the best `most` passages for `terms`, copies counted once."""
    k = most
    while True:
        keys = _ranked(backend, terms, statistics, k, wanted)
        found = _read_in_batches(backend.store, keys)
        distinct = collapse(backend.store, found, question.terms, most)
        if len(keys) < k or len(distinct) >= most:
            return distinct
        k *= 4


def _ranked(
    backend: Searchable, terms: Sequence[str], statistics: Statistics, k: int, wanted: Filter | None
) -> list[str]:
    """Return the keys of the best `k` passages by exact scores, and of those that tie with the last.

    Ties are in the order of their articles and of their places in them.
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


def _read_in_batches(store: Store, keys: Sequence[str]) -> Iterator[AnalysedPassage]:
    """Yield the passages with these keys, in order; they are read in batches, when they are needed."""
    for start in range(0, len(keys), CANDIDATE_PASSAGES):
        yield from store.passages_at(keys[start : start + CANDIDATE_PASSAGES])


def never_mentioned(backend: Searchable, question: Question, statistics: Statistics) -> list[UnmentionedTerm]:
    """Return the question's words that no article uses, except those that only say what is asked for."""
    if not statistics.passages:
        return []
    asking = question.frame | quantity_terms(question)
    absent = {
        word: term
        for term, word in zip(question.terms, question.words, strict=True)
        if not statistics.document_frequencies[term] and term not in asking
    }
    return [UnmentionedTerm(word=word, suggestion=_spelling(backend, term)) for word, term in absent.items()]


def _spelling(backend: Searchable, term: str) -> str | None:
    """Return the word of the articles whose spelling is nearest to `term`, as an article writes it."""
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
