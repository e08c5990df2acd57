"""The collection that is asked: its size and date, and the values by which a visitor can filter it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from articleqa import ArticleIndex

FOLDER, MEDIA_TYPE = "folder", "media_type"
"""The keys that every article can be chosen by."""

MOST_VALUES = 200
"""The most values of a filter to choose from, those of most articles: a longer list is not looked through."""

MOST_ARTICLES = 20_000
"""Articles that are read for their metadata, which takes some 0.3 ms each."""

LONGEST_VALUE = 100
"""A longer value is not offered: it is a sentence, not a name."""


class Collection(NamedTuple):
    """The size of an index, when it last changed, its first and last day, and the filters that it has."""

    articles: int
    passages: int
    changed: str
    since: str
    until: str
    filters: Mapping[str, Sequence[str]]


def describe(index: ArticleIndex) -> Collection:
    """Return the collection of `index`; a filter is offered if articles differ in it.

    An index of very many articles gets none.
    """
    info = index.info()
    keys = (FOLDER, "author", MEDIA_TYPE, "date")
    facets = index.facets(*keys) if info.articles <= MOST_ARTICLES else {key: {} for key in keys}
    days = sorted(value[:10] for value in facets["date"] if isinstance(value, str) and value[:4].isdecimal())
    return Collection(
        articles=info.articles,
        passages=info.passages,
        changed=changed_on(info.folder),
        since=days[0] if days else "",
        until=days[-1] if days else "",
        filters={
            key: offered
            for key in (FOLDER, "author", MEDIA_TYPE)
            if (offered := _offered(facets[key], info.articles))
        },
    )


def changed_on(folder: str | None) -> str:
    """Return the day on which the files of an index last changed; today for an index in memory."""
    if folder is None:
        return date.today().isoformat()
    return date.fromtimestamp(last_change(Path(folder))).isoformat()


def last_change(folder: Path) -> float:
    """Return when a file of an index in `folder` was last changed, in seconds of the epoch."""
    return max((path.stat().st_mtime for path in folder.iterdir() if path.is_file()), default=0.0)


def _offered(counts: Mapping[JsonValue, int], articles: int) -> Sequence[str]:
    """Return the values to choose from, in order; none if all articles have the same one."""
    names = [value for value in counts if isinstance(value, str) and 0 < len(value) <= LONGEST_VALUE]
    if len(names) == 1 and counts[names[0]] == articles:
        return []
    return sorted(names[:MOST_VALUES], key=str.casefold)
