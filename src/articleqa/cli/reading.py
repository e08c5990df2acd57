"""Paths of the command line into an index; what could not be read is told in one line each."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from articleqa.articles.decoding import BinaryDataError
from articleqa.articles.loading import DamagedTextWarning, SkippedFileWarning, damage_to, load_articles
from articleqa.articles.plain_text import load_plain_text
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
    paths: Sequence[str], *, ranker: Ranker | None = None, confidence: ConfidenceModel | None = None
) -> ArticleIndex:
    """Return an index of the articles at `paths`; `-` is one on standard input, and comes last.

    It is asked by `ranker` and `confidence`, by default the shipped ones.

    Raises:
        ArticleQAError: a path cannot be read, or there is no text in any of them.
    """
    names = _named(paths)
    with told_in_lines(), sign_of_life(f"reading {names}"):
        articles = load_articles(path for path in paths if path != STANDARD_INPUT)
        if STANDARD_INPUT in paths:
            articles.append(_read_standard_input())
        index = ArticleIndex.from_articles(articles, ranker=ranker, confidence=confidence)
    if not index.passages:
        raise ArticleReadError(f"{names}: no text to ask in {'it' if len(paths) == 1 else 'them'}")
    return index


def _named(paths: Sequence[str]) -> str:
    names = ["standard input" if path == STANDARD_INPUT else path for path in paths]
    more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])


def _read_standard_input() -> Article:
    if sys.stdin is None:
        raise ArticleReadError("standard input: closed")
    try:
        article = load_plain_text(sys.stdin.buffer.read(), "stdin", "stdin")
    except BinaryDataError:
        raise ArticleReadError("standard input: not text; only plain text and Markdown are read") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ArticleReadError(f"standard input: cannot be read ({reason})") from None
    if damage := damage_to(article):
        warnings.warn(f"standard input: {damage}", DamagedTextWarning, stacklevel=2)
    return article


@contextmanager
def told_in_lines() -> Iterator[None]:
    """Turn the warnings about files into lines on standard error; pass other warnings on as they are."""
    with warnings.catch_warnings(record=True) as caught:
        # Also under `python -W error`, which would turn the first skipped file into a failure.
        warnings.simplefilter("always", SkippedFileWarning)
        warnings.simplefilter("always", DamagedTextWarning)
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
    return issubclass(category, SkippedFileWarning | DamagedTextWarning)
