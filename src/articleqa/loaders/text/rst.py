"""The reStructuredText loader: text as it stands, its fields as metadata, and its own title."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import regex
from pydantic import JsonValue

from articleqa.dates import day_number
from articleqa.filters import DATE
from articleqa.loaders.text.plain import decoded_text
from articleqa.loaders.titles import shortened
from articleqa.models import Article, Block, BlockKind
from articleqa.text.rst.blocks import read_rst
from articleqa.text.rst.open import Field
from articleqa.text.section_names import names_a_section

MEDIA_TYPE = "text/x-rst"

_LONGEST_VALUE = 1_000
"""Characters of a field's value that are metadata."""

_CREATED = ("created", "published", "last-modified", "updated")
"""Fields that date a document without a field `date`, the first of them that states a day."""

_KEYWORD = regex.compile(r"\$[A-Za-z]+(?::\s*(.*?))?\s*\$")
"""What a version control system fills in: "$Date: 2020-05-17 $"."""

_MARKUP = regex.compile(r":[\w:+.-]+:(?=`)|[*`]+|(?<=\w)_+(?=\s|$)")


def load_rst(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in `data`: its text as decoded, the fields at its head as metadata.

    The title is the field `title`, else the first heading that is no common section such as "Abstract",
    else the first field or line of text above that.

    Raises:
        BinaryDataError: `data` is not text.
    """
    text, decoding = decoded_text(data)
    blocks, found = read_rst(text)
    fields = _values(text, found)
    title = _plain(fields.pop("title", "")) or _title(text, blocks)
    date = next((fields[key] for key in _CREATED if day_number(fields.get(key)) is not None), None)
    dated = {DATE: date} if date and DATE not in fields else {}
    # How the file was read is not for the file to say.
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
    """Return the fields by their names in lower case; of two with one name the first."""
    values: dict[str, str] = {}
    for field in fields:
        value = " ".join(field.value.of(text)[:_LONGEST_VALUE].split())
        if keyword := _KEYWORD.fullmatch(value):
            value = (keyword[1] or "").strip()
        if value:
            values.setdefault(field.name.lower(), value)
    return values


def _title(text: str, blocks: Sequence[Block]) -> str:
    """Return the first heading that names the document, else a line above the first section, else nothing."""
    shown = [block for block in blocks if block.kind is not BlockKind.BOILERPLATE]
    headings = [block for block in shown if block.kind is BlockKind.HEADING]
    first = headings[0] if headings else None
    if first is None or not names_a_section(_plain(first.span.of(text))):
        return _plain((first or shown[0]).span.of(text)) if shown else ""
    if shown[0] is first:
        # A title that no other heading stands beside is the document's, whatever it says.
        is_alone = len(headings) > 1 and all(heading.level > first.level for heading in headings[1:])
        return _plain(first.span.of(text)) if is_alone else ""
    return _plain(shown[0].span.of(text))


def _plain(line: str) -> str:
    """Return a line in one, without its markup."""
    return " ".join(_MARKUP.sub("", line).split())
