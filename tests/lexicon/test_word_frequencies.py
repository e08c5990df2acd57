"""How common terms are in English, and how the counts are made."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.data import data_path, read_data
from articleqa.exceptions import ArticleQAError
from articleqa.lexicon.word_frequencies import everyday_share
from articleqa.text.terms import terms
from articleqa.training.data_files import word_frequencies as counting
from articleqa.training.data_files.word_vectors import SOURCES


@given(st.one_of(st.text(max_size=12), st.sampled_from(read_data("word_vectors.txt").split())))
def test_a_share_lies_between_0_and_1_and_is_never_either(term: str) -> None:
    assert 0.0 < everyday_share(term) < 1.0


def test_common_words_have_greater_shares_than_rare_ones() -> None:
    shares = [everyday_share(term) for text in ("year", "church", "caravan", "zorp") for term in terms(text)]
    assert shares == sorted(set(shares), reverse=True)
    assert shares[0] > 0.1
    assert shares[-1] < 0.001


def test_a_term_that_was_never_seen_has_half_a_paragraph() -> None:
    paragraphs = int(np.load(data_path("word_frequencies.npy"), allow_pickle=False)[0])
    assert everyday_share("zorp") == pytest.approx(0.5 / (paragraphs + 1))
    (year,) = terms("year")
    assert (everyday_share(year) * (paragraphs + 1) - 0.5) == pytest.approx(
        round(everyday_share(year) * (paragraphs + 1) - 0.5)
    )


def test_there_is_a_count_for_each_term_that_has_a_vector() -> None:
    counts = np.load(data_path("word_frequencies.npy"), allow_pickle=False)
    assert counts.dtype == np.uint16
    assert len(counts) == 1 + len(read_data("word_vectors.txt").split())
    assert counts[1:].max() <= counts[0]


def write(folder: Path, name: str, *contexts: str) -> None:
    qas = [{"id": "1", "question": "Why?", "answers": []}]
    paragraphs = [{"context": context, "qas": qas if not n else []} for n, context in enumerate(contexts)]
    document = {"title": "A", "paragraphs": paragraphs}
    (folder / name).write_text(json.dumps({"data": [document]}), encoding="utf-8")


def test_a_paragraph_counts_once_for_each_of_its_terms(tmp_path: Path) -> None:
    write(tmp_path, SOURCES[0], "The union struck. The union won.", "A strike of the union.")
    for source in SOURCES[1:]:
        write(tmp_path, source, "Rain.")
    counting.main(["--data", str(tmp_path), "--out", str(tmp_path)])
    counts = np.load(tmp_path / "word_frequencies.npy", allow_pickle=False)
    number = {term: place for place, term in enumerate(read_data("word_vectors.txt").split(), start=1)}
    assert counts[0] == 2 + len(SOURCES[1:])
    for word, count in (("union", 2), ("strikes", 2), ("won", 1), ("rain", len(SOURCES[1:])), ("court", 0)):
        (term,) = terms(word)
        assert counts[number[term]] == count, word
    assert (counts.dtype, len(counts)) == (np.uint16, 1 + len(number))


def test_a_set_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleQAError, match=SOURCES[0]):
        counting.main(["--data", str(tmp_path), "--out", str(tmp_path)])
