"""Reading an index on disk: its articles, passages and counts.

Each thread has a connection of its own, and all that one question reads is of one moment (`snapshot`),
whatever is written meanwhile. A text is checked against its checksum when it is read: no quote is cut
from one that is not as it was written.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from articleqa.exceptions import IndexDamagedError
from articleqa.models import Article, Block, BlockKind, Span
from articleqa.passages import AnalysedPassage
from articleqa.storage.connection import about, check_analysis, check_format, connect, in_words
from articleqa.storage.contract import PassageTerms
from articleqa.storage.records import DamagedRecordError, Record, passage_of, start_of, whole_record
from articleqa.storage.schema import FORMAT

Row = tuple[object, ...]

KEPT = 64
"""Articles that stay in memory after they were read."""

_AT_ONCE = 500
"""Values in one statement; SQLite has a limit."""

_PASSAGES = """
    SELECT p.number, p.article, a.id, p.spans, p.terms, p.checksum
    FROM passages AS p JOIN articles AS a ON a.number = p.article
"""


class DiskStore:
    """A `Store` in a SQLite database."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`.

        Raises:
            IndexFolderError: there is none, it is damaged, or of another version.
        """
        self.folder = folder
        self._local = threading.local()
        # By number, which a changed article does not keep, so that what is kept is never stale.
        self._article = lru_cache(maxsize=KEPT)(self._read_article)
        said = self.about()
        check_format(folder, said)
        check_analysis(folder, said)

    def about(self) -> dict[str, str]:
        """Return what the index says of itself."""
        with in_words(self.folder):
            return about(self._connection)

    @property
    def articles(self) -> Mapping[str, Article]:
        """See `Store.articles`; each is read when it is asked for."""
        return _Articles(self)

    def order_of(self, article_id: str) -> int:
        """See `Store.order_of`.

        Raises:
            KeyError: there is no such article.
        """
        met: dict[str, int] = getattr(self._local, "met", {})
        if article_id in met:
            return met[article_id]
        for (number,) in self.rows("SELECT number FROM articles WHERE id = ?", (_as_text(article_id),)):
            assert isinstance(number, int)
            return number
        raise KeyError(article_id)

    def article(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            KeyError: there is no such article.
            IndexDamagedError: it is not as it was written.
        """
        return self._article(self.order_of(article_id))

    def passages_at(self, keys: Sequence[str]) -> list[AnalysedPassage]:
        """See `Store.passages_at`."""
        found: dict[str, AnalysedPassage] = {}
        for numbers, marks in _in_statements(keys):
            for passage in self._passages(f"{_PASSAGES} WHERE p.number IN ({marks})", numbers):
                found[passage.key] = passage
        return [found[key] for key in keys if key in found]

    def terms_at(self, keys: Sequence[str]) -> list[PassageTerms]:
        """See `Store.terms_at`."""
        found: list[PassageTerms] = []
        for numbers, marks in _in_statements(keys):
            statement = f"SELECT number, article, spans, terms FROM passages WHERE number IN ({marks})"
            for number, article, spans, terms in self.rows(statement, numbers):
                assert isinstance(article, int)
                assert isinstance(spans, bytes)
                found.append(PassageTerms(str(number), article, start_of(spans), str(terms).split()))
        return found

    def passages_of(self, article_id: str) -> list[AnalysedPassage]:
        """Return an article's passages in reading order."""
        return self._passages(f"{_PASSAGES} WHERE a.id = ? ORDER BY p.number", (article_id,))

    def checksums(self) -> dict[str, bytes]:
        """Return the checksum of each article, by id."""
        return dict(self.rows("SELECT id, checksum FROM articles"))  # type: ignore[arg-type]

    def records_of(self, article_id: str) -> list[Record]:
        """Return an article's passages as they are stored, in reading order.

        Raises:
            DamagedRecordError: one is not as it was written.
        """
        rows = self.rows(
            "SELECT spans, terms, digest, checksum FROM passages WHERE article = ? ORDER BY number",
            (self.order_of(article_id),),
        )
        return [whole_record(*row) for row in rows]

    def copies_of(self, passage: AnalysedPassage) -> Sequence[AnalysedPassage]:
        """See `Store.copies_of`."""
        rows = self.rows(
            "SELECT other.number FROM passages AS p JOIN passages AS other ON other.digest = p.digest"
            " WHERE p.number = ? ORDER BY other.number",
            (int(passage.key),),
        )
        return [passage] if len(rows) < 2 else self.passages_at([str(number) for (number,) in rows])

    def totals(self) -> tuple[int, int]:
        """Return how many passages there are, and how many terms they have together."""
        ((passages, terms),) = self.rows("SELECT passages, terms FROM totals")
        assert isinstance(passages, int)
        assert isinstance(terms, int)
        return passages, terms

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each term stands."""
        found: dict[str, int] = {}
        for term in terms:
            rows = self.rows("SELECT passages FROM terms WHERE term = ?", (term,))
            found[term] = int(str(rows[0][0])) if rows else 0
        return found

    def terms_like(self, term: str, longest_difference: int) -> list[str]:
        """Return the terms that begin with the same letter and are about as long."""
        first, size = term[:1], len(term)
        return [
            str(other)
            for (other,) in self.rows(
                "SELECT term FROM terms WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
                (first, chr(ord(first) + 1), size - longest_difference, size + longest_difference),
            )
        ]

    def change(self) -> int:
        """Return how many changes were committed."""
        ((number,),) = self.rows("SELECT changes FROM totals")
        assert isinstance(number, int)
        return number

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See `Store.snapshot`."""
        connection = self._connection
        if connection.in_transaction:
            yield
            return
        with in_words(self.folder):
            connection.execute("BEGIN")
            connection.execute("SELECT passages FROM totals").fetchone()  # from here on it is one moment
        # The numbers of the articles whose passages were read: within a snapshot they stay what they are.
        self._local.met = {}
        try:
            yield
        finally:
            del self._local.met
            connection.rollback()

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows that a query finds.

        Raises:
            IndexDamagedError: the database is damaged.
        """
        with in_words(self.folder):
            return self._connection.execute(statement, values).fetchall()

    def close(self) -> None:
        """Close this thread's connection."""
        if found := getattr(self._local, "connection", None):
            found.close()
            del self._local.connection, self._local.process

    @property
    def _connection(self) -> sqlite3.Connection:
        """This thread's, opened anew in a process that was forked: connections do not survive that."""
        if getattr(self._local, "process", None) != os.getpid():
            self._local.connection = connect(self.folder)
            self._local.process = os.getpid()
        connection = self._local.connection
        assert isinstance(connection, sqlite3.Connection)
        return connection

    def _passages(self, statement: str, values: Sequence[object]) -> list[AnalysedPassage]:
        found: list[AnalysedPassage] = []
        met: dict[str, int] = getattr(self._local, "met", {})
        for number, article, article_id, spans, terms, checksum in self.rows(statement, values):
            assert isinstance(article, int)
            assert isinstance(spans, bytes)
            assert isinstance(checksum, int)
            met[str(article_id)] = article
            try:
                found.append(passage_of(str(number), str(article_id), spans, str(terms), checksum))
            except DamagedRecordError as error:
                raise self._damage(str(error)) from error
        return found

    def _read_article(self, number: int) -> Article:
        with in_words(self.folder):
            try:
                return article_of(self._connection, number)
            except ValueError as error:
                raise self._damage(str(error)) from error

    def _damage(self, what: str) -> IndexDamagedError:
        return IndexDamagedError(f"{self.folder}: {what}; `articleqa index check {self.folder}` tells more")


def _in_statements(keys: Sequence[str]) -> Iterator[tuple[list[int], str]]:
    """Yield the numbers that go into one statement, and as many question marks."""
    for start in range(0, len(keys), _AT_ONCE):
        numbers = [int(key) for key in keys[start : start + _AT_ONCE]]
        yield numbers, ", ".join("?" * len(numbers))


FIELDS = ("id", "title", "source", "media_type", "metadata", "text", "layout")
"""The columns that an article's checksum is of."""

_FIELDS_BY_FORMAT = {1: FIELDS[:6], FORMAT: FIELDS}


def fields_of(article: Article) -> list[str]:
    """Return an article's values in the order of `FIELDS`."""
    metadata = json.dumps(dict(article.metadata), ensure_ascii=False, sort_keys=True)
    fields = [article.id, article.title, article.source, article.media_type, metadata, article.text]
    return [*fields, layout_of(article)]


def layout_of(article: Article) -> str:
    """Return an article's blocks and pages as JSON; empty where it has neither."""
    if article.blocks is None and not article.pages:
        return ""
    blocks = [
        [block.kind.value, block.span.start, block.span.end, block.level, int(block.hard_wrapped)]
        for block in article.blocks or ()
    ]
    return json.dumps({"blocks": None if article.blocks is None else blocks, "pages": article.pages})


def _laid_out(layout: str) -> dict[str, object]:
    """Return what `layout_of` stored, as an article's `blocks` and `pages`."""
    found: dict[str, Any] = json.loads(layout) if layout else {"blocks": None, "pages": ()}
    blocks = tuple(
        Block(BlockKind(kind), Span(start, end), level=level, hard_wrapped=bool(wrapped))
        for kind, start, end, level, wrapped in found["blocks"] or ()
    )
    return {"blocks": None if found["blocks"] is None else blocks, "pages": tuple(found["pages"])}


def checksum_of(values: Iterable[object]) -> bytes:
    """Return the checksum of an article's `FIELDS`: BLAKE2b, 16 bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        data = str(value).encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.digest()


def article_of(connection: sqlite3.Connection, number: int, version: int = FORMAT) -> Article:
    """Return the article with this number, from an index of the format `version`.

    Raises:
        ValueError: it is not as it was written.
        KeyError: there is none.
    """
    fields = _FIELDS_BY_FORMAT[version]
    row = connection.execute(
        f"SELECT {', '.join(fields)}, checksum FROM articles WHERE number = ?", (number,)
    ).fetchone()
    if row is None:
        raise KeyError(number)
    *values, checksum = row
    if checksum_of(values) != checksum:
        raise ValueError(f"the article {values[0]!r} is not as it was written")
    # Not validated again: these are the very values of an article that was valid.
    found = dict(zip(fields, values, strict=True))
    layout = _laid_out(found.pop("layout", ""))
    return Article.model_construct(**found | layout | {"metadata": json.loads(found["metadata"])})


def _as_text(article_id: str) -> str:
    """Return an id with halves of surrogate pairs, which no article's has, as they can be looked for."""
    return article_id.encode("utf-8", "backslashreplace").decode()


class _Articles(Mapping[str, Article]):
    """The articles of a store, read when they are asked for."""

    def __init__(self, store: DiskStore) -> None:
        self._store = store

    def __getitem__(self, article_id: str) -> Article:
        return self._store.article(article_id)

    def __iter__(self) -> Iterator[str]:
        return (str(found) for (found,) in self._store.rows("SELECT id FROM articles ORDER BY number"))

    def __len__(self) -> int:
        ((number,),) = self._store.rows("SELECT count(*) FROM articles")
        return int(str(number))

    def __contains__(self, article_id: object) -> bool:
        return isinstance(article_id, str) and bool(
            self._store.rows("SELECT 1 FROM articles WHERE id = ?", (_as_text(article_id),))
        )
