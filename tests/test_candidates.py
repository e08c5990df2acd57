"""The sentences of passages against a question. Words that no one knows keep word vectors out of it."""

from __future__ import annotations

import numpy as np
import pytest

from articleqa.answering.candidates import (
    FRAME_WEIGHT,
    LIKE,
    MOST_ALIKE,
    UNLIKE,
    Candidates,
)
from articleqa.answering.question import analyse_question
from articleqa.models import Article
from articleqa.passages import analyse
from articleqa.retrieval import MemoryRetriever
from articleqa.retrieval.bm25 import bm25_score, idf
from articleqa.text.word_vectors import similarities

A = Article(id="a", title="Kwib", text="Zorp quax blim. Frood zorp.")
B = Article(id="b", text="Snarv gloop.")


def candidates_of(question: str, *articles: Article) -> Candidates:
    passages = [passage for article in articles for passage in analyse(article)]
    retriever = MemoryRetriever()
    retriever.add((passage.key, passage.terms()) for passage in passages)
    asked = analyse_question(question)
    by_id = {article.id: article for article in articles}
    return Candidates(asked, retriever.statistics(asked.terms), passages, by_id)


def test_sentences_stand_in_the_order_of_their_passages() -> None:
    found = candidates_of("Zorp?", B, A)
    assert [candidate.text for candidate in found] == ["Snarv gloop.", "Zorp quax blim.", "Frood zorp."]
    assert [candidate.number for candidate in found] == [0, 0, 1]
    assert found.passage_of.tolist() == [0, 1, 1]
    assert [candidate.span.of(candidate.article.text) for candidate in found] == [c.text for c in found]
    assert found.lengths.tolist() == [2.0, 3.0, 2.0]


def test_counts_have_a_row_for_each_sentence_and_a_column_for_each_term() -> None:
    article = Article(id="a", text="Zorp, quax and zorp. Frood.")
    found = candidates_of("Frood zorp?", article)
    assert found.counts.tolist() == [[0.0, 2.0], [1.0, 0.0]]
    assert found.matched.tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_the_title_and_the_headings_are_context() -> None:
    found = candidates_of("Kwib zorp?", A, B)
    assert found.context.tolist() == [[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]
    assert found.context_meant.tolist() == found.context.tolist()


def test_neighbours_are_those_of_the_same_passage() -> None:
    found = candidates_of("Zorp?", A, B)
    values = np.array([[1.0], [2.0], [3.0]])
    assert found.before(values).tolist() == [[0.0], [1.0], [0.0]]
    assert found.after(values).tolist() == [[2.0], [0.0], [0.0]]
    assert found.around(values).tolist() == [[2.0], [2.0], [3.0]]


def test_weights_are_idf_and_less_for_words_that_frame() -> None:
    found = candidates_of("In which year did zorp and snarv?", A, B)
    assert found.question.terms == ("year", "zorp", "snarv")
    assert found.weights.tolist() == pytest.approx([idf(0, 2) * FRAME_WEIGHT, idf(1, 2), idf(1, 2)])
    assert found.mentioned.tolist() == [False, True, True]


def test_shares_are_of_the_whole_questions_weight() -> None:
    found = candidates_of("Zorp quax frood kwib?", A, B)
    assert found.share(found.matched).tolist() == pytest.approx([0.5, 0.5, 0.0])
    assert candidates_of("", A).share(np.zeros((2, 0))).tolist() == [0.0, 0.0]


def test_bm25_is_that_of_the_retrieval_room() -> None:
    found = candidates_of("Zorp frood kwib?", A, B)
    terms = found.question.terms
    for row, score in enumerate(found.sentence_bm25(found.counts)):
        own = found[row].terms
        counts = {term: own.count(term) for term in own}
        assert score == pytest.approx(bm25_score(terms, counts, len(own), found.statistics))
    for row, score in enumerate(found.passage_bm25(found.counts)):
        whole = found[row].passage.terms()
        counts = {term: whole.count(term) for term in whole}
        assert score == pytest.approx(bm25_score(terms, counts, len(whole), found.statistics))


def test_a_word_of_like_meaning_counts_by_its_cosine() -> None:
    (cosine,) = similarities(["court"], ["judg"])[0].tolist()
    assert UNLIKE < cosine < LIKE
    found = candidates_of("court?", Article(id="a", text="The judge zorp. The court zorp. The quax zorp."))
    near = MOST_ALIKE * (cosine - UNLIKE) / (LIKE - UNLIKE)
    assert found.meant[:, 0].tolist() == pytest.approx([near, 1.0, 0.0], abs=1e-6)
    assert found.meaning[1] > found.meaning[0] > found.meaning[2] == 0.0


def test_a_pronoun_borrows_the_names_of_the_sentence_before() -> None:
    article = Article(id="a", text="Zorp quax blim. She frood. Drell frood. Her frood.")
    named = candidates_of("Did Zorp frood?", article).meant[:, 0].tolist()
    assert named[0] == 1.0
    assert 0.0 < named[1] < 1.0
    assert named[2:] == [0.0, 0.0]
    unnamed = candidates_of("did zorp frood?", article).meant[:, 0].tolist()
    assert unnamed == [1.0, 0.0, 0.0, 0.0]


def test_a_pronoun_borrows_nothing_from_another_passage() -> None:
    found = candidates_of(
        "Did Zorp frood?", Article(id="a", text="Zorp."), Article(id="b", text="She frood.")
    )
    assert found.meant[1, 0] == 0.0


@pytest.mark.parametrize("question", ["Zorp?", ""])
def test_there_may_be_no_candidates(question: str) -> None:
    found = candidates_of(question)
    assert len(found) == 0
    assert found.counts.shape == found.meant.shape == found.context.shape == (0, len(found.question.terms))
    assert found.meaning.shape == found.lengths.shape == (0,)
