"""Check an index on disk for damage, and rebuild it from its undamaged articles."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from articleqa.exceptions import (
    ArticleQAError,
    IndexDamagedError,
    NotAnIndexError,
)
from articleqa.index.backend import Repair
from articleqa.index.disk_backend import DiskBackend, create_folder
from articleqa.index.upserts import add_articles
from articleqa.loaders.paths import DATABASE
from articleqa.models import Article
from articleqa.passages import AnalysedPassage
from articleqa.storage.digests import digest_of
from articleqa.storage.files import writing_to
from articleqa.storage.integrity import MANAGED, damage_by_footers, damage_to, foreign_paths
from articleqa.storage.layout import is_own_folder, is_search_name, next_search_name, search_folder
from articleqa.storage.lock import writing_alone
from articleqa.storage.protocol import VECTORS_UP_TO
from articleqa.storage.sqlite.article_rows import article_of
from articleqa.storage.sqlite.connection import about, check_format, connect, format_of, translate_errors
from articleqa.storage.sqlite.passage_rows import DamagedRecordError
from articleqa.storage.sqlite.schema import FORMAT, OLDEST
from articleqa.storage.sqlite.store import DiskStore
from articleqa.storage.sqlite.term_counts import totals

TOLD = 20
"""How many problems are listed; the rest are only counted."""


def problems_of(folder: Path) -> list[str]:
    """Return the problems of the index in `folder`, one line each; an empty list for an undamaged index.

    Every text is compared with its checksum, every passage with its text, the counts with the passages,
    and the database with the search index (tantivy).

    Raises:
        NotAnIndexError: there is no index.
    """
    problems: list[str] = []
    try:
        with closing(DiskBackend(folder)) as backend, backend.store.snapshot():
            backend.refresh()
            for problem in _problems(backend):
                problems.append(problem)
    except NotAnIndexError:
        raise
    except ArticleQAError as error:
        problems.append(str(error))
    more = [f"and {len(problems) - TOLD} more"] if len(problems) > TOLD else []
    return [*problems[:TOLD], *more]


def _problems(backend: DiskBackend) -> Iterator[str]:
    store = backend.store
    ((sound,),) = store.rows("PRAGMA integrity_check(1)")
    if sound != "ok":
        yield f"the database is damaged: {sound}"
        return
    yield from _problems_of_files(store)
    terms: Counter[str] = Counter()
    keys: set[int] = set()
    length = 0
    for article_id in store.articles:
        try:
            article, passages = store.article(article_id), store.passages_of(article_id)
        except IndexDamagedError as error:
            yield str(error).removeprefix(f"{store.folder}: ").partition(";")[0]
            continue
        records = store.records_of(article_id)
        for passage, record in zip(passages, records, strict=True):
            if not is_of(passage, article) or record.digest != digest_of(passage, article.text):
                yield f"passage {passage.key} does not match the text of {article_id!r}"
            found = passage.terms()
            length += len(found)
            terms.update(set(found))
            keys.add(int(passage.key))
    if totals(store) != (len(keys), length):
        yield f"the index has {len(keys)} passages with {length} terms, but its totals say {totals(store)}"
    counted = {str(term): number for term, number in store.rows("SELECT term, passages FROM terms")}
    if counted != dict(terms):
        yield "the term counts do not match the passages"
    yield from backend.stored_vectors.problems()
    findable = set(backend.retriever.numbers())
    if missing := keys - findable:
        yield f"{len(missing)} passages are missing from the search index"
    if (extra := findable - keys) and not store.rows("SELECT 1 FROM unfinished LIMIT 1"):
        yield f"the search index has {len(extra)} passages that are not in the database"


def _problems_of_files(store: DiskStore) -> Iterator[str]:
    """Compare the search index's files with their recorded checksums, or with tantivy's if none are recorded.

    Yield nothing if a writer changes the recorded files in the meantime.
    """
    side = store.search_side()
    path = search_folder(store.folder, side.name)
    try:
        found = [*(damage_to(path, side.files, contents=True) if side.files else damage_by_footers(path))]
        found += [f"{MANAGED} lists {name!r}, which tantivy did not make" for name in foreign_paths(path)]
    except (OSError, ValueError) as error:
        found = [str(error)]
    if store.search_side() == side:  # otherwise a writer is at work
        yield from (f"its search files are damaged ({problem})" for problem in found)


def is_of(passage: AnalysedPassage, article: Article) -> bool:
    """Return whether all spans of a passage are within the article's text and no sentence is blank."""
    spans = (passage.passage.span, *passage.passage.headings, *passage.passage.sentence_spans)
    return (
        all(0 <= span.start <= span.end <= len(article.text) for span in spans)
        and len(passage.sentence_terms) == len(passage.passage.sentence_spans)
        and all(span.of(article.text).strip() for span in passage.passage.sentence_spans)
    )


def repair(folder: Path, *, wait_s: float | None = None) -> Repair:
    """Rebuild an index from its undamaged articles.

    The new files replace the old ones at a single moment; until then the old index is unchanged.
    `wait_s` is how many seconds to wait for another writer; None waits as long as it takes.

    Raises:
        NotAnIndexError: there is no index.
        IndexDamagedError: nothing in the index can be read.
        IndexVersionError: the index is of an unknown format.
        IndexBusyError: another process is still writing to the index after `wait_s`.
        IndexWriteError: the index cannot be written.
    """
    with writing_alone(folder, wait_s):
        try:
            source = connect(folder, salvage=True)
        except IndexDamagedError as error:
            raise IndexDamagedError(
                f"{folder}: nothing in it can be read; remove it and rebuild it with `articleqa index add`"
            ) from error
        try:
            said = _said(folder, source)
            with translate_errors(folder):
                ids = _ids_in(source)
            lost: list[str] = []
            with writing_to(folder):
                made = Path(tempfile.mkdtemp(prefix=".repair-", dir=folder))
                try:
                    new = made / "index"
                    create_folder(new)
                    vectors = _vectors_wanted(source, format_of(said))
                    with closing(DiskBackend(new, vectors=vectors)) as backend:
                        readable = _readable(source, ids, lost, format_of(said) or FORMAT)
                        saved = add_articles(backend.writing(), readable, replacing=False).added
                    source.close()
                    _replace_index(folder, new)
                finally:
                    shutil.rmtree(made, ignore_errors=True)
        finally:
            source.close()
    return Repair(articles=saved, lost=tuple(lost))


def _said(folder: Path, source: sqlite3.Connection) -> dict[str, str]:
    """Return the rows of the index's `about` table; an empty dict if it cannot be read."""
    try:
        with translate_errors(folder):
            said = about(source)
    except NotAnIndexError:
        raise
    except ArticleQAError:
        return {}
    if not OLDEST <= format_of(said) <= FORMAT:
        check_format(folder, said)
    return said


def _vectors_wanted(source: sqlite3.Connection, version: int) -> bool | None:
    """Return whether the repaired index gets vectors, as the old one did; None for the default."""
    from articleqa.encoder.model import encoder_model

    if version != FORMAT:
        return None
    try:
        ((vectors,),) = source.execute("SELECT count(*) FROM vectors").fetchall()
        ((passages,),) = source.execute("SELECT count(*) FROM passages").fetchall()
    except (sqlite3.DatabaseError, OverflowError):
        return None
    if not vectors and passages:
        return False
    return True if vectors > VECTORS_UP_TO and encoder_model() is not None else None


def _ids_in(source: sqlite3.Connection) -> dict[int, str]:
    """Return, by article number, the id of every article of which any row can still be read."""
    if source.execute("SELECT type FROM sqlite_schema WHERE name = 'articles'").fetchall() != [("table",)]:
        # It may be a view, which could run forever.
        raise sqlite3.DatabaseError("articles is not a table")
    ids: dict[int, str] = {}
    for statement in _WAYS_TO_ARTICLES:
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):  # as many as can be read
            for number, article_id in source.execute(statement):
                ids[number] = str(article_id or ids.get(number) or f"number {number}")
    return ids


def _readable(
    source: sqlite3.Connection, ids: dict[int, str], lost: list[str], version: int
) -> Iterator[Article]:
    """Yield the undamaged articles; add the ids of the others to `lost`."""
    for number in sorted(ids):
        try:
            yield article_of(source, number, version)
        except (sqlite3.DatabaseError, DamagedRecordError, UnicodeDecodeError, OverflowError):
            lost.append(ids[number])


_WAYS_TO_ARTICLES = (
    "SELECT number, NULL FROM articles ORDER BY number",
    "SELECT number, NULL FROM articles ORDER BY number DESC",
    "SELECT article, NULL FROM passages ORDER BY article",
    "SELECT article, NULL FROM passages ORDER BY article DESC",
    "SELECT number, id FROM articles ORDER BY id",
    "SELECT number, id FROM articles ORDER BY id DESC",
)
"""Statements that read the table and its indexes from both ends; each stops at the first damaged page."""


def _replace_index(folder: Path, new: Path) -> None:
    """Replace the index in `folder` with the one in `new`."""
    name = next_search_name(folder)
    database = sqlite3.connect(new / DATABASE, isolation_level=None)
    try:
        ((search,),) = database.execute("SELECT value FROM about WHERE name = 'search'").fetchall()
        database.execute("UPDATE about SET value = ? WHERE name = 'search'", (name,))
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA journal_mode = WAL")
    finally:
        database.close()
    (new / str(search)).rename(folder / name)
    # The old log has already been read; if left behind, SQLite would apply it to the new database.
    for ending in ("-wal", "-shm"):
        (folder / (DATABASE + ending)).unlink(missing_ok=True)
    (new / DATABASE).replace(folder / DATABASE)
    for old in folder.glob("search-*"):
        if old.name != name and is_search_name(old.name) and is_own_folder(old):
            shutil.rmtree(old, ignore_errors=True)
