"""A question as pages and the JSON API take it, within limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import Field

from articleqa.models import Model

LONGEST = 1_000
"""The most characters of a question: a person's has some dozens, and each term of it costs time."""

MOST_SENTENCES = 20
"""The most sentences or passages that one request may ask for."""

Value = str | int | float | bool | None
Wanted = dict[str, Value | list[Value]]
DAY = r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
Day = Annotated[str, Field(pattern=DAY, description="A day, month or year: 2020-05-17, 2020-05, 2020.")]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST)]

CHOSEN = ("folder", "author", "media_type")
"""The keys that a visitor of the page can choose articles by, beside their dates."""


class Filtered(Model):
    """A question, and which articles to ask."""

    question: Text
    where: Wanted | None = Field(default=None, description="The metadata that an article must have.")
    since: Day | None = None
    until: Day | None = None

    def choice(self) -> dict[str, Any]:
        """Return the arguments of `ArticleIndex.ask` and `search` that choose articles."""
        return {"where": self.where, "since": self.since, "until": self.until}


class AskRequest(Filtered):
    """The body of `/api/ask`; see `ArticleIndex.ask`."""

    top_k: int = Field(default=3, ge=1, le=MOST_SENTENCES)
    min_confidence: float | None = Field(default=None, ge=0, le=1)
    explain: bool = False


class SearchRequest(Filtered):
    """The body of `/api/search`; see `ArticleIndex.search`."""

    top_k: int = Field(default=10, ge=1, le=MOST_SENTENCES)


def asked_by(fields: Mapping[str, str]) -> AskRequest | None:
    """Return what the page's form asks; None without a question.

    Raises:
        ValueError: the question is too long, or a date is malformed.
    """
    question = fields.get("q", "").strip()
    if not question:
        return None
    if len(question) > LONGEST:
        raise ValueError(f"the question is too long: at most {LONGEST:,} characters")
    where: Wanted = {key: fields[key] for key in CHOSEN if fields.get(key)}
    return AskRequest(
        question=question, where=where or None, since=_day(fields, "since"), until=_day(fields, "until")
    )


def query_of(asked: AskRequest, **more: str | int) -> str:
    """Return the query string of a link that repeats the question, with `more` fields before it."""
    chosen = {**(asked.where or {}), "since": asked.since, "until": asked.until}
    fields = {**more, "q": asked.question, **{key: value for key, value in chosen.items() if value}}
    return urlencode(fields)


def _day(fields: Mapping[str, str], name: str) -> str | None:
    given = fields.get(name, "").strip()
    if given and not re.match(DAY, given):
        raise ValueError(f"{name} must be a date such as 2020-05-17, 2020-05 or 2020, not {given[:40]!r}")
    return given or None
