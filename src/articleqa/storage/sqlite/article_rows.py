"""Conversion of articles to database rows and back; an article that fails its checksum is refused."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from articleqa.models import Article, Block, BlockKind, Span
from articleqa.storage.sqlite.passage_rows import DamagedRecordError
from articleqa.storage.sqlite.schema import FORMAT

FIELDS = ("id", "title", "source", "media_type", "metadata", "text", "layout")
"""The columns that an article's checksum covers."""

_FIELDS_BY_FORMAT = {1: FIELDS[:6], 2: FIELDS, 3: FIELDS, FORMAT: FIELDS}


def fields_of(article: Article) -> list[str]:
    """Return the values of an article, in the order of `FIELDS`."""
    metadata = json.dumps(dict(article.metadata), ensure_ascii=False, sort_keys=True)
    fields = [article.id, article.title, article.source, article.media_type, metadata, article.text]
    return [*fields, layout_of(article)]


def layout_of(article: Article) -> str:
    """Return the blocks, pages and times of an article as JSON; an empty string without any."""
    if article.blocks is None and not article.pages:
        return ""
    blocks = [
        [block.kind.value, block.span.start, block.span.end, block.level, int(block.hard_wrapped)]
        for block in article.blocks or ()
    ]
    layout: dict[str, Any] = {"blocks": None if article.blocks is None else blocks, "pages": article.pages}
    return json.dumps(layout | ({"times": article.times} if article.times else {}))


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


def checksum_of(values: Iterable[object]) -> bytes:
    """Return the checksum of the values of `FIELDS`: BLAKE2b, 16 bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        data = str(value).encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.digest()


def article_of(connection: sqlite3.Connection, number: int, version: int = FORMAT) -> Article:
    """Return the article with this number from an index of format `version`.

    Raises:
        DamagedRecordError: the article does not match its checksum, or is missing.
    """
    fields = _FIELDS_BY_FORMAT[version]
    row = connection.execute(
        f"SELECT {', '.join(fields)}, checksum FROM articles WHERE number = ?", (number,)
    ).fetchone()
    if row is None:
        raise DamagedRecordError(f"article number {number} is missing")
    *values, checksum = row
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
