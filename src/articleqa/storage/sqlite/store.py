"""Read access to an index on disk: its articles, passages and counts.

Each thread has a connection of its own, and everything that one question reads comes from one state of the
index (`snapshot`), whatever is written meanwhile. A text is compared with its checksum when it is read, so
that no quote comes from a text that has changed.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from articleqa.exceptions import ArticleQAError, IndexBusyError, IndexDamagedError
from articleqa.models import Article
from articleqa.passages import AnalysedPassage
from articleqa.storage.protocol import PassageTerms
from articleqa.storage.sqlite.article_rows import article_of
from articleqa.storage.sqlite.articles import StoredArticles, as_text
from articleqa.storage.sqlite.connection import (
    SearchSide,
    about,
    check_analysis,
    check_format,
    check_tables,
    search_side,
    translate_errors,
)
from articleqa.storage.sqlite.passage_rows import (
    DamagedRecordError,
    Record,
    checked_record,
    passage_of,
    start_of,
)
from articleqa.storage.sqlite.readers import Identity, Readers, SnapshotLostError

Row = tuple[object, ...]
T = TypeVar("T")

KEPT = 64
"""The number of articles that are cached in memory after they were read."""

_TRIES = 5
"""How often a read is tried while the index keeps changing."""

_AT_ONCE = 500
"""The most values in one statement, because SQLite has a limit."""

_PASSAGES = """
    SELECT p.number, p.article, a.id, p.spans, p.terms, p.digest, p.checksum
    FROM passages AS p JOIN articles AS a ON a.number = p.article
"""


class Change(NamedTuple):
    """A state of an index: which database it is, and the number of its last change."""

    database: Identity
    number: int


class DiskStore:
    """A `Store` in a SQLite database."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`.

        Raises:
            IndexFolderError: there is no index, it is damaged, or it is of another version.
        """
        self.folder = folder
        self._readers = Readers(folder)
        self._local = threading.local()
        # Cached by file and number: a changed article gets a new number, so the cache is never stale.
        self._article = lru_cache(maxsize=KEPT)(self._read_article)
        try:
            self._checked = self._check()
        except BaseException:
            self._readers.close()
            raise

    def about(self) -> dict[str, str]:
        """Return the description in the database; see `connection.about`."""
        with translate_errors(self.folder):
            return about(self._connection)

    def search_side(self) -> SearchSide:
        """Return the current search folder and its files, even inside a snapshot of an earlier state.

        Raises:
            SnapshotLostError: another database has replaced the one that is being read.
        """
        now = Readers(self.folder)
        try:
            with translate_errors(self.folder):
                found = search_side(now.connection)
            if now.identity != self._readers.identity:
                raise SnapshotLostError(f"{self.folder}: the index was rebuilt while being read; try again")
        finally:
            now.close()
        return found

    @property
    def articles(self) -> Mapping[str, Article]:
        """See `Store.articles`; each article is read when it is accessed."""
        return StoredArticles(self)

    def article_numbers(self) -> Iterator[int]:
        """Yield the numbers of all articles, in the order in which they were added."""
        for (number,) in self.rows("SELECT number FROM articles ORDER BY number"):
            assert isinstance(number, int)
            yield number

    def titles(self) -> dict[str, str]:
        """See `Store.titles`; no text is read, and no checksum compared."""
        rows = self.rows("SELECT id, title FROM articles ORDER BY number")
        return {str(article_id): str(title) for article_id, title in rows}

    def order_of(self, article_id: str) -> int:
        """See `Store.order_of`.

        Raises:
            KeyError: there is no such article.
        """
        met: dict[str, int] = getattr(self._local, "met", {})
        if article_id in met:
            return met[article_id]
        for (number,) in self.rows("SELECT number FROM articles WHERE id = ?", (as_text(article_id),)):
            assert isinstance(number, int)
            return number
        raise KeyError(article_id)

    def article(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            KeyError: there is no such article.
            IndexDamagedError: it does not match its checksum.
        """
        return self.article_at(self.order_of(article_id))

    def article_at(self, number: int) -> Article:
        """Return the article with this number, which was read from the index.

        Raises:
            IndexDamagedError: the article does not match its checksum, or is missing.
        """
        return self._article(self._readers.identity, number)

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
            DamagedRecordError: a passage does not match its checksum.
        """
        rows = self.rows(
            "SELECT spans, terms, digest, checksum FROM passages WHERE article = ? ORDER BY number",
            (self.order_of(article_id),),
        )
        return [checked_record(*row) for row in rows]

    def copies_of(self, passage: AnalysedPassage) -> Sequence[AnalysedPassage]:
        """See `Store.copies_of`."""
        rows = self.rows(
            "SELECT other.number FROM passages AS p JOIN passages AS other ON other.digest = p.digest"
            " WHERE p.number = ? ORDER BY other.number",
            (int(passage.key),),
        )
        copies = self.passages_at([str(number) for (number,) in rows]) if len(rows) > 1 else [passage]
        if any(len(copy.sentence_terms) != len(passage.sentence_terms) for copy in copies):
            raise self.damage(f"passage {passage.key} has the digest of passages that are not its copies")
        return copies

    def change(self) -> Change:
        """Return the state being read: which database it is, and how many changes were committed to it."""
        match self.rows("SELECT changes FROM totals"):
            case [(int(number),)]:
                return Change(self._readers.identity, number)
        raise self.damage("its number of changes is invalid")

    def consistently(self, read: Callable[[], T]) -> T:
        """See `Store.consistently`."""
        for _ in range(_TRIES):
            with suppress(SnapshotLostError), self.snapshot():
                try:
                    found = read()
                except ArticleQAError:
                    if not self._readers.is_lost():
                        raise
                else:
                    if not self._readers.is_lost():
                        return found
        raise IndexBusyError(f"{self.folder}: the index keeps changing while being read; try again")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Make everything that this thread reads inside the `with` block come from one state of the index."""
        if self._readers.is_reading():
            yield
            return
        self._readers.renew()
        connection = self._connection
        if self._checked != self._readers.identity:
            self._checked = self._check()
        with translate_errors(self.folder):
            connection.execute("BEGIN")
            connection.execute("SELECT passages FROM totals").fetchone()  # the first read fixes the state
        # The numbers of the articles whose passages were read; within a snapshot they do not change.
        self._local.met = {}
        try:
            yield
        finally:
            del self._local.met
            with translate_errors(self.folder):
                connection.rollback()

    def _check(self) -> Identity:
        """Refuse anything but an index of this version; return the identity of the database checked."""
        said = self.about()
        check_format(self.folder, said)
        check_tables(self.folder, self._connection)
        check_analysis(self.folder, said)
        return self._readers.identity

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows that a query selects.

        Raises:
            IndexDamagedError: the database is damaged.
        """
        with translate_errors(self.folder):
            return self._connection.execute(statement, values).fetchall()

    def close(self) -> None:
        """Close the connections of all threads; no thread may be reading. See `Readers.close`."""
        self._readers.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._readers.connection

    def _passages(self, statement: str, values: Sequence[object]) -> list[AnalysedPassage]:
        found: list[AnalysedPassage] = []
        met: dict[str, int] = getattr(self._local, "met", {})
        for number, article, article_id, *record in self.rows(statement, values):
            assert isinstance(article, int)
            met[str(article_id)] = article
            try:
                found.append(passage_of(str(number), str(article_id), Record(*record)))  # type: ignore[arg-type]
            except DamagedRecordError as error:
                raise self.damage(str(error)) from error
        return found

    def _read_article(self, identity: Identity, number: int) -> Article:
        with translate_errors(self.folder):
            try:
                return article_of(self._connection, number)
            except DamagedRecordError as error:
                raise self.damage(str(error)) from error

    def damage(self, what: str) -> IndexDamagedError:
        """Return the error for damage to this index; the clause `what` says what is wrong."""
        return IndexDamagedError(f"{self.folder}: {what}; `articleqa index check {self.folder}` shows more")


def _in_statements(keys: Sequence[str]) -> Iterator[tuple[list[int], str]]:
    """Yield the keys in batches for one statement each: their numbers, and as many question marks."""
    for start in range(0, len(keys), _AT_ONCE):
        numbers = [int(key) for key in keys[start : start + _AT_ONCE]]
        yield numbers, ", ".join("?" * len(numbers))
