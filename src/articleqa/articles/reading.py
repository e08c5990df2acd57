"""A file's bytes into articles: one, or as many as an archive, a table or a crawl holds."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import NamedTuple

from articleqa.articles.contract import UnreadableDataError
from articleqa.articles.formats import CSV, GZIP, HEAD, JSONL, TEXT, WARC, ZIP, Format, format_of
from articleqa.articles.plain_text import load_plain_text
from articleqa.articles.records import Fields, load_csv, load_jsonl
from articleqa.models import Article

DEEPEST = 3
"""Archives in each other: a crawl that is packed, within an archive."""


class Named(NamedTuple):
    """Bytes with the name of their file, the id that an article in them gets, and its source."""

    data: bytes
    name: str
    article_id: str
    source: str


def read(file: Named, fields: Fields) -> Iterator[Article]:
    """Yield the articles of a file; each has the SHA-256 of all its bytes in its metadata.

    `fields` names the fields of records. A file of which nothing is known is read as plain text. The
    articles of a file that holds several have its id and source with what they are called within it.

    Raises:
        UnreadableDataError: the file cannot be read; a clause says why.
        BinaryDataError: it is not text.
    """
    digest = hashlib.sha256(file.data).hexdigest()
    for article in _read(file, fields, 0):
        yield article.model_copy(update={"metadata": {**article.metadata, "sha256": digest}})


def _read(file: Named, fields: Fields, depth: int) -> Iterator[Article]:
    found = format_of(file.name, file.data[:HEAD]) or TEXT
    if not found.holds:
        yield found.load()(file.data, file.article_id, file.source)
    elif depth == DEEPEST:
        raise UnreadableDataError(f"archives within archives, more than {DEEPEST} deep")
    else:
        yield from _HOLDERS[found](file, fields, depth)


def _read_jsonl(file: Named, fields: Fields, depth: int) -> Iterator[Article]:
    del depth
    yield from load_jsonl(file.data, file.article_id, file.source, fields)


def _read_csv(file: Named, fields: Fields, depth: int) -> Iterator[Article]:
    del depth
    yield from load_csv(file.data, file.article_id, file.source, fields)


def _read_gzip(file: Named, fields: Fields, depth: int) -> Iterator[Article]:
    from articleqa.articles.archives import open_gzip

    inner = PurePath(file.name).stem if file.name.lower().endswith(".gz") else file.name
    yield from _read(file._replace(data=open_gzip(file.data), name=inner), fields, depth + 1)


def _read_zip(file: Named, fields: Fields, depth: int) -> Iterator[Article]:
    from articleqa.articles.archives import zip_members

    for name, data in zip_members(file.data):
        # What is no article is passed over: an archive of a page holds its pictures too.
        if format_of(name, data[:HEAD]) is not None:
            member = Named(data, name, f"{file.article_id}/{name}", f"{file.source}/{name}")
            yield from _read(member, fields, depth + 1)


def _read_warc(file: Named, fields: Fields, depth: int) -> Iterator[Article]:
    from articleqa.articles.html import article_of_page
    from articleqa.articles.warc import warc_pages

    del fields, depth
    seen: Counter[str] = Counter()
    for page in warc_pages(file.data):
        seen[page.uri] += 1  # a crawler may come again
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


_HOLDERS: dict[Format, Callable[[Named, Fields, int], Iterator[Article]]] = {
    JSONL: _read_jsonl,
    CSV: _read_csv,
    GZIP: _read_gzip,
    ZIP: _read_zip,
    WARC: _read_warc,
}
