"""Write access to an index's database, one transaction at a time.

The search index (tantivy) is a separate store with commits of its own. It must hold everything that the
database holds, whenever the process is killed. So additions are committed to tantivy first, removals to the
database first, and the articles that tantivy may hold beyond those in `articles` are noted beforehand in
`unfinished`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from articleqa.exceptions import IndexDamagedError, IndexWriteError
from articleqa.loaders.paths import DATABASE
from articleqa.models import Article
from articleqa.storage.checksums import FIELDS, checksum_of, fields_of
from articleqa.storage.files import file_of
from articleqa.storage.identity import analysis_identity, encoder_identity
from articleqa.storage.integrity import FileChecksum, checksums_of, damage_to, search_damage
from articleqa.storage.layout import search_folder
from articleqa.storage.protocol import KnownArticle
from articleqa.storage.sqlite.connection import check_tables, connect, search_side, translate_errors
from articleqa.storage.sqlite.passage_rows import Record
from articleqa.storage.sqlite.schema import FORMAT, TABLES
from articleqa.storage.sqlite.vector_rows import VectorRow

_WITHOUT_END = 2**62
"""Greater than any article's number."""


class DiskWriter:
    """Writes to an index's database; the caller must hold the index's lock (`storage.lock`)."""

    def __init__(self, folder: Path) -> None:
        """Open the database in `folder` for writing.

        Raises:
            IndexFolderError: there is no database, or it is damaged.
        """
        self.folder = folder
        self._connection = connect(folder, write=True)
        try:
            check_tables(folder, self._connection)
        except BaseException:
            self._connection.close()
            raise
        self._terms: Counter[str] = Counter()
        self._passages = self._length = 0
        self._has_encoder = False
        self._next_article = self._next_passage = 0

    def unfinished(self) -> list[tuple[int, int]]:
        """Return the ranges (first, last) of numbers of articles that only the search index may hold.

        Raises:
            IndexDamagedError: the database holds some of these articles, or a range is invalid.
        """
        with translate_errors(self.folder):
            found = self._connection.execute("SELECT first, last FROM unfinished").fetchall()
            for first, last in found:
                taken = "SELECT 1 FROM articles WHERE number BETWEEN ? AND ? LIMIT 1"
                if first < 0 or last < first or self._connection.execute(taken, (first, last)).fetchall():
                    raise IndexDamagedError(
                        f"{self.folder}: damaged (its list of unfinished changes is wrong);"
                        f" `articleqa index check {self.folder} --repair` rebuilds it"
                    )
        return found

    def finish(self) -> None:
        """Clear the list of unfinished changes, once the search index holds none of those articles."""
        with translate_errors(self.folder):
            self._connection.execute("DELETE FROM unfinished")

    @contextmanager
    def search_folder_for_writing(self) -> Iterator[Path]:
        """Yield the search folder for writing; record the checksums of its files afterwards.

        Meanwhile no checksums are recorded, so that readers do not take a write in progress for damage.

        Raises:
            IndexDamagedError: its files are not as the last writer left them.
        """
        with translate_errors(self.folder):
            side = search_side(self._connection)
        path = search_folder(self.folder, side.name)
        for problem in damage_to(path, side.files, contents=False):
            raise search_damage(self.folder, problem)
        with translate_errors(self.folder):
            self._connection.execute("DELETE FROM search_files")
        try:
            yield path
        finally:
            # On a full disk the checksums cannot be recorded; the next writer records them.
            with suppress(OSError, ValueError, IndexWriteError):
                record_search_files(self.folder, self._connection, checksums_of(path, side.files))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything done inside the `with` block as one transaction; nothing if it raises."""
        with translate_errors(self.folder):
            # Noted before anything can reach tantivy, which from here on may hold what is not committed.
            ((self._next_article, self._next_passage),) = self._connection.execute(
                "SELECT next_article, next_passage FROM totals"
            ).fetchall()
            promised = (self._next_article, _WITHOUT_END)
            self._connection.execute("INSERT INTO unfinished VALUES (?, ?)", promised)
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._write_counts()
                self._connection.execute("DELETE FROM unfinished WHERE first = ? AND last = ?", promised)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._terms.clear()
                self._passages = self._length = 0
                self._has_encoder = False

    def known(self, ids: Sequence[str]) -> dict[str, KnownArticle]:
        """Return what decides about articles with these ids, as far as they are in the index."""
        statement = "SELECT source, file, checksum FROM articles WHERE id = ?"
        found = ((id_, self._connection.execute(statement, (id_,)).fetchone()) for id_ in ids)
        return {id_: KnownArticle(*row) for id_, row in found if row}

    def numbers_of(self, ids: Sequence[str]) -> list[int]:
        """Return the numbers of the articles with these ids, as far as they are in the index."""
        statement = "SELECT number FROM articles WHERE id = ?"
        return [n for id_ in ids for (n,) in self._connection.execute(statement, (id_,))]

    @property
    def passages(self) -> int:
        """The number of passages, including those added inside `changing`."""
        ((committed,),) = self._connection.execute("SELECT passages FROM totals").fetchall()
        return int(committed) + self._passages

    def add(
        self, article: Article, records: Sequence[Record], vectors: Sequence[VectorRow] | None = None
    ) -> tuple[int, range]:
        """Add an article and its passages, inside `changing`; return its number and its passages' numbers.

        `vectors` has a row for each passage; None if they have no vectors.
        """
        number, first = self._next_article, self._next_passage
        values = fields_of(article)
        marks = ", ".join("?" * (len(FIELDS) + 3))
        self._connection.execute(
            f"INSERT INTO articles (number, {', '.join(FIELDS)}, checksum, file) VALUES ({marks})",
            (number, *values, checksum_of(values), file_of(article)),
        )
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
            ((passage, number, *record) for passage, record in enumerate(records, start=first)),
        )
        self._next_article += 1
        self._next_passage += len(records)
        self._count((record.terms for record in records), 1)
        passages = range(first, self._next_passage)
        if vectors is not None:
            self.add_vectors(passages, vectors)
        return number, passages

    def add_vectors(self, passages: Iterable[int], vectors: Iterable[VectorRow]) -> None:
        """Add vectors for passages that have none, inside `changing`."""
        self.drop_other_vectors()
        self._connection.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?)",
            ((passage, *row) for passage, row in zip(passages, vectors, strict=True)),
        )

    def drop_other_vectors(self) -> None:
        """Remove vectors that another encoder made, inside `changing`.

        They cannot be compared with the question vectors of this version's encoder.
        """
        if self._has_encoder:
            return
        found = self._connection.execute("SELECT value FROM about WHERE name = 'encoder'").fetchall()
        if found != [(encoder_identity(),)]:
            self._connection.execute("DELETE FROM vectors")
            self._connection.execute(
                "INSERT OR REPLACE INTO about VALUES ('encoder', ?)", (encoder_identity(),)
            )
        self._has_encoder = True

    def remove(self, number: int) -> None:
        """Remove an article by its number, inside `changing`; the caller removes it from tantivy later."""
        old = self._connection.execute("SELECT terms FROM passages WHERE article = ?", (number,)).fetchall()
        self._count((terms for (terms,) in old), -1)
        self._connection.execute(
            "DELETE FROM vectors WHERE passage IN (SELECT number FROM passages WHERE article = ?)", (number,)
        )
        self._connection.execute("DELETE FROM passages WHERE article = ?", (number,))
        self._connection.execute("DELETE FROM articles WHERE number = ?", (number,))
        self._connection.execute("INSERT INTO unfinished VALUES (?, ?)", (number, number))

    def close(self) -> None:
        """Close the database; move SQLite's log into the database file unless a reader prevents it."""
        with suppress(sqlite3.DatabaseError):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def _count(self, texts: Iterable[str], by: int) -> None:
        change = self._terms.update if by > 0 else self._terms.subtract
        for text in texts:
            terms = text.split()
            self._passages += by
            self._length += by * len(terms)
            change(set(terms))

    def _write_counts(self) -> None:
        changes = sorted((term, change) for term, change in self._terms.items() if change)
        self._connection.executemany(
            "INSERT INTO terms VALUES (?, ?)"
            " ON CONFLICT (term) DO UPDATE SET passages = passages + excluded.passages",
            changes,
        )
        self._connection.executemany(
            "DELETE FROM terms WHERE term = ? AND passages = 0", ((term,) for term, n in changes if n < 0)
        )
        self._connection.execute(
            "UPDATE totals SET passages = passages + ?, terms = terms + ?, changes = changes + 1,"
            " next_article = ?, next_passage = ?",
            (self._passages, self._length, self._next_article, self._next_passage),
        )


def disable_wal(folder: Path) -> None:
    """Prepare the database in `folder` for readers only: SQLite then needs no files next to it.

    Raises:
        IndexWriteError: it cannot be written.
    """
    with translate_errors(folder):
        connection = connect(folder, write=True)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            connection.close()


def record_search_files(folder: Path, connection: sqlite3.Connection, files: Iterable[FileChecksum]) -> None:
    """Replace the recorded list of tantivy's files by `files`.

    Raises:
        IndexWriteError: the list cannot be written.
    """
    with translate_errors(folder):
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute("DELETE FROM search_files")
            connection.executemany("INSERT INTO search_files VALUES (?, ?, ?)", files)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def create_database(folder: Path, search: str) -> None:
    """Create the database of an empty index in `folder`; `search` is the name of its search folder."""
    with translate_errors(folder):
        connection = sqlite3.connect(folder / DATABASE, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN; {TABLES} COMMIT;")
            said = {"format": str(FORMAT), "analysis": analysis_identity(), "search": search}
            connection.executemany("INSERT INTO about VALUES (?, ?)", said.items())
            record_search_files(folder, connection, checksums_of(folder / search))
        finally:
            connection.close()
