"""Warn about articles whose date cannot be read, so that none is silently left out of a period."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from articleqa.dates import day_number
from articleqa.filters import DATE
from articleqa.loaders.paths import shown_source
from articleqa.models import Article

_MAX_SHOWN = 40
"""Maximum characters of a date that the warning shows."""


class UnreadDateWarning(UserWarning):
    """Warning: the `date` of articles is ambiguous or not a date, so `since` and `until` leave them out."""


class UnreadDate(NamedTuple):
    """The first article whose date cannot be read: its source (or id), its date, and how many more follow."""

    source: str
    date: str
    others: int

    def warn(self) -> None:
        """Issue the `UnreadDateWarning`."""
        more = f" ({self.others} more like it)" if self.others else ""
        warnings.warn(
            f"{shown_source(self.source)}: its {DATE}, {self.date!r}, is ambiguous or not a date,"
            f" so since and until leave it out{more}; write dates as 2020-05-17",
            UnreadDateWarning,
            stacklevel=2,
        )


def unread_date(articles: Iterable[Article]) -> UnreadDate | None:
    """Return the problem with the dates of `articles`; None if all can be read."""
    unread = [article for article in articles if _has_unread_date(article)]
    if not unread:
        return None
    value = str(unread[0].metadata[DATE])
    shown = value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}…"
    return UnreadDate(unread[0].source or unread[0].id, shown, len(unread) - 1)


def noting_unread_dates(articles: Iterable[Article]) -> Iterator[Article]:
    """Yield `articles`, then issue one `UnreadDateWarning` if the date of any could not be read."""
    first: UnreadDate | None = None
    for article in articles:
        if found := unread_date([article]):
            first = first._replace(others=first.others + 1) if first else found
        yield article
    if first is not None:
        first.warn()


def _has_unread_date(article: Article) -> bool:
    value = article.metadata.get(DATE)
    return value not in (None, "") and day_number(value) is None
