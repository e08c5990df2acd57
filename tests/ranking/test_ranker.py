from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex
from articleqa.answering.answerer import Answerer
from articleqa.answering.confidence import shipped_confidence
from articleqa.data import read_data
from articleqa.exceptions import DataFileError
from articleqa.index.memory_backend import MemoryBackend
from articleqa.ranking.features import FEATURES, feature_table
from articleqa.ranking.ranker import RERANK_DEPTH, WORDS, Ranker, shipped_ranker
from articleqa.ranking.scores import PARTS, Ranking, Reading
from articleqa.ranking.word_features import words_of
from samples import QUESTIONS, TEA, UNION, candidates_of, random_network, ranker, zero_network

TEXT = "The union went on strike. The union of oil workers in the south went on strike for a long time."
MANY = Article(
    id="many", text=" ".join(f"The union was shut {'by ' * n}a court." for n in range(3 * RERANK_DEPTH))
)


def index_with(given: Ranker, *articles: Article) -> ArticleIndex:
    index = ArticleIndex(MemoryBackend(), Answerer(given, shipped_confidence(WORDS)))
    index.add(articles or [Article(id="a", text=TEXT)])
    return index


def test_every_feature_has_a_weight_and_every_weight_a_feature() -> None:
    assert set(shipped_ranker().weights) == set(FEATURES)
    assert shipped_ranker() == Ranker.from_json(read_data("ranker.json"))


def test_a_weighted_sum_is_of_the_features_that_have_a_weight() -> None:
    names = list(FEATURES)
    table = np.zeros((2, len(names)))
    table[0, names.index("overlap")] = 0.5
    table[0, names.index("length")] = 0.25
    table[1, names.index("asks")] = 1.0
    assert ranker(overlap=2.0, length=-4.0).weighted_sums(table).tolist() == [0.0, 0.0]
    assert ranker(overlap=2.0, length=1.0, asks=-1.5).weighted_sums(table).tolist() == [1.25, -1.5]
    assert ranker().weighted_sums(np.zeros((0, len(names)))).tolist() == []


def test_without_a_network_the_weighted_sum_is_the_score() -> None:
    found = candidates_of(QUESTIONS[0], UNION, TEA)
    given = ranker(overlap=2.0, length=-1.0)
    ranking = given.rank(found)
    assert ranking.network is None
    assert ranking.table.tolist() == feature_table(found).tolist()
    assert ranking.scores.tolist() == given.weighted_sums(feature_table(found)).tolist()


def test_the_network_reads_the_best_by_the_weighted_sum() -> None:
    found = candidates_of("Was the union shut by a court?", MANY)
    given = ranker(random_network(), length=1.0)
    ranking = given.rank(found)
    sums = given.weighted_sums(ranking.table)
    assert ranking.network is not None
    assert ranking.network.rows.tolist() == np.argsort(-sums, kind="stable")[:RERANK_DEPTH].tolist()
    assert len(ranking.network.word_scores) == RERANK_DEPTH
    for row, parts, words in zip(
        ranking.network.rows, ranking.network.parts, ranking.network.word_scores, strict=True
    ):
        assert ranking.scores[row] == pytest.approx(sums[row] + parts.sum())
        assert len(words) == len(words_of(found[int(row)].text).terms)
        assert parts[0] == pytest.approx(np.log(np.exp(words).sum()), abs=1e-3)


def test_there_may_be_nothing_to_rank() -> None:
    ranking = ranker(random_network(), overlap=1.0).rank(candidates_of("Was it shut?"))
    assert (ranking.scores.tolist(), ranking.network) == ([], None)


@given(st.integers(0, 5), st.sampled_from(list(FEATURES)), st.floats(-9, 9), st.sampled_from(QUESTIONS[:2]))
def test_a_sentence_that_was_not_read_never_comes_before_one_that_was(
    seed: int, feature: str, weight: float, question: str
) -> None:
    ranking = ranker(random_network(seed), **{feature: weight}).rank(candidates_of(question, MANY, UNION))
    assert ranking.network is not None
    read = np.isin(np.arange(len(ranking.scores)), ranking.network.rows)
    assert 0 < read.sum() < len(read)
    assert ranking.scores[read].min() >= ranking.scores[~read].max() - 1e-9


def shares_of(given: Ranker, ranking: Ranking, row: int) -> dict[str, float]:
    shares = given.shares(ranking, row)
    sizes = [abs(share.share) for share in shares]
    assert sizes == sorted(sizes, reverse=True)
    return {share.name: share.share for share in shares}


@pytest.mark.parametrize("given", [shipped_ranker(), ranker(random_network(), soft_overlap=2.0, length=-1.0)])
def test_shares_sum_to_the_score_and_the_largest_stands_first(given: Ranker) -> None:
    ranking = given.rank(candidates_of("Was the union shut by a court?", MANY))
    for row, score in enumerate(ranking.scores):
        assert sum(shares_of(given, ranking, row).values()) == pytest.approx(score)


def test_a_share_is_a_feature_times_its_weight_or_a_part_of_the_network() -> None:
    given = ranker(random_network(), soft_overlap=2.0, length=-1.0)
    ranking = given.rank(candidates_of("Was the union shut by a court?", MANY))
    assert ranking.network is not None
    (best, *_) = ranking.network.rows.tolist()
    shares = shares_of(given, ranking, best)
    weights = dict.fromkeys(FEATURES, 0.0) | dict(given.weights)
    values = zip(FEATURES, ranking.table[best].tolist(), strict=True)
    added = dict(zip(PARTS, ranking.network.parts[0].tolist(), strict=True))
    weighed = {name: weights[name] * value for name, value in values if value}
    assert shares == pytest.approx(weighed | added)


def test_what_was_not_read_has_the_least_that_was_added_for_its_share() -> None:
    given = ranker(random_network(), length=1.0)
    ranking = given.rank(candidates_of("Was the union shut by a court?", MANY))
    assert ranking.network is not None
    (unread, *_) = set(range(len(ranking.scores))) - set(ranking.network.rows.tolist())
    shares = shares_of(given, ranking, unread)
    with_a_value = {name for name, value in zip(FEATURES, ranking.table[unread], strict=True) if value}
    assert shares.keys() == {*with_a_value, "not_read"}
    assert shares["not_read"] == pytest.approx(ranking.network.parts.sum(axis=1).min())


def test_other_weights_rank_in_another_order() -> None:
    question = "Did the union go on strike?"
    for weight, best in ((-1.0, "The union went on strike."), (1.0, "for a long time.")):
        answer = index_with(ranker(length=weight)).ask(question, min_confidence=0)
        assert answer.text.endswith(best)
        assert [s.score for s in answer.sentences] == sorted(
            (s.score for s in answer.sentences), reverse=True
        )


def test_without_weights_sentences_keep_their_order() -> None:
    answer = index_with(ranker()).ask("Did the union go on strike?", min_confidence=0)
    assert [s.citation.start for s in answer.sentences] == [0, 26]


def test_a_network_of_zeros_puts_the_sentence_of_most_words_first() -> None:
    answer = index_with(ranker(zero_network())).ask("Did the union go on strike?", min_confidence=0)
    assert [s.citation.start for s in answer.sentences] == [26, 0]
    assert [s.score for s in answer.sentences] == pytest.approx([np.log(15), np.log(5)], abs=1e-4)


def test_rankers_are_equal_where_weights_and_network_are() -> None:
    def used(seed: int, **weights: float) -> Ranker:
        given = ranker(random_network(seed), **weights)
        given.rank(candidates_of(QUESTIONS[0], UNION))
        return given

    assert used(0, overlap=1.0) == used(0, overlap=1.0)
    assert used(0, overlap=1.0) != used(1, overlap=1.0)
    assert used(0, overlap=1.0) != used(0, overlap=2.0)


def test_answers_are_the_same_whatever_was_asked_before() -> None:
    index = index_with(ranker(random_network(), soft_overlap=1.0), UNION, TEA, MANY)
    first = [index.ask(question, top_k=9, min_confidence=0) for question in QUESTIONS]
    words_of.cache_clear()
    backwards = [index.ask(question, top_k=9, min_confidence=0) for question in QUESTIONS[::-1]]
    assert backwards[::-1] == first
    assert [answer.explain() for answer in backwards[::-1]] == [answer.explain() for answer in first]


def damaged(**changes: object) -> str:
    return json.dumps(json.loads(read_data("ranker.json")) | changes)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file"),
        ("{", "the file"),
        ("[]", "the file"),
        ("null", "the file"),
        ("{}", "about"),
        ('{"about": "", "weights": {}}', "version"),
        (damaged(version=4), "version"),
        (damaged(version=2), "version"),
        (damaged(version=1), "version"),
        (damaged(weights=[]), "weights"),
        (damaged(weights={"overlap": "much"}), r"weights\.overlap"),
        (damaged(weights={"overlap": None}), r"weights\.overlap"),
        (damaged(weights={"overlap": float("nan")}), r"weights\.overlap"),
        (damaged(weights={"overlap": float("inf")}), r"weights\.overlap"),
        (damaged(weights={"overlap": -float("inf")}), r"weights\.overlap"),
        (damaged(network={}), r"network\.sha256"),
        (damaged(network="AAAA"), "network"),
        (damaged(extra=1), "extra"),
        (read_data("ranker.json")[:-20], "the file"),
    ],
)
def test_a_damaged_file_is_named_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(DataFileError, match=rf"^mine\.json: {problem}: \S") as raised:
        Ranker.from_json(text, "mine.json")
    assert "\n" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "谁修建了钟楼？",
            "青石镇的旧钟楼建于一八七二年。钟楼由工匠陆明修建。每年三月举行钟声节。",
            "钟楼由工匠陆明修建。",
        ),
        (
            "Кто построил мост?",
            "Город стоит на реке. Мост построил Иван Орлов. Зимой идёт снег.",
            "Мост построил Иван Орлов.",
        ),
    ],
)
def test_a_question_in_other_letters_is_answered_by_its_words(question: str, text: str, answer: str) -> None:
    index = ArticleIndex.from_articles([Article(id="a", text=text)])
    assert index.ask(question).sentences[0].text == answer


def test_a_row_with_another_rows_score_has_its_features_and_readings_too() -> None:
    network = Reading(
        np.array([0, 2]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (np.ones(2), np.zeros(3))
    )
    ranking = Ranking(
        scores=np.array([9.0, 1.0, 8.0]),
        table=np.array([[0.1], [0.2], [0.3]]),
        network=network,
        stands_for={0: 2, 2: 0},
    )
    swapped, unread = ranking.reading_of(0), ranking.reading_of(1)
    assert (swapped.row, swapped.features.tolist(), swapped.reader) == (2, [0.3], None)
    assert swapped.network is not None
    assert swapped.network.parts == [4.0, 5.0, 6.0]
    assert (unread.row, unread.features.tolist(), unread.network) == (1, [0.2], None)
    # How likely its words are to answer is said of its own words.
    assert [None if s is None else len(s) for s in map(ranking.word_scores, range(3))] == [2, None, 3]
