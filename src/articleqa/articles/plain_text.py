"""The plain text loader."""

from __future__ import annotations

from pathlib import PurePath

from articleqa.articles.decoding import decode
from articleqa.articles.titles import title_of
from articleqa.models import Article


def load_plain_text(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`: its text as decoded, its title the first line that is no menu.

    Raises:
        BinaryDataError: `data` is not text.
    """
    text, metadata = decoded_text(data)
    title = title_of(text) or PurePath(article_id).stem
    return Article(id=article_id, title=title, text=text, source=source, metadata=metadata)


def decoded_text(data: bytes) -> tuple[str, dict[str, str | int]]:
    """Return the text of `data`, and metadata that says how it was decoded.

    Raises:
        BinaryDataError: `data` is not text.
    """
    text, encoding, replaced = decode(data)
    metadata: dict[str, str | int] = {"encoding": encoding}
    if replaced:
        metadata["replaced_characters"] = replaced
    return text, metadata
