"""Type checks of arguments, made before anything is loaded; the errors name the argument."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from numbers import Real
from operator import index

from articleqa.models import Article


def text(name: str, value: object) -> str:
    """Return `value`, which must be a string.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {_shown(value)}")
    return value


def whole(name: str, value: object) -> int:
    """Return `value`, which must be a whole number; numpy's integers count.

    Raises:
        TypeError: it is not; True and False do not count as numbers.
    """
    try:
        if not isinstance(value, bool):
            return index(value)  # type: ignore[arg-type]
    except TypeError:
        pass
    raise TypeError(f"{name} must be a whole number, not {_shown(value)}")


def number(name: str, value: object) -> float:
    """Return `value`, which must be a number; numpy's numbers count.

    Raises:
        TypeError: it is not; True and False do not count as numbers.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, not {_shown(value)}")
    return float(value)


def each_article(articles: object) -> Iterator[Article]:
    """Return an iterator over `articles`, which must be an iterable of `Article`.

    Raises:
        TypeError: `articles` is a single `Article` (which is iterable too), a path, or not iterable. The
            iterator raises it for an item that is not an `Article`.
    """
    if isinstance(articles, Article | str | bytes | os.PathLike) or not isinstance(articles, Iterable):
        given = "None" if articles is None else f"one {type(articles).__name__}"
        raise TypeError(f"articles is {given}: give a list, or what load_articles returns")
    return map(_article, articles)


def _article(value: object) -> Article:
    if not isinstance(value, Article):
        raise TypeError(f"articles must hold articles, not {_shown(value)}; load_articles loads paths")
    return value


def _shown(value: object) -> str:
    """Return a value, cut to 40 characters, and its type, for an error message."""
    if value is None:
        return "None"
    said = repr(value)
    return f"{said if len(said) <= 40 else said[:40] + '…'} ({type(value).__name__})"
