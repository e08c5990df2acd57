"""Filters of frameworks become `where`, `since` and `until`, or an error; none is dropped."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from articleqa.integrations.filters import Condition, arguments_of


@pytest.mark.parametrize(
    ("conditions", "where", "since", "until"),
    [
        ([], None, None, None),
        ([("author", "==", "Ann")], {"author": ["Ann"]}, None, None),
        ([("a", "==", 1), ("b", "in", ["x", "y"])], {"a": [1], "b": ["x", "y"]}, None, None),
        ([("seen", "==", False)], {"seen": [False]}, None, None),
        ([("date", ">=", "2020-05-17")], None, date(2020, 5, 17), None),
        (
            [("date", ">", "2020-12-31"), ("date", "<", "2021-03-01")],
            None,
            date(2021, 1, 1),
            date(2021, 2, 28),
        ),
        ([("date", "<=", date(2020, 5, 17)), ("a", "==", "b")], {"a": ["b"]}, None, date(2020, 5, 17)),
        ([("date", "==", "2020-05-17")], {"date": ["2020-05-17"]}, None, None),
    ],
)
def test_conditions_become_arguments(
    conditions: list[tuple[str, str, object]], where: Any, since: date | None, until: date | None
) -> None:
    found = arguments_of(Condition(*each) for each in conditions)
    assert found == {"where": where, "since": since, "until": until}


@pytest.mark.parametrize(
    "conditions",
    [
        [("author", "!=", "Ann")],
        [("author", "not in", ["Ann"])],
        [("author", "text_match", "Ann")],
        [("author", "==", ["Ann"])],
        [("author", "==", None)],
        [("author", "in", "Ann")],
        [("author", "in", [["Ann"]])],
        [("author", "==", "Ann"), ("author", "==", "Bob")],
        [("words", ">", 100)],
        [("date", ">", "2020")],
        [("date", ">=", "2020-05-17T10:00:00")],
        [("date", ">=", datetime(2020, 5, 17, 10))],
        [("date", ">", "9999-12-31")],
        [("date", ">", "2020-01-01"), ("date", ">=", "2019-01-01")],
    ],
)
def test_what_cannot_be_expressed_is_refused(conditions: list[tuple[str, str, object]]) -> None:
    with pytest.raises(ValueError, match=f"the filter {conditions[-1][0]} .* cannot be applied: "):
        arguments_of(Condition(*each) for each in conditions)
