"""Load the rows of a data frame of pandas or polars as articles; neither has to be installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from pydantic import ValidationError

from articleqa.exceptions import DuplicateArticleError
from articleqa.models import Article, json_value

_NAMES_SHOWN = 20


class Column(Protocol):
    """What a column of a data frame must have."""

    def to_list(self) -> list[Any]:
        """Return the values."""


class DataFrame(Protocol):
    """What a data frame must have; those of pandas and polars do."""

    @property
    def columns(self) -> Iterable[Any]:
        """The names of the columns."""

    def __getitem__(self, name: Any, /) -> Column:
        """Return the column of this name."""


def load_dataframe(
    frame: DataFrame, *, text: str, title: str | None, article_id: str | None, metadata: Mapping[str, str]
) -> Iterator[Article]:
    """Yield an article for each row; see `ArticleIndex.from_dataframe`.

    Raises:
        TypeError: `frame` is no data frame.
        ValueError: there is no such column, or a row has a value that an article cannot have.
        DuplicateArticleError: two rows have the same id.
    """
    if not hasattr(frame, "columns"):
        raise TypeError(f"not a data frame, but of the type {type(frame).__name__}")
    texts = _values(frame, text)
    titles = _values(frame, title) if title is not None else [None] * len(texts)
    ids = _values(frame, article_id) if article_id is not None else range(len(texts))
    others = {key: _values(frame, name) for key, name in metadata.items()}
    rows: dict[str, int] = {}
    for row, (body, heading, key) in enumerate(zip(texts, titles, ids, strict=True)):
        found = {name: values[row] for name, values in others.items()}
        identity = _id(key, row, article_id)
        if rows.setdefault(identity, row) != row:
            raise DuplicateArticleError(f"rows {rows[identity]} and {row} have the same id {identity!r}")
        try:
            yield Article(
                id=identity,
                title="" if heading is None else str(heading),
                text="" if body is None else body,
                metadata={name: value for name, value in found.items() if value is not None},
            )
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(each) for each in first["loc"][:2]) or "metadata"
            raise ValueError(f"row {row}: {where}: {first['msg']}") from None


def _values(frame: DataFrame, name: str) -> Sequence[Any]:
    """Return the values of a column, with None for those that are missing."""
    if name not in list(frame.columns):
        columns = [str(each) for each in frame.columns]
        more = [f"and {len(columns) - _NAMES_SHOWN} more"] if len(columns) > _NAMES_SHOWN else []
        raise ValueError(f"no column {name!r}; there are: {', '.join([*columns[:_NAMES_SHOWN], *more])}")
    column = frame[name]
    if not hasattr(column, "to_list"):  # as where pandas has two columns of the name
        raise ValueError(f"column {name!r} is not one column; give each a name of its own")
    return [None if _is_nan(value) else value for value in map(json_value, column.to_list())]


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and value != value


def _id(value: object, row: int, column: str | None) -> str:
    if value is None or value == "":
        raise ValueError(f"row {row}: no id in {column!r}")
    return str(value)
