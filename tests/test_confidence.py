from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex
from articleqa.answering.answerer import Answerer
from articleqa.answering.confidence import (
    SIGNAL_FEATURES,
    ConfidenceModel,
    leads,
    shipped_confidence,
    signals_of,
)
from articleqa.answering.features import FEATURES
from articleqa.answering.ranker import PARTS, READ, Ranker, shipped_ranker
from articleqa.data import read_data
from articleqa.exceptions import DataFileError
from articleqa.retrieval import MemoryRetriever
from samples import candidates_of, random_network, ranker, zero_network

UNION = Article(
    id="union", text="The union went on strike in Astana. A court shut it on January 4, 2017. It rained."
)


def signals(
    question: str, row: int = 0, lead: float = 0.0, text: str = UNION.text, by: Ranker | None = None
) -> dict[str, float]:
    found = candidates_of(question, Article(id="a", text=text))
    return signals_of(found, (by or ranker()).rank(found), row, lead)


def model(intercept: float = 0.0, **weights: float) -> ConfidenceModel:
    return ConfidenceModel(version=1, about="", min_confidence=0.5, intercept=intercept, weights=weights)


def test_every_signal_has_a_weight_and_every_weight_a_signal() -> None:
    assert set(shipped_confidence().weights) == set(signals("Who shut it?", by=shipped_ranker()))
    assert set(SIGNAL_FEATURES) <= set(FEATURES)


@pytest.mark.parametrize(
    ("intercept", "value", "probability"),
    [
        (0.0, 0.0, 0.5),
        (math.log(3), 0.0, 0.75),
        (0.0, math.log(3), 0.75),
        (-math.log(3), 0.0, 0.25),
    ],
)
def test_the_probability_is_logistic(intercept: float, value: float, probability: float) -> None:
    assert model(intercept, lead=1.0).probability({"lead": value, "other": 9.0}) == pytest.approx(probability)


@given(st.dictionaries(st.sampled_from(["lead", "overlap"]), st.floats(-1e300, 1e300)))
def test_a_probability_lies_between_0_and_1(given_signals: dict[str, float]) -> None:
    assert 0.0 <= model(lead=1e5, overlap=-3.0).probability(given_signals) <= 1.0


def test_a_greater_lead_is_surer_where_leads_weigh() -> None:
    by_lead = [signals("When was the union shut?", 1, lead) for lead in (-3.0, -1.0, 0.0, 0.5, 3.0)]
    sure = [model(lead=2.0).probability(found) for found in by_lead]
    assert sure == sorted(set(sure))


def test_a_lead_counts_up_to_an_end() -> None:
    found = [signals("When?", lead=lead)["lead"] for lead in (-9.0, -4.0, -1.0, 0.0, 2.0, 4.0, 9.0)]
    assert found == [-1.0, -1.0, -0.25, 0.0, 0.5, 1.0, 1.0]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], []),
        ([2.0], [2.0]),
        ([3.0, 1.0], [2.0, -2.0]),
        ([5.0, 3.0, 1.0], [2.0, -2.0, -4.0]),
        ([3.0, 3.0, 1.0], [0.0, 0.0, -2.0]),
    ],
)
def test_a_lead_is_over_the_best_of_the_others(scores: list[float], expected: list[float]) -> None:
    assert leads(scores) == expected


@pytest.mark.parametrize(
    ("question", "row", "unmet"),
    [
        ("When was it shut?", 0, 1.0),
        ("When was it shut?", 1, 0.0),
        ("How many were there?", 0, 1.0),
        ("What is the name of the president?", 1, 1.0),
        ("Who shut it?", 2, 0.0),
        ("Why was it shut?", 2, 0.0),
    ],
)
def test_a_sentence_without_the_date_or_name_asked_for_is_unmet(
    question: str, row: int, unmet: float
) -> None:
    assert signals(question, row)["unmet"] == unmet


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Did the union strike in Astana?", 0.0),
        ("Did the union strike in Paris?", 1.0),
        ("Did the Union strike in Paris in 2017?", 1 / 3),
        ("did the union strike?", 0.0),
    ],
)
def test_names_that_the_passage_lacks_are_counted(question: str, missing: float) -> None:
    assert signals(question)["names_missing"] == pytest.approx(missing)


def test_words_that_the_articles_lack_are_counted() -> None:
    found = signals("Did the union blim?")
    assert 0.0 < found["mentioned"] < 1.0
    assert found["matched_terms"] == pytest.approx(1 / 6)
    assert found["asks_yes_no"] == 1.0
    assert signals("Why did the union strike?")["mentioned"] == 1.0


READING = {*PARTS, "score", "share", "peak"}


def test_without_a_network_nothing_is_said_of_reading() -> None:
    assert set(signals("Who shut it?", by=ranker(random_network()))) - set(signals("Who shut it?")) == READING


def test_a_sentence_that_was_not_read_says_nothing_of_reading() -> None:
    text = " ".join(f"The union was shut in {year}." for year in range(1900, 1900 + READ + 2))
    by = ranker(zero_network(), first=1.0)
    assert set(signals("Who shut it?", READ - 1, text=text, by=by)) >= READING
    assert READING.isdisjoint(signals("Who shut it?", READ + 1, text=text, by=by))


def test_signals_of_reading_are_shares_and_small_numbers() -> None:
    # A network of zeros gives a sentence the log of how many words it has, each of which is as sure.
    found = signals("Who shut it?", 0, text="The union struck. A court shut it.", by=ranker(zero_network()))
    assert found["read_words"] == pytest.approx(math.log(3) / 5, abs=1e-4)
    assert (found["read_terms"], found["read_features"]) == (0.0, 0.0)
    assert found["score"] == pytest.approx(math.log(3) / 20, abs=1e-4)
    assert found["share"] == pytest.approx(3 / 7, abs=1e-4)
    assert found["peak"] == pytest.approx(1 / 3)


QUESTIONS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(["When", "who", "how many", "Astana", "union", "shut", "blim", "is", "?"]), max_size=8
    ).map(" ".join),
)


@given(QUESTIONS, st.floats(-100, 100))
def test_signals_of_any_question_are_of_about_one_size(question: str, lead: float) -> None:
    for name, value in signals(question, 1, lead).items():
        assert math.isfinite(value), name
        assert -1.0 <= value <= 2.0 + 1e-9, name


@given(st.lists(st.sampled_from(["When", "who", "Astana", "union", "shut", "blim"]), min_size=1, max_size=8))
def test_shares_of_what_was_read_lie_between_0_and_1(words: list[str]) -> None:
    found = signals(f"{' '.join(words)} union", 1, by=READER)
    assert 0.0 < found["share"] <= 1.0
    assert 0.0 < found["peak"] <= 1.0


READER = ranker(random_network(), overlap=2.0)


def test_a_sentence_is_never_surer_than_the_one_before() -> None:
    backwards = model(lead=-50.0)
    index = ArticleIndex(MemoryRetriever(), Answerer(shipped_ranker(), backwards))
    index.add([UNION])
    sure = [s.confidence for s in index.ask("When was the union shut?", top_k=9).sentences]
    assert len(sure) == 3
    assert sure == sorted(sure, reverse=True)


def test_the_shipped_threshold_decides_unless_another_is_given() -> None:
    index = ArticleIndex.from_articles([UNION])
    assert index.ask("When was it shut?").min_confidence == shipped_confidence().min_confidence
    assert index.ask("When was it shut?", min_confidence=0.9).min_confidence == 0.9


def damaged(**changes: object) -> str:
    return json.dumps(json.loads(read_data("confidence.json")) | changes)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file"),
        ('{"version": 1', "the file"),
        ('{"about": "", "weights": {}, "intercept": 0, "min_confidence": 0.5}', "version"),
        (damaged(version=2), "version"),
        (damaged(min_confidence=1.5), "min_confidence"),
        (damaged(min_confidence=-0.1), "min_confidence"),
        (damaged(min_confidence=float("nan")), "min_confidence"),
        (damaged(intercept=float("nan")), "intercept"),
        (damaged(intercept=float("inf")), "intercept"),
        (damaged(weights={"lead": float("nan")}), r"weights\.lead"),
        (damaged(weights={"lead": "1,5"}), r"weights\.lead"),
        (damaged(threshold=0.5), "threshold"),
    ],
)
def test_a_damaged_file_is_named_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(DataFileError, match=rf"^mine\.json: {problem}: \S") as raised:
        ConfidenceModel.from_json(text, "mine.json")
    assert "\n" not in str(raised.value)
