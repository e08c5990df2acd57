from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from articleqa import Article, ArticleIndex
from articleqa.filters import Day, Filter, Traits, Wanted, values_of


def traits(**metadata: JsonValue) -> Traits:
    return Traits.of(Article(id="a", text="", metadata=metadata))


@pytest.mark.parametrize(
    ("where", "metadata", "allowed"),
    [
        ({"author": "Ann Blim"}, {"author": "Ann Blim"}, True),
        ({"author": "Ann Blim"}, {"author": "Ann"}, False),
        ({"author": "Ann Blim"}, {}, False),
        ({"author": "Ann"}, {"author": ["Bob", "Ann"]}, True),
        ({"author": ["Ann", "Bob"]}, {"author": "Bob"}, True),
        ({"author": ["Ann", "Bob"]}, {"author": "Cyd"}, False),
        ({"author": []}, {"author": "Ann"}, False),
        ({"author": "Ann", "language": "en"}, {"author": "Ann", "language": "en"}, True),
        ({"author": "Ann", "language": "en"}, {"author": "Ann", "language": "fr"}, False),
        ({"page": 1}, {"page": 1}, True),
        ({"page": "1"}, {"page": 1}, False),
        ({"page": 1}, {"page": 1.0}, True),
        ({"page": 1.0}, {"page": 1}, True),
        ({"page": 1}, {"page": [0.0, 1.0]}, True),
        ({"page": {"of": 1}}, {"page": {"of": 1.0}}, True),
        ({"page": 1}, {"page": 1.5}, False),
        ({"page": 1}, {"page": True}, False),
        ({"big": 10**300}, {"big": 1e300}, False),
        ({"draft": True}, {"draft": True}, True),
        ({"author": None}, {"author": None}, True),
        ({}, {}, True),
    ],
)
def test_an_article_must_have_what_is_wanted(
    where: Wanted, metadata: dict[str, JsonValue], allowed: bool
) -> None:
    wanted = Filter.of(where, None, None)
    assert wanted is not None
    assert wanted.allows(traits(**metadata)) is allowed


@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        ("2020-05-17", None, True),
        ("2020-05-18", None, False),
        (None, "2020-05-17", True),
        (None, "2020-05-16", False),
        ("2020", "2020", True),
        ("2020-05", "2020-05", True),
        ("2020-06", None, False),
        (None, "2019", False),
        (date(2020, 5, 17), date(2020, 5, 17), True),
        ("2021", "2019", False),
    ],
)
def test_both_ends_of_a_period_are_in_it(since: Day | None, until: Day | None, allowed: bool) -> None:
    wanted = Filter.of(None, since, until)
    assert wanted is not None
    assert wanted.allows(traits(date="2020-05-17T10:00:00Z")) is allowed


@pytest.mark.parametrize("written", ["2020", "2020-05", " 2020-05-17 "])
def test_a_date_may_leave_out_the_month_and_the_day(written: str) -> None:
    wanted = Filter.of(None, "2020", "2020")
    assert wanted is not None
    assert wanted.allows(traits(date=written))


@pytest.mark.parametrize("written", ["May 17", "05/06/2020", "17/05/20", "n.d.", "", None, True, 2020.5])
def test_an_article_without_a_date_is_in_no_period(written: JsonValue) -> None:
    wanted = Filter.of(None, "0001", None)
    assert wanted is not None
    assert not wanted.allows(traits(date=written))
    assert Filter().allows(traits(date=written))


def test_dates_of_callers_are_found_by_dates_of_callers() -> None:
    wanted = Filter.of({"printed": date(2020, 5, 17)}, None, None)
    assert wanted is not None
    article = Article(id="a", text="", metadata={"printed": date(2020, 5, 17)})  # type: ignore[dict-item]
    assert wanted.allows(Traits.of(article))


@pytest.mark.parametrize(
    "given", ["May", "2020-5-1", "20", "", "2020-05-17T10:00", "2020-13", "2020-02-31", "0000", "٢٠٢٠"]
)
def test_what_is_no_date_is_refused_by_name(given: str) -> None:
    with pytest.raises(ValueError, match="since must be a date such as 2020-05-17, 2020-05 or 2020, not"):
        Filter.of(None, given, None)


def test_a_moment_counts_by_its_day() -> None:
    assert Traits.of(Article(id="a", text="", metadata={"date": "2020-05-17T23:59"})).day == 20200517
    assert Filter.of(None, None, datetime(2020, 5, 17, 10)) == Filter.of(None, None, "2020-05-17")


@pytest.mark.parametrize("where", ["author", [("author", "Ann")], {1: "Ann"}, {"author": {1, 2}}])
def test_what_no_metadata_can_be_is_refused(where: Any) -> None:
    with pytest.raises(TypeError, match=r"where must give|cannot be in metadata"):
        Filter.of(where, None, None)


def test_nothing_wanted_is_no_filter() -> None:
    assert Filter.of(None, None, None) is None


def test_every_article_can_be_chosen_by_folder_and_media_type() -> None:
    deep = Article(id="news/2020/may.md", text="x", media_type="text/markdown")
    own = Article(id="news/a", text="x", metadata={"folder": "drawer", "media_type": ["film", "sound"]})
    top = Article(id="/a", text="x")
    assert [*values_of(deep)] == [
        ("media_type", "text/markdown"),
        ("folder", "news"),
        ("folder", "news/2020"),
    ]
    assert [*values_of(own)] == [("folder", "drawer"), ("media_type", "film"), ("media_type", "sound")]
    assert [*values_of(top)] == [("media_type", "text/plain")]
    for folder, allowed in (("news", True), ("news/2020", True), ("new", False), ("news/2020/may.md", False)):
        wanted = Filter.of({"folder": folder}, None, None)
        assert wanted is not None
        assert wanted.allows(Traits.of(deep)) is allowed


@pytest.mark.parametrize("on_disk", [False, True])
def test_facets_count_the_values_that_articles_can_be_chosen_by(on_disk: bool, tmp_path: Path) -> None:
    articles = [
        Article(id="b/1", text="Tea is hot.", metadata={"author": ["Ann", "Bo", "Ann"], "box": {"a": 1}}),
        Article(id="b/2", text="Tea is cold.", metadata={"author": "Bo"}),
        Article(id="a/3", text="Tea is iced."),
    ]
    index = ArticleIndex.create(tmp_path / "kb", vectors=False) if on_disk else ArticleIndex.from_articles([])
    index.add(articles)
    found = index.facets("author", "folder", "box", "media_type", "nothing")
    assert [*found["author"].items()] == [("Bo", 2), ("Ann", 1)]
    assert [*found["folder"].items()] == [("b", 2), ("a", 1)]
    assert (found["box"], found["nothing"], found["media_type"]) == ({}, {}, {"text/plain": 3})
    assert index.ask("Is tea hot?", where={"folder": "a"}).sentences[0].text == "Tea is iced."
