"""The plain text loader."""

from __future__ import annotations

from pathlib import PurePath

from pydantic import JsonValue

from articleqa.loaders.encoding import decode
from articleqa.loaders.titles import shortened, title_of
from articleqa.models import Article
from articleqa.text.plain.blocks import plain_runs
from articleqa.text.plain.fields import TITLE_KEYS, title_field, top_fields

_RESERVED_METADATA = {"encoding", "replaced_characters"}
"""Metadata that says how the file was read; a field of the file must not set it."""

_LOOKED_AT = 20_000
"""How many characters at the start of a text are searched for its fields."""


def load_plain_text(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`: its decoded text, with the fields at its top as metadata.

    The title is taken from these fields (`Title:`, `Subject:`), or else from the first line that is not a
    menu.

    Raises:
        BinaryDataError: `data` is not text.
    """
    text, how_decoded = decoded_text(data)
    fields = top_fields(text, plain_runs(text[:_LOOKED_AT]))
    title = shortened(title_field(fields)) or title_of(text) or PurePath(article_id).stem
    stated: dict[str, JsonValue] = {
        key: value
        for key, value in fields.items()
        if key not in TITLE_KEYS and value and key not in _RESERVED_METADATA
    }
    return Article(id=article_id, title=title, text=text, source=source, metadata={**stated, **how_decoded})


def decoded_text(data: bytes) -> tuple[str, dict[str, str | int]]:
    """Return the text of `data`, and metadata about how it was decoded.

    Raises:
        BinaryDataError: `data` is not text.
    """
    text, encoding, replaced = decode(data)
    metadata: dict[str, str | int] = {"encoding": encoding}
    if replaced:
        metadata["replaced_characters"] = replaced
    return text, metadata
