"""Which articles a question is asked of, by their metadata: author, language, date and whatever they have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

import regex
from pydantic import JsonValue

from articleqa.dates import day_number
from articleqa.models import Article, json_value

Wanted = Mapping[str, JsonValue | date]
Day = str | date

DATE = "date"
"""The key of the metadata that `since` and `until` look at."""

_BOUND = regex.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a filter looks at: an article's metadata as facets ("author=..."), and its day as yyyymmdd."""

    facets: frozenset[str] = frozenset()
    day: int | None = None

    @classmethod
    def of(cls, article: Article) -> Self:
        """Return the traits of `article`.

        A value that is a list has a facet for each of its items. The day is that of `date`, None where
        `dates.day_number` cannot read it.
        """
        facets = frozenset(
            _facet(key, each)
            for key, value in article.metadata.items()
            for each in (value if isinstance(value, list) else [value])
        )
        return cls(facets, day_number(article.metadata.get(DATE)))


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must have: for each of `wanted`, one of its facets; a day from `since` to `until`."""

    wanted: tuple[frozenset[str], ...] = ()
    since: int | None = None
    until: int | None = None

    @classmethod
    def of(cls, where: Wanted | None, since: Day | None, until: Day | None) -> Self | None:
        """Return the filter; None where all articles are wanted.

        `where` gives a value for each key that an article's metadata must have, or a list of values of
        which it must have one. `since` and `until` are days, months or years, both included: "2020-05-17",
        "2020-05", "2020", or a `date`.

        Raises:
            TypeError: `where` is no mapping of strings, or holds what no metadata can.
            ValueError: `since` or `until` is no such date.
        """
        if where is not None and not (isinstance(where, Mapping) and all(isinstance(k, str) for k in where)):
            raise TypeError(f"where must give a value for each key, as {{'author': 'Ann'}}, not {where!r}")
        if where is None and since is None and until is None:
            return None
        return cls(
            tuple(
                frozenset(
                    _facet(key, each) for each in (value if isinstance(value, list | tuple) else [value])
                )
                for key, value in sorted((where or {}).items())
            ),
            None if since is None else _bound("since", since, 0),
            None if until is None else _bound("until", until, 99),
        )

    def allows(self, traits: Traits) -> bool:
        """Say whether an article of these traits is wanted; one without a day is in no period."""
        return all(not facets.isdisjoint(traits.facets) for facets in self.wanted) and self._allows_day(
            traits.day
        )

    def _allows_day(self, day: int | None) -> bool:
        if self.since is None and self.until is None:
            return True
        if day is None:
            return False
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def _facet(key: str, value: object) -> str:
    try:
        return f"{key}={json.dumps(_comparable(json_value(value)), ensure_ascii=False, sort_keys=True)}"
    except TypeError:
        raise TypeError(f"{key} is {value!r}, which no metadata can be") from None


def _comparable(value: object) -> object:
    """Return `value` with its numbers as JSON writes equal ones alike: 1.0 is 1."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        return [_comparable(each) for each in value]
    if isinstance(value, dict):
        return {key: _comparable(each) for key, each in value.items()}
    return value


def _bound(name: str, given: Day, left_out: int) -> int:
    if isinstance(given, datetime):
        given = given.date()
    written = given.isoformat() if isinstance(given, date) else str(given).strip()
    found = _BOUND.fullmatch(written)
    try:
        if found is None:
            raise ValueError(written)
        year, month, day = (1 if part is None else int(part) for part in found.groups())
        date(year, month, day)
    except ValueError:
        raise ValueError(f"{name} must be a date as 2020-05-17, 2020-05 or 2020, not {given!r}") from None
    return _day(found, left_out)


def _day(found: regex.Match[str], left_out: int) -> int:
    year, month, day = (left_out if part is None else int(part) for part in found.groups())
    return year * 10_000 + month * 100 + day
