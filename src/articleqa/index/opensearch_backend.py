"""The backend of an index in a cluster of OpenSearch: articles, passages and the search for them are there.

`storage.opensearch.mappings` describes the indices, `storage.opensearch.state` why every question and every
change sees the index in one state.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from articleqa.exceptions import IndexWriteError, MissingPackageError
from articleqa.index.backend import IndexWarning, Repair
from articleqa.index.opensearch_writing import OpenSearchChanges
from articleqa.loaders.api import PathLike
from articleqa.loaders.paths import is_gone, path_named, printable
from articleqa.passages import AnalysedPassage
from articleqa.retrieval.opensearch import OpenSearchRetriever
from articleqa.storage.identity import encoder_identity
from articleqa.storage.opensearch.address import Address, Credentials, parse
from articleqa.storage.opensearch.article_documents import StoredArticle, stored
from articleqa.storage.opensearch.connection import QUESTION_S, TIMEOUT_S, Cluster
from articleqa.storage.opensearch.mappings import KNN_MISSING, NO_KNN, create_indices, described
from articleqa.storage.opensearch.state import Query
from articleqa.storage.opensearch.state_document import create_state, new_state, read_state
from articleqa.storage.opensearch.store import OpenSearchStore
from articleqa.storage.opensearch.writer import OpenSearchWriter

if TYPE_CHECKING:
    from articleqa.encoder.model import EncoderModel
    from articleqa.encoder.vectors import Vectors
    from articleqa.retrieval.protocol import MeaningSearch


def connect(
    url: str,
    *,
    user: str | None = None,
    password: str | None = None,
    ca: PathLike | None = None,
    timeout_s: float = TIMEOUT_S,
    question_s: float = QUESTION_S,
    wait_s: float | None = None,
    vectors: bool | None = None,
    create: bool = False,
    shards: int = 1,
    replicas: int = 1,
    salvage: bool = False,
) -> OpenSearchBackend:
    """Open the index at a URL "opensearch://host:9200/name", or with `create`, make it.

    `user`, `password` and `ca`, the file with the certificate of the cluster's authority, count more than
    those in the URL and in the environment. A request may take `timeout_s` seconds, a whole question
    `question_s`. A change waits for another writer of the same articles at most `wait_s` seconds; None waits
    as long as it takes. `vectors` is as on disk. `shards` and `replicas` are those of a new index. With
    `salvage`, a damaged index or one of another version is opened, only to check or repair it.

    Raises:
        NotAnIndexError: there is no index, or with `create`, there is one already.
        IndexUnavailableError: the cluster cannot be reached.
        IndexVersionError: another version made the index.
        MissingPackageError: opensearch-py is not installed.
    """
    address, credentials = parse(url, user=user, password=password, ca=None if ca is None else os.fspath(ca))
    cluster = Cluster(address, credentials, timeout_s=timeout_s, question_s=question_s)
    if create:
        make_index(cluster, shards=shards, replicas=replicas, vectors=vectors)
    return OpenSearchBackend(cluster, wait_s, vectors, salvage=salvage)


def make_index(cluster: Cluster, *, shards: int = 1, replicas: int = 1, vectors: bool | None = None) -> None:
    """Create an empty index; without the plug-in for nearest neighbours, it gets no vectors.

    Raises:
        NotAnIndexError: there is one already.
        IndexWriteError: the cluster refuses, or `vectors` is true and it has no such plug-in.
    """
    if shards < 1 or replicas < 0:
        raise ValueError(f"shards must be at least 1 and replicas at least 0, not {shards} and {replicas}")
    knn = create_indices(cluster, shards=shards, replicas=replicas, vectors=vectors)
    if not knn and vectors is not False:
        warnings.warn(
            f"{cluster.address}: {NO_KNN} (opensearch-knn); passages are found by words alone",
            IndexWarning,
            stacklevel=4,
        )
    create_state(cluster, new_state("yes" if knn else "no" if vectors is False else KNN_MISSING))


class OpenSearchBackend:
    """A `Backend` in a cluster of OpenSearch."""

    folder: Path | None = None

    def __init__(
        self,
        cluster: Cluster,
        wait_s: float | None = None,
        vectors: bool | None = None,
        *,
        salvage: bool = False,
    ) -> None:
        """Open the index of `cluster`; for the options, see `connect`.

        Raises:
            NotAnIndexError: there is none.
            IndexUnavailableError: the cluster cannot be reached.
            IndexVersionError: another version made the index.
            MissingPackageError: `vectors` is true, but onnxruntime is not installed.
            IndexWriteError: `vectors` is true, but the index was made without a field for them.
        """
        if vectors:
            _encoder()
        self._cluster = cluster
        self._wait_s = wait_s
        self._makes_vectors = vectors
        self.store = OpenSearchStore(cluster, salvage=salvage)
        if vectors and not salvage:
            self._require_field()
        self.place = str(cluster.address)
        self.retriever = OpenSearchRetriever(self.store)

    def _require_field(self) -> None:
        if self.store.state.about.get("knn") != "yes":
            why = self.limitation or "the index was made without"
            raise IndexWriteError(f"{self._cluster.address}: it cannot have vectors ({why}); make another")

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle only the arguments; unpickling opens the index again. `Credentials` keeps the password."""
        given = (
            self._cluster.address,
            self._cluster.credentials,
            self._cluster.timeout_s,
            self._cluster.question_s,
        )
        return _opened, (*given, self._wait_s, self._makes_vectors)

    def __repr__(self) -> str:
        """Return the address, without user and password."""
        return f"<{type(self).__name__} {self._cluster.address}>"

    @property
    def limitation(self) -> str | None:
        """See `Limited.limitation`."""
        return NO_KNN if self.store.state.about.get("knn") == KNN_MISSING else None

    @property
    def passages(self) -> Sequence[AnalysedPassage]:
        """See `Backend.passages`; this reads all of them."""

        def read() -> Sequence[AnalysedPassage]:
            with self.store.reading() as reading:
                return [each.document.passage for each in reading.all_passages(reading.visible())]

        return self.store.consistently(read)

    def by_meaning(self, question: Callable[[], Vectors], *, above: int = 0) -> MeaningSearch | None:
        """See `Searchable.by_meaning`."""
        state = self.store.state
        if state.totals.passages <= above or state.totals.vectors < state.totals.passages:
            return None
        from articleqa.encoder.model import encoder_model

        if encoder_model() is None or state.about.get("encoder") != encoder_identity():
            return None
        from articleqa.retrieval.vector_knn import ClusterVectors

        return ClusterVectors(self.store, question())

    @contextmanager
    def writing(self, *, workers: int | None = None) -> Iterator[OpenSearchChanges]:
        """See `Backend.writing`; other writers may work at the same time, on other articles."""
        writer = OpenSearchWriter(self.store, self._wait_s)
        yield OpenSearchChanges(writer, vectors=self._makes_vectors, workers=workers)

    def lacking_vectors(self) -> int:
        """See `FillsVectors.lacking_vectors`."""
        from articleqa.index.opensearch_vectors import lacking_vectors

        return lacking_vectors(self.store)

    def fill_vectors(self, step: Callable[[], None] = lambda: None) -> None:
        """Make the vectors of all passages that have none; call `step` after each passage.

        Raises:
            MissingPackageError: onnxruntime is not installed.
            IndexWriteError: the index was made without a field for vectors, or cannot be written to.
        """
        from articleqa.index.opensearch_vectors import fill_vectors

        model = _encoder()
        self._require_field()
        fill_vectors(self.store, model, self._wait_s, step)

    def ids_from_file(self, file: Path) -> list[str]:
        """See `Backend.ids_from_file`."""
        place = printable(str(file.resolve()))
        return [each.id for each in self._with_file({"term": {"file": place}}) if each.known.file == place]

    def ids_of_missing_files(self, folder: Path) -> list[str]:
        """See `Backend.ids_of_missing_files`."""
        below = printable(f"{folder.resolve()}{os.sep}")
        found = self._with_file({"prefix": {"file": below}})
        return [each.id for each in found if is_gone(path_named(each.known.file))]

    def _with_file(self, query: Query) -> list[StoredArticle]:
        return self.store.consistently(lambda: list(map(stored, self.store.matching_articles(query))))

    def about(self) -> Mapping[str, str]:
        """See `Describable.about`."""
        state = read_state(self._cluster)
        return described(self._cluster, state)

    def problems(self) -> list[str]:
        """See `Checkable.problems`."""
        from articleqa.index.opensearch_check import problems_of

        return problems_of(self._cluster)

    def repair(self) -> Repair:
        """See `Checkable.repair`."""
        from articleqa.index.opensearch_check import repair

        return repair(self._cluster, wait_s=self._wait_s, vectors=self._makes_vectors)

    def refresh(self) -> None:
        """See `Backend.refresh`; each question reads what is committed."""

    def close(self) -> None:
        """See `Backend.close`."""
        self._cluster.close()


def _opened(
    address: Address,
    credentials: Credentials,
    timeout_s: float,
    question_s: float,
    wait_s: float | None,
    vectors: bool | None,
) -> OpenSearchBackend:
    cluster = Cluster(address, credentials, timeout_s=timeout_s, question_s=question_s)
    return OpenSearchBackend(cluster, wait_s, vectors)


def _encoder() -> EncoderModel:
    from articleqa.encoder.model import encoder_model

    model = encoder_model()
    if model is None:
        raise MissingPackageError("vectors need onnxruntime: pip install 'articleqa[reader]'")
    return model
