"""The Markdown loader."""

from __future__ import annotations

import regex
from pydantic import JsonValue

from articleqa.articles.plain_text import load_plain_text
from articleqa.articles.titles import title_of
from articleqa.models import Article
from articleqa.text.markdown_blocks import front_matter_lines

_FIELD = regex.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)")
_LINK = regex.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = regex.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")


def load_markdown(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`, markup and all, with its front matter's plain fields as metadata.

    The title is the front matter's, else the first heading or line without its markup. Front matter
    is read as lines of `key: value`; nested YAML is left alone.

    Raises:
        BinaryDataError: `data` is not text.
    """
    plain = load_plain_text(data, article_id, source)
    fields = _front_matter(plain.text)
    title = fields.pop("title", "") or _without_markup(title_of(plain.text, "text/markdown")) or plain.title
    metadata: dict[str, JsonValue] = {**plain.metadata, **fields}
    return plain.model_copy(update={"title": title, "media_type": "text/markdown", "metadata": metadata})


def _front_matter(text: str) -> dict[str, str]:
    lines = text.split("\n")[1 : max(1, front_matter_lines(text) - 1)]
    found = (_FIELD.fullmatch(line.rstrip()) for line in lines)
    return {m[1].lower(): m[2].strip("\"' ") for m in found if m and m[2].strip("\"' ")}


def _without_markup(line: str) -> str:
    return _EMPHASIS.sub("", _LINK.sub(r"\1", line)).strip()
