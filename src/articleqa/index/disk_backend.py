"""The backend of an index on disk: a SQLite database (`storage`) and a tantivy index (`retrieval.tantivy`).

`storage.layout` names the files. The two commit separately; `storage.sqlite.writer` explains why the index
stays correct when a process is killed between the two commits.
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
"""The seconds and the characters of text after which the articles added so far are committed."""

FILLED_TOGETHER = 512
"""How many passages have their vectors committed together: about 20 seconds of work."""


def create_folder(folder: Path) -> None:
    """Create an empty index in `folder`, which must be empty or not exist; on an error, create nothing.

    Raises:
        NotAnIndexError: `folder` already holds something.
        IndexWriteError: the index cannot be written.
    """
    with writing_to(folder):
        if (folder / DATABASE).exists():
            raise NotAnIndexError(f"{folder}: an index is already there; open it with `ArticleIndex.open`")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotAnIndexError(f"{folder}: already exists and is not an empty folder; name a new folder")
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
        """Open the index in `folder`.

        A change waits for another writer at most `wait_s` seconds; None waits as long as it takes. `vectors`
        says whether `add` makes vectors of passages; None makes them if onnxruntime is installed, as long as
        the index has at most `VECTORS_UP_TO` passages.

        Raises:
            IndexFolderError: there is no index, it is damaged, or it is of another version.
            MissingPackageError: `vectors` is true, but onnxruntime is not installed.
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
        """Pickle only the arguments; unpickling opens the index again."""
        return type(self), (self.folder.absolute(), self._wait_s, self._makes_vectors)

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """See `Backend.passages`; this reads all of them."""
        with self.store.snapshot():
            return list(chain.from_iterable(map(self.store.passages_of, self.store.articles)))

    def vectors(self) -> VectorIndex | None:
        """See `Backend.vectors`; the vectors are read again only after the index changed.

        Raises:
            IndexDamagedError: the vectors are damaged.
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
        """See `Backend.add`. No article is ever added in part.

        Many articles are committed in parts, so that an interruption loses little work. `analysing` receives
        a list of all new articles and turns them into rows; by default, `analysed` does so as they come, with
        `workers` processes.
        """
        results: dict[str, UpsertResult] = {}
        sources: dict[str, str] = {}
        with self._writing() as (database, search):

            def is_news(article: Article) -> bool:
                """Return whether the article must be analysed; record its result."""
                if article.id in results:
                    raise duplicate(article, sources[article.id])
                known = database.known(article.id)
                same = known is not None and known.checksum == checksum_of(fields_of(article))
                replaces = replacing or (known is not None and same_origin(known.source, known.file, article))
                result = upsert_result(article, known.source if known else None, same=same, replaces=replaces)
                results[article.id], sources[article.id] = result, article.source
                return result is not UpsertResult.UNCHANGED

            # `is_news` looks up the stored article before the part that the new one belongs to is committed.
            # No commit in between can make that stale: an id that comes twice in one call is refused.
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
        """Add articles until there is enough to commit, and commit them; return how many were added."""
        added = characters = 0
        interrupted = False
        until = monotonic() + COMMIT_S
        replaced: list[int] = []
        with database.transaction():
            while characters < COMMIT_CHARACTERS and monotonic() < until:
                try:
                    article, records, vectors = next(news)
                except StopIteration:
                    break
                except KeyboardInterrupt:
                    # Ctrl-C mostly comes while this waits for `news`: the articles so far are complete, so
                    # they are kept.
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

        If this is interrupted, the vectors made so far are kept. Vectors of another encoder are dropped and
        made again.

        Raises:
            MissingPackageError: onnxruntime is not installed.
            IndexFolderError: the index is damaged or cannot be written to.
        """
        model = _encoder()
        with self._writing() as (database, _):
            if not self.stored_vectors.are_comparable():
                with database.transaction():
                    database.drop_other_vectors()
            while self._fill_part(model, database, step):
                pass

    def _fill_part(self, model: EncoderModel, database: DiskWriter, step: Callable[[], None]) -> int:
        """Make the vectors of the next `FILLED_TOGETHER` passages that have none; return how many."""
        from articleqa.encoder.vectors import passage_vectors

        with self.store.snapshot():
            lacking = self.stored_vectors.lacking(FILLED_TOGETHER)
            passages = self.store.passages_at(list(lacking))
            if len(passages) < len(lacking):
                raise self.store.damage("some passages belong to no article")
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
            with database.transaction():
                database.add_vectors(made, made.values())
        if interrupted:
            raise KeyboardInterrupt
        return len(made)

    def remove(self, ids: Sequence[str]) -> None:
        """See `Backend.remove`."""
        with self._writing() as (database, search):
            numbers = [known.number for known in map(database.known, ids) if known is not None]
            with database.transaction():
                for number in numbers:
                    database.remove(number)
            self._forget(database, search, numbers)

    def _forget(self, database: DiskWriter, search: SearchWriter, numbers: Sequence[int]) -> None:
        """Remove from the search index the articles that were removed from the database."""
        if numbers:
            for number in numbers:
                search.remove(number, number)
            search.commit()
            database.finish()

    @contextmanager
    def _writing(self) -> Iterator[tuple[DiskWriter, SearchWriter]]:
        """Hold the lock; first remove from the search index what a killed writer left there."""
        with (
            writing_alone(self.folder, self._wait_s),
            closing(DiskWriter(self.folder)) as database,
            database.search_folder_for_writing() as path,
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
