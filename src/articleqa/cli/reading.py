"""Read the paths on the command line into an index; print one line for each file that could not be read."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import click

from articleqa.cli.loading_options import DEFAULT_LOADING, Loading
from articleqa.cli.paths import index_at, is_url, without_password
from articleqa.cli.progress import sign_of_life
from articleqa.cli.quiet import note
from articleqa.exceptions import ArticleReadError
from articleqa.index.article_index import ArticleIndex
from articleqa.index.backend import IndexWarning
from articleqa.index.cache.folder import CacheWarning, cache_folder, is_empty
from articleqa.loaders.api import DamagedTextWarning, SkippedFileWarning, damage_to, load_articles
from articleqa.loaders.encoding import BinaryDataError
from articleqa.loaders.file_reader import Reader
from articleqa.loaders.paths import reason_of
from articleqa.loaders.protocol import Fields, NamedData, UnreadableDataError
from articleqa.loaders.registry import FormatWarning
from articleqa.loaders.unread_dates import UnreadDateWarning
from articleqa.models import Article

if TYPE_CHECKING:
    from articleqa.answering.confidence import ConfidenceModel
    from articleqa.ranking.ranker import Ranker

STANDARD_INPUT = "-"

NAMED = 5
"""The most paths that a message names; a shell's `*` can expand to thousands."""

WARNED = 20
"""The most files that get a line of warning each; the rest are only counted."""


def index_of(
    places: Sequence[str],
    *,
    ranker: Ranker | None = None,
    confidence: ConfidenceModel | None = None,
    cache: bool = True,
    loading: Loading = DEFAULT_LOADING,
) -> ArticleIndex:
    """Return the index at the one place given, a folder or a URL, or an index of the articles at all places.

    For the options, see `read_index`.

    Raises:
        ArticleQAError: a place cannot be read, or there is no text.
        UsageError: an index is given together with something else.
    """
    indexes = [place for place in places if index_at(place) or is_url(place)]
    if not indexes:
        return read_index(places, ranker=ranker, confidence=confidence, cache=cache, loading=loading)
    if len(places) > 1:
        raise click.UsageError(f"{without_password(indexes[0])}: an index must be the only PATH")
    at = index_at(indexes[0]) or indexes[0]
    return ArticleIndex.connect(at, ranker=ranker, confidence=confidence)


def read_index(
    paths: Sequence[str],
    *,
    ranker: Ranker | None = None,
    confidence: ConfidenceModel | None = None,
    cache: bool = False,
    loading: Loading = DEFAULT_LOADING,
) -> ArticleIndex:
    """Return an index of the articles at `paths`; `-` stands for standard input, which comes last.

    `ranker` and `confidence` default to the shipped models. With `cache`, an index that took long to make is
    kept in the cache, and one line says so the first time.

    Raises:
        ArticleQAError: a path cannot be read, or none of them contains text.
    """
    names = named(paths)
    notice = _notice_of_first() if cache else nullcontext()
    with warnings_to_stderr(), sign_of_life(f"reading and indexing {names}"), notice:
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
    """Print one line that says where indexes are cached, if the cache gets its first entry within this."""
    first = is_empty()
    yield
    if first and not is_empty():
        where = f"an index of these articles is kept in {cache_folder()} for next time"
        note(f"{where}; --no-cache turns this off")


def named(paths: Sequence[str]) -> str:
    """Return a list of the paths for a message, with at most `NAMED` of them by name."""
    names = ["standard input" if path == STANDARD_INPUT else path for path in paths]
    more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])


def _read_standard_input(fields: Fields) -> list[Article]:
    if sys.stdin is None:
        raise ArticleReadError("standard input: closed")
    try:
        # A name without a known suffix, so that the content decides the format.
        data = NamedData(sys.stdin.buffer.read(), "standard.input", "stdin", "stdin")
        reader = Reader(fields)
        articles = list(reader.read(data))
    except BinaryDataError:
        raise ArticleReadError(
            "standard input: neither text nor a supported format; save it as .txt, .docx or .pdf"
        ) from None
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
    """Print warnings about files and the cache as lines on standard error; pass on other warnings."""
    with warnings.catch_warnings(record=True) as caught:
        # Needed under `python -W error`, which would turn the first skipped file into a failure.
        warnings.simplefilter("always", SkippedFileWarning)
        warnings.simplefilter("always", DamagedTextWarning)
        warnings.simplefilter("always", UnreadDateWarning)
        warnings.simplefilter("always", CacheWarning)
        warnings.simplefilter("always", FormatWarning)
        warnings.simplefilter("always", IndexWarning)
        try:
            yield
        except KeyboardInterrupt:
            caught.clear()
            raise
        finally:
            told = [str(each.message) for each in caught if _is_about_a_file(each.category)]
            for message in told[:WARNED]:
                note(message)
            if len(told) > WARNED:
                note(f"{len(told) - WARNED} more files skipped or damaged")
            for each in caught:
                if issubclass(each.category, CacheWarning | IndexWarning):
                    note(str(each.message))
    for other in caught:
        if not (_is_about_a_file(other.category) or issubclass(other.category, CacheWarning | IndexWarning)):
            warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)


def _is_about_a_file(category: type[Warning]) -> bool:
    return issubclass(category, SkippedFileWarning | DamagedTextWarning | UnreadDateWarning | FormatWarning)
