from __future__ import annotations

import math
import pickle
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.retrieval import MemoryRetriever
from articleqa.retrieval.bm25 import EVERYDAY_PASSAGES, blended_idf, bm25_score, idf, idf_of
from articleqa.retrieval.lucene_bm25 import LuceneBM25
from textbook import Backend, textbook

CORPORA: list[Backend] = [
    {},
    {"a": ["union", "shut"]},
    {"a": ["union", "shut"], "b": ["union", "union", "strike"]},
    {"a": ["union"], "b": [], "c": ["strike", "union", "union"], "d": ["strike", "law", "law", "court"]},
    {"a": [], "b": []},
]
QUERIES = [["union"], ["strike", "law"], ["union", "union", "shut"], ["absent"], [], ["absent", "court"]]


def retriever(corpus: Backend) -> MemoryRetriever:
    found = MemoryRetriever()
    add(found, corpus)
    return found


def add(found: MemoryRetriever, corpus: Backend) -> None:
    """Add articles of one passage each, whose key is the article's name too."""
    for key, terms in corpus.items():
        found.add(key, [(key, terms)])


def check(found: MemoryRetriever, corpus: Backend, query: list[str]) -> None:
    expected = textbook(corpus, query)
    results = found.search(query, len(corpus) + 1)
    assert dict(results) == pytest.approx(expected)
    assert all(score > 0 for _, score in results)
    order = list(corpus)
    assert results == sorted(results, key=lambda result: (-result[1], order.index(result[0])))
    statistics = found.statistics(query)
    assert statistics.passages == len(corpus)
    assert statistics.average_length == pytest.approx(sum(map(len, corpus.values())) / max(1, len(corpus)))
    assert statistics.document_frequencies == {
        term: sum(term in terms for terms in corpus.values()) for term in query
    }
    weights = idf_of(query, statistics)
    for key, score in results:
        counts, length = Counter(corpus[key]), len(corpus[key])
        exact = bm25_score(weights, counts, length, statistics.average_length)
        assert exact == pytest.approx(score)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("corpus", CORPORA)
def test_scores_are_those_of_the_textbook(corpus: Backend, query: list[str]) -> None:
    check(retriever(corpus), corpus, query)


TERMS = st.sampled_from(["union", "strike", "law", "court", "shut"])
PASSAGES = st.dictionaries(st.sampled_from("abcdefgh"), st.lists(TERMS, max_size=8), max_size=8)


@given(PASSAGES, PASSAGES, st.sets(st.sampled_from("abcdefgh")), st.lists(TERMS, max_size=4))
def test_after_adds_and_removes_scores_are_those_of_what_is_left(
    first: Backend, second: Backend, doomed: set[str], query: list[str]
) -> None:
    found = retriever(first)
    found.search(query, 3)
    removed = sorted(doomed & first.keys())
    found.remove(removed)
    kept = {key: terms for key, terms in first.items() if key not in removed}
    check(found, kept, query)
    added = {key: terms for key, terms in second.items() if key not in kept}
    add(found, added)
    check(found, kept | added, query)
    assert found.search(query, 3) == retriever(kept | added).search(query, 3)


@given(PASSAGES, st.lists(TERMS, max_size=4), st.integers(1, 4))
def test_ties_at_the_cut_are_returned_in_full(corpus: Backend, query: list[str], k: int) -> None:
    found = retriever(corpus)
    everything = found.search(query, 100)
    cut = everything[min(k, len(everything)) - 1][1] if everything else 0.0
    assert found.search(query, k) == [result for result in everything if result[1] >= cut]


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_asked_for_is_nothing_found(k: int) -> None:
    assert retriever({"a": ["union"]}).search(["union"], k) == []


def test_a_known_key_is_refused_and_nothing_added() -> None:
    found = retriever({"a": ["union"]})
    with pytest.raises(ValueError, match="'a' is already in the index"):
        found.add("b", [("b", ["union"]), ("a", ["strike"])])
    with pytest.raises(ValueError, match="'c' is already in the index"):
        found.add("c", [("c", ["union"]), ("c", ["strike"])])
    with pytest.raises(ValueError, match="article 'a' is already in the index"):
        found.add("a", [("d", ["strike"])])
    assert [key for key, _ in found.search(["union", "strike"], 5)] == ["a"]


def test_an_unknown_article_is_refused_and_nothing_removed() -> None:
    found = retriever({"a": ["union"], "b": ["union"]})
    with pytest.raises(KeyError, match="c"):
        found.remove(["a", "c"])
    assert len(found.search(["union"], 5)) == 2


def test_a_key_may_come_again_after_it_was_removed() -> None:
    found = retriever({"a": ["union"], "b": ["union"]})
    found.remove(["a"])
    found.add("a", [("a", ["strike"])])
    assert [key for key, _ in found.search(["strike"], 5)] == ["a"]


def test_idf_is_positive_even_for_a_term_of_every_passage() -> None:
    assert 0 < idf(100, 100) < idf(1, 100) < idf(0, 100)


def test_a_blended_idf_is_that_of_a_collection_with_english_added() -> None:
    assert EVERYDAY_PASSAGES == 30
    # 2 and 0.2 * 30 passages of 10 and 30 have the term.
    assert blended_idf(2, 10, 0.2) == pytest.approx(math.log(1 + 32.5 / 8.5))
    assert blended_idf(0, 0, 0.5) == pytest.approx(math.log(2))


@given(st.floats(0.0, 1.0), st.floats(0.001, 1.0))
def test_in_a_large_collection_the_added_english_weighs_nothing(english: float, share: float) -> None:
    errors = [
        abs(blended_idf(int(share * size), size, english) - idf(int(share * size), size))
        for size in (10**5, 10**8)
    ]
    assert errors[1] <= errors[0] + 1e-9
    assert errors[1] < 1e-3


def test_common_english_words_weigh_less_than_rare_ones() -> None:
    assert blended_idf(1, 2, 0.3) < blended_idf(1, 2, 0.001) / 2
    # A word that both articles have but English rarely has still says something.
    assert blended_idf(2, 2, 0.001) > blended_idf(1, 2, 0.3)


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.0, 1.0))
def test_a_blended_idf_is_above_0_and_falls_as_a_term_is_commoner(df: int, more: int, share: float) -> None:
    passages = df + more + 1
    assert blended_idf(df, passages, share) > blended_idf(df + 1, passages, share) > 0.0
    assert blended_idf(df, passages, share / 2) >= blended_idf(df, passages, share)


def test_similar_terms_are_those_of_live_passages() -> None:
    found = retriever({"a": ["kazakhstan"], "b": ["astana", "astama"]})
    assert found.similar_terms(["kazahkstan", "astanna"]) == {
        "kazahkstan": ["kazakhstan"],
        "astanna": ["astana", "astama"],
    }
    found.remove(["a"])
    assert found.similar_terms(["kazahkstan"]) == {"kazahkstan": []}


def test_all_passages_of_a_removed_article_are_gone() -> None:
    found = MemoryRetriever()
    found.add("a", [("a#0", ["union"]), ("a#1", ["union", "strike"])])
    found.add("b", [("b#0", ["union"])])
    found.remove(["a"])
    assert [key for key, _ in found.search(["union", "strike"], 5)] == ["b#0"]
    assert found.statistics(["strike"]).document_frequencies == {"strike": 0}


def test_threads_that_ask_first_all_find_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []

    class Counted(LuceneBM25):
        def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
            built.append(len(corpus))
            super().__init__(corpus)

    monkeypatch.setattr("articleqa.retrieval.lucene_bm25.LuceneBM25", Counted)
    corpus = {f"p{n}": ["harbor", f"zorp{n}", *(f"w{n * k % 97}" for k in range(40))] for n in range(300)}
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            found = retriever(corpus)
            start = Barrier(8)

            def ask(thread: int, found: MemoryRetriever = found, start: Barrier = start) -> None:
                start.wait()
                for n in range(thread, 300, 40):
                    assert [key for key, _ in found.search([f"zorp{n}"], 1)] == [f"p{n}"]
                    assert found.statistics(["harbor"]).document_frequencies == {"harbor": 300}

            with ThreadPoolExecutor(8) as pool:
                list(pool.map(ask, range(8)))
    finally:
        sys.setswitchinterval(interval)
    assert built == [300] * 5  # one build for each retriever, whichever thread came first


def test_a_copy_of_a_retriever_finds_the_same() -> None:
    found = retriever(CORPORA[2])
    assert found.search(["union"], 1)
    copy = pickle.loads(pickle.dumps(found))
    assert copy.search(["union"], 3) == found.search(["union"], 3)
