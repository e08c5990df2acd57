"""The Markdown loader."""

from __future__ import annotations

from pathlib import PurePath

import regex
from pydantic import JsonValue

from articleqa.articles.plain_text import decoded_text
from articleqa.articles.titles import first_line, shortened
from articleqa.models import Article
from articleqa.text.markdown_blocks import FRONT_MATTER, front_matter_lines

MEDIA_TYPE = "text/markdown"

_FIELD = regex.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)")
_LINE_END = regex.compile(r"\r\n?|\n")
_LINK = regex.compile(r"!?\[([^\[\]]*+)\]\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)")
_EMPHASIS = regex.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")


def load_markdown(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`, markup and all, with its front matter's plain fields as metadata.

    The title is the front matter's, else the first heading or line without its markup. Front matter
    is read as lines of `key: value`, a value in brackets as a list of words; nested YAML is left alone.

    Raises:
        BinaryDataError: `data` is not text.
    """
    text, decoding = decoded_text(data)
    fields = _front_matter(text)
    line = _without_markup(first_line(text, MEDIA_TYPE))
    title = shortened(" ".join(fields.pop("title", "").split()) or line) or PurePath(article_id).stem
    # How the file was read is not for the file to say.
    metadata = {**{key: _value(written) for key, written in fields.items()}, **decoding}
    return Article(
        id=article_id, title=title, text=text, source=source, media_type=MEDIA_TYPE, metadata=metadata
    )


def _front_matter(text: str) -> dict[str, str]:
    lines = _LINE_END.split(text[:FRONT_MATTER])[1 : max(1, front_matter_lines(text) - 1)]
    found = (_FIELD.fullmatch(line.rstrip()) for line in lines)
    return {m[1].lower(): m[2].strip("\"' ") for m in found if m and m[2].strip("\"' ")}


def _value(written: str) -> JsonValue:
    """Return a value as YAML means it: a list in brackets, else text."""
    if not (written.startswith("[") and written.endswith("]")):
        return written
    return [item.strip("\"' ") for item in written[1:-1].split(",") if item.strip("\"' ")]


def _without_markup(line: str) -> str:
    # Twice, for an image inside a link.
    return _EMPHASIS.sub("", _LINK.sub(r"\1", _LINK.sub(r"\1", line))).strip()
