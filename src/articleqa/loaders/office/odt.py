"""The ODT loader: OpenDocument texts, read with lxml.

odfpy is not used: its last release is from 2020, it prints what it does not understand, and it takes sixty
times as long.
"""

from __future__ import annotations

import regex
from pydantic import JsonValue

from articleqa.loaders.office.article import article_of
from articleqa.loaders.office.odt_blocks import OdtReader
from articleqa.loaders.office.odt_package import DC, META, OFFICE, Element, odt_parts
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.models import Article

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"

_DATE = regex.compile(r"(\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)?)?)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)?")


def load_odt(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in an OpenDocument text, with all tracked changes accepted.

    Footnotes and endnotes are put below the paragraph, list or table that refers to them. References to them,
    headers, footers, comments and indexes are left out.

    Raises:
        MissingLibraryError: lxml is not installed.
        UnreadableDataError: `data` is not an ODT file, is damaged, locked by a password, or too large.
    """
    optional_import("lxml", extra="odt")
    parts = odt_parts(data)
    body = None if parts.content is None else parts.content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise UnreadableDataError("not an ODT file; open it in its program and save it again")
    reader = OdtReader(body, parts)
    title, metadata = _properties(parts.meta)
    try:
        return article_of(
            reader.body(),
            reader.note,
            article_id,
            source,
            title=title,
            media_type=MEDIA_TYPE,
            extractor=f"lxml/{library_version('lxml')}",
            metadata=metadata,
        )
    except RecursionError:
        raise UnreadableDataError("nested too deeply; copy its text into a new document") from None


def _properties(meta: Element | None) -> tuple[str, dict[str, JsonValue]]:
    """Return the title in the document's properties, and the other properties as metadata."""
    if meta is None:
        return "", {}

    def first(*names: str) -> str:
        values = (meta.findtext(f"{OFFICE}meta/{name}", "").strip() for name in names)
        return next(filter(None, values), "")

    date = _DATE.fullmatch(first(META + "creation-date", DC + "date"))
    found = {
        "author": first(META + "initial-creator", DC + "creator"),
        "date": date[1] + (date[2] or "") if date else "",
        "language": first(DC + "language"),
        "description": first(DC + "description"),
    }
    return first(DC + "title"), {name: value for name, value in found.items() if value}
