"""Dates as articles give them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import articleqa
from articleqa.dates import day_number
from user_path import USER_PATH

SOURCE = Path(articleqa.__file__).parents[1]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2020-05-17", 20200517),
        (" 2020-05-17T23:59:00Z", 20200517),
        ("2020-05-17-05:00", 20200517),
        ("2020-5-7", 20200507),
        ("2020/05/17", 20200517),
        ("2020.05.17.", 20200517),
        ("20200517", 20200517),
        (20200517, 20200517),
        ("2020-W20-7", 20200517),
        ("May 17, 2020", 20200517),
        ("17.05.2020", 20200517),
        ("05/05/2020", 20200505),
        ("17 May 2020", 20200517),
        ("Sun, 17 May 2020 10:00:00 GMT", 20200517),
        ("May 17 2020 10:00 PM EST", 20200517),
        ("2020-05", 20200500),
        ("2020-05-00", 20200500),
        ("May 2020", 20200500),
        ("5/2020", 20200500),
        ("2020", 20200000),
        (2020, 20200000),
        (2020.0, 20200000),
    ],
)
def test_unambiguous_dates_are_read(value: object, day: int) -> None:
    assert day_number(value) == day


@pytest.mark.parametrize(
    "value",
    [
        *("05/06/2020", "5.6.2020", "17/05/20", "May 17", "Sunday 2020", "10:30", "2020 12 05"),
        *("2020-13", "2020-02-31", "May 32, 2020", "0000", "2020 (revised)", "yesterday", "n.d.", ""),
        *(1589700000, -2020, 2020.5, True, None, ["2020"], "1" * 40 + "h", "May 17, 2020" + " " * 99 + "x"),
    ],
)
def test_ambiguous_and_unreadable_dates_are_not_guessed(value: object) -> None:
    assert day_number(value) is None


PIECES = [
    "May",
    "17",
    "2020",
    "05",
    "/",
    "-",
    ".",
    ",",
    ":",
    " ",
    "T",
    "Z",
    "pm",
    "h",
    "1e5",
    "²",
    "٣",
    "9" * 30,
]


@given(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=9).map("".join)))
def test_any_text_is_a_real_day_or_none(text: str) -> None:
    found = day_number(text)
    if found is not None:
        date(found // 10_000, found // 100 % 100 or 1, found % 100 or 1)


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["%B %d, %Y", "%d %b %Y", "%Y/%m/%d", "%Y%m%d"]))
def test_a_day_is_the_same_in_any_spelling(day: date, spelling: str) -> None:
    assert day_number(day.strftime(spelling)) == int(day.strftime("%Y%m%d"))


def test_dateutil_is_imported_only_for_other_dates() -> None:
    code = """
import sys
from articleqa import Article, ArticleIndex
index = ArticleIndex.from_articles([Article(id="a", text="A mill burnt.", metadata={"date": "2020-05-17"})])
index.ask("What burnt?", since="2020")
print({"dateutil", "dateparser"} & sys.modules.keys())
"""
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": USER_PATH},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "set()\n"
