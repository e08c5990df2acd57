"""How the word vectors are made, all but the model: a tiny embedding stands for it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from articleqa.arrays import Float32Array
from articleqa.lexicon.word_vectors import NEIGHBOURS, NO_NEIGHBOUR
from articleqa.text.terms import terms
from articleqa.training.data_files import word_vectors as making
from articleqa.training.data_files.word_vectors import (
    FORMS,
    SOURCES,
    WORDPIECE_COUNT,
    average,
    count_words,
    counts_of,
    forms_by_term,
    neighbours,
    quantise,
    reduce,
)

COUNTS = {"strike": 5, "strikes": 9, "striking": 1, "struck": 7, "the": 99, "union": 3}


def embedding(*numbers: float) -> Float32Array:
    return np.array(numbers, dtype=np.float32)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "vocab.txt").write_text("union\n##ing\n[CLS]\na\nÉté\n", encoding="utf-8")
    (tmp_path / "words").write_text("union\nAstana\nstrike\nx\n", encoding="utf-8")
    paragraph = {"context": "The Union’s strike_x of 2017: UNION!", "qas": []}
    for name in SOURCES:
        (tmp_path / name).write_text(json.dumps({"data": [{"paragraphs": [paragraph]}]}), encoding="utf-8")
    return tmp_path


def test_words_of_the_model_the_texts_and_the_list_are_counted(sources: Path) -> None:
    counts = count_words(sources, sources, sources / "words")
    assert counts == {
        "union": WORDPIECE_COUNT + 1 + 2 * len(SOURCES),
        "strike": 1 + len(SOURCES),
        "the": len(SOURCES),
        "of": len(SOURCES),
    }


def test_forms_are_grouped_by_term_the_commonest_first() -> None:
    forms = forms_by_term(COUNTS)
    assert forms["union"] == ["union"]
    (strike,) = terms("strike")
    assert forms[strike] == ["strikes", "struck", "strike", "striking"]
    assert set(forms) == {"union", strike}
    assert all(len(group) <= FORMS for group in forms.values())


def test_forms_of_one_count_stand_in_one_order() -> None:
    words = ["unions", "union", "unioned"]
    assert forms_by_term(dict.fromkeys(words, 1)) == forms_by_term(dict.fromkeys(reversed(words), 1))


def test_the_forms_of_a_term_are_averaged_by_how_common_they_are() -> None:
    forms = {"b": ["b", "bs"], "a": ["a"]}
    counts = {"a": 1, "b": 3, "bs": 1}
    embedded = {"a": embedding(0, 0), "b": embedding(1, 0), "bs": embedding(0, 1)}
    rows = average(forms, counts, embedded)
    share = math.log(4) / (math.log(4) + math.log(2))
    assert rows[0].tolist() == [0.0, 0.0]
    assert rows[1].tolist() == pytest.approx([share, 1 - share])
    assert counts_of(forms, counts).tolist() == [1.0, 4.0]


def test_reducing_centres_and_keeps_directions() -> None:
    rows = np.random.default_rng(0).normal(size=(200, 5)).astype(np.float32) + 10
    reduced = reduce(rows, np.ones(200, dtype=np.float32))
    assert reduced.shape == (200, 5)
    assert np.abs(reduced.mean(axis=0)).max() < 1e-4
    centred = rows - rows.mean(axis=0)
    assert np.allclose(reduced @ reduced.T, centred @ centred.T, atol=1e-2)
    assert (np.diff(reduced.var(axis=0)) <= 0).all()


def test_reducing_keeps_no_more_than_the_first_components(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "DIMENSIONS", 2)
    assert reduce(np.eye(6, dtype=np.float32), np.ones(6, dtype=np.float32)).shape == (6, 2)


def test_the_greatest_number_of_a_row_becomes_127() -> None:
    table = quantise(np.array([[0.5, -1.0, 0.0], [0.002, 0.001, 0.0]], dtype=np.float32))
    assert table.dtype == np.int8
    assert table.tolist() == [[64, -127, 0], [127, 64, 0]]


def test_neighbours_are_the_nearest_others_that_are_alike() -> None:
    far = [[-127, -number] for number in range(NEIGHBOURS)]
    found = neighbours(np.array([[127, 0], [127, 20], [127, 60], *far], dtype=np.int8))
    assert found[0].tolist() == [1, 2] + [NO_NEIGHBOUR] * (NEIGHBOURS - 2)
    assert found[1].tolist()[:2] == [0, 2]
    assert 0 not in found[3].tolist()


def test_neighbours_that_tie_stand_in_order() -> None:
    table = np.array([[127, 0]] * (NEIGHBOURS + 5), dtype=np.int8)
    assert neighbours(table)[0].tolist() == list(range(1, NEIGHBOURS + 1))
    assert neighbours(table)[3].tolist() == [i for i in range(NEIGHBOURS + 1) if i != 3]


def test_a_small_table_is_made_from_end_to_end() -> None:
    counts = dict.fromkeys(["court", "courts", *(f"w{letter}rd" for letter in "abcdefghijkl")], 2)
    forms = forms_by_term(counts)
    random = np.random.default_rng(1)
    embedded = {word: random.normal(size=8).astype(np.float32) for word in counts}
    table = quantise(reduce(average(forms, counts, embedded), counts_of(forms, counts)))
    assert len(table) == len(forms) == len(neighbours(table))
