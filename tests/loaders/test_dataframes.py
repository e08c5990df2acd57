"""The rows of data frames of pandas and polars become articles."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest

from articleqa import ArticleIndex, DuplicateArticleError

ROWS = {
    "Body": ["The mill closed in 1950.", "The dam broke in 1963.", None],
    "Head": ["The mill", None, "Nothing"],
    "Key": ["m", "d", "n"],
    "Author": ["Ann", None, "Bob"],
    "Day": [date(1951, 2, 3), date(1964, 1, 1), None],
    "Words": [5, 5, None],
    "Share": [0.5, float("nan"), None],
}


@pytest.fixture(params=["pandas", "polars"])
def library(request: pytest.FixtureRequest) -> Any:
    return import_module(request.param)


@pytest.fixture
def index(library: Any) -> ArticleIndex:
    frame = library.DataFrame(ROWS, strict=False) if library.__name__ == "polars" else library.DataFrame(ROWS)
    return ArticleIndex.from_dataframe(
        frame, text="Body", title="Head", id="Key", author="Author", date="Day", words="Words", share="Share"
    )


def test_rows_are_articles_with_their_metadata(index: ArticleIndex) -> None:
    assert list(index.articles) == ["m", "d", "n"]
    mill, dam, nothing = index.articles.values()
    assert (mill.title, mill.text) == ("The mill", "The mill closed in 1950.")
    assert mill.metadata == {"author": "Ann", "date": "1951-02-03", "words": 5, "share": 0.5}
    assert (dam.title, dict(dam.metadata)) == ("", {"date": "1964-01-01", "words": 5})
    assert (nothing.text, dict(nothing.metadata)) == ("", {"author": "Bob"})


def test_rows_can_be_asked_and_chosen(index: ArticleIndex) -> None:
    question = "When did the mill close?"
    assert index.ask(question).sentences[0].citation.article_id == "m"
    assert index.ask(question, where={"author": "Bob"}).sentences == ()
    assert index.ask(question, until="1951").sentences[0].text == "The mill closed in 1950."


def test_ids_are_row_numbers_by_default(library: Any) -> None:
    index = ArticleIndex.from_dataframe(library.DataFrame({"text": ["Tea.", "Bread."]})[::-1], text="text")
    assert [(article.id, article.text) for article in index.articles.values()] == [
        ("0", "Bread."),
        ("1", "Tea."),
    ]


def test_column_that_is_not_there_is_named(library: Any) -> None:
    frame = library.DataFrame({"a": ["x"], **{f"c{n}": [n] for n in range(30)}})
    with pytest.raises(ValueError, match=r"no column 'text'; there are: a, c0, .*, and 11 more$"):
        ArticleIndex.from_dataframe(frame, text="text")
    with pytest.raises(ValueError, match="no column 'Author'"):
        ArticleIndex.from_dataframe(frame, text="a", author="Author")


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("Body", [1, 2, 3], "row 0: text: Input should be a valid string"),
        ("Body", ["a", "b\ud800", "c"], "row 1: text: Value error, character 1 is half of a surrogate pair"),
        ("Key", ["a", None, "c"], "row 1: no id in 'Key'"),
        ("Key", ["a", "b", ""], "row 2: no id in 'Key'"),
        ("Author", ["a", b"b", "c"], "row 1: metadata"),
        (
            "Author",
            ["a", "b", float("inf")],
            "row 2: metadata: Value error, has a value that JSON cannot hold",
        ),
    ],
)
def test_value_that_no_article_can_have_is_told_with_its_row(
    column: str, values: list[Any], told: str
) -> None:
    frame = import_module("pandas").DataFrame({**ROWS, column: values}, dtype=object)
    with pytest.raises(ValueError, match=told):
        ArticleIndex.from_dataframe(frame, text="Body", id="Key", author="Author")


def test_rows_with_the_same_id_are_refused(library: Any) -> None:
    with pytest.raises(DuplicateArticleError, match="rows 0 and 1 have the same id '7'"):
        ArticleIndex.from_dataframe(library.DataFrame({"t": ["a", "b"], "i": [7, 7]}), text="t", id="i")


def test_what_is_no_data_frame_is_refused() -> None:
    with pytest.raises(TypeError, match="not a data frame, but of the type dict"):
        ArticleIndex.from_dataframe({"t": ["a"]}, text="t")  # type: ignore[arg-type]


def test_two_columns_of_a_name_are_refused() -> None:
    frame = import_module("pandas").DataFrame([["a", "b"]], columns=["t", "t"])
    with pytest.raises(ValueError, match="column 't' is not one column"):
        ArticleIndex.from_dataframe(frame, text="t")
