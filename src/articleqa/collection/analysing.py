"""Articles into the rows of an index on disk, by several processes at once where it pays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from articleqa._parallel import parallel_map
from articleqa.models import Article
from articleqa.passages import analyse
from articleqa.storage.copies import digest_of
from articleqa.storage.records import Record, record_of

AT_ONCE = 16
"""Articles that a process is given at a time."""


class Analysed(NamedTuple):
    """An article with the rows of its passages, in reading order."""

    article: Article
    records: list[Record]


def analysed(articles: Iterable[Article], workers: int | None = None) -> Iterator[Analysed]:
    """Yield the articles with their rows, in their order, analysed by `workers` processes."""
    pairs = parallel_map(records_of, articles, at_once=AT_ONCE, workers=workers)
    for article, records in pairs:
        yield Analysed(article, records)


def records_of(article: Article) -> list[Record]:
    """Return the rows of an article's passages, in reading order."""
    return [record_of(passage, digest_of(passage, article.text)) for passage in analyse(article)]
