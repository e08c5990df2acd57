"""The network's inputs: numbers for the question, its terms, and the words of candidate sentences.

The arrays are ragged: one array holds all words of all sentences, and so on. Several questions become a batch
by concatenating their arrays (`batch_of`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from articleqa.arrays import Float32Array, Float64Array, Places
from articleqa.evidence.candidates import Candidates
from articleqa.exceptions import IndexDamagedError
from articleqa.language import LANGUAGE
from articleqa.language.answer_types import AnswerType
from articleqa.lexicon.word_vectors import numbers_of
from articleqa.question.analysis import Question
from articleqa.ranking.features import FEATURES
from articleqa.ranking.word_features import words_of
from articleqa.ranking.word_inputs import WORD_INPUTS, word_features
from articleqa.text.terms import stop_terms, terms

KINDS = tuple(AnswerType)
ASKING_WORDS = LANGUAGE.questions.asking_words


class _QuestionTraits(NamedTuple):
    """Traits of a whole question."""

    asks_for_many: bool
    asks_for_one_name: bool
    terms: float
    question_mark: bool
    has_focus: bool
    has_names: bool


class _Term(NamedTuple):
    """The role of a term in the question, and its weight."""

    is_name: bool
    is_focus: bool
    is_frame: bool
    first: bool
    last: bool
    idf: float
    weight: float
    relative_weight: float
    mentioned: bool
    share_of_terms: float


class _Pair(NamedTuple):
    """How a sentence, its neighbours and its headings match a term: arrays of (sentences, terms)."""

    occurrences: Float64Array
    matched: Float64Array
    soft_overlap: Float64Array
    soft_overlap_before: Float64Array
    soft_overlap_after: Float64Array
    soft_overlap_around: Float64Array
    context: Float64Array
    context_soft_overlap: Float64Array
    matched_around: Float64Array


INPUTS: Mapping[str, tuple[str, ...]] = {
    "question": (
        *(f"expects {kind.value}" for kind in KINDS),
        *(f"says {word}" for word in ASKING_WORDS),
        *_QuestionTraits._fields,
    ),
    "term": _Term._fields,
    "pair": _Pair._fields,
    "word": WORD_INPUTS,
}
"""The names of the network's inputs, in column order.

The inputs for a sentence are `FEATURES`, each twice: its value, and its difference from the best value.
"""

QUESTION_FEATURES = len(INPUTS["question"])
TERM_FEATURES = len(INPUTS["term"])
PAIR_FEATURES = len(INPUTS["pair"])
WORD_FEATURES = len(INPUTS["word"])
SENTENCE_FEATURES = 2 * len(FEATURES)


@dataclass(frozen=True, slots=True)
class NetworkInputs:
    """The network's inputs for the sentences of one or more questions.

    For W words, S sentences, Q questions, T terms of the questions, and P pairs of a sentence and a term:

    - `word_numbers` (W,): the numbers of the words' vectors, -1 without one; `stop_words` (W,): the number of
      a stop word, counted from 1, else 0; `word_features` (W, `WORD_FEATURES`); `sentence_of_word` (W,)
    - `sentence_features` (S, `SENTENCE_FEATURES`): the features, and how far each is below the best among the
      question's sentences; `question_of_sentence` (S,); `question_features` (Q, `QUESTION_FEATURES`)
    - `term_numbers` (T,): the numbers of the terms' vectors; `term_features` (T, `TERM_FEATURES`);
      `question_of_term` (T,); `term_weights` (T,), which sum to 1 for each question; `focus_weights` (T,),
      which sum to 1 over the noun asked for, or are zeros without one
    - `pair_features` (P, `PAIR_FEATURES`), `sentence_of_pair` (P,), `term_of_pair` (P,)
    """

    word_numbers: NDArray[np.int32]
    stop_words: Places
    word_features: Float32Array
    sentence_of_word: Places
    sentence_features: Float32Array
    question_of_sentence: Places
    question_features: Float32Array
    term_numbers: NDArray[np.int32]
    term_features: Float32Array
    question_of_term: Places
    term_weights: Float32Array
    focus_weights: Float32Array
    pair_features: Float32Array
    sentence_of_pair: Places
    term_of_pair: Places

    @property
    def starts(self) -> Places:
        """The position of each sentence's first word: (S,)."""
        return np.searchsorted(self.sentence_of_word, np.arange(len(self.question_of_sentence)))


def network_inputs(candidates: Candidates, table: Float64Array, rows: Places) -> NetworkInputs:
    """Return the inputs for the candidates in `rows`, at least one; `table` is the `feature_table` of all.

    Raises:
        IndexDamagedError: an index on disk has stored terms for a sentence that differ from its text's.
    """
    chosen = table[rows]
    words = [words_of(candidates[int(row)].plain) for row in rows]
    lengths = [len(sentence.terms) for sentence in words]
    all_terms = [term for sentence in words for term in sentence.terms]
    try:
        places = candidates.vocabulary.places_of(all_terms)
    except KeyError as error:  # a stored passage has terms that differ from its text's
        raise IndexDamagedError(
            f"the terms of a stored passage differ from its text ({error}): the index is damaged;"
            " rebuild it with `articleqa index check KB --repair`"
        ) from None
    sentence_of_word = np.repeat(np.arange(len(rows)), lengths)
    count, asked = len(rows), len(candidates.question.terms)
    total = float(candidates.weights.sum()) or 1.0
    focus = candidates.focus.astype(np.float32)
    return NetworkInputs(
        word_numbers=candidates.vocabulary.numbers[places],
        stop_words=np.array([_stop_numbers().get(term, 0) for term in all_terms], dtype=np.intp),
        word_features=word_features(candidates, rows, words, places, sentence_of_word),
        sentence_of_word=sentence_of_word,
        sentence_features=np.hstack([chosen, chosen - chosen.max(axis=0)]).astype(np.float32),
        question_of_sentence=np.zeros(count, dtype=np.intp),
        question_features=_question_features(candidates.question),
        term_numbers=numbers_of(candidates.question.terms),
        term_features=_term_features(candidates, total),
        question_of_term=np.zeros(asked, dtype=np.intp),
        term_weights=(candidates.weights / total).astype(np.float32),
        focus_weights=focus / max(1.0, float(focus.sum())),
        pair_features=_pair_features(candidates, rows),
        sentence_of_pair=np.repeat(np.arange(count), asked),
        term_of_pair=np.tile(np.arange(asked), count),
    )


def batch_of(questions: Sequence[NetworkInputs]) -> NetworkInputs:
    """Return the inputs of several questions as one batch, in order."""
    sentences = np.cumsum([0, *(len(q.question_of_sentence) for q in questions)])
    terms_before = np.cumsum([0, *(len(q.question_of_term) for q in questions)])
    asked = np.cumsum([0, *(len(q.question_features) for q in questions)])

    def joined(name: str, offsets: NDArray[np.intp] | None = None) -> NDArray[np.generic]:
        parts = [getattr(question, name) for question in questions]
        if offsets is not None:
            parts = [part + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
        return np.concatenate(parts)

    places = {
        "sentence_of_word": sentences,
        "question_of_sentence": asked,
        "question_of_term": asked,
        "sentence_of_pair": sentences,
        "term_of_pair": terms_before,
    }
    arrays = {field.name: joined(field.name, places.get(field.name)) for field in fields(NetworkInputs)}
    return NetworkInputs(**arrays)  # type: ignore[arg-type]


@cache
def _stop_numbers() -> dict[str, int]:
    """Return the stop words in alphabetical order, numbered from 1."""
    return {term: number for number, term in enumerate(sorted(stop_terms()), start=1)}


def _question_features(question: Question) -> Float32Array:
    """Return one row: the answer type, the question words, and traits of the whole question."""
    asked = frozenset(terms(question.text))
    return np.array(
        [
            [
                *(question.expected is kind for kind in KINDS),
                *(word in asked for word in ASKING_WORDS),
                *_QuestionTraits(
                    asks_for_many=question.asks_for_many,
                    asks_for_one_name=question.asks_for_one_name,
                    terms=min(len(question.terms), 10) / 10,
                    question_mark="?" in question.text,
                    has_focus=bool(question.focus),
                    has_names=bool(question.names),
                ),
            ]
        ],
        dtype=np.float32,
    )


def _term_features(candidates: Candidates, total: float) -> Float32Array:
    """Return one row for each of the question's terms: its role and its weight."""
    question = candidates.question
    last = len(question.terms) - 1
    return np.array(
        [
            _Term(
                is_name=term in question.names,
                is_focus=term in question.focus,
                is_frame=term in question.frame,
                first=number == 0,
                last=number == last,
                idf=idf / candidates.greatest_idf,
                weight=weight / total,
                relative_weight=weight / total * (last + 1) / 4,
                mentioned=mentioned,
                share_of_terms=1 / (last + 1),
            )
            for number, (term, idf, weight, mentioned) in enumerate(
                zip(
                    question.terms,
                    candidates.idf.tolist(),
                    candidates.weights.tolist(),
                    candidates.mentioned.tolist(),
                    strict=True,
                )
            )
        ],
        dtype=np.float32,
    )


def _pair_features(candidates: Candidates, rows: Places) -> Float32Array:
    """Return one row per sentence and term: how the sentence, its neighbours and its headings match it."""
    found = candidates.matches
    columns = _Pair(
        occurrences=np.minimum(found.counts, 3.0) / 3,
        matched=found.matched,
        soft_overlap=found.soft_overlap,
        soft_overlap_before=found.soft_overlap_before,
        soft_overlap_after=found.soft_overlap_after,
        soft_overlap_around=found.soft_overlap_around,
        context=found.context,
        context_soft_overlap=found.context_soft_overlap,
        matched_around=found.matched_around,
    )
    stacked = np.stack([column[rows] for column in columns], axis=-1)
    return stacked.reshape(-1, PAIR_FEATURES).astype(np.float32)
