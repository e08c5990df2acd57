"""The writer of an index in a cluster: analyses articles, and commits them some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING

from articleqa._parallel import parallel_map
from articleqa.encoder.threads import thread_pool
from articleqa.index.analysis import AT_ONCE, recorded_passages, vectors_of
from articleqa.index.upserts import Upsert, articles_of
from articleqa.models import Article
from articleqa.passage_text import LineTable, PassageText
from articleqa.storage.identity import encoder_identity
from articleqa.storage.opensearch.passage_documents import ArticleParts, document_of
from articleqa.storage.opensearch.passage_operations import PassageOperations
from articleqa.storage.opensearch.state import State
from articleqa.storage.opensearch.writer import NewArticle, OpenSearchWriter
from articleqa.storage.protocol import VECTORS_UP_TO, KnownArticle
from articleqa.storage.sqlite.passage_rows import Record

if TYPE_CHECKING:
    from articleqa.encoder.model import EncoderModel

COMMIT_S = 30.0
COMMIT_ARTICLES = 1_000
COMMIT_BYTES = 30_000_000
"""The seconds, articles and (about) bytes of documents after which what was added is committed."""


class OpenSearchChanges:
    """A `BackendWriter` of an index in a cluster."""

    known_at_once = 500

    def __init__(self, writer: OpenSearchWriter, *, vectors: bool | None, workers: int | None = None) -> None:
        """Write by `writer`; `vectors` is as in `OpenSearchBackend`, and `workers` processes analyse."""
        self._writer = writer
        self._makes_vectors = vectors
        self._workers = workers

    def known(self, ids: Sequence[str]) -> Mapping[str, KnownArticle]:
        """See `BackendWriter.known`."""
        return {article_id: each.known for article_id, each in self._writer.found(ids).items()}

    def put(self, upserts: Iterator[Upsert]) -> None:
        """See `BackendWriter.put`; articles are committed in parts, so that little work is ever lost."""
        replaced: set[str] = set()
        analysed = partial(operations_of, index=self._writer.index_of_passages)
        pairs = parallel_map(analysed, articles_of(upserts, replaced), at_once=AT_ONCE, workers=self._workers)
        # The next part is analysed while the cluster takes the last one.
        with thread_pool() as pool, ThreadPoolExecutor(1) as sending:
            sent: Future[None] | None = None
            for part in self._parts(pairs, replaced, pool):
                if sent is not None:
                    sent.result()
                sent = sending.submit(self._send, part)
                if self._are_wanted(self._writer.state, 0):
                    sent.result()  # the passages in it decide which later ones get vectors
            if sent is not None:
                sent.result()

    def remove(self, ids: Sequence[str]) -> None:
        """See `BackendWriter.remove`; ids that the index does not hold are skipped."""
        for start in range(0, len(ids), COMMIT_ARTICLES):
            self._writer.remove(ids[start : start + COMMIT_ARTICLES])

    def _parts(
        self,
        pairs: Iterator[tuple[Article, PassageOperations]],
        replaced: set[str],
        pool: ThreadPoolExecutor,
    ) -> Iterator[list[NewArticle]]:
        """Yield as many articles at a time as are to be committed together."""
        index = self._writer.index_of_passages
        while True:
            part: list[NewArticle] = []
            size = number = 0
            until = monotonic() + COMMIT_S
            interrupted = False
            while size < COMMIT_BYTES and len(part) < COMMIT_ARTICLES and monotonic() < until:
                try:
                    article, passages = next(pairs)
                    number += passages.passages
                    if self._are_wanted(self._writer.state, number):
                        passages = _with_vectors(article, passages, index, pool)
                except StopIteration:
                    break
                except KeyboardInterrupt:
                    # Ctrl-C mostly comes while this waits for articles: those so far are complete.
                    interrupted = True
                    break
                part.append(NewArticle(article, passages, article.id in replaced))
                size += len(article.text) + len(passages.lines)
            if part:
                yield part
            if interrupted:
                raise KeyboardInterrupt
            if not part:
                return

    def _send(self, part: Sequence[NewArticle]) -> None:
        has_vectors = any(each.passages.vectors for each in part)
        self._writer.put(part, encoder_identity() if has_vectors else None)

    def _are_wanted(self, state: State, more: int) -> bool:
        if state.about.get("knn") != "yes":
            return False
        if state.totals.vectors and state.about.get("encoder") != encoder_identity():
            return False
        if self._makes_vectors is not None:
            return self._makes_vectors
        return state.totals.passages + more <= VECTORS_UP_TO


def shipped_encoder() -> EncoderModel | None:
    """Return the encoder; None without onnxruntime."""
    from articleqa.encoder.model import encoder_model

    return encoder_model()


def _with_vectors(
    article: Article, passages: PassageOperations, index: str, pool: ThreadPoolExecutor
) -> PassageOperations:
    """Return the operations with vectors; without onnxruntime, as they are."""
    model = shipped_encoder()
    if model is None:
        return passages
    return passages.with_vectors(index, made_vectors(model, article, passages.records(), pool))


def made_vectors(
    model: EncoderModel, article: Article, records: Sequence[Record], pool: ThreadPoolExecutor
) -> list[bytes]:
    """Return the vectors of each of an article's passages, made by the threads of `pool`."""
    return [row.vectors for row in vectors_of(model, article, records, pool)]


def operations_of(article: Article, index: str) -> PassageOperations:
    """Return the operations that write an article's passages to this index, in reading order."""
    parts, lines = ArticleParts.of(article), LineTable(article.text)
    documents: list[str] = []
    terms_in_all = 0
    for number, (analysed, record) in enumerate(recorded_passages(article)):
        terms = list(chain(analysed.context, *analysed.sentence_terms))
        text = PassageText.of(article, analysed.passage, lines)
        documents.append(document_of(number, record, terms, text, parts))
        terms_in_all += len(terms)
    return PassageOperations.of(index, documents, terms_in_all)
