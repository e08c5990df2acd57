"""What the network is given."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articleqa.evidence.candidates import Candidates
from articleqa.lexicon.word_vectors import numbers_of
from articleqa.models import Article
from articleqa.ranking.features import feature_table
from articleqa.ranking.network_inputs import (
    ASKING_WORDS,
    KINDS,
    PAIR_FEATURES,
    QUESTION_FEATURES,
    SENTENCE_FEATURES,
    TERM_FEATURES,
    WORD_FEATURES,
    NetworkInputs,
    batch_of,
    network_inputs,
)
from articleqa.ranking.word_features import words_of
from samples import QUESTIONS, TEA, UNION, candidates_of, random_network

NETWORK = random_network()


def inputs(found: Candidates, *rows: int) -> NetworkInputs:
    chosen = np.array(rows or range(len(found)), dtype=np.intp)
    return network_inputs(found, feature_table(found), chosen)


def of(question: str, *rows: int) -> NetworkInputs:
    return inputs(candidates_of(question, UNION, TEA), *rows)


@pytest.mark.parametrize("rows", [(), (0,), (3, 1), (2, 0, 4)])
def test_shapes_are_those_of_words_sentences_and_terms(rows: tuple[int, ...]) -> None:
    found = candidates_of(QUESTIONS[0], UNION, TEA)
    given = inputs(found, *rows)
    read = rows or tuple(range(len(found)))
    sentences, terms = len(read), len(found.question.terms)
    lengths = [len(words_of(found[row].text).terms) for row in read]
    assert given.word_numbers.shape == given.stop_words.shape == (sum(lengths),)
    assert given.word_features.shape == (sum(lengths), WORD_FEATURES)
    assert np.bincount(given.sentence_of_word).tolist() == lengths
    assert given.starts.tolist() == np.cumsum([0, *lengths[:-1]]).tolist()
    assert given.sentence_features.shape == (sentences, SENTENCE_FEATURES)
    assert given.question_of_sentence.tolist() == [0] * sentences
    assert given.question_features.shape == (1, QUESTION_FEATURES)
    assert given.term_features.shape == (terms, TERM_FEATURES)
    assert given.pair_features.shape == (sentences * terms, PAIR_FEATURES)
    assert given.sentence_of_pair.tolist() == [s for s in range(sentences) for _ in range(terms)]
    assert given.term_of_pair.tolist() == list(range(terms)) * sentences
    assert given.term_weights.sum() == pytest.approx(1.0)
    for field in fields(NetworkInputs):
        value = getattr(given, field.name)
        assert value.dtype in (np.float32, np.int32, np.intp), field.name
        assert np.isfinite(value).all(), field.name


def test_sentence_features_are_the_table_and_how_far_below_the_best() -> None:
    found = candidates_of(QUESTIONS[0], UNION, TEA)
    table = feature_table(found)
    rows = [1, 3, 0]
    expected = np.hstack([table[rows], table[rows] - table[rows].max(axis=0)])
    assert inputs(found, *rows).sentence_features.tolist() == expected.astype(np.float32).tolist()


def test_question_features_say_what_is_asked() -> None:
    (row,) = of("Which committees met in 2016?").question_features.tolist()
    asked = dict(zip([*KINDS, *ASKING_WORDS], row, strict=False))
    assert {word for word in ASKING_WORDS if asked[word]} == {"which", "in"}
    assert sum(row[: len(KINDS)]) == 1.0
    (bare,) = of("union").question_features.tolist()
    assert bare[-4:] == [pytest.approx(0.1), 0.0, 0.0, 0.0]


def test_what_is_known_of_a_word() -> None:
    article = Article(id="a", text="Zorp struck the Court. It rained.")
    found = candidates_of("Did the court strike?", article)
    given = inputs(found, 0)
    zorp, struck, the, court = given.word_features.tolist()
    assert given.word_numbers.tolist() == numbers_of(["zorp", "strike", "the", "court"]).tolist()
    assert given.word_numbers[0] == -1
    assert [bool(number) for number in given.stop_words] == [False, False, True, False]
    assert [row[0] for row in (zorp, struck, the, court)] == [0.0, 1.0, 0.0, 1.0]
    weights = dict(zip(found.question.terms, found.weights / found.weights.sum(), strict=True))
    assert [struck[1], court[1]] == pytest.approx([3 * weights["strike"], 3 * weights["court"]])
    assert [row[6] for row in (zorp, struck, the, court)] == [0.0, 0.0, 1.0, 0.0]
    # Its place among the sentence's words, and how many there are.
    assert [row[19] for row in (zorp, struck, the, court)] == [0.0, 0.25, 0.5, 0.75]
    assert [row[20] for row in (zorp, struck, the, court)] == pytest.approx([4 / 40] * 4)
    # The words of the question that stand beside it, itself among them.
    assert [row[-1] for row in (zorp, struck, the, court)] == [1.0, 1.0, 2.0, 1.0]


def test_windows_do_not_cross_sentences() -> None:
    alone = inputs(candidates_of("Did the court strike?", Article(id="a", text="Zorp fell.")), 0)
    article = Article(id="a", text="The court. Zorp fell. The court struck.")
    between = inputs(candidates_of("Did the court strike?", article), 0, 1, 2)
    middle = between.word_features[between.sentence_of_word == 1]
    assert middle.tolist() == alone.word_features.tolist()
    assert between.word_features[between.sentence_of_word == 0][:, -1].tolist() == [1.0, 1.0]


ASKED = st.tuples(
    st.sampled_from(QUESTIONS), st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True)
)


@given(st.lists(ASKED, min_size=1, max_size=3))
def test_a_batch_is_read_as_each_question_alone(asked: list[tuple[str, list[int]]]) -> None:
    alone = [of(question, *rows) for question, rows in asked]
    together = NETWORK.read(batch_of(alone))
    apart = [NETWORK.read(one) for one in alone]
    for name in ("word_scores", "words", "terms", "features"):
        expected = np.concatenate([getattr(one, name) for one in apart])
        np.testing.assert_allclose(getattr(together, name), expected, rtol=1e-4, atol=1e-4, err_msg=name)


def test_a_batch_of_one_is_that_one() -> None:
    alone = of(QUESTIONS[0])
    batch = batch_of([alone])
    for field in fields(NetworkInputs):
        assert getattr(batch, field.name).tolist() == getattr(alone, field.name).tolist(), field.name


def test_a_batch_lays_its_questions_end_to_end() -> None:
    first, second = of(QUESTIONS[0], 0, 1), of(QUESTIONS[2], 2, 4, 5)
    batch = batch_of([first, second])
    terms = len(first.question_of_term)
    assert batch.question_of_sentence.tolist() == [0, 0, 1, 1, 1]
    assert batch.sentence_of_word.tolist() == [
        *first.sentence_of_word.tolist(),
        *(second.sentence_of_word + 2).tolist(),
    ]
    assert batch.question_of_term.tolist() == [0] * terms + [1] * len(second.question_of_term)
    assert batch.term_of_pair.tolist() == [
        *first.term_of_pair.tolist(),
        *(second.term_of_pair + terms).tolist(),
    ]
    assert batch.starts.tolist() == [*first.starts, *(second.starts + len(first.word_numbers))]


def test_a_sentence_without_words_can_be_read() -> None:
    found = candidates_of("Did the court strike?", Article(id="a", text="The court.\n\n* * *\n\nIt struck."))
    table = feature_table(found)
    read = NETWORK.read(network_inputs(found, table, np.arange(len(found))))
    assert np.isfinite(read.words).all()


@given(st.text(max_size=40), st.text(max_size=60))
def test_any_text_can_be_read(question: str, text: str) -> None:
    found = candidates_of(f"union {question}", Article(id="a", text=f"The union. {text}"))
    assume(len(found))
    read = NETWORK.read(inputs(found))
    for scores in (read.word_scores, read.words, read.terms, read.features):
        assert np.isfinite(scores).all()
