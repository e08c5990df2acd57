"""The checksum of an article: equal for articles that are equal in every field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from articleqa.models import Article

FIELDS = ("id", "title", "source", "media_type", "metadata", "text", "layout")
"""The fields that an article's checksum covers, as an index on disk names them."""


def fields_of(article: Article) -> list[str]:
    """Return the values of an article, in the order of `FIELDS`."""
    metadata = json.dumps(dict(article.metadata), ensure_ascii=False, sort_keys=True)
    fields = [article.id, article.title, article.source, article.media_type, metadata, article.text]
    return [*fields, layout_of(article)]


def layout_of(article: Article) -> str:
    """Return the blocks, pages and times of an article as JSON; an empty string without any."""
    if article.blocks is None and not article.pages and not article.times:
        return ""
    blocks = [
        [block.kind.value, block.span.start, block.span.end, block.level, int(block.hard_wrapped)]
        for block in article.blocks or ()
    ]
    layout: dict[str, object] = {"blocks": None if article.blocks is None else blocks, "pages": article.pages}
    return json.dumps(layout | ({"times": article.times} if article.times else {}))


def checksum_of(values: Iterable[object]) -> bytes:
    """Return the checksum of the values of `FIELDS`: BLAKE2b, 16 bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        data = str(value).encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.digest()
