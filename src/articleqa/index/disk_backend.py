"""The backend of an index on disk: a SQLite database (`storage`) and a tantivy index (`retrieval.tantivy`).

`storage.layout` names the files. The two commit separately; `storage.sqlite.writer` explains why the index
stays correct when a process is killed between the two commits.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from articleqa.exceptions import MissingPackageError, NotAnIndexError
from articleqa.index.connecting import path_of
from articleqa.index.disk_writing import Analysing, DiskChanges
from articleqa.loaders.api import PathLike
from articleqa.loaders.paths import DATABASE, is_gone, path_named, printable
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.tantivy import DiskRetriever
from articleqa.retrieval.tantivy_writer import SearchWriter
from articleqa.storage.files import writing_to
from articleqa.storage.layout import FIRST_SEARCH
from articleqa.storage.lock import writing_alone
from articleqa.storage.sqlite.store import DiskStore
from articleqa.storage.sqlite.stored_vectors import StoredVectors
from articleqa.storage.sqlite.term_counts import totals
from articleqa.storage.sqlite.vector_rows import VectorRow, vector_row
from articleqa.storage.sqlite.writer import DiskWriter, create_database

if TYPE_CHECKING:
    from articleqa.encoder.model import EncoderModel
    from articleqa.encoder.vectors import VectorIndex, Vectors
    from articleqa.retrieval.protocol import MeaningSearch

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


def connect(
    place: PathLike, *, wait_s: float | None = None, vectors: bool | None = None, create: bool = False
) -> DiskBackend:
    """Open the index on disk at a path or file URL, or with `create`, make it; see `DiskBackend`."""
    if create:
        create_folder(path_of(place))
    return DiskBackend(path_of(place), wait_s, vectors)


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
        """Return the vectors of all passages; None if any passage has none, or without onnxruntime.

        They are read again only after the index changed.

        Raises:
            IndexDamagedError: the vectors are damaged.
        """
        from articleqa.encoder.model import encoder_model

        return None if encoder_model() is None else self.stored_vectors.index()

    def by_meaning(self, question: Callable[[], Vectors], *, above: int = 0) -> MeaningSearch | None:
        """See `Searchable.by_meaning`."""
        from articleqa.retrieval.vector_scan import VectorScan

        vectors = self.vectors() if totals(self.store)[0] > above else None
        return None if vectors is None else VectorScan(vectors, self.retriever, question)

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

    @contextmanager
    def writing(
        self, *, workers: int | None = None, analysing: Analysing | None = None
    ) -> Iterator[DiskChanges]:
        """See `Backend.writing`; for the options, see `DiskChanges`."""
        with self._locked() as (database, search):
            yield DiskChanges(
                database,
                self.retriever,
                search,
                vectors=self._makes_vectors,
                workers=workers,
                analysing=analysing,
            )

    def lacking_vectors(self) -> int:
        """See `FillsVectors.lacking_vectors`."""
        return totals(self.store)[0] - self.stored_vectors.count()

    def fill_vectors(self, step: Callable[[], None] = lambda: None) -> None:
        """Make the vectors of all passages that have none; call `step` after each passage.

        If this is interrupted, the vectors made so far are kept. Vectors of another encoder are dropped and
        made again.

        Raises:
            MissingPackageError: onnxruntime is not installed.
            IndexFolderError: the index is damaged or cannot be written to.
        """
        model = _encoder()
        with self._locked() as (database, _):
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
            given = [(self.store.article(each.passage.article_id), each.passage) for each in passages]
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

    @contextmanager
    def _locked(self) -> Iterator[tuple[DiskWriter, SearchWriter]]:
        """Hold the lock; first remove from the search index what a killed writer left there."""
        with (
            writing_alone(self.folder, self._wait_s),
            closing(DiskWriter(self.folder)) as database,
            database.search_folder_for_writing() as path,
            self.retriever.writing(path) as search,
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
