"""Search: the passages that could answer a question, and the question's words that no article uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from articleqa.answers import UnmentionedTerm
from articleqa.filters import Filter
from articleqa.passages import AnalysedPassage
from articleqa.question.analysis import Question, quantity_terms
from articleqa.retrieval.bm25 import bm25_score, idf_of
from articleqa.retrieval.deduplication import collapse, read_ahead
from articleqa.retrieval.protocol import MeaningSearch, Retriever, Searchable, Statistics
from articleqa.storage.protocol import Document
from articleqa.storage.reads import Reads
from articleqa.text.terms import tokens

if TYPE_CHECKING:
    from articleqa.arrays import Float64Array
    from articleqa.encoder.model import EncoderModel

CANDIDATE_PASSAGES = 20
"""The number of passages whose sentences are ranked.

It is the same for every `top_k`, because confidence must not depend on `top_k`.
"""

NEAREST_PASSAGES = 15
"""The number of passages chosen by their vectors, in addition to those found by words."""

_NEAREST = 2 * NEAREST_PASSAGES
"""How many passages are found by meaning, as some are copies."""

_FURTHER = 6
"""If most of twice the passages wanted are copies, this many times as many are searched, and so on."""

FEW_PASSAGES = CANDIDATE_PASSAGES + NEAREST_PASSAGES
"""With at most this many passages, all are ranked and no vectors are used.

P@1 on `eval/questions.jsonl` was the same as with vectors.
"""


def find_passages(
    source: Searchable,
    reads: Reads,
    question: Question,
    wanted: Filter | None,
    *,
    most: int,
    model: EncoderModel | None,
) -> tuple[list[AnalysedPassage], Statistics, Mapping[str, Float64Array]]:
    """Return the passages that could answer a question, the counts of its words, and cosines of sentences.

    First come the best `most` by words (`_by_words`). With a `model`, the nearest by meaning follow, with the
    cosines of all sentences by passage; an index with at most `FEW_PASSAGES` gives all its passages instead,
    without cosines. Copies count once.
    """
    meaning = None if model is None else _meaning_of(source, model, question, wanted)
    statistics = source.retriever.statistics(question.terms)
    hits = _hits(source.retriever, question.terms, most, wanted)
    nearest: list[str] = []
    limit = NEAREST_PASSAGES
    if meaning is not None:
        nearest = meaning.nearest(_NEAREST, wanted)
    elif model is not None and statistics.passages <= FEW_PASSAGES:
        nearest, limit = list(source.retriever.keys(wanted or Filter())), FEW_PASSAGES
    # One batch for both: a remote store is then asked once for documents, copies and texts.
    reads.documents([*hits, *nearest])
    beside = reads.documents(nearest)
    if meaning is None:
        beside.sort(key=lambda document: (document.order, document.start, document.key))
    ranked = _ranked(source.retriever, reads, question.terms, statistics, hits, most)
    unused = [term for term in question.terms if not statistics.document_frequencies[term]]
    # If there are too few passages, copies included, the synonyms of all words are needed (`_by_words`).
    alike = _by_synonyms(source, reads, unused if len(ranked) >= most else question.terms, wanted, most)
    # Twice as many as are wanted: `collapse` looks beyond the last for its near copies.
    ahead = [*ranked[: 2 * most], *alike.ranked[: 2 * most], *beside[: 2 * limit]]
    read_ahead(reads, ahead, question.terms)
    found = _by_words(source, reads, question, statistics, wanted, most, ranked, alike)
    keys = {passage.key for passage in found}
    near = collapse(reads, beside, question.terms, limit)
    found += [passage for passage in near if passage.key not in keys]
    cosines = meaning.cosines_of([passage.key for passage in found]) if meaning else {}
    return found, statistics, cosines


def _meaning_of(
    source: Searchable, model: EncoderModel, question: Question, wanted: Filter | None
) -> MeaningSearch | None:
    from articleqa.encoder.vectors import question_vector

    meaning = source.by_meaning(lambda: question_vector(model, question.text), above=FEW_PASSAGES)
    if meaning is not None:
        meaning.prepare(_NEAREST, wanted)
    return meaning


def _by_words(
    source: Searchable,
    reads: Reads,
    question: Question,
    statistics: Statistics,
    wanted: Filter | None,
    most: int,
    ranked: list[Document],
    alike: _Alike,
) -> list[AnalysedPassage]:
    """Return the best `most` passages for a question, of which `ranked` has the first.

    Words that no article uses are also searched for by their synonyms, which has given `alike`; if few
    passages match, all words are.
    """
    found = _best(source, reads, question.terms, statistics, question, wanted, most, ranked)
    if len(found) < most <= len(ranked):
        alike = _by_synonyms(source, reads, question.terms, wanted, most)
    keys = {passage.key for passage in found}
    near = _best(source, reads, alike.terms, alike.statistics, question, wanted, most, alike.ranked)
    return found + [passage for passage in near if passage.key not in keys]


class _Alike(NamedTuple):
    """The synonyms of some terms, their counts, and the passages found by them, as `_ranked` returns them."""

    terms: Sequence[str]
    statistics: Statistics
    ranked: list[Document]


def _by_synonyms(
    source: Searchable, reads: Reads, terms: Sequence[str], wanted: Filter | None, most: int
) -> _Alike:
    from articleqa.lexicon.word_vectors import synonyms

    alike = list(dict.fromkeys(near for term in terms for near in synonyms(term)))
    if not alike:
        return _Alike([], Statistics(0, 0.0, {}), [])
    counts = source.retriever.statistics(alike)
    hits = _hits(source.retriever, alike, most, wanted)
    return _Alike(alike, counts, _ranked(source.retriever, reads, alike, counts, hits, most))


def _best(
    source: Searchable,
    reads: Reads,
    terms: Sequence[str],
    statistics: Statistics,
    question: Question,
    wanted: Filter | None,
    most: int,
    ranked: list[Document],
) -> list[AnalysedPassage]:
    """Return the best `most` passages for `terms`, copies counted once; `ranked` has the first `most`."""
    k = most
    while True:
        distinct = collapse(reads, ranked, question.terms, most)
        if len(ranked) < k or len(distinct) >= most:
            return distinct
        k *= _FURTHER if k > most else 2
        hits = _hits(source.retriever, terms, k, wanted)
        ranked = _ranked(source.retriever, reads, terms, statistics, hits, k)


def _hits(retriever: Retriever, terms: Sequence[str], k: int, wanted: Filter | None) -> list[str]:
    return [key for key, _ in retriever.search(terms, k, wanted)]


def _ranked(
    retriever: Retriever, reads: Reads, terms: Sequence[str], statistics: Statistics, hits: list[str], k: int
) -> list[Document]:
    """Return the best `k` of the passages found by exact scores, and those that tie with the last.

    Ties are in the order of their articles and of their places in them. If the retriever has an order of its
    own, that order is kept.
    """
    documents = reads.documents(hits)
    if retriever.has_own_order:
        return documents[:k]
    weights = idf_of(terms, statistics)
    scored: list[tuple[float, int, int, str, Document]] = []
    for each in documents:
        counts = Counter(filter(weights.__contains__, each.terms))
        score = bm25_score(weights, counts, len(each.terms), statistics.average_length)
        scored.append((-score, each.order, each.start, each.key, each))
    scored.sort(key=lambda place: place[:4])
    worst = scored[:k][-1][0] if scored else 0.0
    return [document for score, *_, document in scored if score <= worst]


def never_mentioned(
    source: Searchable, reads: Reads, question: Question, statistics: Statistics
) -> list[UnmentionedTerm]:
    """Return the question's words that no article uses, except those that only say what is asked for."""
    if not statistics.passages:
        return []
    asking = question.frame | quantity_terms(question)
    absent = {
        word: term
        for term, word in zip(question.terms, question.words, strict=True)
        if not statistics.document_frequencies[term] and term not in asking
    }
    spellings = _spellings(source, reads, list(dict.fromkeys(absent.values())))
    return [UnmentionedTerm(word=word, suggestion=spellings.get(term)) for word, term in absent.items()]


def _spellings(source: Searchable, reads: Reads, terms: Sequence[str]) -> dict[str, str | None]:
    """Return for each term the word of the articles that is spelled most like it, as an article writes it."""
    similar = source.retriever.similar_terms(terms) if terms else {}
    nearest = {term: near[0] for term, near in similar.items() if near}
    if not nearest:
        return {}
    statistics = source.retriever.statistics(list(nearest.values()))
    hits = {term: _hits(source.retriever, [near], 1, None) for term, near in nearest.items()}
    reads.documents([key for keys in hits.values() for key in keys])
    best = {
        term: _ranked(source.retriever, reads, [near], statistics, hits[term], 1)[:1]
        for term, near in nearest.items()
    }
    reads.read_texts(document.passage for documents in best.values() for document in documents)
    return {term: _as_written(reads, best[term], near) for term, near in nearest.items()}


def _as_written(reads: Reads, documents: Sequence[Document], term: str) -> str | None:
    """Return the first word in the passages that gives `term`, as their article writes it."""
    for document in documents:
        text, passage = reads.text_of(document.passage), document.passage.passage
        for span in (*passage.sentence_spans, *passage.headings):
            written = text.of_span(span)
            for token in tokens(written):
                if term in token.terms:
                    return written[token.start : token.end]
    return None
