from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articleqa.text.folding import _IGNORED, fold

TEXTS = st.one_of(st.text(), st.text(alphabet="aB1 .,:;-–—'\"()%$#+é\u0301中\n"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("The ship, “Vega”, sailed.", "the ship vega sailed"),
        ("-5 or 1.5 or 5%, $5: C# and C++", "-5 or 1.5 or 5% $5 c# and c++"),
        ("well-known (1990–1995)", "well known 1990–1995"),
        ("... - ...", "... - ..."),
    ],
)
def test_case_space_and_punctuation_are_folded_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(TEXTS)
def test_words_fold_alone_as_they_fold_together(text: str) -> None:
    together = _IGNORED.sub(" ", text.casefold()).strip()
    assert fold(text) == (together or text)


@given(TEXTS)
def test_a_folded_text_folds_to_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)
