"""The argument KB of `articleqa index`, and the index there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import click

from articleqa.cli.escaping import escaped
from articleqa.cli.paths import IndexPlace
from articleqa.index.article_index import ArticleIndex
from articleqa.index.connecting import options_for

KB = click.argument("place", metavar="KB", type=IndexPlace(path_type=Path))

WAIT_S = 10.0
"""Seconds that a command waits for another writer before it gives up."""


def opened(place: Path | str, **options: object) -> ArticleIndex:
    """Return the index at `place`, a folder or a URL.

    Raises:
        ArticleQAError: there is none, or it cannot be opened.
    """
    return ArticleIndex.connect(place, **options_for(place, wait_s=WAIT_S, **options))


def no_article(article_id: str, known: Iterable[str]) -> str:
    """Return the message for an id that the index does not have, with the nearest that it has."""
    near = get_close_matches(article_id, known, n=3)
    meant = f"; did you mean {' or '.join(map(escaped, near))}?" if near else ""
    return f"no article with the id {article_id!r} in the index{meant}"


def counted(number: int, what: str) -> str:
    """Return a number and what it counts, such as "1 article" or "2,000 articles"."""
    return f"{number:,} {what}{'s' * (number != 1)}"
