"""Paths of the command line into an index; what could not be read is told in one line each."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from articleqa.articles.contract import UnreadableDataError
from articleqa.articles.decoding import BinaryDataError
from articleqa.articles.loading import DamagedTextWarning, SkippedFileWarning, damage_to, load_articles
from articleqa.articles.paths import reason_of
from articleqa.articles.reading import Named, Reader
from articleqa.articles.records import Fields
from articleqa.articles.unread_dates import UnreadDateWarning
from articleqa.cli.loading import AS_IT_COMES, Loading
from articleqa.cli.plain import one_line
from articleqa.cli.progress import sign_of_life
from articleqa.collection import ArticleIndex
from articleqa.exceptions import ArticleReadError
from articleqa.models import Article

if TYPE_CHECKING:
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.answering.ranker import Ranker

STANDARD_INPUT = "-"

NAMED = 5
"""Paths named in a message; a shell's `*` can stand for thousands."""

WARNED = 20
"""Files told of one by one; the rest is a number."""


def read_index(
    paths: Sequence[str],
    *,
    ranker: Ranker | None = None,
    confidence: ConfidenceModel | None = None,
    cache: bool = False,
    loading: Loading = AS_IT_COMES,
) -> ArticleIndex:
    """Return an index of the articles at `paths`; `-` is one on standard input, and comes last.

    It is asked by `ranker` and `confidence`, by default the shipped ones. With `cache` a large one is kept;
    the first one ever is told of in one line.

    Raises:
        ArticleQAError: a path cannot be read, or there is no text in any of them.
    """
    names = named(paths)
    with told_in_lines(), sign_of_life(f"reading {names}"):
        articles = load_articles((path for path in paths if path != STANDARD_INPUT), **loading._asdict())
        if STANDARD_INPUT in paths:
            articles += _read_standard_input(Fields(text=loading.text_field, title=loading.title_field))
        cache = cache and _may_keep(articles)
        index = ArticleIndex.from_articles(articles, ranker=ranker, confidence=confidence, cache=cache)
    if not index.has_passages:
        raise ArticleReadError(f"{names}: no text to ask in {'it' if len(paths) == 1 else 'them'}")
    return index


def _may_keep(articles: Sequence[Article]) -> bool:
    """Say whether the index of these is to be kept; tell of it where it is the first."""
    from articleqa.collection.cache import cache_folder, pays

    if not pays(articles):
        return False
    folder = cache_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        first = not any(folder.iterdir())
    except OSError as error:
        click.echo(
            f"articleqa: {one_line(str(folder))}: nothing is kept there ({reason_of(error)})", err=True
        )
        return False
    if first:
        click.echo(
            f"articleqa: an index of these articles is kept in {one_line(str(folder))} for the next time;"
            " --no-cache does without",
            err=True,
        )
    return True


def named(paths: Sequence[str]) -> str:
    """Return paths as a message names them."""
    names = ["standard input" if path == STANDARD_INPUT else path for path in paths]
    more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])


def _read_standard_input(fields: Fields) -> list[Article]:
    if sys.stdin is None:
        raise ArticleReadError("standard input: closed")
    try:
        # A name that says nothing of the format: its content does.
        data = Named(sys.stdin.buffer.read(), "standard.input", "stdin", "stdin")
        reader = Reader(fields)
        articles = list(reader.read(data))
    except BinaryDataError:
        raise ArticleReadError("standard input: not text, nor of a format that is read") from None
    except UnreadableDataError as error:
        raise ArticleReadError(f"standard input: {error}") from None
    except OSError as error:
        raise ArticleReadError(f"standard input: cannot be read ({reason_of(error)})") from None
    for article in articles:
        if damage := damage_to(article):
            warnings.warn(f"standard input: {damage}", DamagedTextWarning, stacklevel=2)
    return articles


@contextmanager
def told_in_lines() -> Iterator[None]:
    """Turn the warnings about files into lines on standard error; pass other warnings on as they are."""
    with warnings.catch_warnings(record=True) as caught:
        # Also under `python -W error`, which would turn the first skipped file into a failure.
        warnings.simplefilter("always", SkippedFileWarning)
        warnings.simplefilter("always", DamagedTextWarning)
        warnings.simplefilter("always", UnreadDateWarning)
        try:
            yield
        except KeyboardInterrupt:
            caught.clear()
            raise
        finally:
            told = [str(each.message) for each in caught if _is_about_a_file(each.category)]
            for message in told[:WARNED]:
                click.echo(f"articleqa: {one_line(message)}", err=True)
            if len(told) > WARNED:
                click.echo(f"articleqa: {len(told) - WARNED} more files skipped or damaged", err=True)
    for other in caught:
        if not _is_about_a_file(other.category):
            warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)


def _is_about_a_file(category: type[Warning]) -> bool:
    return issubclass(category, SkippedFileWarning | DamagedTextWarning | UnreadDateWarning)
