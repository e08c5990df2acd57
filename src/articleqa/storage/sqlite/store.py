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
from functools import partial
from pathlib import Path
from typing import TypeVar

from articleqa.exceptions import ArticleQAError, IndexBusyError, IndexDamagedError
from articleqa.models import Article
from articleqa.passage_text import PassageText
from articleqa.passages import AnalysedPassage
from articleqa.storage.identity import check_analysis
from articleqa.storage.protocol import Document
from articleqa.storage.sqlite.article_rows import articles_of
from articleqa.storage.sqlite.articles import DiskArticles, as_text
from articleqa.storage.sqlite.connection import (
    SearchSide,
    about,
    check_format,
    check_tables,
    search_side,
    translate_errors,
)
from articleqa.storage.sqlite.kept_articles import KeptArticle, KeptArticles
from articleqa.storage.sqlite.passage_rows import (
    DamagedRecordError,
    Record,
    checked_record,
    passage_of,
    start_of,
)
from articleqa.storage.sqlite.readers import Change, Identity, Readers, SnapshotLostError
from articleqa.storage.sqlite.statements import in_statements

Row = tuple[object, ...]
T = TypeVar("T")

_TRIES = 5
"""How often a read is tried while the index keeps changing."""

_PASSAGES = """
    SELECT p.number, p.article, a.id, p.spans, p.terms, p.digest, p.checksum
    FROM passages AS p JOIN articles AS a ON a.number = p.article
"""

_COPIES = """
    SELECT number, digest FROM passages
    WHERE digest IN (SELECT digest FROM passages WHERE number IN ({}))
"""


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
        self._kept = KeptArticles()
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
        return DiskArticles(self)

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
        """Return the number of an article, which is greater for one that was added later.

        Raises:
            KeyError: there is no such article.
        """
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
        return self._articles_at([number])[number].article

    def documents_at(self, keys: Sequence[str]) -> list[Document]:
        """See `Store.documents_at`."""
        return self._at(keys)

    def _at(self, keys: Sequence[str]) -> list[Document]:
        found: list[Document] = []
        for numbers, marks in in_statements(list(map(int, keys))):
            found += self._documents(f"{_PASSAGES} WHERE p.number IN ({marks})", numbers)
        return found

    def texts_at(self, keys: Sequence[str]) -> Mapping[str, PassageText]:
        """See `Store.texts_at`; each text is compared with its article's checksum when it is read."""
        met: dict[str, Document] = getattr(self._local, "met", {})
        new = [key for key in keys if key not in met]
        documents = [met[key] for key in keys if key in met] + self._at(new)
        if len(documents) < len(keys):
            raise self.damage("a passage is missing")
        kept = self._articles_at([document.order for document in documents])
        pairs = ((document, kept[document.order]) for document in documents)
        return {d.key: PassageText.of(each.article, d.passage.passage, each.lines) for d, each in pairs}

    def passages_at(self, keys: Sequence[str]) -> list[AnalysedPassage]:
        """Return the passages with these keys, in the order of the keys; unknown keys are skipped."""
        found = {document.key: document for document in self._at(keys)}
        return [found[key].passage for key in keys if key in found]

    def passages_of(self, article_id: str) -> list[AnalysedPassage]:
        """Return an article's passages in reading order."""
        documents = self._documents(f"{_PASSAGES} WHERE a.id = ? ORDER BY p.number", (article_id,))
        return [document.passage for document in documents]

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

    def copies_of(self, passages: Sequence[AnalysedPassage]) -> list[Sequence[Document]]:
        """See `Store.copies_of`."""
        digests: dict[str, object] = {}
        for numbers, marks in in_statements([int(passage.key) for passage in passages]):
            for number, digest in self.rows(_COPIES.format(marks), numbers):
                digests[str(number)] = digest
        met: dict[str, Document] = getattr(self._local, "met", {})
        found = {key: met[key] for key in digests if key in met}
        found |= {each.key: each for each in self._at([key for key in digests if key not in found])}
        groups: dict[object, list[Document]] = {}
        for key in sorted(found, key=int):
            groups.setdefault(digests[key], []).append(found[key])
        for group in groups.values():
            if len({len(copy.passage.sentence_terms) for copy in group}) > 1:
                raise self.damage(
                    f"passage {group[0].key} has the digest of passages that are not its copies"
                )
        return [groups[digests[passage.key]] for passage in passages]

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
        # The passages that were read; within a snapshot they do not change.
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
        advice = f"`articleqa index check {self.folder} --repair` rebuilds the passages"
        check_analysis(self.folder, said, advice)
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

    def _documents(self, statement: str, values: Sequence[object]) -> list[Document]:
        """Return the passages that a query for the columns of `_PASSAGES` selects."""
        found: list[Document] = []
        for number, article, article_id, *record in self.rows(statement, values):
            row = Record(*record)  # type: ignore[arg-type]
            assert isinstance(article, int)
            read = partial(self._passage, str(number), str(article_id), row)
            start = start_of(row.spans)
            found.append(Document(str(number), article, start, row.terms.split(), read))
        met: dict[str, Document] = getattr(self._local, "met", {})
        met.update((document.key, document) for document in found)
        return found

    def _passage(self, key: str, article_id: str, record: Record) -> AnalysedPassage:
        try:
            return passage_of(key, article_id, record)
        except DamagedRecordError as error:
            raise self.damage(str(error)) from error

    def _articles_at(self, numbers: Sequence[int]) -> Mapping[int, KeptArticle]:
        """Return the articles with these numbers; those that are not cached are read by one statement."""
        identity = self._readers.identity
        found = self._kept.at(identity, numbers)
        new = sorted({number for number in numbers if number not in found})
        for some, _ in in_statements(new):
            with translate_errors(self.folder):
                try:
                    read = articles_of(self._connection, some)
                except DamagedRecordError as error:
                    raise self.damage(str(error)) from error
            found |= self._kept.keep(identity, read)
        return found

    def damage(self, what: str) -> IndexDamagedError:
        """Return the error for damage to this index; the clause `what` says what is wrong."""
        return IndexDamagedError(f"{self.folder}: {what}; `articleqa index check {self.folder}` shows more")
