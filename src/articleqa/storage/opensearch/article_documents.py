"""Conversion of articles to documents and back; one that fails its checksum is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from articleqa.models import Article
from articleqa.storage.checksums import FIELDS, checksum_of, fields_of
from articleqa.storage.files import file_of
from articleqa.storage.opensearch.state import Totals
from articleqa.storage.protocol import KnownArticle
from articleqa.storage.sqlite.article_rows import checked_article
from articleqa.storage.sqlite.passage_rows import DamagedRecordError

_TEXT = FIELDS.index("text")
_CHUNK = 1_000_000
"""A text is stored in pieces of this many characters, because JSON parsers limit the length of a string."""

FOUND_BY = ["order", "fields.id", "fields.title", "fields.source", "fields.file", "checksum", "counts"]
"""The parts of a document that say which article it is, without its text."""


def key_of_id(article_id: str) -> str:
    """Return the key by which an article is found: its id may be longer than what can be indexed."""
    return hashlib.blake2b(article_id.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def document_of(order: int, article: Article, counts: Totals) -> str:
    """Return the JSON of an article's document; `counts` are those of its passages."""
    values = fields_of(article)
    fields: dict[str, Any] = dict(zip(FIELDS, values, strict=True))
    text = values[_TEXT]
    fields["text"] = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    file = file_of(article)
    document = {
        "order": order,
        "key": key_of_id(article.id),
        "id": article.id,
        "file": file,
        "fields": fields | {"file": file},
        "checksum": {"hex": checksum_of(values).hex()},
        "counts": {"totals": list(counts)},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


class StoredArticle(NamedTuple):
    """What the index knows about an article without reading its text."""

    order: int
    id: str
    title: str
    known: KnownArticle
    counts: Totals


def stored(hit: Mapping[str, Any]) -> StoredArticle:
    """Return what a hit says about an article.

    Raises:
        DamagedRecordError: it is not a document that this package wrote.
    """
    try:
        source = hit["_source"]
        fields = source["fields"]
        checksum = bytes.fromhex(source["checksum"]["hex"])
        known = KnownArticle(str(fields["source"]), str(fields["file"]), checksum)
        counts = Totals(*map(int, source["counts"]["totals"]))
        return StoredArticle(int(source["order"]), str(fields["id"]), str(fields["title"]), known, counts)
    except (KeyError, ValueError, TypeError):
        raise DamagedRecordError(f"the document {hit.get('_id')!r} is not one of an article") from None


def article_of(hit: Mapping[str, Any]) -> Article:
    """Return the article of a hit with its whole document.

    Raises:
        DamagedRecordError: it does not match its checksum.
    """
    try:
        fields = hit["_source"]["fields"]
        values = [fields[name] for name in FIELDS]
        values[_TEXT] = "".join(values[_TEXT])
        checksum = bytes.fromhex(hit["_source"]["checksum"]["hex"])
    except (KeyError, ValueError, TypeError):
        raise DamagedRecordError(f"the document {hit.get('_id')!r} is not one of an article") from None
    return checked_article(FIELDS, values, checksum)
