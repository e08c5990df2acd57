from __future__ import annotations

import pytest

from articleqa.evaluation.formatting import difference, length, percent, ratio, signed


def test_figures_as_they_are_printed() -> None:
    assert (ratio(0.12345), length(155.6), percent(0.871)) == ("0.123", "156", "87.1%")
    assert {ratio(None), length(None), percent(None), difference(None)} == {"-"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0571, "+0.057"), (-0.0571, "−0.057"), (0.0, "0.000"), (-0.0, "0.000"), (-0.0004, "0.000")],
)
def test_a_difference_has_a_sign_unless_it_is_nothing(value: float, expected: str) -> None:
    assert difference(value) == expected
    assert signed(value, 3) == expected
