"""The types of the tools' arguments, with their limits and what a model is told about them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

MAX_QUESTION = 2_000
"""The most characters of a question, which is a sentence or two; more is a text."""

MAX_RESULTS = 20
"""The most sentences or passages of one result, so that it fits into a model's context."""

MAX_PART = 100_000
"""The most characters of an article in one result: some 25,000 tokens."""

DEFAULT_PART = 10_000

MAX_ID = 4_096
"""The most characters of an article id, which may be a path."""

MAX_VALUES = 100
"""The most keys of a filter, and the most values of a key."""

_Value = str | int | float | bool | None

Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        pattern=r"\S",
        description="The question, as a whole sentence in the words that the articles would use.",
    ),
]
TopK = Annotated[int, Field(ge=1, le=MAX_RESULTS, description="How many results to return at most.")]
Where = Annotated[
    dict[str, _Value | Annotated[list[_Value], Field(max_length=MAX_VALUES)]] | None,
    Field(
        max_length=MAX_VALUES,
        description="Only articles whose metadata has these values, such as {'author': 'Jane Doe'};"
        " a list accepts any of its values.",
    ),
]
Since = Annotated[
    str | None,
    Field(max_length=10, description="Only articles of this date or later: 2020-05-17, 2020-05 or 2020."),
]
Until = Annotated[
    str | None,
    Field(max_length=10, description="Only articles of this date or earlier: 2020-05-17, 2020-05 or 2020."),
]
ArticleId = Annotated[
    str, Field(min_length=1, max_length=MAX_ID, description="The article_id of a citation.")
]
Start = Annotated[int, Field(ge=0, description="The first character to read, counted from 0.")]
Length = Annotated[int, Field(ge=1, le=MAX_PART, description="How many characters to read at most.")]
