from __future__ import annotations

import math
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.evaluation.baseline import Baseline
from articleqa.models import Passage, Span
from articleqa.passages import AnalysedPassage


def passage(number: int, sentences: Iterable[str], context: str = "") -> AnalysedPassage:
    """Return a passage of its own article; a sentence is `terms` apart by spaces, 100 characters long."""
    sentences = list(sentences)
    spans = tuple(Span(100 * n, 100 * n + len(sentence)) for n, sentence in enumerate(sentences))
    return AnalysedPassage(
        key=str(number),
        passage=Passage(
            article_id=f"a{number}", span=Span(spans[0].start, spans[-1].end), sentence_spans=spans
        ),
        sentence_terms=tuple(tuple(sentence.split()) for sentence in sentences),
        context=tuple(context.split()),
    )


def weight(term: str, documents: list[list[str]], document: list[str]) -> float:
    """Return BM25 of one term as the textbook has it."""
    df = sum(term in other for other in documents)
    idf = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
    average = sum(len(other) for other in documents) / len(documents)
    count = document.count(term)
    return idf * count * 2.2 / (count + 1.2 * (1 - 0.75 + 0.75 * len(document) / average))


def brute_force(passages: list[AnalysedPassage], query: list[str]) -> dict[tuple[str, int], float]:
    """Return the sum of each sentence of the passages that match, by its article and start."""
    whole = [found.terms() for found in passages]
    sentences = [list(terms) for found in passages for terms in found.sentence_terms]
    sums: dict[tuple[str, int], float] = {}
    for found in passages:
        score = sum(weight(term, whole, found.terms()) for term in set(query))
        for span, terms in zip(found.passage.sentence_spans, found.sentence_terms, strict=True):
            if score:
                own = sum(weight(term, sentences, list(terms)) for term in set(query))
                sums[found.passage.article_id, span.start] = score + own
    return sums


def test_the_sentence_that_holds_the_words_is_best() -> None:
    passages = [passage(1, ["silk road", "green tea"]), passage(2, ["blue sea", "green sea"])]
    assert Baseline(passages).answer("Where is the green tea?")[0] == ("a1", 100, 109)


def test_a_title_brings_its_passage_forward() -> None:
    passages = [passage(1, ["blue tea", "red tea"]), passage(2, ["blue tea hot", "red tea hot"], "china")]
    assert Baseline(passages).answer("red tea in China")[0].article_id == "a2"


def test_ties_go_to_the_first_and_equal_sentences_stand_beside_it() -> None:
    passages = [passage(1, ["green tea"]), passage(2, ["green tea"]), passage(3, ["green tea"])]
    assert Baseline(passages).answer("green tea") == [("a1", 0, 9), ("a2", 0, 9), ("a3", 0, 9)]


def test_sentences_without_words_are_not_equal() -> None:
    passages = [passage(1, ["", "sea"], "tea"), passage(2, ["", "sea"])]
    assert Baseline(passages).answer("tea") == [("a1", 0, 0)]


def test_nothing_is_answered_where_nothing_matches() -> None:
    assert Baseline([passage(1, ["green tea"])]).answer("zebra") == []
    assert Baseline([]).answer("zebra") == []
    assert Baseline([passage(1, ["green tea"])]).answer("") == []


WORDS = ["green", "tea", "silk", "road", "sea"]
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@given(
    st.lists(st.lists(SENTENCE, min_size=1, max_size=3), min_size=1, max_size=4),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
)
def test_the_best_is_that_of_scoring_every_sentence(texts: list[list[str]], query: list[str]) -> None:
    passages = [passage(number, sentences) for number, sentences in enumerate(texts)]
    sums = brute_force(passages, query)
    found = Baseline(passages).answer(" ".join(query))
    assert bool(found) is bool(sums)
    if found:
        # Sums that differ in the last digit alone may go either way.
        assert sums[found[0].article_id, found[0].start] == pytest.approx(max(sums.values()))
