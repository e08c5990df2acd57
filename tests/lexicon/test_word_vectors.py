from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.data import data_path, read_data
from articleqa.lexicon.word_vectors import (
    NEIGHBOURS,
    NO_NEIGHBOUR,
    SYNONYM_COSINE,
    similarities,
    synonyms,
    vectors,
)
from articleqa.text.terms import stop_terms

NAMES = read_data("word_vectors.txt").split()
TERMS = st.one_of(st.sampled_from(NAMES), st.text(max_size=8))


def test_the_files_belong_together() -> None:
    table = np.load(data_path("word_vectors.npy"), mmap_mode="r", allow_pickle=False)
    near = np.load(data_path("word_neighbours.npy"), mmap_mode="r", allow_pickle=False)
    assert isinstance(table, np.memmap)
    assert table.dtype == np.int8
    assert near.dtype == np.uint16
    assert len(NAMES) == len(table) == len(near) < NO_NEIGHBOUR
    assert near.shape[1] == NEIGHBOURS
    assert ((near < len(table)) | (near == NO_NEIGHBOUR)).all()
    assert (table != 0).any(axis=1).all()


def test_the_terms_are_distinct_sorted_and_no_stop_words() -> None:
    assert sorted(set(NAMES)) == NAMES
    assert stop_terms().isdisjoint(NAMES)


def test_a_vector_is_of_unit_length_or_zero() -> None:
    found = vectors(["court", "zorp", "judg"])
    assert np.linalg.norm(found, axis=1).tolist() == pytest.approx([1.0, 0.0, 1.0], abs=1e-5)
    assert vectors([]).shape == (0, found.shape[1])


def test_a_term_is_as_like_itself_as_can_be_known_or_not() -> None:
    assert similarities(["court", "zorp"], ["zorp", "court"]).tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_an_unknown_term_is_like_no_other() -> None:
    assert similarities(["zorp", "2017", ""], ["court", "judg", "quax"]).tolist() == [[0.0] * 3] * 3


def test_words_of_like_meaning_are_nearer() -> None:
    judge, banana = similarities(["court"], ["judg", "banana"])[0]
    assert judge > SYNONYM_COSINE > banana


@given(st.lists(TERMS, max_size=4, unique=True), st.lists(TERMS, max_size=4, unique=True))
def test_likeness_is_symmetric_rounded_and_of_0_to_1(terms: list[str], others: list[str]) -> None:
    found = similarities(terms, others)
    assert found.shape == (len(terms), len(others))
    # At the edge of a rounding the two products may fall to either side.
    assert np.abs(found - similarities(others, terms).T).max(initial=0.0) <= 1.1e-4
    assert (found == np.round(found, 4)).all()
    assert ((found >= 0.0) & (found <= 1.0)).all()


def test_synonyms_are_the_nearest_first_and_not_the_term_itself() -> None:
    for term in ("court", "worker", "penguin", "strike"):
        found = synonyms(term)
        cosines = similarities([term], found)[0].tolist()
        assert 0 < len(found) <= NEIGHBOURS
        assert term not in found
        assert cosines == pytest.approx(sorted(cosines, reverse=True), abs=1e-3)
        assert min(cosines) >= SYNONYM_COSINE - 1e-3
        assert found == synonyms(term)


def test_an_unknown_term_has_no_synonyms() -> None:
    assert synonyms("zorp") == synonyms("") == synonyms("2017") == ()
