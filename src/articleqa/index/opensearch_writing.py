"""The writer of an index in a cluster: analyses articles, and commits them some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import TYPE_CHECKING

from articleqa._parallel import parallel_map
from articleqa.encoder.threads import thread_pool
from articleqa.filters import Traits
from articleqa.index.analysis import AT_ONCE, recorded_passages, vectors_of
from articleqa.index.upserts import Upsert, articles_of
from articleqa.models import Article
from articleqa.passage_text import LineTable, PassageText
from articleqa.storage.identity import encoder_identity
from articleqa.storage.opensearch.passage_documents import PassageBody, body_of, head_of
from articleqa.storage.opensearch.state import State
from articleqa.storage.opensearch.writer import NewArticle, OpenSearchWriter
from articleqa.storage.protocol import VECTORS_UP_TO, KnownArticle

if TYPE_CHECKING:
    from articleqa.encoder.model import EncoderModel

COMMIT_S = 30.0
COMMIT_ARTICLES = 1_000
COMMIT_CHARACTERS = 30_000_000
"""The seconds, articles and characters of documents after which what was added is committed."""


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
        pairs = parallel_map(
            bodies_of, articles_of(upserts, replaced), at_once=AT_ONCE, workers=self._workers
        )
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
        pairs: Iterator[tuple[Article, list[PassageBody]]],
        replaced: set[str],
        pool: ThreadPoolExecutor,
    ) -> Iterator[list[NewArticle]]:
        """Yield as many articles at a time as are to be committed together."""
        while True:
            part: list[NewArticle] = []
            characters = 0
            until = monotonic() + COMMIT_S
            interrupted = False
            while characters < COMMIT_CHARACTERS and len(part) < COMMIT_ARTICLES and monotonic() < until:
                try:
                    article, bodies = next(pairs)
                    vectors = self._vectors_of(article, bodies, part, pool)
                except StopIteration:
                    break
                except KeyboardInterrupt:
                    # Ctrl-C mostly comes while this waits for articles: those so far are complete.
                    interrupted = True
                    break
                part.append(NewArticle(article, bodies, vectors, article.id in replaced))
                characters += len(article.text) + sum(len(body.json) for body in bodies)
            if part:
                yield part
            if interrupted:
                raise KeyboardInterrupt
            if not part:
                return

    def _send(self, part: Sequence[NewArticle]) -> None:
        has_vectors = any(each.vectors is not None for each in part)
        self._writer.put(part, encoder_identity() if has_vectors else None)

    def _vectors_of(
        self,
        article: Article,
        bodies: Sequence[PassageBody],
        batch: Sequence[NewArticle],
        pool: ThreadPoolExecutor,
    ) -> list[bytes] | None:
        state = self._writer.state
        if not self._are_wanted(state, len(bodies) + sum(len(each.bodies) for each in batch)):
            return None
        model = shipped_encoder()
        return None if model is None else made_vectors(model, article, bodies, pool)

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


def made_vectors(
    model: EncoderModel, article: Article, bodies: Sequence[PassageBody], pool: ThreadPoolExecutor
) -> list[bytes]:
    """Return the vectors of each of an article's passages, made by the threads of `pool`."""
    rows = vectors_of(model, article, [body.record for body in bodies], pool)
    return [row.vectors for row in rows]


def bodies_of(article: Article) -> list[PassageBody]:
    """Return the bodies of the documents of an article's passages, in reading order."""
    traits, head, lines = Traits.of(article), head_of(article), LineTable(article.text)
    return [
        body_of(number, record, PassageText.of(article, passage, lines), head, traits)
        for number, (passage, record) in enumerate(recorded_passages(article))
    ]
