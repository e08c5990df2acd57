"""Paths of the command line into an index; what could not be read is told in one line each."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import click

from articleqa.cli.escaping import one_line
from articleqa.cli.loading_options import AS_IT_COMES, Loading
from articleqa.cli.progress import sign_of_life
from articleqa.exceptions import ArticleReadError
from articleqa.index.article_index import ArticleIndex
from articleqa.index.cache.folder import CacheWarning, cache_folder, is_empty
from articleqa.loaders.api import DamagedTextWarning, SkippedFileWarning, damage_to, load_articles
from articleqa.loaders.encoding import BinaryDataError
from articleqa.loaders.file_reader import Named, Reader
from articleqa.loaders.paths import reason_of
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.records import Fields
from articleqa.loaders.unread_dates import UnreadDateWarning
from articleqa.models import Article

if TYPE_CHECKING:
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.ranking.ranker import Ranker

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

    It is asked by `ranker` and `confidence`, by default the shipped ones. With `cache`, an index that took
    long is kept, and one line says so the first time.

    Raises:
        ArticleQAError: a path cannot be read, or there is no text in any of them.
    """
    names = named(paths)
    notice = _notice_of_first() if cache else nullcontext()
    with warnings_to_stderr(), sign_of_life(f"reading {names}"), notice:
        if cache and STANDARD_INPUT not in paths:
            from articleqa.index.cache.files import CachedFiles
            from articleqa.index.cache.index import CachedIndex

            files = CachedFiles(paths, **loading._asdict())
            index: ArticleIndex = CachedIndex(files, ranker=ranker, confidence=confidence)
        else:
            articles = _load(paths, loading)
            index = ArticleIndex.from_articles(articles, ranker=ranker, confidence=confidence, cache=cache)
    if not index.has_passages:
        raise ArticleReadError(f"{names}: no text to ask in {'it' if len(paths) == 1 else 'them'}")
    return index


def _load(paths: Sequence[str], loading: Loading) -> list[Article]:
    articles = load_articles((path for path in paths if path != STANDARD_INPUT), **loading._asdict())
    if STANDARD_INPUT in paths:
        articles += _read_standard_input(Fields(text=loading.text_field, title=loading.title_field))
    return articles


@contextmanager
def _notice_of_first() -> Iterator[None]:
    """Say in one line where indexes are kept, if the first one is within this."""
    first = is_empty()
    yield
    if first and not is_empty():
        folder = one_line(str(cache_folder()))
        click.echo(
            f"articleqa: an index of these articles is kept in {folder} for the next time; --no-cache does"
            " without",
            err=True,
        )


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
def warnings_to_stderr() -> Iterator[None]:
    """Turn the warnings about files into lines on standard error; pass other warnings on as they are."""
    with warnings.catch_warnings(record=True) as caught:
        # Also under `python -W error`, which would turn the first skipped file into a failure.
        warnings.simplefilter("always", SkippedFileWarning)
        warnings.simplefilter("always", DamagedTextWarning)
        warnings.simplefilter("always", UnreadDateWarning)
        warnings.simplefilter("always", CacheWarning)
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
            for each in caught:
                if issubclass(each.category, CacheWarning):
                    click.echo(f"articleqa: {one_line(str(each.message))}", err=True)
    for other in caught:
        if not (_is_about_a_file(other.category) or issubclass(other.category, CacheWarning)):
            warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)


def _is_about_a_file(category: type[Warning]) -> bool:
    return issubclass(category, SkippedFileWarning | DamagedTextWarning | UnreadDateWarning)
