"""The sentences of passages against a question. Words that no one knows keep word vectors out of it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from articleqa.evidence import selection
from articleqa.evidence.selection import FRAME_WEIGHT
from articleqa.evidence.term_matching import BORROWED
from articleqa.evidence.vocabulary import LIKE, MOST_ALIKE, UNLIKE
from articleqa.lexicon.word_frequencies import everyday_share
from articleqa.lexicon.word_vectors import similarities
from articleqa.models import Article
from articleqa.ranking.features import feature_table
from articleqa.retrieval.bm25 import blended_idf
from samples import candidates_of

A = Article(id="a", title="Kwib", text="Zorp quax blim. Frood zorp.")
B = Article(id="b", text="Snarv gloop.")


def weight_of(term: str, df: int, passages: int) -> float:
    return blended_idf(df, passages, everyday_share(term))


def test_sentences_stand_in_the_order_of_their_passages() -> None:
    found = candidates_of("Zorp?", B, A)
    assert [candidate.text for candidate in found] == ["Snarv gloop.", "Zorp quax blim.", "Frood zorp."]
    assert [candidate.number for candidate in found] == [0, 0, 1]
    assert found.matches.passage_of.tolist() == [0, 1, 1]
    assert [candidate.passage_text.of_span(candidate.span) for candidate in found] == [c.text for c in found]
    assert found.matches.lengths.tolist() == [2.0, 3.0, 2.0]


def test_counts_have_a_row_for_each_sentence_and_a_column_for_each_term() -> None:
    article = Article(id="a", text="Zorp, quax and zorp. Frood.")
    found = candidates_of("Frood zorp?", article)
    assert found.matches.counts.tolist() == [[0.0, 2.0], [1.0, 0.0]]
    assert found.matches.matched.tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_the_title_and_the_headings_are_context() -> None:
    found = candidates_of("Kwib zorp?", A, B)
    assert found.matches.context.tolist() == [[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]
    assert found.matches.context_soft_overlap.tolist() == found.matches.context.tolist()


def test_neighbours_are_those_of_the_same_passage() -> None:
    found = candidates_of("Quax zorp snarv?", A, B).matches
    assert found.matched.tolist() == [[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    assert found.matched_before.tolist() == [[0.0] * 3, [1.0, 1.0, 0.0], [0.0] * 3]
    assert found.matched_after.tolist() == [[0.0, 1.0, 0.0], [0.0] * 3, [0.0] * 3]
    assert found.matched_around.tolist() == [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def test_neighbours_are_next_to_each_other_in_one_passage() -> None:
    found = candidates_of("Zorp?", A, B)
    assert found.are_neighbours(0, 1)
    assert found.are_neighbours(1, 0)
    assert not any(found.are_neighbours(*rows) for rows in ((1, 2), (0, 2), (0, 0), (-1, 0), (2, 3)))


def test_only_the_sentences_that_say_most_are_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "MAX_CANDIDATES", 3)
    texts = "Zorp quax. Blim.", "Drell. Quax.", "Vint. Zorp quax. Vint zorp."
    found = candidates_of("Zorp quax?", *(Article(id=str(n), text=text) for n, text in enumerate(texts)))
    assert [candidate.text for candidate in found] == ["Zorp quax.", "Zorp quax.", "Vint zorp."]
    assert found.matches.number.tolist() == [candidate.number for candidate in found] == [0, 1, 2]
    assert found.matches.matched.tolist() == [[1.0, 1.0], [1.0, 1.0], [1.0, 0.0]]
    assert not found.are_neighbours(0, 1)
    assert found.are_neighbours(1, 2)


def test_neighbours_that_are_no_candidates_still_count(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Zorp blim. Drell vint. Quax zorp frood."
    every = candidates_of("Zorp frood quax?", Article(id="a", text=text))
    monkeypatch.setattr(selection, "MAX_CANDIDATES", 1)
    one = candidates_of("Zorp frood quax?", Article(id="a", text=text))
    assert [candidate.text for candidate in one] == ["Quax zorp frood."]
    assert feature_table(one).tolist() == feature_table(every)[2:].tolist()


def test_weights_are_blended_idf_and_less_for_words_that_frame() -> None:
    found = candidates_of("In which year did zorp and snarv?", A, B)
    assert found.question.terms == ("year", "zorp", "snarv")
    expected = [weight_of("year", 0, 2), weight_of("zorp", 1, 2), weight_of("snarv", 1, 2)]
    assert found.idf.tolist() == pytest.approx(expected)
    assert found.weights.tolist() == pytest.approx([expected[0] * FRAME_WEIGHT, *expected[1:]])
    assert found.mentioned.tolist() == [False, True, True]


def test_thirty_passages_of_english_are_added_in_thought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "everyday_share", {"zorp": 0.5, "frood": 0.1}.__getitem__)
    found = candidates_of("Zorp frood?", A, B)
    # df 1 + 15 and 1 + 3 of 2 + 30 passages.
    assert found.idf.tolist() == pytest.approx([math.log(1 + 16.5 / 16.5), math.log(1 + 28.5 / 4.5)])


def test_shares_are_of_the_whole_questions_weight() -> None:
    found = candidates_of("Zorp quax frood kwib?", A, B)
    assert found.share(found.matches.matched).tolist() == pytest.approx([0.5, 0.5, 0.0])
    assert candidates_of("", A).share(np.zeros((2, 0))).tolist() == [0.0, 0.0]


def test_bm25_is_the_textbooks_with_blended_idf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "everyday_share", {"zorp": 0.5, "frood": 0.1, "kwib": 0.0}.__getitem__)
    found = candidates_of("Zorp frood kwib?", A, B)
    weights = [math.log(2), math.log(1 + 28.5 / 4.5), math.log(1 + 31.5 / 1.5)]

    # Passages of 6 terms, the title's among them, and of 2: 4 on average.
    def score(counts: list[int], length: int) -> float:
        norm = 1.2 * (0.25 + 0.75 * length / 4)
        return sum(w * n * 2.2 / (n + norm) for w, n in zip(weights, counts, strict=True))

    sentences = [score([1, 0, 0], 3), score([1, 1, 0], 2), 0.0]
    assert found.matches.bm25_sentence.tolist() == pytest.approx(sentences)
    passage = score([2, 1, 1], 6)
    assert found.matches.bm25_passage.tolist() == pytest.approx([passage, passage, 0.0])


def test_a_word_of_like_meaning_counts_by_its_cosine() -> None:
    (cosine,) = similarities(["court"], ["judg"])[0].tolist()
    assert UNLIKE < cosine < LIKE
    found = candidates_of("court?", Article(id="a", text="The judge zorp. The court zorp. The quax zorp."))
    near = MOST_ALIKE * (cosine - UNLIKE) / (LIKE - UNLIKE)
    assert found.matches.soft_overlap[:, 0].tolist() == pytest.approx([near, 1.0, 0.0], abs=1e-6)
    assert found.matches.meaning[1] > found.matches.meaning[0] > found.matches.meaning[2] == 0.0


def test_a_pronoun_borrows_the_names_of_the_sentence_before() -> None:
    article = Article(id="a", text="Zorp quax blim. She frood. Drell frood. Her frood.")
    named = candidates_of("Did Zorp frood?", article).matches.soft_overlap[:, 0].tolist()
    assert named[0] == 1.0
    assert 0.0 < named[1] < 1.0
    assert named[2:] == [0.0, 0.0]
    unnamed = candidates_of("did zorp frood?", article).matches.soft_overlap[:, 0].tolist()
    assert unnamed == [1.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("Frood thanked her.", BORROWED["person"]),
        ("He left it.", BORROWED["person"]),
        ("She’s left.", BORROWED["person"]),
        ("Frood and its law left.", BORROWED["thing"]),
        ("Himalaya and Italy left.", 0.0),
        ("The IT of frood left.", 0.0),
    ],
)
def test_a_name_is_borrowed_by_what_the_pronoun_stands_for(sentence: str, part: float) -> None:
    found = candidates_of("Did Zorp quax?", Article(id="a", text=f"Zorp drell. {sentence}"))
    assert found.matches.matched[1].tolist() == [part, 0.0]


def test_a_pronoun_borrows_nothing_from_another_passage() -> None:
    found = candidates_of(
        "Did Zorp frood?", Article(id="a", text="Zorp."), Article(id="b", text="She frood.")
    )
    assert found.matches.soft_overlap[1, 0] == 0.0


@pytest.mark.parametrize("question", ["Zorp?", ""])
def test_there_may_be_no_candidates(question: str) -> None:
    found = candidates_of(question)
    assert len(found) == 0
    assert (
        found.matches.counts.shape
        == found.matches.soft_overlap.shape
        == found.matches.context.shape
        == (0, len(found.question.terms))
    )
    assert found.matches.meaning.shape == found.matches.lengths.shape == (0,)
