"""Decide for each added article whether it is new, replaces a stored one, or is already there unchanged."""

from __future__ import annotations

from enum import Enum, auto

from articleqa.exceptions import DuplicateArticleError
from articleqa.loaders.paths import shown_source
from articleqa.models import Article, Model


class Changes(Model):
    """How many of the articles given were added, replaced a stored one, or were already there unchanged."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0


class UpsertResult(Enum):
    """What an index does with an article that is added to it."""

    ADDED = auto()
    REPLACED = auto()
    UNCHANGED = auto()


def upsert_result(article: Article, source: str | None, *, same: bool, replaces: bool) -> UpsertResult:
    """Decide whether `article` is added, replaces the stored one with its id, or is unchanged.

    `source` is the stored article's, None if no article has the id. `same` says whether the two are equal
    in every field, `replaces` whether the new article may replace the stored one.

    Raises:
        DuplicateArticleError: the id belongs to an article that may not be replaced; the message names both
            sources.
    """
    if source is None:
        return UpsertResult.ADDED
    if same:
        return UpsertResult.UNCHANGED
    if replaces:
        return UpsertResult.REPLACED
    raise duplicate(article, source)


def duplicate(article: Article, source: str) -> DuplicateArticleError:
    """Return the error for two articles with the same id."""
    return DuplicateArticleError(
        f"two articles with the id {article.id!r}: {shown_source(source) or 'one without a source'} and"
        f" {shown_source(article.source) or 'one without a source'}"
    )


def count_results(results: list[UpsertResult]) -> Changes:
    """Return how many articles have each result."""
    return Changes(
        added=results.count(UpsertResult.ADDED),
        replaced=results.count(UpsertResult.REPLACED),
        unchanged=results.count(UpsertResult.UNCHANGED),
    )
