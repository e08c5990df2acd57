"""The structured results of `search` and `read`; that of `ask` is the JSON envelope of an answer."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from articleqa.answers import FoundPassage
from articleqa.models import Model


class FoundPassages(Model):
    """The passages that a search found, best first."""

    model_config = ConfigDict(populate_by_name=True)

    schema_name: Literal["articleqa.passages"] = Field(default="articleqa.passages", alias="schema")
    version: Literal[1] = 1
    question: str
    passages: tuple[FoundPassage, ...]


class ArticlePart(Model):
    """A part of an article's text: the characters from `start` to `end` (excluded) of `length`.

    `next_start` is where the next part begins; None at the end of the article.
    """

    model_config = ConfigDict(populate_by_name=True)

    schema_name: Literal["articleqa.part"] = Field(default="articleqa.part", alias="schema")
    version: Literal[1] = 1
    article_id: str
    title: str
    start: int
    end: int
    length: int
    next_start: int | None
    text: str
