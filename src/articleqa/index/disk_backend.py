"""A corpus on disk: a SQLite database (`storage`) and a tantivy index beside it (`retrieval.tantivy`).

`storage.layout` names the files. Both stores commit by themselves; `storage.sqlite.writer` says how a process
that is killed between the two leaves nothing that is wrong.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from articleqa.exceptions import MissingPackageError, NotAnIndexError
from articleqa.filters import Traits
from articleqa.index.analysis import Analysed, analysed, encoded
from articleqa.index.upserts import Changes, UpsertResult, count_results, duplicate, upsert_result
from articleqa.loaders.paths import DATABASE, is_gone, path_named, printable
from articleqa.loaders.unread_dates import noting_unread_dates
from articleqa.models import Article
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.tantivy import DiskRetriever
from articleqa.retrieval.tantivy_writer import SearchWriter
from articleqa.storage.files import same_origin, writing_to
from articleqa.storage.layout import FIRST_SEARCH
from articleqa.storage.lock import writing_alone
from articleqa.storage.protocol import VECTORS_UP_TO
from articleqa.storage.sqlite.article_rows import checksum_of, fields_of
from articleqa.storage.sqlite.store import DiskStore
from articleqa.storage.sqlite.stored_vectors import StoredVectors
from articleqa.storage.sqlite.vector_rows import VectorRow, vector_row
from articleqa.storage.sqlite.writer import DiskWriter, create_database

if TYPE_CHECKING:
    from articleqa.encoder.model import EncoderModel
    from articleqa.encoder.vectors import VectorIndex

COMMIT_S = 30.0
COMMIT_CHARACTERS = 100_000_000
"""After how long, and how much text, the articles so far are committed."""

FILLED_TOGETHER = 512
"""Passages whose vectors are committed together: some 20 seconds of work."""


def create_folder(folder: Path) -> None:
    """Make an empty index in `folder`, which is not there yet or empty; whole, or not at all.

    Raises:
        NotAnIndexError: something is there already.
        IndexWriteError: it cannot be made.
    """
    with writing_to(folder):
        if (folder / DATABASE).exists():
            raise NotAnIndexError(f"{folder}: there is an index already; `ArticleIndex.open` opens it")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotAnIndexError(
                f"{folder}: something else is there already; name a folder that is not there yet"
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = folder.parent / f".{folder.name}-{secrets.token_hex(8)}"
        made.mkdir()
        try:
            (made / FIRST_SEARCH).mkdir()
            SearchWriter(made / FIRST_SEARCH).close()
            create_database(made, FIRST_SEARCH)
            made.replace(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)


class DiskBackend:
    """A `Backend` on disk."""

    def __init__(self, folder: Path, wait_s: float | None = None, vectors: bool | None = None) -> None:
        """Open the index in `folder`; `wait_s` is how long a change waits for another writer at most.

        `vectors` says whether `add` makes the vectors of passages; None: while the index has at most
        `VECTORS_UP_TO` passages, where onnxruntime is installed.

        Raises:
            IndexFolderError: there is none, it is damaged, or of another version.
            MissingPackageError: vectors are to be made, and onnxruntime is not installed.
        """
        if vectors:
            _encoder()
        self.folder = folder
        self._wait_s = wait_s
        self._makes_vectors = vectors
        self.store = DiskStore(folder)
        self.stored_vectors = StoredVectors(self.store)
        try:
            self.retriever = DiskRetriever(self.store)
        except BaseException:
            self.store.close()
            raise

    def __reduce__(self) -> tuple[type[DiskBackend], tuple[Path, float | None, bool | None]]:
        """Open the index again where this is unpickled."""
        return type(self), (self.folder.absolute(), self._wait_s, self._makes_vectors)

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """See `Backend.passages`; all are read."""
        with self.store.snapshot():
            return list(chain.from_iterable(map(self.store.passages_of, self.store.articles)))

    def vectors(self) -> VectorIndex | None:
        """See `Backend.vectors`; they are read once for each change of the index.

        Raises:
            IndexDamagedError: they are damaged.
        """
        from articleqa.encoder.model import encoder_model

        return None if encoder_model() is None else self.stored_vectors.index()

    def refresh(self) -> None:
        """See `Backend.refresh`."""
        self.retriever.refresh()

    def close(self) -> None:
        """See `Backend.close`."""
        self.retriever.close()
        self.store.close()

    def ids_from_file(self, file: Path) -> list[str]:
        """See `Backend.ids_from_file`."""
        found = self.store.rows("SELECT id FROM articles WHERE file = ?", (printable(str(file.resolve())),))
        return [str(article_id) for (article_id,) in found]

    def ids_of_missing_files(self, folder: Path) -> list[str]:
        """See `Backend.ids_of_missing_files`."""
        below = printable(f"{folder.resolve()}{os.sep}")
        files = self.store.rows(
            "SELECT id, file FROM articles WHERE file >= ? AND substr(file, 1, ?) = ? ORDER BY number",
            (below, len(below), below),
        )
        return [str(article_id) for article_id, file in files if is_gone(path_named(str(file)))]

    def add(
        self,
        articles: Iterable[Article],
        *,
        replacing: bool,
        workers: int | None = None,
        analysing: Callable[[Sequence[Article]], Iterator[Analysed]] | None = None,
    ) -> Changes:
        """See `Backend.add`. Each article is in whole or not at all.

        Many are committed in parts, so that what is done is kept where it breaks off. `analysing` gives the
        articles their rows, by default `analysed`; it may need all of them at once.
        """
        results: dict[str, UpsertResult] = {}
        sources: dict[str, str] = {}
        with self._writing() as (database, search):

            def is_news(article: Article) -> bool:
                """Say whether the article is to be analysed; note what becomes of it."""
                if article.id in results:
                    raise duplicate(article, sources[article.id])
                known = database.known(article.id)
                same = known is not None and known.checksum == checksum_of(fields_of(article))
                replaces = replacing or (known is not None and same_origin(known.source, known.file, article))
                result = upsert_result(article, known.source if known else None, same=same, replaces=replaces)
                results[article.id], sources[article.id] = result, article.source
                return result is not UpsertResult.UNCHANGED

            # What is known is asked before the part that an article comes with is committed: ids that
            # come twice in one call are refused, so that nothing between can change it.
            news = filter(is_news, noting_unread_dates(articles))
            rows = analysing(list(news)) if analysing else analysed(news, workers)

            def gets_vectors(article: Analysed) -> bool:
                if self._makes_vectors is not None:
                    return self._makes_vectors
                return database.passages + len(article.records) <= VECTORS_UP_TO

            rows = encoded(rows, gets_vectors)
            while self._add_part(database, search, rows, results):
                pass
        return count_results(list(results.values()))

    def _add_part(
        self,
        database: DiskWriter,
        search: SearchWriter,
        news: Iterator[Analysed],
        results: dict[str, UpsertResult],
    ) -> int:
        """Add articles until there is enough to commit; return how many."""
        added = characters = 0
        interrupted = False
        until = monotonic() + COMMIT_S
        replaced: list[int] = []
        with database.changing():
            while characters < COMMIT_CHARACTERS and monotonic() < until:
                try:
                    article, records, vectors = next(news)
                except StopIteration:
                    break
                except KeyboardInterrupt:
                    # While it waits, which is most of the time: what there is so far is whole, and is kept.
                    interrupted = True
                    break
                if results[article.id] is UpsertResult.REPLACED:
                    known = database.known(article.id)
                    assert known is not None
                    database.remove(known.number)
                    replaced.append(known.number)
                number, passages = database.add(article, records, vectors)
                traits = Traits.of(article)
                for passage, record in zip(passages, records, strict=True):
                    search.add(passage, number, record.terms, traits)
                added += 1
                characters += len(article.text)
            if added:
                search.commit()
        self._forget(database, search, replaced)
        if interrupted:
            raise KeyboardInterrupt
        return added

    def fill_vectors(self, step: Callable[[], None] = lambda: None) -> None:
        """Make the vectors of all passages that have none; call `step` after each passage.

        What was made so far is kept where it breaks off. Those of another encoder are made again.

        Raises:
            MissingPackageError: onnxruntime is not installed.
            IndexFolderError: the index is damaged or cannot be written to.
        """
        model = _encoder()
        with self._writing() as (database, _):
            if not self.stored_vectors.are_comparable():
                with database.changing():
                    database.drop_other_vectors()
            while self._fill_part(model, database, step):
                pass

    def _fill_part(self, model: EncoderModel, database: DiskWriter, step: Callable[[], None]) -> int:
        """Make the vectors of the first passages that have none; return how many."""
        from articleqa.encoder.vectors import passage_vectors

        with self.store.snapshot():
            lacking = self.stored_vectors.lacking(FILLED_TOGETHER)
            passages = self.store.passages_at(list(lacking))
            if len(passages) < len(lacking):
                raise self.store.damage("there are passages without an article")
            given = [(self.store.article(passage.passage.article_id), passage) for passage in passages]
        made: dict[int, VectorRow] = {}
        interrupted = False
        try:
            for passage, rows in zip(passages, passage_vectors(model, given), strict=True):
                made[int(passage.key)] = vector_row(rows.tobytes(), lacking[passage.key])
                step()
        except KeyboardInterrupt:
            interrupted = True
        if made:
            with database.changing():
                database.add_vectors(made, made.values())
        if interrupted:
            raise KeyboardInterrupt
        return len(made)

    def remove(self, ids: Sequence[str]) -> None:
        """See `Backend.remove`."""
        with self._writing() as (database, search):
            numbers = [known.number for known in map(database.known, ids) if known is not None]
            with database.changing():
                for number in numbers:
                    database.remove(number)
            self._forget(database, search, numbers)

    def _forget(self, database: DiskWriter, search: SearchWriter, numbers: Sequence[int]) -> None:
        """Remove from the search side what was removed from the database."""
        if numbers:
            for number in numbers:
                search.remove(number, number)
            search.commit()
            database.finish()

    @contextmanager
    def _writing(self) -> Iterator[tuple[DiskWriter, SearchWriter]]:
        """Hold the lock; undo first what a writer that was killed left on the search side."""
        with (
            writing_alone(self.folder, self._wait_s),
            closing(DiskWriter(self.folder)) as database,
            database.changing_search() as path,
            closing(SearchWriter(path)) as search,
        ):
            if unfinished := database.unfinished():
                for first, last in unfinished:
                    search.remove(first, last)
                search.commit()
                database.finish()
            yield database, search


def _encoder() -> EncoderModel:
    """Return the encoder.

    Raises:
        MissingPackageError: onnxruntime is not installed.
    """
    from articleqa.encoder.model import encoder_model

    model = encoder_model()
    if model is None:
        raise MissingPackageError('vectors need onnxruntime: pip install "articleqa[reader]"')
    return model
