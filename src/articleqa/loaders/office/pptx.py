"""The PPTX loader: PowerPoint presentations, read with python-pptx.

A slide is a page. Its title is a heading, and its text is read from top to bottom and from left to right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from pydantic import JsonValue

from articleqa.loaders.office.blocks import Paragraph, Piece
from articleqa.loaders.office.docx_package import docx_package
from articleqa.loaders.office.drawings import show_alternatives
from articleqa.loaders.office.pptx_slides import SlideReader, pieces_of
from articleqa.loaders.office.properties import stated
from articleqa.loaders.office.writer import Writer
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.loaders.titles import is_default_title
from articleqa.models import Article

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

HIDDEN = "(hidden slide)"
"""Stands behind the title of a slide that is not shown."""

NOTES = "Notes"
"""The heading of a slide's notes for the speaker."""

MOST_SHAPES = 50_000
"""Maximum number of slides, shapes and table cells together: reading one takes a third of a millisecond."""

_DML = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PML = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_SHAPES = (*(_PML + name for name in ("sp", "pic", "grpSp", "graphicFrame", "cxnSp")), _DML + "tc")


def load_pptx(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in a PowerPoint presentation, with the notes of each slide below its text.

    Headers, footers, dates and slide numbers are left out, and so are comments and the text of pictures. The
    titles of hidden slides say so.

    Raises:
        MissingLibraryError: python-pptx is not installed.
        UnreadableDataError: `data` is not a PPTX file, is damaged, locked by a password, or too large.
    """
    pptx = optional_import("pptx", extra="pptx")
    package = docx_package(data, "PPTX")
    writer, reader = Writer(lambda _: ()), SlideReader()
    try:
        presentation = pptx.Presentation(package)
        left = MOST_SHAPES
        for number, slide in enumerate(presentation.slides, start=1):
            left -= 1 + sum(1 for _ in slide.element.iter(*_SHAPES))
            if left < 0:
                raise UnreadableDataError(f"has more than {MOST_SHAPES:,} shapes; split it")
            show_alternatives(slide.element)
            writer.builder.page()
            _read_slide(slide, number, presentation.slide_height or 1, reader, writer)
        title, metadata = _properties(presentation)
    except UnreadableDataError:
        raise
    except Exception:  # python-pptx's, lxml's, KeyError, RecursionError, ...: it depends on the damage
        raise UnreadableDataError(
            "not a PPTX file, or a damaged one; open it in its program and save it again"
        ) from None
    return writer.builder.article(
        article_id,
        source,
        # The title in the properties comes second: a template often leaves another one there.
        title=_title_of(presentation, title, source) or PurePath(article_id).stem,
        media_type=MEDIA_TYPE,
        extractor=f"python-pptx/{library_version('python-pptx')}",
        metadata=metadata,
    )


def _properties(presentation: Presentation) -> tuple[str, dict[str, JsonValue]]:
    from pptx.opc.constants import RELATIONSHIP_TYPE

    links = presentation.part.package._rels.values()
    if all(link.reltype != RELATIONSHIP_TYPE.CORE_PROPERTIES for link in links):
        return "", {}  # python-pptx would invent some
    properties = presentation.core_properties
    date = properties.created or properties.modified
    found: dict[str, JsonValue] = {
        "author": properties.author,
        "date": date.isoformat() if date else "",
        "language": properties.language,
        "description": properties.comments,
    }
    return properties.title, stated(found)


def _title_of(presentation: Presentation, stated: str, source: str) -> str:
    """Return the title of the first slide, else the stated one, else the first title of a slide."""
    shapes = [slide.shapes.title for slide in presentation.slides]
    titles = ["" if shape is None else " ".join(shape.text_frame.text.split()) for shape in shapes]
    named = "" if is_default_title(stated, source) else stated
    return next(iter(titles), "") or named or next(filter(None, titles), "")


def _is_hidden(slide: Slide) -> bool:
    return slide.element.get("show") in ("0", "false")


def _read_slide(slide: Slide, number: int, height: int, reader: SlideReader, writer: Writer) -> None:
    title = slide.shapes.title
    # A slide without a title must not seem to belong to the title of the slide before it.
    said = "" if title is None else title.text_frame.text.strip()
    notes = list(_notes_of(slide))
    blocks = list(reader.blocks((shape for shape in slide.shapes if shape != title), height))
    if notes or said or any(not isinstance(block, Paragraph) or block.text for block in blocks):
        name = f"{said or f'Slide {number}'}{f' {HIDDEN}' if _is_hidden(slide) else ''}"
        writer.write([Paragraph([Piece(name)], level=1)])
    writer.write(blocks)
    if notes:
        writer.builder.heading(NOTES, 2)
        writer.write(notes)


def _notes_of(slide: Slide) -> Iterator[Paragraph]:
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for paragraph in () if notes is None else notes.paragraphs:
        if (read := Paragraph(pieces_of(paragraph._p))).text:
            yield read
