from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa import Article, ArticleIndex
from articleqa.answering.answerer import Answerer
from articleqa.answering.confidence import ConfidenceModel, shipped_confidence, signals_of
from articleqa.data import read_data
from articleqa.exceptions import DataFileError
from articleqa.index.memory_backend import MemoryBackend
from articleqa.ranking.ranker import RERANK_DEPTH, WORDS, Ranker, shipped_ranker
from samples import candidates_of, random_network, ranker, zero_network

UNION = Article(
    id="union", text="The union went on strike in Astana. A court shut it on January 4, 2017. It rained."
)


def signals(
    question: str, row: int = 0, text: str = UNION.text, by: Ranker | None = None, title: str = ""
) -> dict[str, float]:
    found = candidates_of(question, Article(id="a", title=title, text=text))
    return signals_of(found, (by or ranker()).rank(found), row)


def model(intercept: float = 0.0, **weights: float) -> ConfidenceModel:
    return ConfidenceModel(
        about="", min_confidence=0.5, maybe_confidence=0.25, intercept=intercept, weights=weights
    )


def test_every_signal_has_a_weight_and_every_weight_a_signal() -> None:
    assert set(shipped_confidence(WORDS).weights) == set(signals("Who shut it?", by=shipped_ranker()))
    assert shipped_confidence(WORDS) == ConfidenceModel.from_json(read_data("confidence_words.json"))


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
    assert model(intercept, share=1.0).probability({"share": value, "other": 9.0}) == pytest.approx(
        probability
    )


@given(st.dictionaries(st.sampled_from(["share", "overlap"]), st.floats(-1e300, 1e300)))
def test_a_probability_lies_between_0_and_1(given_signals: dict[str, float]) -> None:
    assert 0.0 <= model(share=1e5, overlap=-3.0).probability(given_signals) <= 1.0


@pytest.mark.parametrize(
    ("weight", "share"),
    [(0.0, 1 / 3), (math.log(2), 1 / 2), (math.log(6), 3 / 4), (1e9, 1.0), (-math.log(2), 1 / 5)],
)
def test_a_share_is_that_of_the_best_among_all_sentences(weight: float, share: float) -> None:
    # One of the three sentences holds all of the question, the others nothing of it.
    found = signals("Did it rain?", 2, by=ranker(overlap=weight))
    assert found["share"] == pytest.approx(share)


def test_a_sentence_far_behind_has_no_share() -> None:
    found = signals("Did it rain?", 0, by=ranker(overlap=1e9))
    assert found["share"] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("question", "row", "unmet"),
    [
        ("When was it shut?", 0, 1.0),
        ("When was it shut?", 1, 0.0),
        ("How many were there?", 0, 1.0),
        ("What is the name of the president?", 1, 1.0),
        ("Who shut it?", 2, 0.0),
        ("Why was it shut?", 2, 0.0),
        ("How much money was paid?", 0, 1.0),
        ("How long did it rain?", 2, 1.0),
        ("What does IMF stand for?", 0, 1.0),
        ("Where was it shut?", 2, 0.0),
    ],
)
def test_a_sentence_without_the_date_or_name_asked_for_is_unmet(
    question: str, row: int, unmet: float
) -> None:
    assert signals(question, row)["unmet"] == unmet


@pytest.mark.parametrize(
    ("question", "text", "uncounted"),
    [
        ("How many workers left?", "Then 400 workers left.", 0.0),
        ("How many workers left?", "The workers left after 5 days.", 1.0),
        ("How many workers left?", "The workers left.", 1.0),
        ("How old is the director?", "The director is 50 years old.", 0.0),
        ("How old is the director?", "The director met 400 workers.", 1.0),
        ("How tall is the tower?", "The tower has 324 metres.", 0.0),
        ("How tall is the tower?", "The tower has 3 floors.", 1.0),
        ("How often did it rain?", "It rained 3 times.", 0.0),
        ("When did the workers leave?", "The workers left.", 0.0),
    ],
)
def test_a_sentence_whose_numbers_count_something_else_is_uncounted(
    question: str, text: str, uncounted: float
) -> None:
    assert signals(question, text=text)["uncounted"] == uncounted


@pytest.mark.parametrize(
    ("question", "unmentioned"),
    [
        ("Who went on strike in Astana?", 0.0),
        ("Who went on strike in Paris?", 1.0),
        ("Who went hunting in Astana?", 0.0),
        ("Did it close on January 5?", 1.0),
    ],
)
def test_a_name_that_no_article_has_is_unmentioned(question: str, unmentioned: float) -> None:
    assert signals(question)["a_name_unmentioned"] == unmentioned


@pytest.mark.parametrize(
    ("question", "row", "missing"),
    [
        ("Did the union strike in Astana?", 0, 0.0),
        ("Did the union strike in Astana?", 1, 0.0),
        ("Did the union strike in Paris?", 0, 1.0),
        ("Did the Union strike in Paris in 2017?", 0, 1.0),
        ("did the union strike?", 0, 0.0),
    ],
)
def test_a_name_is_missing_where_the_passage_lacks_it(question: str, row: int, missing: float) -> None:
    assert signals(question, row)["a_name_missing"] == missing


def test_a_name_in_the_title_is_not_missing() -> None:
    assert signals("Did it rain in Paris?", 2, title="Paris")["a_name_missing"] == 0.0


def test_a_name_in_another_passage_is_missing_but_mentioned() -> None:
    text = "It rained for days and days.\n\n" * 30 + "Paris is far away."
    found = signals("Did it rain in Paris?", 0, text=text)
    assert (found["a_name_missing"], found["a_name_unmentioned"]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("question", "sentence", "negated", "alone"),
    [
        ("Why did it rain?", "It rained.", 0.0, 0.0),
        ("Why did it rain?", "It did not rain.", 0.0, 0.0),
        ("Why did it not rain?", "It rained.", 1.0, 1.0),
        ("Why did it not rain?", "It never rained.", 1.0, 0.0),
        ("Why didn't it rain?", "It rained.", 1.0, 1.0),
        ("Why didn’t it rain?", "It wasn't the season to rain.", 1.0, 0.0),
        ("WHEN DID IT NEVER RAIN?", "It rained.", 1.0, 1.0),
        ("Who refused to rain?", "It rained.", 1.0, 1.0),
        ("What was the least rain?", "It rained without end.", 1.0, 0.0),
        ("Why is rain unstable?", "It rained.", 1.0, 1.0),
        ("Why is the rain noteworthy?", "It rained.", 0.0, 0.0),
        ("Which knot is tied in rain?", "It rained.", 0.0, 0.0),
    ],
)
def test_a_denying_question_differs_from_a_denying_sentence(
    question: str, sentence: str, negated: float, alone: float
) -> None:
    found = signals(question, text=sentence)
    assert (found["negated"], found["negated_alone"]) == (negated, alone)


def test_the_question_s_length_and_kind_are_told() -> None:
    found = signals("Did the union blim?")
    assert found["terms"] == pytest.approx(2 / 12)
    assert found["asks_yes_no"] == 1.0
    assert signals("Why did the union strike?")["asks_yes_no"] == 0.0


def test_what_stands_around_a_sentence_covers_the_question_too() -> None:
    found = signals("Did the union shut?", 1)
    assert found["covered_near"] == pytest.approx(1.0)
    assert found["covered_context"] == found["soft_overlap"] < 1.0
    titled = signals("Did the union shut?", 1, title="The union")
    assert titled["covered_context"] == pytest.approx(1.0)


OF_THE_NETWORK = ("read_terms", "read_features")


def test_without_a_network_nothing_is_said_of_reading() -> None:
    found = signals("Who shut it?")
    assert [found[name] for name in OF_THE_NETWORK] == [0.0, 0.0]
    assert signals("Who shut it?", by=READER).keys() == found.keys()


def test_a_sentence_that_was_not_read_says_nothing_of_reading() -> None:
    text = " ".join(f"The union was shut in {year}." for year in range(1900, 1900 + RERANK_DEPTH + 2))
    by = ranker(random_network(), first=1.0)
    assert all(signals("Who shut it?", RERANK_DEPTH - 1, text=text, by=by)[name] for name in OF_THE_NETWORK)
    unread = signals("Who shut it?", RERANK_DEPTH + 1, text=text, by=by)
    assert [unread[name] for name in OF_THE_NETWORK] == [0.0, 0.0]
    assert 0.0 < unread["share"] < 1.0


def test_parts_of_the_reading_are_those_of_the_ranking() -> None:
    found = candidates_of("Who shut it?", UNION)
    ranking = READER.rank(found)
    assert ranking.network is not None
    for at, row in enumerate(ranking.network.rows.tolist()):
        given = signals_of(found, ranking, row)
        assert given["read_terms"] == ranking.network.parts[at][1] / 5
        assert given["read_features"] == ranking.network.parts[at][2] / 5


def test_signals_of_reading_are_shares_and_small_numbers() -> None:
    # A network of zeros gives a sentence the log of how many words it has, each of which is as sure.
    found = signals("Who shut it?", 0, text="The union struck. A court shut it.", by=ranker(zero_network()))
    assert (found["read_terms"], found["read_features"]) == (0.0, 0.0)
    assert found["share"] == pytest.approx(3 / 7, abs=1e-4)


QUESTIONS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(["When", "who", "how many", "Astana", "union", "shut", "blim", "is", "?"]), max_size=8
    ).map(" ".join),
)


@given(QUESTIONS, st.integers(0, 2), st.floats(-20, 20))
def test_signals_of_any_question_are_of_about_one_size(question: str, row: int, weight: float) -> None:
    for name, value in signals(question, row, by=ranker(overlap=weight)).items():
        assert math.isfinite(value), name
        assert -1.0 <= value <= 2.0 + 1e-9, name


@given(st.lists(st.sampled_from(["When", "who", "Astana", "union", "shut", "blim"]), min_size=1, max_size=8))
def test_shares_of_what_was_read_lie_between_0_and_1(words: list[str]) -> None:
    found = signals(f"{' '.join(words)} union", 1, by=READER)
    assert 0.0 < found["share"] <= 1.0


READER = ranker(random_network(), overlap=2.0)


def test_a_sentence_is_never_surer_than_the_one_before() -> None:
    backwards = model(share=-50.0)
    index = ArticleIndex(MemoryBackend(), Answerer(shipped_ranker(), backwards))
    index.add([UNION])
    sure = [s.confidence for s in index.ask("When was the union shut?", top_k=9).sentences]
    assert len(sure) == 3
    assert sure == sorted(sure, reverse=True)


def test_the_shipped_threshold_decides_unless_another_is_given() -> None:
    index = ArticleIndex.from_articles([UNION])
    assert index.ask("When was it shut?").min_confidence == shipped_confidence(WORDS).min_confidence
    assert index.ask("When was it shut?", min_confidence=0.9).min_confidence == 0.9


def damaged(**changes: object) -> str:
    return json.dumps(json.loads(read_data("confidence_words.json")) | changes)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file"),
        ('{"version": 1', "the file"),
        (
            '{"about": "", "weights": {}, "intercept": 0, "min_confidence": 0.5, "maybe_confidence": 0.5}',
            "version",
        ),
        (damaged(version=1), "version"),
        (damaged(version=2), "version"),
        (damaged(version=4), "version"),
        (damaged(maybe_confidence=1.5), "maybe_confidence"),
        (damaged(min_confidence=1.5), "min_confidence"),
        (damaged(min_confidence=-0.1), "min_confidence"),
        (damaged(min_confidence=float("nan")), "min_confidence"),
        (damaged(intercept=float("nan")), "intercept"),
        (damaged(intercept=float("inf")), "intercept"),
        (damaged(weights={"share": float("nan")}), r"weights\.share"),
        (damaged(weights={"share": "1,5"}), r"weights\.share"),
        (damaged(threshold=0.5), "threshold"),
    ],
)
def test_a_damaged_file_is_named_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(DataFileError, match=rf"^mine\.json: {problem}: \S") as raised:
        ConfidenceModel.from_json(text, "mine.json")
    assert "\n" not in str(raised.value)


def test_a_file_without_a_version_is_refused_where_it_is_loaded_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(model().model_dump_json(exclude={"version"}), encoding="utf-8")
    with pytest.raises(DataFileError) as raised:
        ConfidenceModel.load(path)
    assert str(raised.value) == f"{path}: version: Field required"
    path.write_text(model(0.25, share=1.0).model_dump_json(), encoding="utf-8")
    assert ConfidenceModel.load(path) == model(0.25, share=1.0)
