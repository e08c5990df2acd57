from __future__ import annotations

import json

import numpy as np
import pytest

from articleqa import Article, ArticleIndex
from articleqa.answering.answerer import Answerer
from articleqa.answering.confidence import shipped_confidence
from articleqa.answering.features import FEATURES
from articleqa.answering.ranker import LinearRanker, shipped_ranker
from articleqa.data import read_data
from articleqa.exceptions import DataFileError
from articleqa.retrieval import MemoryRetriever

TEXT = "The union went on strike. The union of oil workers in the south went on strike for a long time."


def ranker(**weights: float) -> LinearRanker:
    return LinearRanker(version=1, about="", weights=weights)


def index_with(given: LinearRanker) -> ArticleIndex:
    index = ArticleIndex(MemoryRetriever(), Answerer(given, shipped_confidence()))
    index.add([Article(id="a", text=TEXT)])
    return index


def test_every_feature_has_a_weight_and_every_weight_a_feature() -> None:
    assert set(shipped_ranker().weights) == set(FEATURES)
    assert shipped_ranker() == LinearRanker.from_json(read_data("ranker.json"))


def test_a_score_is_the_weighted_sum_of_the_features() -> None:
    names = list(FEATURES)
    table = np.zeros((2, len(names)))
    table[0, names.index("overlap")] = 0.5
    table[0, names.index("length")] = 0.25
    table[1, names.index("asks")] = 1.0
    assert ranker(overlap=2.0, length=-4.0).scores(table).tolist() == [0.0, 0.0]
    assert ranker(overlap=2.0, length=1.0, asks=-1.5).scores(table).tolist() == [1.25, -1.5]
    assert ranker().scores(np.zeros((0, len(names)))).tolist() == []


def test_shares_sum_to_the_score_and_the_largest_stands_first() -> None:
    row = np.linspace(0.0, 1.0, len(FEATURES))
    shares = shipped_ranker().shares(row)
    assert {share.name for share in shares} == set(FEATURES)
    assert sum(share.share for share in shares) == pytest.approx(shipped_ranker().scores(row[None, :])[0])
    sizes = [abs(share.share) for share in shares]
    assert sizes == sorted(sizes, reverse=True)
    for share in shares:
        assert share.share == pytest.approx(share.value * shipped_ranker().weights[share.name])


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


def damaged(**changes: object) -> str:
    return json.dumps(json.loads(read_data("ranker.json")) | changes)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file"),
        ("{", "the file"),
        ("[]", "the file"),
        ("null", "the file"),
        ("{}", "version"),
        (damaged(version=2), "version"),
        (damaged(version=0), "version"),
        (damaged(weights=[]), "weights"),
        (damaged(weights={"overlap": "much"}), r"weights\.overlap"),
        (damaged(weights={"overlap": None}), r"weights\.overlap"),
        (damaged(weights={"overlap": float("nan")}), r"weights\.overlap"),
        (damaged(weights={"overlap": float("inf")}), r"weights\.overlap"),
        (damaged(weights={"overlap": -float("inf")}), r"weights\.overlap"),
        (damaged(extra=1), "extra"),
        (read_data("ranker.json")[:-20], "the file"),
    ],
)
def test_a_damaged_file_is_named_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(DataFileError, match=rf"^mine\.json: {problem}: \S") as raised:
        LinearRanker.from_json(text, "mine.json")
    assert "\n" not in str(raised.value)
    assert raised.value.__cause__ is None
