"""`ask`: answer one question from articles, files or folders."""

from __future__ import annotations

import os
from collections.abc import Iterable

from articleqa.answers import Answer
from articleqa.filters import Day, Wanted
from articleqa.index import arguments
from articleqa.index.article_index import ArticleIndex
from articleqa.loaders.api import PathLike, load_articles
from articleqa.models import Article


def ask(
    question: str,
    articles: ArticleIndex | Article | PathLike | Iterable[Article | PathLike],
    *,
    top_k: int = 3,
    min_confidence: float | None = None,
    where: Wanted | None = None,
    since: Day | None = None,
    until: Day | None = None,
    cache: bool = False,
) -> Answer:
    """Answer `question` from `articles`: an index, articles, or paths of files and folders.

    A `str` is always a path; wrap a text in an `Article`. Each call loads and analyses its articles again:
    build an `ArticleIndex` to ask more than once. `top_k` is how many sentences to return. `min_confidence`
    (0 to 1) is the threshold below which the answer abstains, by default the shipped confidence model's.
    `where`, `since` and `until` select articles by their metadata; see `ArticleIndex.ask`. With `cache`,
    the index of articles that take more than half a second to load and analyse is kept in the user's cache
    folder; the next call with the same paths reads only the files that have changed.

    Raises:
        TypeError: an argument is of the wrong type, such as a `top_k` that is not a whole number.
        ArticleQAError: a path is missing or unreadable, or two articles share an id.
        ValueError: `top_k` or `min_confidence` is out of range, or `since` or `until` is not a date.
    """
    # Checked before loading, which may take minutes.
    question, top_k = arguments.text("question", question), arguments.whole("top_k", top_k)
    if min_confidence is not None:
        min_confidence = arguments.number("min_confidence", min_confidence)
    index = articles if isinstance(articles, ArticleIndex) else _index_of(articles, cache=cache)
    return index.ask(
        question, top_k=top_k, min_confidence=min_confidence, where=where, since=since, until=until
    )


def _index_of(articles: Article | PathLike | Iterable[Article | PathLike], *, cache: bool) -> ArticleIndex:
    if isinstance(articles, bytes) or not isinstance(articles, Article | str | os.PathLike | Iterable):
        raise TypeError(f"articles must be an index, articles or paths, not {articles!r}")
    given = [articles] if isinstance(articles, Article | str | os.PathLike) else list(articles)
    paths = [item for item in given if not isinstance(item, Article)]
    if cache and len(paths) == len(given):
        from articleqa.index.cache.files import CachedFiles
        from articleqa.index.cache.index import CachedIndex

        return CachedIndex(CachedFiles(paths))
    return ArticleIndex.from_articles(_gather(given), cache=cache)


def _gather(articles: Iterable[Article | PathLike]) -> list[Article]:
    gathered: list[Article] = []
    paths: list[PathLike] = []
    for item in articles:
        if isinstance(item, Article):
            # Consecutive paths are loaded together, so that a file named twice is loaded once.
            gathered += [*load_articles(paths), item]
            paths = []
        else:
            paths.append(item)
    return gathered + load_articles(paths)
