"""Filters that limit a question to some articles by metadata: author, language, date or any other key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
"""The metadata key that `since` and `until` apply to."""

FOLDER = "folder"
MEDIA_TYPE = "media_type"
"""The keys that every article can be chosen by, whatever its metadata; see `values_of`."""

_BOUND = regex.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a filter looks at: an article's metadata as facets ("author=..."), and its day as yyyymmdd."""

    facets: frozenset[str] = frozenset()
    day: int | None = None

    @classmethod
    def of(cls, article: Article) -> Self:
        """Return the traits of `article`, with a facet for each of its `values_of`.

        The day is that of the metadata key `date`; None if `dates.day_number` cannot read it.
        """
        facets = frozenset(_facet(key, value) for key, value in values_of(article))
        return cls(facets, day_number(article.metadata.get(DATE)))


def values_of(article: Article) -> Iterator[tuple[str, JsonValue]]:
    """Yield the keys and values by which `article` can be chosen.

    They are its metadata, where a list has a value for each of its items, its `media_type`, and its `folder`:
    that in which the id lies, and each folder around it. Metadata with one of these two keys comes instead.
    """
    for key, value in article.metadata.items():
        yield from ((key, each) for each in (value if isinstance(value, list) else [value]))
    if MEDIA_TYPE not in article.metadata:
        yield MEDIA_TYPE, article.media_type
    if FOLDER not in article.metadata:
        for at in (at for at, letter in enumerate(article.id) if letter == "/" and at):
            yield FOLDER, article.id[:at]


def count_values(articles: Iterable[Article], keys: Sequence[str]) -> dict[str, dict[JsonValue, int]]:
    """Return for each of `keys` its values in `articles`, and how many have each, the most frequent first."""
    counted: dict[str, Counter[JsonValue]] = {key: Counter() for key in keys}
    for article in articles:
        pairs = (pair for pair in values_of(article) if pair[0] in counted and _is_scalar(pair[1]))
        for key, value in dict.fromkeys(pairs):
            counted[key][value] += 1
    return {
        key: dict(sorted(values.items(), key=lambda pair: (-pair[1], str(pair[0]))))
        for key, values in counted.items()
    }


def _is_scalar(value: JsonValue) -> bool:
    return not isinstance(value, dict | list)


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must have: one facet of each set in `wanted`, and a day from `since` to `until`."""

    wanted: tuple[frozenset[str], ...] = ()
    since: int | None = None
    until: int | None = None

    @classmethod
    def of(cls, where: Wanted | None, since: Day | None, until: Day | None) -> Self | None:
        """Return the filter; None if all articles are wanted.

        `where` maps each key that an article's metadata must have to a value, or to a list of accepted
        values. `since` and `until` are days, months or years, both inclusive: "2020-05-17", "2020-05",
        "2020", or a `date`.

        Raises:
            TypeError: `where` is not a mapping with strings as keys, or has a value that metadata cannot
                hold.
            ValueError: `since` or `until` is not such a date.
        """
        if where is not None and not (isinstance(where, Mapping) and all(isinstance(k, str) for k in where)):
            raise TypeError(
                f"where must give a value for each key, such as {{'author': 'Ann'}}, not {where!r}"
            )
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
        """Return whether an article with these traits is wanted; one without a day is not in any period."""
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
        raise TypeError(f"{key}: {value!r} cannot be in metadata; use a value that JSON can hold") from None


def _comparable(value: object) -> object:
    """Return `value` with equal numbers in the same form, so that JSON writes them alike: 1.0 becomes 1."""
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
        raise ValueError(
            f"{name} must be a date such as 2020-05-17, 2020-05 or 2020, not {given!r}"
        ) from None
    return _day(found, left_out)


def _day(found: regex.Match[str], left_out: int) -> int:
    year, month, day = (left_out if part is None else int(part) for part in found.groups())
    return year * 10_000 + month * 100 + day
