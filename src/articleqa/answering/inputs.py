"""What the network is given: numbers for the question, its terms, and the words of some sentences.

Ragged: all words of all sentences stand in one array, and so on, so that several questions make a batch
by laying their arrays end to end (`batch_of`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from numpy.typing import NDArray

from articleqa.answering.candidates import Candidates
from articleqa.answering.features import FEATURES
from articleqa.answering.question import AnswerType, Question
from articleqa.answering.vocabulary import Floats
from articleqa.answering.words import MARKS, SentenceWords, words_of
from articleqa.exceptions import IndexDamagedError
from articleqa.text.terms import stop_terms, terms
from articleqa.text.word_vectors import numbers_of

Reals = NDArray[np.float32]
Places = NDArray[np.intp]

KINDS = tuple(AnswerType)
ASKING_WORDS = (
    *("who", "what", "when", "where", "why", "how", "which", "whose", "whom", "many", "much", "long"),
    *("name", "is", "does", "did", "was", "are", "year", "in", "old", "often"),
)
QUESTION_FEATURES = len(KINDS) + len(ASKING_WORDS) + 6
TERM_FEATURES = 10
PAIR_FEATURES = 9
SENTENCE_FEATURES = 2 * len(FEATURES)
_WEIGHED, _FIRST, _LAST, _SAME = range(4)
_AROUND = (
    *((_WEIGHED, -2, 2), (_WEIGHED, -5, -1), (_WEIGHED, 1, 5), (_WEIGHED, -10, 10)),
    *((_FIRST, -4, -1), (_FIRST, 1, 4), (_LAST, -4, -1), (_LAST, 1, 4), (_SAME, -1, 1)),
)
"""What is summed around each word, from so many words behind it to so many (before it if negative).

How like the question's terms the words are, by the terms' weight; how like its first term, and its last;
and whether they are one of its terms.
"""

WORD_FEATURES = 11 + len(_AROUND) + MARKS


@dataclass(frozen=True, slots=True)
class Inputs:
    """The network's inputs for the sentences of one question or several.

    For W words, S sentences, Q questions, T terms of the questions, P pairs of a sentence and a term:

    - `word_numbers` (W,), those of their vectors, -1 without one; `stop_words` (W,), the number of a stop
      word from 1 on, else 0; `word_features` (W, `WORD_FEATURES`); `sentence_of_word` (W,)
    - `sentence_features` (S, `SENTENCE_FEATURES`), the features and how far each is below the best of
      the question's sentences; `question_of_sentence` (S,); `question_features` (Q, `QUESTION_FEATURES`)
    - `term_numbers` (T,), those of their vectors; `term_features` (T, `TERM_FEATURES`);
      `question_of_term` (T,); `term_weights` (T,), which sum to 1 for a question; `focus_weights` (T,),
      likewise over the noun asked for, zeros without one
    - `pair_features` (P, `PAIR_FEATURES`), `sentence_of_pair` (P,), `term_of_pair` (P,)
    """

    word_numbers: NDArray[np.int32]
    stop_words: Places
    word_features: Reals
    sentence_of_word: Places
    sentence_features: Reals
    question_of_sentence: Places
    question_features: Reals
    term_numbers: NDArray[np.int32]
    term_features: Reals
    question_of_term: Places
    term_weights: Reals
    focus_weights: Reals
    pair_features: Reals
    sentence_of_pair: Places
    term_of_pair: Places

    @property
    def starts(self) -> Places:
        """The place of each sentence's first word: (S,)."""
        return np.searchsorted(self.sentence_of_word, np.arange(len(self.question_of_sentence)))


def inputs_of(candidates: Candidates, table: Floats, rows: Places) -> Inputs:
    """Return the inputs for the candidates in `rows`, at least one; `table` is their `feature_table`.

    Raises:
        IndexDamagedError: an index on disk has stored other terms for a sentence than it has.
    """
    chosen = table[rows]
    words = [words_of(candidates[int(row)].text) for row in rows]
    lengths = [len(sentence.terms) for sentence in words]
    all_terms = [term for sentence in words for term in sentence.terms]
    try:
        places = candidates.vocabulary.places_of(all_terms)
    except KeyError as error:  # a stored passage claims to have other terms than its text gives
        raise IndexDamagedError(
            f"a stored passage has other terms than its text ({error}): the index is damaged;"
            " rebuild it with `articleqa index check KB --repair`"
        ) from None
    sentence_of_word = np.repeat(np.arange(len(rows)), lengths)
    count, asked = len(rows), len(candidates.question.terms)
    total = float(candidates.weights.sum()) or 1.0
    focus = candidates.focus.astype(np.float32)
    return Inputs(
        word_numbers=candidates.vocabulary.numbers[places],
        stop_words=np.array([_stop_numbers().get(term, 0) for term in all_terms], dtype=np.intp),
        word_features=_word_features(candidates, rows, words, places, sentence_of_word),
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


def batch_of(questions: Sequence[Inputs]) -> Inputs:
    """Return the inputs of several questions as one, in their order."""
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
    return Inputs(**{field.name: joined(field.name, places.get(field.name)) for field in fields(Inputs)})  # type: ignore[arg-type]


@cache
def _stop_numbers() -> dict[str, int]:
    """The stop words in the order of the alphabet, numbered from 1 on."""
    return {term: number for number, term in enumerate(sorted(stop_terms()), start=1)}


def _question_features(question: Question) -> Reals:
    """Return one row: the kind of answer, the words that ask, and traits of the whole question."""
    asked = frozenset(terms(question.text))
    return np.array(
        [
            [
                *(question.expected is kind for kind in KINDS),
                *(word in asked for word in ASKING_WORDS),
                question.asks_for_many,
                question.asks_for_one_name,
                min(len(question.terms), 10) / 10,
                "?" in question.text,
                bool(question.focus),
                bool(question.names),
            ]
        ],
        dtype=np.float32,
    )


def _term_features(candidates: Candidates, total: float) -> Reals:
    """Return a row for each of the question's terms: what it is, and how much it weighs."""
    question = candidates.question
    last = len(question.terms) - 1
    return np.array(
        [
            (
                term in question.names,
                term in question.focus,
                term in question.frame,
                number == 0,
                number == last,
                idf / candidates.greatest_idf,
                weight / total,
                weight / total * (last + 1) / 4,
                mentioned,
                1 / (last + 1),
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


def _pair_features(candidates: Candidates, rows: Places) -> Reals:
    """Return a row for each sentence and term: how it, its neighbours and its headings say the term."""
    found = candidates.matches
    columns = (
        np.minimum(found.counts, 3.0) / 3,
        found.matched,
        found.meant,
        found.meant_before,
        found.meant_after,
        found.meant_around,
        found.context,
        found.context_meant,
        found.matched_around,
    )
    stacked = np.stack([column[rows] for column in columns], axis=-1)
    return stacked.reshape(-1, PAIR_FEATURES).astype(np.float32)


def _word_features(
    candidates: Candidates,
    rows: Places,
    words: Sequence[SentenceWords],
    places: Places,
    sentence_of_word: Places,
) -> Reals:
    """Return a row for each word: how it and the words around it meet the question, and its form."""
    vocabulary, asked = candidates.vocabulary, len(candidates.question.terms)
    same = ((places > 0) & (places <= asked)).astype(np.float32)
    weights = candidates.weights / (float(candidates.weights.sum()) or 1.0)
    alike = vocabulary.likeness[:, places]
    weighed = (alike * weights[:, None]).max(axis=0)
    asked_stop_words = stop_terms().intersection(terms(candidates.question.text))
    marks = np.concatenate([sentence.marks for sentence in words])
    lengths = np.array([len(sentence.terms) for sentence in words])
    first = (np.cumsum(lengths) - lengths)[sentence_of_word]
    of_sentence = lengths[sentence_of_word]
    near = _sums_around(np.stack([weighed, alike[0], alike[-1], same]), first, first + of_sentence)
    return np.column_stack(
        [
            same,
            3 * np.concatenate([[0.0], weights])[places * (places <= asked)],
            alike.max(axis=0),
            3 * weighed,
            vocabulary.which(candidates.question.names)[places],
            vocabulary.which(candidates.question.focus)[places],
            vocabulary.which(asked_stop_words)[places],
            _offers(candidates, rows, words),
            marks,
            marks[:, 0] * (1 - marks[:, -1]) * (1 - same),
            (np.arange(len(places)) - first) / of_sentence,
            np.minimum(of_sentence, 40) / 40,
            near,
        ]
    ).astype(np.float32)


def _offers(candidates: Candidates, rows: Places, words: Sequence[SentenceWords]) -> Reals:
    """Return for each word the strength of the mention that it is part of, of those that are offered."""
    found = [np.zeros(len(sentence.terms), dtype=np.float32) for sentence in words]
    for row, sentence, strengths in zip(rows.tolist(), words, found, strict=True):
        for mention in candidates.offered(row):
            inside = (sentence.starts < mention.end) & (mention.start < sentence.ends)
            strengths[inside] = np.maximum(strengths[inside], mention.strength)
    return np.concatenate(found)


def _sums_around(values: NDArray[np.floating], first: Places, end: Places) -> NDArray[np.floating]:
    """Return the sums of `values`, (4, W), over the words that `_AROUND` says: (W, len(_AROUND)).

    `first` and `end` are where each word's sentence begins and ends: no sum goes beyond.
    """
    running = np.hstack([np.zeros((len(values), 1)), np.cumsum(values, axis=1, dtype=np.float64)])
    which, low, high = np.array(_AROUND).T[:, :, None]
    here = np.arange(values.shape[1])
    upper = np.clip(here + high + 1, first, end)
    lower = np.clip(here + low, first, end)
    return np.asarray((running[which, upper] - running[which, lower]).T)
