"""Adding articles: each is new, replaces a stored one, or is already there unchanged.

This is decided here, once for all backends, from what a backend says about the articles that it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum, auto
from itertools import islice
from typing import NamedTuple, Protocol

from articleqa.exceptions import DuplicateArticleError
from articleqa.loaders.paths import shown_source
from articleqa.loaders.unread_dates import noting_unread_dates
from articleqa.models import Article, Model
from articleqa.storage.checksums import checksum_of, fields_of
from articleqa.storage.files import same_origin
from articleqa.storage.protocol import KnownArticle


class Changes(Model):
    """How many of the articles given were added, replaced a stored one, or were already there unchanged."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0


class Upsert(NamedTuple):
    """An article to store; `replaces` says whether it replaces the stored article with its id."""

    article: Article
    replaces: bool


def articles_of(upserts: Iterable[Upsert], replaced: set[str]) -> Iterator[Article]:
    """Yield the articles; add to `replaced` the ids of those that replace a stored one, before each comes."""
    for article, replaces in upserts:
        if replaces:
            replaced.add(article.id)
        yield article


class BackendWriter(Protocol):
    """Changes a backend, as its only writer."""

    @property
    def known_at_once(self) -> int:
        """How many articles `known` is asked about at once: more than 1 if each call takes long."""

    def known(self, ids: Sequence[str]) -> Mapping[str, KnownArticle]:
        """Return what the backend says about articles with these ids, as far as it holds them."""

    def put(self, upserts: Iterator[Upsert]) -> None:
        """Store articles and their passages, in the order given; readers never see an article in part.

        Iterating over `upserts` may raise: then either nothing is stored, or what came long before stays.
        """

    def remove(self, ids: Sequence[str]) -> None:
        """Remove the articles with these ids, which the backend holds, and their passages."""


class _Result(Enum):
    """The outcome of adding an article."""

    ADDED = auto()
    REPLACED = auto()
    UNCHANGED = auto()


def add_articles(
    writing: AbstractContextManager[BackendWriter], articles: Iterable[Article], *, replacing: bool
) -> Changes:
    """Add articles to a backend; `writing` is entered while they are added. See `ArticleIndex.add`.

    With `replacing`, an article may replace one with its id from any source; see `ArticleIndex.update`.

    Raises:
        DuplicateArticleError: an id is taken by an article from another source, or comes twice.
    """
    with writing as writer:
        results: Counter[_Result] = Counter()
        writer.put(_upserts(writer, noting_unread_dates(articles), results, replacing=replacing))
    return Changes(
        added=results[_Result.ADDED],
        replaced=results[_Result.REPLACED],
        unchanged=results[_Result.UNCHANGED],
    )


def _upserts(
    writer: BackendWriter, articles: Iterable[Article], results: Counter[_Result], *, replacing: bool
) -> Iterator[Upsert]:
    """Yield the articles that must be stored; count in `results` the outcome for each article.

    What the backend says about an article may be read before the articles given earlier are stored. That
    cannot make it stale, because an id that comes twice is refused.
    """
    sources: dict[str, str] = {}
    given = iter(articles)
    while batch := list(islice(given, writer.known_at_once)):
        known = writer.known([article.id for article in batch])
        for article in batch:
            if article.id in sources:
                raise _duplicate(article, sources[article.id])
            sources[article.id] = article.source
            result = _result_of(article, known.get(article.id), replacing=replacing)
            results[result] += 1
            if result is not _Result.UNCHANGED:
                yield Upsert(article, replaces=result is _Result.REPLACED)


def _result_of(article: Article, known: KnownArticle | None, *, replacing: bool) -> _Result:
    """Return the outcome of adding `article`; `known` is the stored article with its id, if there is one."""
    if known is None:
        return _Result.ADDED
    if known.checksum == checksum_of(fields_of(article)):
        return _Result.UNCHANGED
    if replacing or same_origin(known.source, known.file, article):
        return _Result.REPLACED
    raise _duplicate(article, known.source)


def _duplicate(article: Article, source: str) -> DuplicateArticleError:
    return DuplicateArticleError(
        f"two articles with the id {article.id!r}: {shown_source(source) or 'one without a source'} and"
        f" {shown_source(article.source) or 'one without a source'}"
    )
