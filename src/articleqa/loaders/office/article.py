"""Make an article of the blocks of a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath

from pydantic import JsonValue

from articleqa.loaders.office.blocks import Block
from articleqa.loaders.office.writer import Notes, Writer
from articleqa.loaders.titles import is_default_title
from articleqa.models import Article


def article_of(
    blocks: Iterable[Block],
    notes: Notes,
    article_id: str,
    source: str,
    *,
    title: str,
    media_type: str,
    extractor: str,
    metadata: Mapping[str, JsonValue],
) -> Article:
    """Return the article; `title` is that in the document's properties.

    The title in the properties comes second, after one that is shown in a title's style: a template often
    leaves that of another document there. Without either, the title is what looks like one at the start, or
    else the file's name.
    """
    writer = Writer(notes)
    writer.write(blocks)
    stated = "" if is_default_title(title.strip(), source) else title
    return writer.builder.article(
        article_id,
        source,
        title=writer.opening.styled_title or stated or writer.opening.title() or PurePath(source).stem,
        media_type=media_type,
        extractor=extractor,
        metadata=metadata,
    )
