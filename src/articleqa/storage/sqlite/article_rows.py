"""Conversion of database rows to articles; an article that fails its checksum is refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from articleqa.models import Article, Block, BlockKind, Span
from articleqa.storage.checksums import FIELDS, checksum_of
from articleqa.storage.sqlite.passage_rows import DamagedRecordError
from articleqa.storage.sqlite.schema import FORMAT

_WITHOUT_LAYOUT = 1
"""The last format whose articles have no `layout`."""


def _laid_out(layout: str, length: int) -> dict[str, object]:
    """Return the `blocks`, `pages` and `times` that `layout_of` stored for an article of `length` characters.

    Raises:
        ValueError, TypeError, KeyError: this is not a layout of such an article.
    """
    found: dict[str, Any] = json.loads(layout) if layout else {"blocks": None, "pages": ()}
    blocks = tuple(
        Block(BlockKind(kind), Span(start, end), level=level, hard_wrapped=bool(wrapped))
        for kind, start, end, level, wrapped in found["blocks"] or ()
    )
    bounds = [bound for block in blocks for bound in (block.span.start, block.span.end)]
    times = tuple((int(offset), float(seconds)) for offset, seconds in found.get("times", ()))
    for places in (bounds, found["pages"], [offset for offset, _ in times]):
        if [*places] != sorted(places) or (places and not 0 <= places[0] <= places[-1] <= length):
            raise ValueError("its layout does not fit its text")
    return {
        "blocks": None if found["blocks"] is None else blocks,
        "pages": tuple(map(int, found["pages"])),
        "times": times,
    }


def article_of(connection: sqlite3.Connection, number: int, version: int = FORMAT) -> Article:
    """Return the article with this number from an index of format `version`.

    Raises:
        DamagedRecordError: the article does not match its checksum, or is missing.
    """
    return articles_of(connection, [number], version)[number]


def articles_of(
    connection: sqlite3.Connection, numbers: Sequence[int], version: int = FORMAT
) -> dict[int, Article]:
    """Return the articles with these numbers, read by one statement, from an index of format `version`.

    Raises:
        DamagedRecordError: an article does not match its checksum, or is missing.
    """
    fields = FIELDS[:-1] if version <= _WITHOUT_LAYOUT else FIELDS
    marks = ", ".join("?" * len(numbers))
    rows = connection.execute(
        f"SELECT number, {', '.join(fields)}, checksum FROM articles WHERE number IN ({marks})", numbers
    )
    found = {number: checked_article(fields, values, checksum) for number, *values, checksum in rows}
    for number in numbers:
        if number not in found:
            raise DamagedRecordError(f"article number {number} is missing")
    return found


def checked_article(fields: Sequence[str], values: Sequence[Any], checksum: object) -> Article:
    """Return the article with the values of `fields`, as `storage.checksums` gives them.

    Raises:
        DamagedRecordError: they do not match the checksum, or are invalid.
    """
    if checksum_of(values) != checksum:
        raise DamagedRecordError(f"the article {values[0]!r} does not match its checksum")
    found = dict(zip(fields, values, strict=True))
    try:
        layout = _laid_out(found.pop("layout", ""), len(found["text"]))
        metadata = json.loads(found["metadata"])
        if not isinstance(metadata, dict):
            raise TypeError("not a mapping")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DamagedRecordError(
            f"the article {values[0]!r} has invalid metadata or an invalid layout ({type(error).__name__})"
        ) from error
    # Validation is skipped: SQLite has decoded the texts, so they are valid Unicode.
    return Article.model_construct(**found | layout | {"metadata": metadata})
