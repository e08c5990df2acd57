"""The EPUB loader, for e-books without DRM.

It does not use trafilatura: a book has no boilerplate, and none of its text may be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from articleqa.loaders.archives import open_zip
from articleqa.loaders.element_blocks import ElementBlock
from articleqa.loaders.elements import blocks_of_elements
from articleqa.loaders.epub.contents import without_contents
from articleqa.loaders.epub.headings import sizes_of_classes, with_styled_headings
from articleqa.loaders.epub.markup import body_of, plain, types_of
from articleqa.loaders.epub.package import Chapter, Package
from articleqa.loaders.protocol import UnreadableDataError, library_version, optional_import
from articleqa.loaders.text_builder import TextBuilder
from articleqa.models import Article

if TYPE_CHECKING:
    from lxml.etree import _Element

_LONGEST_COVER = 300
"""Maximum characters of a cover; a longer page that is marked as a cover is a page to read."""


def load_epub(data: bytes, article_id: str, source: str) -> Article:
    """Return the text of the e-book in `data`, chapter by chapter in reading order.

    The cover and the lists of contents (of chapters, pages, illustrations, tables) are left out.

    Raises:
        MissingLibraryError: lxml is not installed.
        UnreadableDataError: `data` is not an EPUB, or is damaged, locked or too large.
    """
    etree = optional_import("lxml.etree", extra="epub")
    builder = TextBuilder()
    try:
        with open_zip(data) as archive:
            package = Package(archive)
            blocks = [block for chapter in package.chapters() for block in _blocks(chapter)]
            for block in with_styled_headings(blocks, sizes_of_classes(package.style_sheets())):
                block.add_to(builder)
    except UnreadableDataError:
        raise
    except (etree.LxmlError, ValueError, LookupError, RuntimeError) as error:
        raise UnreadableDataError("a damaged EPUB file; copy or download it again") from error
    found = package.metadata()
    return builder.article(
        article_id,
        source,
        title=found.pop("title", ""),
        media_type="application/epub+zip",
        extractor=f"lxml/{library_version('lxml')}",
        metadata=found,
    )


def _blocks(chapter: Chapter) -> Iterator[ElementBlock]:
    body = body_of(chapter.data)
    if body is None or (_is_cover(chapter, body) and len(plain(body)) <= _LONGEST_COVER):
        return
    blocks = list(blocks_of_elements(body))
    yield from without_contents(blocks, chapter.contents_at) if chapter.is_contents else blocks


def _is_cover(chapter: Chapter, body: _Element) -> bool:
    return chapter.is_cover or "cover" in types_of(body) or any("cover" in types_of(child) for child in body)
