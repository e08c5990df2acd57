from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.evaluation.short_answers import (
    Marked,
    Place,
    ShortAnswerScores,
    covers,
    exact_match,
    normalised,
    overlaps,
    short_answer_scores,
    token_f1,
)

PLACES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda pair: (pair[0], sum(pair))), max_size=3
)
WORDS = st.lists(st.sampled_from(["a", "the", "Silk", "silk", "road", "114", "BCE.", "!"])).map(" ".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Silk Road", "silk road"),
        ("a man, an apple and the sea", "man apple and sea"),
        ("The U.S.A.'s", "usas"),
        ("another theme", "another theme"),
        ("1,500 km!", "1500 km"),
        ("“Tea”", "“tea”"),
        ("the", ""),
    ],
)
def test_normalisation_is_squad_s(text: str, expected: str) -> None:
    assert normalised(text) == expected


@pytest.mark.parametrize(
    ("text", "golds", "exact", "f1"),
    [
        ("the 114 BCE", ["114 B.C.E."], True, 1.0),
        # P 2/3, R 2/2: 2 * (2/3 * 1) / (2/3 + 1) = 4/5.
        ("in 114 BCE", ["114 BCE"], False, 0.8),
        # The better of two: 2/3 (P 1, R 1/2) over 0.
        ("Zhang", ["Gan Ying", "Zhang Qian"], False, 2 / 3),
        # A token counts as often as both have it: 1 common of 2 and 1.
        ("tea tea", ["tea"], False, 2 / 3),
        ("silk", ["tea"], False, 0.0),
        ("the", ["a"], True, 1.0),
        ("the", ["tea"], False, 0.0),
        ("tea", [], False, 0.0),
    ],
)
def test_exact_match_and_f1_by_hand(text: str, golds: list[str], exact: bool, f1: float) -> None:
    assert exact_match(text, golds) is exact
    assert token_f1(text, golds) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("places", "golds", "covered", "overlapped"),
    [
        ([(10, 20)], [(10, 20)], True, True),
        ([(10, 20)], [(12, 15)], True, True),
        ([(10, 20)], [(15, 21)], False, True),
        ([(10, 20)], [(20, 25)], False, False),
        ([(10, 20), (30, 40)], [(0, 5), (31, 32)], True, True),
        # Two marks that meet cover nothing that spans them both.
        ([(10, 15), (15, 20)], [(12, 18)], False, True),
        ([], [(1, 2)], False, False),
        ([(1, 2)], [], False, False),
    ],
)
def test_covering_and_overlapping_by_hand(
    places: list[Place], golds: list[Place], covered: bool, overlapped: bool
) -> None:
    assert covers(places, golds) is covered
    assert overlaps(places, golds) is overlapped


def marked(*marks: tuple[Place, str]) -> Marked:
    """Return marks in a sentence about "... in 114 BCE", of which both golds are known."""
    return Marked(
        places=tuple(place for place, _ in marks),
        texts=tuple(text for _, text in marks),
        gold_places=((10, 17),),
        gold_texts=("114 BCE", "in 114 BCE"),
    )


def test_scores_are_shares_of_all_questions() -> None:
    # The second: P 1, R 1/2 against "114 BCE", so F1 2/3.
    sentences = [
        marked(((7, 17), "in 114 BCE")),
        marked(((10, 13), "114")),
        marked(((30, 34), "silk")),
        marked(),
    ]
    assert short_answer_scores(sentences) == ShortAnswerScores(
        questions=4, marked=3 / 4, covers=1 / 4, overlaps=2 / 4, exact_match=1 / 4, f1=(1 + 2 / 3) / 4
    )


def test_several_marks_are_compared_as_one_text_in_reading_order() -> None:
    listed = Marked(
        places=((20, 24), (5, 8)), texts=("silk", "tea"), gold_places=((5, 8),), gold_texts=("tea silk",)
    )
    assert listed.text == "tea silk"
    assert short_answer_scores([listed]).exact_match == 1


def test_nothing_marked_scores_nothing_even_where_the_gold_has_no_token() -> None:
    scores = short_answer_scores([Marked((), (), ((0, 3),), ("the",))])
    assert (scores.marked, scores.exact_match, scores.f1) == (0, 0, 0)


def test_measures_over_no_questions_are_undefined() -> None:
    assert short_answer_scores([]) == ShortAnswerScores(
        questions=0, marked=None, covers=None, overlaps=None, exact_match=None, f1=None
    )


@given(PLACES, PLACES)
def test_what_covers_a_gold_overlaps_it(places: list[Place], golds: list[Place]) -> None:
    assert overlaps(places, golds) == overlaps(golds, places)
    assert overlaps(places, golds) or not covers(places, golds)


@given(WORDS, WORDS, WORDS)
def test_f1_is_1_at_an_exact_match_and_never_falls_with_more_golds(text: str, gold: str, other: str) -> None:
    f1 = token_f1(text, [gold])
    assert 0 <= f1 <= 1
    assert f1 == 1 or not exact_match(text, [gold])
    assert f1 == pytest.approx(token_f1(gold, [text]))
    assert token_f1(text, [gold, other]) >= f1


@given(WORDS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
