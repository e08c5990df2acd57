"""The Markdown loader."""

from __future__ import annotations

from pathlib import PurePath

import regex
from pydantic import JsonValue

from articleqa.loaders.text.plain import decoded_text
from articleqa.loaders.titles import shortened
from articleqa.models import Article
from articleqa.text.markdown.blocks import title_block
from articleqa.text.markdown.front_matter import front_matter

MEDIA_TYPE = "text/markdown"

_LINK = regex.compile(r"!?\[([^\[\]]*+)\]\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)")
_TAG = regex.compile(r"</?[A-Za-z][^<>]*+>")
_EMPHASIS = regex.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")


def load_markdown(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`: its text with all markup, and its front matter's fields as metadata.

    The title is the one in the front matter, else the first level 1 heading, else the first other heading
    or line, without markup; see `title_block`.

    Raises:
        BinaryDataError: `data` is not text.
    """
    text, decoding = decoded_text(data)
    fields = dict(front_matter(text).fields or {})
    title = _title(fields.pop("title", None)) or _first_title(text) or PurePath(article_id).stem
    # `decoding` comes last: a field of the file must not override how the file was read.
    metadata: dict[str, JsonValue] = {**fields, **decoding}
    return Article(
        id=article_id, title=title, text=text, source=source, media_type=MEDIA_TYPE, metadata=metadata
    )


def _title(field: JsonValue) -> str:
    return shortened(" ".join(field.split())) if isinstance(field, str) else ""


def _first_title(text: str) -> str:
    block = title_block(text)
    line = block.span.of(text).splitlines()[0] if block else ""
    return shortened(_without_markup(" ".join(line.split())))


def _without_markup(line: str) -> str:
    # Links are replaced twice, for an image inside a link.
    return _EMPHASIS.sub("", _TAG.sub("", _LINK.sub(r"\1", _LINK.sub(r"\1", line)))).strip()
