"""The DOCX loader: Word documents, opened with python-docx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import JsonValue

from articleqa.loaders.office.article import article_of
from articleqa.loaders.office.docx_blocks import DocxReader
from articleqa.loaders.office.docx_package import docx_package
from articleqa.loaders.office.properties import stated
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.models import Article

if TYPE_CHECKING:
    from docx.document import Document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def load_docx(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in a Word document, with all tracked changes accepted.

    Footnotes and endnotes are put below the paragraph, list or table that refers to them. References to them,
    headers, footers, comments, hidden text and tables of contents are left out.

    Raises:
        MissingLibraryError: python-docx is not installed.
        UnreadableDataError: `data` is not a DOCX file, is damaged, locked by a password, or too large.
    """
    docx = optional_import("docx", extra="docx")
    package = docx_package(data)
    try:
        document = docx.Document(package)
        reader = DocxReader(document)
        title, metadata = _properties(document)
        return article_of(
            reader.body(),
            reader.note,
            article_id,
            source,
            title=title,
            media_type=MEDIA_TYPE,
            extractor=f"python-docx/{library_version('python-docx')}",
            metadata=metadata,
        )
    except UnreadableDataError:
        raise
    except Exception:  # python-docx's, lxml's, KeyError, RecursionError, ...: it depends on the damage
        raise UnreadableDataError(
            "not a DOCX file, or a damaged one; open it in its program and save it again"
        ) from None


def _properties(document: Document) -> tuple[str, dict[str, JsonValue]]:
    """Return the title in the document's properties, and the other properties as metadata."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    if all(link.reltype != RELATIONSHIP_TYPE.CORE_PROPERTIES for link in document.part.package.rels.values()):
        return "", {}  # python-docx would invent some
    properties = document.core_properties
    date = properties.created or properties.modified
    found = {
        "author": properties.author,
        "date": date.isoformat() if date else "",
        "language": properties.language,
        "description": properties.comments,
    }
    return properties.title, stated(found)
