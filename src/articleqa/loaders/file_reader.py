"""Read a file's bytes as articles: one, or all those in an archive, a table or a web archive."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import NamedTuple

from articleqa.loaders.archives import ZipKind, zip_kind
from articleqa.loaders.encoding import BinaryDataError
from articleqa.loaders.protocol import UnreadableDataError
from articleqa.loaders.records import Fields, load_csv, load_jsonl
from articleqa.loaders.registry import (
    CSV,
    DOCX,
    EPUB,
    GZIP,
    HEAD,
    JSONL,
    ODT,
    TEXT,
    ZIP,
    ZIP_SIGNATURE,
    Format,
    format_of,
)
from articleqa.loaders.text.plain import load_plain_text
from articleqa.models import Article

DEEPEST = 3
"""How many archives may be nested: enough for a compressed web archive within an archive."""

ZIPPED: Mapping[ZipKind, Format] = {"docx": DOCX, "odt": ODT, "epub": EPUB, "zip": ZIP}


class Named(NamedTuple):
    """A file's bytes and name, with the id and the source that its article gets."""

    data: bytes
    name: str
    article_id: str
    source: str


class Reader:
    """Reads files; `lost` lists the parts of archives that cannot be read, with their sources and reasons."""

    def __init__(self, fields: Fields) -> None:
        """Use `fields` to read the records of JSONL and CSV files."""
        self._fields = fields
        self.lost: list[tuple[str, str]] = []

    def read(self, file: Named) -> Iterator[Article]:
        """Yield the articles of a file, each with the SHA-256 of the whole file in its metadata.

        A file of unknown format is read as plain text. If a file holds several articles, the id and the
        source of each are those of the file followed by the article's name within it.

        Raises:
            UnreadableDataError: the file cannot be read; the message is a clause that says why.
            BinaryDataError: the file is not text.
        """
        digest = hashlib.sha256(file.data).hexdigest()
        for article in self._read(file, 0):
            yield article.model_copy(update={"metadata": {**article.metadata, "sha256": digest}})

    def _read(self, file: Named, depth: int) -> Iterator[Article]:
        found = format_of(file.name, file.data[:HEAD]) or TEXT
        try:
            if file.data.startswith(ZIP_SIGNATURE):
                found = ZIPPED[zip_kind(file.data)]  # whatever its name says
            if not found.holds:
                yield found.load()(file.data, file.article_id, file.source)
                return
        except UnreadableDataError as error:
            if found is ZIP:
                raise
            # Users need not know that their document is a ZIP archive inside.
            told = str(error).replace("not a ZIP archive", f"not a {found.name} file")
            raise type(error)(told) if type(error) is UnreadableDataError else error from None
        if depth == DEEPEST:
            raise UnreadableDataError(f"archives nested more than {DEEPEST} deep")
        yield from self._held(found, file, depth + 1)

    def _held(self, found: Format, file: Named, depth: int) -> Iterator[Article]:
        """Yield the articles of a file in a format that holds several."""
        if found in (JSONL, CSV):
            load = load_jsonl if found is JSONL else load_csv
            yield from load(file.data, file.article_id, file.source, self._fields)
        elif found is GZIP:
            from articleqa.loaders.archives import open_gzip

            inner = PurePath(file.name).stem if file.name.lower().endswith(".gz") else file.name
            yield from self._read(file._replace(data=open_gzip(file.data), name=inner), depth)
        elif found is ZIP:
            yield from self._members(file, depth)
        else:
            yield from _crawled(file)

    def _members(self, file: Named, depth: int) -> Iterator[Article]:
        from articleqa.loaders.archives import zip_members

        for name, data in zip_members(file.data):
            # Skip what is not an article: an archive of a web page holds its pictures too.
            if format_of(name, data[:HEAD]) is None:
                continue
            member = Named(data, name, f"{file.article_id}/{name}", f"{file.source}/{name}")
            try:
                yield from list(self._read(member, depth))
            except BinaryDataError:
                self.lost.append((member.source, "not text, nor of a format that is read"))
            except UnreadableDataError as error:
                self.lost.append((member.source, str(error)))


def _crawled(file: Named) -> Iterator[Article]:
    from articleqa.loaders.html import article_of_page
    from articleqa.loaders.web_archives.warc import warc_pages

    seen: Counter[str] = Counter()
    for page in warc_pages(file.data):
        seen[page.uri] += 1  # a crawler may visit a page again
        name = page.uri if seen[page.uri] == 1 else f"{page.uri}#{seen[page.uri]}"
        place = f"{file.article_id}/{name}", f"{file.source}/{name}"
        about = {"url": page.uri} | ({"saved": page.date} if page.date else {})
        if page.media_type == "text/plain":
            article = load_plain_text(page.payload, *place)
            yield article.model_copy(update={"metadata": {**article.metadata, **about}})
        else:
            yield article_of_page(
                page.payload, *place, media_type="text/html", charset=page.charset, metadata=about
            )
