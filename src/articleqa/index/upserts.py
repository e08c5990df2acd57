"""What adding articles changes: which are new, which changed, which are there already."""

from __future__ import annotations

from enum import Enum, auto

from articleqa.exceptions import DuplicateArticleError
from articleqa.loaders.paths import shown_source
from articleqa.models import Article, Model


class Changes(Model):
    """What became of the articles given: how many were added, replaced, or there already unchanged."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0


class UpsertResult(Enum):
    """What becomes of an article that is given to an index."""

    ADDED = auto()
    REPLACED = auto()
    UNCHANGED = auto()


def upsert_result(article: Article, source: str | None, *, same: bool, replaces: bool) -> UpsertResult:
    """Return what becomes of `article` where the one with its id is from `source`; None: there is none.

    `same` says that they say the same in all, `replaces` that the new one may take the place of the old.

    Raises:
        DuplicateArticleError: another one from another source has this id; the message names both.
    """
    if source is None:
        return UpsertResult.ADDED
    if same:
        return UpsertResult.UNCHANGED
    if replaces:
        return UpsertResult.REPLACED
    raise duplicate(article, source)


def duplicate(article: Article, source: str) -> DuplicateArticleError:
    """Return the error of two articles with one id."""
    return DuplicateArticleError(
        f"two articles with the id {article.id!r}: {shown_source(source) or 'one without a source'} and"
        f" {shown_source(article.source) or 'one without a source'}"
    )


def count_results(results: list[UpsertResult]) -> Changes:
    """Return how many articles had each fate."""
    return Changes(
        added=results.count(UpsertResult.ADDED),
        replaced=results.count(UpsertResult.REPLACED),
        unchanged=results.count(UpsertResult.UNCHANGED),
    )
