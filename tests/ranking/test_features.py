"""Each feature by values worked out by hand. Words that no one knows keep word vectors out of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articleqa.evidence import selection
from articleqa.models import Article
from articleqa.ranking.features import FAMILIES, FEATURES, feature_table
from samples import candidates_of

A = Article(id="a", title="Kwib", text="Zorp quax blim. Frood zorp.")
B = Article(id="b", text="Snarv gloop.")
QUESTION = "Zorp quax frood kwib?"
LN2 = math.log(2)


def feature(name: str, question: str, *texts: str) -> list[float]:
    articles = [Article(id=str(number), text=text) for number, text in enumerate(texts)]
    return [float(value) for value in FEATURES[name](candidates_of(question, *articles))]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("overlap", [1 / 2, 1 / 2, 0]),
        ("overlap_before", [0, 1 / 4, 0]),
        ("overlap_after", [1 / 4, 0, 0]),
        ("overlap_passage", [1 / 4, 1 / 4, 0]),
        ("overlap_context", [1 / 4, 1 / 4, 0]),
        ("soft_overlap", [1 / 2, 1 / 2, 0]),
        ("soft_overlap_before", [0, 1 / 4, 0]),
        ("soft_overlap_after", [1 / 4, 0, 0]),
        ("soft_overlap_passage", [1 / 4, 1 / 4, 0]),
        ("soft_overlap_context", [1 / 4, 1 / 4, 0]),
        ("meaning", [0, 0, 0]),
        ("missing", [1, 1, 1]),
        ("phrase", [1 / 3, 0, 0]),
        ("proximity", [1, 1, 0]),
        ("order", [2 / 4, 1 / 4, 0]),
        ("focus", [0, 0, 0]),
        ("enumerates", [0, 0, 0]),
        ("novelty", [LN2 / 3, 0, math.log(3) / 3]),
        ("length", [math.log(4) / 4, math.log(3) / 4, math.log(3) / 4]),
        ("fragment", [1, 1, 1]),
        ("asks", [0, 0, 0]),
        ("first", [1, 0, 1]),
        ("leaning", [0, 0, 0]),
    ],
)
def test_a_feature_of_a_tiny_corpus(name: str, values: list[float]) -> None:
    assert FEATURES[name](candidates_of(QUESTION, A, B)).tolist() == pytest.approx(values)


def test_no_feature_but_bm25_changes_with_articles_that_share_no_word() -> None:
    found = candidates_of(QUESTION, A, B)
    others = [Article(id=str(number), text=f"Drell vint{number}.") for number in range(500)]
    among_many = candidates_of(QUESTION, A, B, *others)
    for name, function in FEATURES.items():
        small, large = function(found), function(among_many)[: len(found)]
        if name.startswith("bm25"):
            assert large.argsort().tolist() == small.argsort().tolist(), name
        else:
            assert large.tolist() == pytest.approx(small.tolist()), name


def test_bm25_is_relative_to_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = {"zorp": 0.5, "quax": 0.1, "frood": 0.1, "kwib": 0.0}
    monkeypatch.setattr(selection, "everyday_share", shares.__getitem__)
    found = candidates_of(QUESTION, A, B)
    common, rare = LN2, math.log(1 + 28.5 / 4.5)
    # Sentences of 3 and of 2 terms, passages of 6 and of 2 terms, 4 on average.
    three = (common + rare) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 3 / 4))
    two = (common + rare) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / 4))
    for name in ("bm25_sentence", "bm25_sentence_soft"):
        assert FEATURES[name](found).tolist() == pytest.approx([three / two, 1.0, 0.0])
    for name in ("bm25_passage", "bm25_passage_soft"):
        assert FEATURES[name](found).tolist() == [1.0, 1.0, 0.0]


def test_rare_words_weigh_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "everyday_share", lambda _: 0.1)
    # In 2 and in 1 of 3 passages, and in 3 of the 30 that are added in thought.
    common, rare = math.log(1 + 28.5 / 5.5), math.log(1 + 29.5 / 4.5)
    texts = "Zorp blim.", "Zorp drell.", "Quax blim."
    assert feature("overlap", "zorp quax?", *texts) == pytest.approx(
        [common / (common + rare)] * 2 + [rare / (common + rare)]
    )
    assert feature("missing", "zorp quax?", *texts) == pytest.approx([1, 1, common / rare])


def test_nothing_is_missing_where_all_is_said() -> None:
    assert feature("missing", "zorp quax?", "Quax zorp.", "Zorp.") == [0.0, 1.0]


@pytest.mark.parametrize(
    ("name", "sentence", "value"),
    [
        ("phrase", "Zorp quax frood.", 1.0),
        ("phrase", "Zorp blim quax frood.", 1.0),
        ("phrase", "Zorp of the quax drell.", 0.5),
        ("phrase", "Zorp blim blim quax drell.", 0.0),
        ("phrase", "Quax zorp.", 0.0),
        ("phrase", "Zorp.", 0.0),
        ("proximity", "Zorp blim quax drell.", 2 / 3),
        ("proximity", "Zorp of the quax.", 1.0),
        ("proximity", "Zorp zorp quax.", 2 / 3),
        ("proximity", "Zorp zorp zorp.", 0.0),
        ("order", "Zorp blim quax drell frood.", 1.0),
        ("order", "Frood quax zorp.", 1 / 3),
        ("order", "Frood zorp quax.", 2 / 3),
        ("order", "Zorp.", 0.0),
        ("novelty", "Zorp of the quax.", 0.0),
        ("novelty", "blim " * 30, 1.0),
        ("length", "blim " * 60, 1.0),
        ("fragment", "Zorp of the quax.", 0.0),
        ("fragment", "Zorp of the quax", 1.0),
        ("fragment", "The quax zorp.", 1.0),
        ("asks", "Zorp of the quax?", 1.0),
        ("asks", "Zorp of the quax!", 0.0),
    ],
)
def test_a_feature_of_one_sentence(name: str, sentence: str, value: float) -> None:
    assert feature(name, "zorp quax frood?", sentence, "Zorp quax frood.")[0] == pytest.approx(value)


def test_a_phrase_leaves_out_words_that_the_articles_never_use() -> None:
    assert feature("phrase", "zorp quax snarv?", "Zorp quax.", "Zorp.") == [1.0, 0.0]


def test_the_focus_is_the_noun_asked_for() -> None:
    assert feature("focus", "Which blim drell is in zorp?", "Blim zorp.", "Blim drell.", "Zorp.") == [
        1 / 2,
        1.0,
        0.0,
    ]


def test_lists_count_where_several_things_are_asked_for() -> None:
    texts = "It has zorp, quax and blim.", "It has zorp and quax."
    assert feature("enumerates", "Name the zorp.", *texts) == [1.0, 0.0]
    assert feature("enumerates", "What is the zorp?", *texts) == [0.0, 0.0]


def test_a_leaning_sentence_takes_what_the_one_before_says() -> None:
    text = "Zorp quax. It has blim. Quax has blim."
    assert feature("leaning", "zorp blim?", text) == pytest.approx([0, 1 / 2, 0])
    assert feature("soft_overlap_before", "zorp blim?", text) == pytest.approx([0, 1 / 2, 0])
    alone, borrowing = feature("soft_overlap", "Did Zorp blim?", "Zorp quax. She blim.")
    assert alone == pytest.approx(1 / 2)
    assert 1 / 2 < borrowing < 1.0


def test_the_table_has_sentences_as_rows_and_features_as_columns() -> None:
    found = candidates_of(QUESTION, A, B)
    table = feature_table(found)
    assert table.shape == (3, len(FEATURES))
    for column, function in enumerate(FEATURES.values()):
        assert table[:, column].tolist() == function(found).tolist()
    assert feature_table(candidates_of(QUESTION)).shape == (0, len(FEATURES))


PIECES = st.sampled_from(
    [
        "When was the union shut in 2017?",
        "How many workers left?",
        "Who is President Kharkova?",
        "She said so.",
        "The union was shut by a court, a judge and a man on January 4, 2017",
        "400 workers; $5 (ILO)",
        "法院关闭工会。",
        "\n\n",
        "?",
        "x",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map(" ".join))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_features_of_any_text_are_finite_and_of_one_size(question: str, texts: list[str]) -> None:
    articles = [Article(id=str(number), title=text, text=text) for number, text in enumerate(texts)]
    found = candidates_of(question, *articles)
    table = feature_table(found)
    assert table.shape == (len(found), len(FEATURES))
    assert np.isfinite(table).all()
    assert (table >= 0.0).all()
    assert (table <= 1.5 + 1e-9).all()


def test_each_feature_is_in_one_family() -> None:
    assert sorted(name for family in FAMILIES.values() for name in family) == sorted(FEATURES)
