"""A warning for articles whose date cannot be read, so that none is left out of a period silently."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

from articleqa.articles.paths import shown_source
from articleqa.dates import day_number
from articleqa.filters import DATE
from articleqa.models import Article

_MAX_SHOWN = 40
"""Characters of a date that the warning shows."""


class UnreadDateWarning(UserWarning):
    """Articles whose `date` is ambiguous or is none, so that `since` and `until` leave them out."""


def noting_unread_dates(articles: Iterable[Article]) -> Iterator[Article]:
    """Yield `articles`; at the end one `UnreadDateWarning` names the first whose date cannot be read."""
    first: Article | None = None
    others = 0
    for article in articles:
        value = article.metadata.get(DATE)
        if value not in (None, "") and day_number(value) is None:
            others += first is not None
            first = first or article
        yield article
    if first is not None:
        value = str(first.metadata[DATE])
        shown = value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}…"
        more = f" ({others} more like it)" if others else ""
        warnings.warn(
            f"{shown_source(first.source) or first.id}: its {DATE}, {shown!r}, is ambiguous or is no date,"
            f" and since and until leave it out{more}; write dates as 2020-05-17",
            UnreadDateWarning,
            stacklevel=2,
        )
