"""The reStructuredText loader: unchanged text, with its fields as metadata and its own title."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import regex
from pydantic import JsonValue

from articleqa.dates import day_number
from articleqa.filters import DATE
from articleqa.language import LAYOUT
from articleqa.loaders.text.plain import decoded_text
from articleqa.loaders.titles import shortened
from articleqa.models import Article, Block, BlockKind
from articleqa.text.rst.blocks import read_rst
from articleqa.text.rst.open import Field
from articleqa.text.section_names import names_a_section

MEDIA_TYPE = "text/x-rst"

_LONGEST_VALUE = 1_000
"""Maximum characters of a field's value that become metadata."""

_KEYWORD = regex.compile(r"\$[A-Za-z]+(?::\s*(.*?))?\s*\$")
"""A keyword that a version control system fills in: "$Date: 2020-05-17 $"."""

_MARKUP = regex.compile(r":[\w:+.-]+:(?=`)|[*`]+|(?<=\w)_+(?=\s|$)")


def load_rst(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`: its decoded text, with the fields at its head as metadata.

    The title is the `title` field, else the first heading unless it is a common section such as "Abstract",
    else the first field or line of text above that heading.

    Raises:
        BinaryDataError: `data` is not text.
    """
    text, decoding = decoded_text(data)
    blocks, found = read_rst(text)
    fields = _values(text, found)
    title = _plain(fields.pop("title", "")) or _title(text, blocks)
    date = next((fields[key] for key in LAYOUT.date_fields if day_number(fields.get(key)) is not None), None)
    dated = {DATE: date} if date and DATE not in fields else {}
    # `decoding` comes last: a field of the file must not override how the file was read.
    metadata: dict[str, JsonValue] = {**fields, **dated, **decoding}
    return Article(
        id=article_id,
        title=shortened(title) or PurePath(article_id).stem,
        text=text,
        source=source,
        media_type=MEDIA_TYPE,
        metadata=metadata,
        blocks=tuple(blocks),
    )


def _values(text: str, fields: Sequence[Field]) -> dict[str, str]:
    """Return the fields by their names in lower case; if a name occurs twice, the first one counts."""
    values: dict[str, str] = {}
    for field in fields:
        value = " ".join(field.value.of(text)[:_LONGEST_VALUE].split())
        if keyword := _KEYWORD.fullmatch(value):
            value = (keyword[1] or "").strip()
        if value:
            values.setdefault(field.name.lower(), value)
    return values


def _title(text: str, blocks: Sequence[Block]) -> str:
    """Return the first heading if it names the document, else a line above it, else an empty string."""
    shown = [block for block in blocks if block.kind is not BlockKind.BOILERPLATE]
    headings = [block for block in shown if block.kind is BlockKind.HEADING]
    first = headings[0] if headings else None
    if first is None or not names_a_section(_plain(first.span.of(text))):
        return _plain((first or shown[0]).span.of(text)) if shown else ""
    if shown[0] is first:
        # If all other headings are at deeper levels, it is the document's title, whatever it says.
        is_alone = len(headings) > 1 and all(heading.level > first.level for heading in headings[1:])
        return _plain(first.span.of(text)) if is_alone else ""
    return _plain(shown[0].span.of(text))


def _plain(line: str) -> str:
    """Return `line` with single spaces and without markup."""
    return " ".join(_MARKUP.sub("", line).split())
