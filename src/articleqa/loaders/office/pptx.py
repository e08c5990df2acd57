"""The PPTX loader: PowerPoint presentations, read with python-pptx.

A slide is a page. Its title is a heading, and its text is read from top to bottom and from left to right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from articleqa.loaders.office.docx_package import docx_package
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.loaders.superscripts import Shift, joined
from articleqa.loaders.text_builder import SHORT_CELL, TextBuilder
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

_DEEPEST_GROUP = 20
_SAME_LINE = 0.02
"""Shapes whose tops differ by at most this share of the slide's height stand beside each other."""

_DML = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TEXT, _RUN, _FIELD, _BREAK = (_DML + name for name in ("t", "r", "fld", "br"))
_PML = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_SHAPES = (*(_PML + name for name in ("sp", "pic", "grpSp", "graphicFrame", "cxnSp")), _DML + "tc")
_BULLETS, _NO_BULLET = (_DML + "buChar", _DML + "buAutoNum", _DML + "buBlip"), _DML + "buNone"

_Shape = Any
"""A shape of python-pptx; which attributes it has depends on its class."""


def load_pptx(data: bytes, article_id: str, source: str) -> Article:
    """Return the article in a PowerPoint presentation, with the notes of each slide below its text.

    Headers, footers, dates and slide numbers are left out, and so are comments and the text of pictures and
    charts. The titles of hidden slides say so.

    Raises:
        MissingLibraryError: python-pptx is not installed.
        UnreadableDataError: `data` is not a PPTX file, is damaged, locked by a password, or too large.
    """
    pptx = optional_import("pptx", extra="pptx")
    package = docx_package(data, "PPTX")
    builder = TextBuilder()
    try:
        presentation = pptx.Presentation(package)
        left = MOST_SHAPES
        for number, slide in enumerate(presentation.slides, start=1):
            left -= 1 + sum(1 for _ in slide.element.iter(*_SHAPES))
            if left < 0:
                raise UnreadableDataError(f"has more than {MOST_SHAPES:,} shapes; split it")
            builder.page()
            _read_slide(slide, number, presentation.slide_height or 1, builder)
        title, metadata = _properties(presentation)
    except UnreadableDataError:
        raise
    except Exception:  # python-pptx's, lxml's, KeyError, RecursionError, ...: it depends on the damage
        raise UnreadableDataError(
            "not a PPTX file, or a damaged one; open it in its program and save it again"
        ) from None
    return builder.article(
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
    return properties.title, {name: value for name, value in found.items() if value}


def _title_of(presentation: Presentation, stated: str, source: str) -> str:
    """Return the title of the first slide, else the stated one, else the first title of a slide."""
    titles = [
        " ".join(title.text_frame.text.split()) for title in map(_title_shape, presentation.slides) if title
    ]
    first = presentation.slides[0] if len(presentation.slides) else None
    is_first = first is not None and _title_shape(first) is not None
    named = "" if is_default_title(stated, source) else stated
    return (titles[0] if is_first else "") or named or next(filter(None, titles), "")


def _is_hidden(slide: Slide) -> bool:
    return slide.element.get("show") in ("0", "false")


def _read_slide(slide: Slide, number: int, height: int, builder: TextBuilder) -> None:
    title = _title_shape(slide)
    # A slide without a title must not seem to belong to the title of the slide before it.
    said = "" if title is None else title.text_frame.text.strip()
    notes = list(_notes_of(slide))
    if notes or any((text.text or "").strip() for text in slide.element.iter(_TEXT)):
        builder.heading(f"{said or f'Slide {number}'}{f' {HIDDEN}' if _is_hidden(slide) else ''}", 1)
    for shape in _in_order((shape for shape in slide.shapes if shape != title), height):
        _read_shape(shape, height, builder)
    if notes:
        builder.heading(NOTES, 2)
    for paragraph in notes:
        builder.paragraph(paragraph)


def _notes_of(slide: Slide) -> Iterator[str]:
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for paragraph in () if notes is None else notes.paragraphs:
        if (text := _said(paragraph._p)).strip():
            yield text


def _title_shape(slide: Slide) -> _Shape | None:
    return slide.shapes.title


def _in_order(shapes: Iterable[_Shape], height: int) -> list[_Shape]:
    """Return the shapes, those of groups too, from top to bottom, and from left to right in a line."""
    placed = sorted(_ungrouped(shapes), key=lambda shape: (shape.top or 0, shape.left or 0))
    lines: list[list[_Shape]] = []
    for shape in placed:
        if lines and (shape.top or 0) - (lines[-1][0].top or 0) <= _SAME_LINE * height:
            lines[-1].append(shape)
        else:
            lines.append([shape])
    return [shape for line in lines for shape in sorted(line, key=lambda shape: shape.left or 0)]


def _ungrouped(shapes: Iterable[_Shape]) -> Iterator[_Shape]:
    """Yield the shapes, except those that repeat on each slide."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    repeated = (
        PP_PLACEHOLDER.DATE,
        PP_PLACEHOLDER.FOOTER,
        PP_PLACEHOLDER.HEADER,
        PP_PLACEHOLDER.SLIDE_NUMBER,
    )
    for shape in shapes:
        if not (shape.is_placeholder and shape.placeholder_format.type in repeated):
            yield shape


def _read_shape(shape: _Shape, height: int, builder: TextBuilder, depth: int = 0) -> None:
    from pptx.shapes.group import GroupShape

    if isinstance(shape, GroupShape):
        if depth == _DEEPEST_GROUP:
            raise UnreadableDataError(f"shapes are grouped more than {_DEEPEST_GROUP} deep; ungroup some")
        # Within a group places are measured in units of its own, which are enough to order it.
        for inner in _in_order(shape.shapes, height):
            _read_shape(inner, height, builder, depth + 1)
    elif getattr(shape, "has_table", False):
        _read_table(shape.table, builder)
    elif shape.has_text_frame:
        is_outline = _is_outline(shape)
        for paragraph in shape.text_frame.paragraphs:
            text = _said(paragraph._p)
            if _is_item(paragraph._p, is_outline=is_outline):
                builder.item(text, min(paragraph.level, 8) + 1)
            else:
                builder.paragraph(text)


def _is_outline(shape: _Shape) -> bool:
    """Return whether the paragraphs of a shape are items unless they say otherwise."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    outlines = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)
    return bool(shape.is_placeholder) and shape.placeholder_format.type in outlines


def _is_item(paragraph: Any, *, is_outline: bool) -> bool:
    properties = paragraph.pPr
    if properties is not None:
        if any(properties.find(bullet) is not None for bullet in _BULLETS):
            return True
        if properties.find(_NO_BULLET) is not None:
            return False
    return is_outline


def _said(paragraph: Any) -> str:
    """Return the text of a paragraph, with raised and lowered digits as such; page numbers are left out."""
    pieces: list[tuple[str, Shift]] = []
    for part in paragraph:
        if part.tag == _BREAK:
            pieces.append((" ", Shift.NONE))
        elif part.tag == _RUN or (part.tag == _FIELD and not part.get("type", "").startswith("slidenum")):
            properties, text = part.find(_DML + "rPr"), part.find(_TEXT)
            rise = "0" if properties is None else properties.get("baseline", "0")
            shift = Shift.LOWERED if rise.startswith("-") else Shift.NONE
            shift = Shift.RAISED if shift is Shift.NONE and rise.rstrip("%").strip("0") else shift
            pieces.append(("" if text is None else text.text or "", shift))
    return joined(pieces)


def _read_table(table: Any, builder: TextBuilder) -> None:
    rows = [[_cell(cell) for cell in row.cells] for row in table.rows]
    for number, row in enumerate(rows):
        is_short = max(map(len, row), default=0) <= SHORT_CELL
        is_head = number == 0 and len(rows) > 1 and bool(table.first_row) and is_short
        (builder.header_row if is_head else builder.row)(row)


def _cell(cell: Any) -> str:
    """Return the text of a cell; none if another cell is merged over it."""
    return "" if cell.is_spanned else " ".join(_said(each._p) for each in cell.text_frame.paragraphs)
